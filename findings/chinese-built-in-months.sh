#!/usr/bin/env bash
# exceljs and SheetJS: Chinese Excel's built-in formats of months and days are lost when a workbook is saved again.
#
# Excel in Chinese writes 2021年7月 as a day's number with the built-in format 57 (27 to 36 and 50 to 58, ECMA-376
# part 1, 18.8.30); the file has no code for it. exceljs 4.4.0 gives the number and, saving the workbook, leaves the
# format away: the cell reads 44378 from then on, in Excel too. SheetJS 0.18.5 takes all of them for one format and,
# saving with cellDates, gives every date of the book the last of them, 58, ordinary short dates (14) among them:
# Chinese Excel then shows 7月1日 and no year. Without cellDates it leaves the formats away as well.
#
# Run: findings/chinese-built-in-months.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund exceljs@4.4.0 xlsx@0.18.5 jszip@3.10.1 >/dev/null
cat >see.mjs <<'JS'
import JSZip from 'jszip';
import ExcelJS from 'exceljs';
import XLSX from 'xlsx';
const H = '<?xml version="1.0" encoding="UTF-8"?>', N = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', D = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const ids = [14, 27, 31, 57, 58]; // 14 is Excel's short date everywhere
const z = new JSZip();
const rels = (...all) => H + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.map(([id, type, to]) => `<Relationship Id="${id}" Type="${D}/${type}" Target="${to}"/>`).join('')}</Relationships>`;
const P = 'application/vnd.openxmlformats-officedocument.spreadsheetml.';
z.file('[Content_Types].xml', H + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${[['workbook', 'sheet.main'], ['worksheets/sheet1', 'worksheet'], ['styles', 'styles']].map(([name, type]) => `<Override PartName="/xl/${name}.xml" ContentType="${P}${type}+xml"/>`).join('')}</Types>`);
z.file('_rels/.rels', rels(['rId1', 'officeDocument', 'xl/workbook.xml']));
z.file('xl/_rels/workbook.xml.rels', rels(['rId1', 'worksheet', 'worksheets/sheet1.xml'], ['rId2', 'styles', 'styles.xml']));
z.file('xl/workbook.xml', H + `<workbook xmlns="${N}" xmlns:r="${D}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`);
z.file('xl/styles.xml', H + `<styleSheet xmlns="${N}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${ids.length + 1}"><xf numFmtId="0"/>${ids.map((id) => `<xf numFmtId="${id}" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`);
z.file('xl/worksheets/sheet1.xml', H + `<worksheet xmlns="${N}"><sheetData><row r="1">${ids.map((_, i) => `<c r="${'ABCDE'[i]}1" s="${i + 1}"><v>44378</v></c>`).join('')}</row></sheetData></worksheet>`);
const file = await z.generateAsync({ type: 'nodebuffer' });

// formatsIn returns the format of each cell of a saved workbook, as its styles say.
async function formatsIn(saved) {
  const parts = await JSZip.loadAsync(saved);
  const styles = [...(await parts.file('xl/styles.xml').async('string')).match(/<cellXfs.*<\/cellXfs>/s)[0].matchAll(/<xf [^>]*numFmtId="(\d+)"/g)].map((m) => m[1]);
  return [...(await parts.file('xl/worksheets/sheet1.xml').async('string')).matchAll(/<c r="[A-E]1"([^>]*)>/g)].map((m) => styles[+(m[1].match(/ s="(\d+)"/)?.[1] ?? 0)]).join(' ');
}

console.log('in the file:           ', ids.join(' '));
const book = new ExcelJS.Workbook();
await book.xlsx.load(file);
console.log('exceljs reads:         ', ids.map((_, i) => { const v = book.worksheets[0].getCell('ABCDE'[i] + '1').value; return v instanceof Date ? v.toISOString().slice(0, 10) : v; }).join(' '));
console.log('exceljs saves:         ', await formatsIn(await book.xlsx.writeBuffer()));
for (const cellDates of [true, false]) {
  const saved = XLSX.write(XLSX.read(file, { cellDates }), { type: 'buffer', bookType: 'xlsx', cellDates });
  console.log(`SheetJS saves (${cellDates ? 'dates' : 'plain'}):`, await formatsIn(saved));
}
JS
node see.mjs >saw
cat >expected <<'TEXT'
in the file:            14 27 31 57 58
exceljs reads:          2021-07-01 44378 44378 44378 44378
exceljs saves:          14 0 0 0 0
SheetJS saves (dates): 58 58 58 58 58
SheetJS saves (plain): 0 0 0 0 0
TEXT
echo "exceljs@4.4.0 xlsx@0.18.5 jszip@3.10.1, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
