#!/usr/bin/env bash
# Takes the pictures of the help pages of a server of its own and puts them into
# web/assets. After a change of the pages that they show: run this, look at each, commit.
set -euo pipefail

cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$work"' EXIT
chmod 711 "$work" # PostgreSQL's own user has to pass
go build -o "$work/jisi" ./cmd/jisi
go build -o "$work/helpscreens" ./web/browser/helpscreens
"$work/jisi" serve -listen 127.0.0.1:0 -data-dir "$work/data" -log-level warn >"$work/address" &
server=$!
for _ in $(seq 600); do
	grep -q http "$work/address" && break
	sleep 0.1
done
token() { "$work/jisi" token create -data-dir "$work/data" -role "$1" -committee changchun -name "$2" 2>/dev/null; }
JISI_EDITOR=$(token editor 示例编辑) JISI_REVIEWER=$(token reviewer 示例审核) \
	"$work/helpscreens" "$(grep -o 'http://[^ ]*' "$work/address")" web/assets
du -ch web/assets/help-*.webp | tail -1
