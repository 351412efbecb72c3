#!/usr/bin/env bash
# SheetJS: a locale without a currency puts a dollar sign before the value.
#
# Chinese Excel writes [$-804] (a locale, no currency) before formats of days of the week and of Chinese
# numerals. ECMA-376 part 1, 18.8.31: what stands before the hyphen is the currency, and here there is
# none. The formatted text (w) of SheetJS 0.18.5 has a $ there, and for the weekday the code itself.
#
# Run: findings/sheetjs-locale-brackets.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund xlsx@0.18.5 jszip@3.10.1 >/dev/null
cat >see.mjs <<'JS'
import JSZip from 'jszip';
const H = '<?xml version="1.0" encoding="UTF-8"?>', N = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', D = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships', P = 'application/vnd.openxmlformats-officedocument.spreadsheetml.';
async function xlsx(rows, formats = []) {
  const z = new JSZip();
  const part = (name, type) => `<Override PartName="${name}" ContentType="${P}${type}+xml"/>`;
  z.file('[Content_Types].xml', H + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' + part('/xl/workbook.xml', 'sheet.main') + part('/xl/worksheets/sheet1.xml', 'worksheet') + part('/xl/styles.xml', 'styles') + '</Types>');
  const rel = (id, type, target) => `<Relationship Id="${id}" Type="${D}/${type}" Target="${target}"/>`;
  const rels = (...all) => H + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
  z.file('_rels/.rels', rels(rel('rId1', 'officeDocument', 'xl/workbook.xml')));
  z.file('xl/_rels/workbook.xml.rels', rels(rel('rId1', 'worksheet', 'worksheets/sheet1.xml'), rel('rId2', 'styles', 'styles.xml')));
  z.file('xl/workbook.xml', H + `<workbook xmlns="${N}" xmlns:r="${D}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`);
  z.file('xl/styles.xml', H + `<styleSheet xmlns="${N}"><numFmts count="${formats.length + 1}"><numFmt numFmtId="199" formatCode="0"/>${formats.map((f, i) => `<numFmt numFmtId="${200 + i}" formatCode="${f.replaceAll('"', '&quot;')}"/>`).join('')}</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${formats.length + 1}"><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${200 + i}" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`);
  z.file('xl/worksheets/sheet1.xml', H + `<worksheet xmlns="${N}"><sheetData>${rows}</sheetData></worksheet>`);
  return z.generateAsync({ type: 'nodebuffer' });
}
import XLSX from 'xlsx';
const formats = ['[$-804]aaaa', '[$-804]General', '[DBNum1][$-804]General', '[$-804]yyyy"年"m"月"'];
const file = await xlsx('<row r="1">' + formats.map((_, i) => `<c r="${'ABCD'[i]}1" s="${i + 1}"><v>44378</v></c>`).join('') + '</row>', formats);
const sheet = XLSX.read(file).Sheets['表'];
formats.forEach((f, i) => console.log(f, '=>', sheet['ABCD'[i] + '1'].w));
JS
node see.mjs >saw
cat >expected <<'TEXT'
[$-804]aaaa => $aaaa
[$-804]General => $44378
[DBNum1][$-804]General => $44378
[$-804]yyyy"年"m"月" => 2021年7月
TEXT
echo "xlsx@0.18.5 jszip@3.10.1, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
