#!/usr/bin/env bash
# pinyin-pro, pinyin: each reads another city of China wrong.
#
# 珲春 is read hun chun, 朝阳 (district of Changchun) chao yang, 六安 lu an, 重庆 chong qing. pinyin-pro 3.29.4
# reads hui chun; pinyin 4.0.0 without a segmenter reads zhao yang, liu an and zhong qing: whoever makes
# addresses or orders of such readings makes others with each.
#
# Run: findings/readings-of-place-names.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund pinyin-pro@3.29.4 pinyin@4.0.0 >/dev/null
cat >see.mjs <<'JS'
import { createRequire } from 'module';
import { pinyin as pro } from 'pinyin-pro';
const other = createRequire(import.meta.url)('pinyin');
const plain = other.pinyin ?? other.default ?? other;
for (const name of ['珲春', '朝阳', '六安', '重庆', '长春']) console.log(name, '|', pro(name, { toneType: 'none' }), '|', plain(name, { style: 'normal' }).map((r) => r[0]).join(' '));
JS
node see.mjs >saw
cat >expected <<'TEXT'
珲春 | hui chun | hun chun
朝阳 | chao yang | zhao yang
六安 | lu an | liu an
重庆 | chong qing | zhong qing
长春 | chang chun | chang chun
TEXT
echo "pinyin-pro@3.29.4 pinyin@4.0.0, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
