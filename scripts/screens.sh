#!/usr/bin/env bash
# Takes the pictures of docs/screens: every kind of page, wide and narrow, light
# and dark, of a server with the documented records alone. After a change of the
# pages: run this, look at each, commit.
set -euo pipefail

cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$work"' EXIT
chmod 711 "$work" # PostgreSQL's own user has to pass
go build -o "$work/jisi" ./cmd/jisi
go build -o "$work/screens" ./web/browser/screens
"$work/jisi" serve -listen 127.0.0.1:0 -data-dir "$work/data" -log-level warn >"$work/address" &
server=$!
for _ in $(seq 600); do
	grep -q http "$work/address" && break
	sleep 0.1
done
token=$("$work/jisi" token create -data-dir "$work/data" -role editor -committee changchun -name 长春编辑 2>/dev/null)
JISI_TOKEN=$token "$work/screens" "$(grep -o 'http://[^ ]*' "$work/address")" docs/screens webp "$@"
du -ch docs/screens/*.webp | sort -h | tail -4
