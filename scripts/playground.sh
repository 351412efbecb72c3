#!/usr/bin/env bash
# Takes the playground's libraries from npm into server/playground/assets.
# What it makes is committed, so that building jisi needs no npm. After a change
# of a version: run this, look at the page, correct the versions in README.md of
# that folder, commit.
set -euo pipefail

graphiql=3.9.0
react=18.3.1

assets=$(cd "$(dirname "$0")/../server/playground/assets" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# unpack NAME VERSION leaves the package's files in ./NAME.
unpack() {
	mkdir "$1"
	tar -xzf "$(npm pack --silent "$1@$2")" -C "$1" --strip-components=1
}

unpack graphiql "$graphiql"
unpack react "$react"
unpack react-dom "$react"

cp react/umd/react.production.min.js "$assets/react.js"
cp react-dom/umd/react-dom.production.min.js "$assets/react-dom.js"
# The source maps are not served; the line would only make browsers ask for them.
sed '/^\/\/# sourceMappingURL=/d' graphiql/graphiql.min.js >"$assets/graphiql.js"
# Its fonts are 350 kB of Latin letters: the reader's own are as good, and have
# Chinese.
sed -E 's/@font-face\{[^}]*\}//g' graphiql/graphiql.min.css >"$assets/graphiql.css"
for p in graphiql react; do
	cp "$p/LICENSE" "$assets/LICENSE-$p.txt"
done
ls -l "$assets"
