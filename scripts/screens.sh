#!/usr/bin/env bash
# Takes pictures of every kind of page, wide and narrow, light and dark, of a server
# with the documented records alone, into docs/screens/all, which git does not see;
# those that documents show, the ones in docs/screens, are renewed from there. After a
# change of the pages: run this, look at each, commit. Arguments are names of pages
# (web/browser/pages.go); without any it takes all.
set -euo pipefail

cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$work"' EXIT
chmod 711 "$work" # PostgreSQL's own user has to pass
mkdir -p docs/screens/all
go build -o "$work/jisi" ./cmd/jisi
go build -o "$work/screens" ./web/browser/screens
"$work/jisi" serve -listen 127.0.0.1:0 -data-dir "$work/data" -log-level warn >"$work/address" &
server=$!
for _ in $(seq 600); do
	grep -q http "$work/address" && break
	sleep 0.1
done
token=$("$work/jisi" token create -data-dir "$work/data" -role editor -committee changchun -name 长春编辑 2>/dev/null)
JISI_TOKEN=$token "$work/screens" "$(grep -o 'http://[^ ]*' "$work/address")" docs/screens/all webp "$@"
for shown in docs/screens/*.webp; do
	taken=docs/screens/all/$(basename "$shown")
	[ ! -f "$taken" ] || cp "$taken" "$shown"
done
du -ch docs/screens/*.webp | sort -h | tail -4
