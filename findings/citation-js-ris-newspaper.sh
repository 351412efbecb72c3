#!/usr/bin/env bash
# citation-js: a newspaper article keeps its month out of RIS, and its authors come back as reporters.
#
# A month without a day (2021-07) is written as DA for a dataset and for a report, and for an article of
# a newspaper (TY NEWS) not at all: only PY with the year is left. Read from RIS, AU of NEWS is the CSL
# variable reporter, so that a style that prints authors prints none.
#
# Run: findings/citation-js-ris-newspaper.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @citation-js/core@0.8.2 @citation-js/plugin-ris@0.8.2 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
const require = createRequire(import.meta.url);
const { Cite } = require('@citation-js/core');
require('@citation-js/plugin-ris');
const dated = (type) => new Cite([{ id: 'x', type, title: 'A', issued: { 'date-parts': [[2021, 7]] } }]).format('ris').split('\n').filter((l) => /^(TY|PY|DA)/.test(l)).join(' | ');
for (const type of ['dataset', 'report', 'article-newspaper']) console.log(type + ':', dated(type));
const [read] = new Cite('TY  - NEWS\nAU  - 张三\nTI  - A\nPY  - 2021\nER  - \n').data;
console.log('read: author', JSON.stringify(read.author), 'reporter', JSON.stringify(read.reporter));
JS
node see.mjs >saw
cat >expected <<'TEXT'
dataset: TY  - DATA | DA  - 2021/7// | PY  - 2021
report: TY  - RPRT | DA  - 2021/7// | PY  - 2021
article-newspaper: TY  - NEWS | PY  - 2021
read: author undefined reporter "张三"
TEXT
echo "@citation-js/core@0.8.2 @citation-js/plugin-ris@0.8.2, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
