#!/usr/bin/env bash
# citation-js: a Chinese title comes out of the BibTeX export empty.
#
# By default the BibTeX and BibLaTeX output of citation-js 0.8.2 turns what is not ASCII into commands
# and leaves out what it has no command for: every Chinese character of title, family name and journal,
# with no error. Only a corporate name, which it puts in braces, stays. The label is made of "undefined".
# With config.get('@bibtex').format.asciiOnly = false the text is there.
#
# Run: findings/citation-js-bibtex-without-chinese.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @citation-js/core@0.8.2 @citation-js/plugin-bibtex@0.8.2 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
const require = createRequire(import.meta.url);
const { Cite, plugins } = require('@citation-js/core');
require('@citation-js/plugin-bibtex');
const entry = [{ id: 'x', type: 'article-newspaper', title: '协商案例', 'container-title': '某报', issued: { 'date-parts': [[2021, 7]] }, author: [{ family: '张', given: '三' }, { literal: '某市政协' }] }];
const fields = () => new Cite(entry).format('biblatex').replace(/\s+/g, ' ').trim();
console.log('default:', fields());
plugins.config.get('@bibtex').format.asciiOnly = false;
console.log('asciiOnly false:', fields());
JS
node see.mjs >saw
cat >expected <<'TEXT'
default: @article{undefined2021undefined, author = {, and {某市政协}}, journaltitle = {}, date = {2021-07}, title = {}, }
asciiOnly false: @article{undefined2021undefined, author = {张, 三 and {某市政协}}, journaltitle = {某报}, date = {2021-07}, title = {协商案例}, }
TEXT
echo "@citation-js/core@0.8.2 @citation-js/plugin-bibtex@0.8.2, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
