#!/usr/bin/env bash
# Builds the charts' library from npm into web/assets: of Apache ECharts what
# web/charts/echarts.js names. What it makes is committed, so that building jisi
# needs no npm. After a change of a version: run this, look at /research, correct
# the versions in web/README.md, commit.
set -euo pipefail

echarts=6.1.0
esbuild=0.28.2

web=$(cd "$(dirname "$0")/../web" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$web/charts/echarts.js" "$work/entry.js"
cd "$work"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-audit --no-fund "echarts@$echarts" "esbuild@$esbuild"
npx esbuild entry.js --bundle --minify --format=iife --global-name=echarts --target=es2019 \
	--legal-comments=none --log-level=warning --outfile=echarts.min.js
cp echarts.min.js "$web/assets/echarts.min.js"
{
	cat node_modules/echarts/LICENSE
	printf '\n--- NOTICE ---\n\n'
	cat node_modules/echarts/NOTICE
	printf '\n--- zrender ---\n\n'
	cat node_modules/zrender/LICENSE
	printf '\n--- tslib ---\n\n'
	cat node_modules/tslib/LICENSE.txt
} >"$web/assets/LICENSE-echarts.txt"
ls -l "$web/assets/echarts.min.js"
