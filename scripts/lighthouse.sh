#!/usr/bin/env bash
# Has npm's Lighthouse look at the home page, results and a case of a running
# server, and fails where accessibility, best practices or performance is below
# 95. It needs npm and Chromium, and is no part of make test.
#
# usage: lighthouse.sh ADDRESS
set -euo pipefail

lighthouse=13.5.0
address=${1:?usage: lighthouse.sh ADDRESS}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix "$work" "lighthouse@$lighthouse"
CHROME_PATH=${CHROME_PATH:-$(command -v chromium || command -v google-chrome)}
export CHROME_PATH
failed=0
for page in / '/search?q=%E5%8D%8F%E5%95%86' /cases/siping-haodi-zhong-haoliang; do
	"$work/node_modules/.bin/lighthouse" "$address$page" --quiet --preset=desktop --output=json --output-path="$work/report.json" \
		--only-categories=accessibility,best-practices,performance --chrome-flags='--headless=new --no-sandbox --disable-gpu'
	node -e '
		const report = JSON.parse(require("fs").readFileSync(process.argv[1]));
		const scores = Object.entries(report.categories).map(([name, c]) => [name, Math.round(c.score * 100)]);
		console.log(process.argv[2], scores.map(s => s.join(" ")).join(", "), "|",
			["first-contentful-paint", "largest-contentful-paint", "total-byte-weight"].map(a => a + " " + report.audits[a].displayValue).join(", "));
		for (const audit of Object.values(report.audits)) {
			if (audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode === "binary") { console.log("   ", audit.id, audit.title); }
		}
		process.exit(scores.some(([, score]) => score < 95) ? 1 : 0);' "$work/report.json" "$page" || failed=1
done
exit "$failed"
