#!/usr/bin/env bash
# opencc-js: text that is simplified already is changed by traditional-to-simplified.
#
# Search folds traditional to simplified, whatever comes in. A conversion of text that is simplified
# already ought to be the identity; opencc-js 1.4.2 writes 乾安县, a county of Jilin whose name keeps 乾, as
# 干安县, while 乾隆 and 乾坤, which its phrases know, stay.
#
# Run: findings/opencc-js-changes-simplified-names.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund opencc-js@1.4.2 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
const OpenCC = createRequire(import.meta.url)('opencc-js');
const fold = OpenCC.Converter({ from: 't', to: 'cn' });
for (const word of ['乾安县', '乾安县政协', '乾隆', '乾坤', '扶余市']) console.log(word, fold(word));
JS
node see.mjs >saw
cat >expected <<'TEXT'
乾安县 干安县
乾安县政协 干安县政协
乾隆 乾隆
乾坤 乾坤
扶余市 扶余市
TEXT
echo "opencc-js@1.4.2, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
