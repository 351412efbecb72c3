#!/usr/bin/env bash
# exceljs: a date cell in ISO 8601 is the number of its year, and a reading becomes text.
#
# ECMA-376 part 1, 18.18.11 has cells of type d, whose value is an ISO 8601 date; strict writers use
# them. exceljs 4.4.0 parses the value as a number and gives 2021 for 2021-07-15. And of an inline
# string with a phonetic reading (rPh, as 拼音 over a name of a place) it has no value, while its text is
# the string with the reading behind it. SheetJS reads both as they are meant.
#
# Run: findings/exceljs-iso-dates-and-readings.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund exceljs@4.4.0 xlsx@0.18.5 jszip@3.10.1 >/dev/null
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
import ExcelJS from 'exceljs';
import XLSX from 'xlsx';
const file = await xlsx('<row r="1"><c r="A1" t="d"><v>2021-07-15</v></c><c r="B1" t="inlineStr"><is><t>洮南</t><rPh sb="0" eb="1"><t>táo</t></rPh></is></c></row>');
const book = new ExcelJS.Workbook(); await book.xlsx.load(file);
const [a, b] = ['A1', 'B1'].map((at) => book.worksheets[0].getCell(at));
console.log('exceljs:', JSON.stringify(a.value), JSON.stringify(b.value), b.text);
const sheet = XLSX.read(file).Sheets['表'];
console.log('SheetJS:', XLSX.SSF.format('yyyy-mm-dd', sheet.A1.v), sheet.B1.v);
JS
node see.mjs >saw
cat >expected <<'TEXT'
exceljs: 2021 undefined 洮南táo
SheetJS: 2021-07-15 洮南
TEXT
echo "exceljs@4.4.0 xlsx@0.18.5 jszip@3.10.1, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
