#!/bin/sh
# Measures the product and the other engines over the same records, one after the
# other in one run, each on one processor:
#
#     bench/search/all.sh CASES.jsonl [N...]
#
# CASES.jsonl has at least as many records as the greatest N; 136, 10000 and
# 100000 are taken where none is named. Needs python3-xapian and a Go toolchain.
# The last of these takes half an hour and 8 GB of memory. With INDEXES=DIR the
# indexes of jisi, SQLite and Xapian are kept there, and are there for the next run.
set -eu
cases=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- 136 10000 100000
cd "$(dirname "$0")/../.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
go build -o "$tools/search" ./bench/search
(cd bench/search/_blevecjk && go build -o "$tools/blevecjk" .)
date -u +%F
uname -m
nproc
for n in "$@"; do
	echo "== $n records, load $(cut -d' ' -f1 /proc/loadavg)"
	echo "jisi:"
	dir=${INDEXES:+$INDEXES/$n}
	[ -z "$dir" ] || mkdir -p "$dir"
	GOMAXPROCS=1 taskset -c 0 "$tools/search" -cases "$cases" -n "$n" -index "${dir:+$dir/jisi}"
	taskset -c 0 bench/search/others.py -cases "$cases" -n "$n" ${dir:+-index "$dir"}
	echo "bleve cjk:"
	GOMAXPROCS=1 taskset -c 0 "$tools/blevecjk" -cases "$cases" -n "$n"
done
