#!/usr/bin/env bash
# Keeps a server of its own with synthetic cases under a steady load with a writer,
# and prints a table. What is in brackets can be set.
#
# usage: [CASES=10000] [MINUTES=30] [SHARE=0.8] run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null && wait "$server" || true; rm -rf "$work"' EXIT
chmod 711 "$work"
make --no-print-directory build BIN="$work/jisi"
go build -o "$work/soak" ./bench/soak
export JISI_DATA_DIR=$work/data

"$work/jisi" generate -cases "${CASES:-10000}" -seed 1 | "$work/jisi" import - | tail -1
"$work/jisi" serve -listen 127.0.0.1:0 -log-level warn >"$work/address" 2>"$work/log" &
server=$!
until [ -s "$work/address" ]; do
	kill -0 "$server" || { cat "$work/log"; exit 1; }
	sleep 0.2
done
"$work/soak" -url "$(grep -o 'http://.*' "$work/address")" -pid "$server" -for "${MINUTES:-30}m" -share "${SHARE:-0.8}" \
	-writer "$work/jisi generate -cases 20 -seed \$((1000 + N)) | $work/jisi import -"
echo "the log's warnings:"
grep -o 'msg="[^"]*"' "$work/log" | sort | uniq -c || true
