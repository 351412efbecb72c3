#!/usr/bin/env bash
# citation-js: of a web page read from RIS the day of reading is lost, and the site becomes a series.
#
# An entry of type ELEC says when it was read (Y2) and which site it is of (T2), as Zotero writes them.
# Read by citation-js 0.8.2 it is a webpage without accessed, and the site is collection-title, which no
# style prints for a web page; of a data set (DATA) the same Y2 is accessed.
#
# Run: findings/citation-js-ris-webpage.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @citation-js/core@0.8.2 @citation-js/plugin-ris@0.8.2 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
const require = createRequire(import.meta.url);
const { Cite } = require('@citation-js/core');
require('@citation-js/plugin-ris');
for (const type of ['ELEC', 'DATA']) {
  const [read] = new Cite(`TY  - ${type}\r\nTI  - A\r\nT2  - Site\r\nPY  - 2026/11/20/\r\nUR  - https://example.org/a\r\nY2  - 2026/11/22/\r\nER  - \r\n`).data;
  console.log(type + ':', read.type, 'accessed', JSON.stringify(read.accessed), 'container-title', JSON.stringify(read['container-title']), 'collection-title', JSON.stringify(read['collection-title']));
}
JS
node see.mjs >saw
cat >expected <<'TEXT'
ELEC: webpage accessed undefined container-title undefined collection-title "Site"
DATA: dataset accessed {"date-parts":[[2026,11,22]]} container-title undefined collection-title undefined
TEXT
echo "@citation-js/core@0.8.2 @citation-js/plugin-ris@0.8.2, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
