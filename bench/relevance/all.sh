#!/bin/sh
# Measures how well this build ranks, over all judged sets in one run, with the other
# engines beside over those sets that have passages:
#
#     bench/relevance/all.sh FOLDER [BEFORE]
#
# FOLDER has passages.jsonl and questions.jsonl (DRCD's development set) and, below
# stard/, the same of STARD. BEFORE is a checkout of another build, measured first.
# Xapian and SQLite are measured where Debian's python3-xapian is installed.
set -eu
here=$(realpath "$(dirname "$0")/../..")
sets=$(realpath "$1")
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
both="-passages $sets/passages.jsonl,$sets/stard/passages.jsonl -questions $sets/questions.jsonl,$sets/stard/questions.jsonl"
date -u +%F
for build in ${2:+"$(realpath "$2")"} "$here"; do
	echo "== jisi $(git -C "$build" log -1 --format='%h %cs'), load $(cut -d' ' -f1 /proc/loadavg)"
	cd "$build"
	go build -trimpath -o "$tools/relevance" ./bench/relevance
	"$tools/relevance" $both
	echo "judged by hand (indexer/testdata/ranking): everyday queries, forms, problems"
	go test -trimpath -vet=off -count=1 -run 'TestRankingStaysAsJudged|TestWhereNothingAnswersAProblemItIsSaid' ./indexer >"$tools/log" 2>&1 || { echo "THE GOLDEN FIGURES DO NOT HOLD:"; tail -20 "$tools/log"; }
	sed '/^$/q' indexer/testdata/ranking/stats.txt
	[ ! -f indexer/testdata/ranking/near.txt ] || sed '/^$/q' indexer/testdata/ranking/near.txt
done
cd "$here"
echo "== jisi by the demonstration's meaning (a table of lay and office words written by hand: no model)"
"$tools/relevance" $both -embeddings-url demonstration
(cd bench/search/_blevecjk && go build -trimpath -o "$tools/blevecjk" .)
for set in "$sets" "$sets/stard"; do
	echo "== others on $set"
	"$tools/blevecjk" -passages "$set/passages.jsonl" -questions "$set/questions.jsonl"
	# Debian's packages are of Debian's Python, which need not be the first on the path.
	if /usr/bin/python3 -c 'import xapian' 2>/dev/null; then
		/usr/bin/python3 bench/search/others.py -passages "$set/passages.jsonl" -questions "$set/questions.jsonl"
	else
		echo "Xapian and SQLite: python3-xapian is not installed"
	fi
done
