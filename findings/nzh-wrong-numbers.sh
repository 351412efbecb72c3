#!/usr/bin/env bash
# nzh: Chinese years, 两 and percentages are decoded to other numbers.
#
# The decoder of nzh 1.0.14 knows place values only and passes over what it does not know: a year
# written digit by digit loses its zero and its places, 两 counts nothing, 百分之八十五 is 100 + 85.
# Nothing tells the caller: a wrong number is returned.
#
# Run: findings/nzh-wrong-numbers.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund nzh@1.0.14 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
const nzh = createRequire(import.meta.url)('nzh/cn');
for (const text of ['一百三十六', '二〇二三', '两千零五', '两百', '廿一', '百分之八十五', '三分之一']) console.log(text, nzh.decodeS(text));
JS
node see.mjs >saw
cat >expected <<'TEXT'
一百三十六 136
二〇二三 223
两千零五 5
两百 0
廿一 1
百分之八十五 185
三分之一 31
TEXT
echo "nzh@1.0.14, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
