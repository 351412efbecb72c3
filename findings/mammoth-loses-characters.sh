#!/usr/bin/env bash
# mammoth: characters that Word shows with a reading or in a circle are lost.
#
# Word writes a reading over a character (拼音指南) as w:ruby, or, in older files, as an EQ field, and
# a character in a circle (带圈字符) as an EQ field that has no result: what is shown stands in the
# field's code only. mammoth 1.13.0 drops the base text of w:ruby and the result of w:fldSimple with a
# warning that names the element, and such a field with none: 珲春市 is read as 春市, 第①组 as 第组,
# 共12页 as 共页.
#
# Run: findings/mammoth-loses-characters.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund mammoth@1.13.0 jszip@3.10.1 >/dev/null
cat >see.mjs <<'JS'
import JSZip from 'jszip';
const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const R = 'http://schemas.openxmlformats.org/package/2006/relationships';
async function docx(body) {
  const z = new JSZip();
  z.file('[Content_Types].xml', '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>');
  z.file('_rels/.rels', `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="${R}"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`);
  z.file('word/document.xml', `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="${W}"><w:body>${body}<w:sectPr/></w:body></w:document>`);
  return z.generateAsync({ type: 'nodebuffer' });
}
const run = (text, properties = '') => `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t>${text}</w:t></w:r>`;
const field = (type) => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`;
import mammoth from 'mammoth';
const ruby = `<w:r><w:ruby><w:rubyPr><w:lid w:val="zh-CN"/></w:rubyPr><w:rt>${run('hún')}</w:rt><w:rubyBase>${run('珲')}</w:rubyBase></w:ruby></w:r>`;
const circle = field('begin') + '<w:r><w:instrText xml:space="preserve"> EQ \\o\\ac(○,一) </w:instrText></w:r>' + field('end');
for (const [what, body] of [
  ['w:ruby', ruby + run('春市')],
  ['EQ field', run('第') + circle + run('组')],
  ['w:fldSimple', run('共') + `<w:fldSimple w:instr=" NUMPAGES ">${run('12')}</w:fldSimple>` + run('页')],
]) {
  const got = await mammoth.extractRawText({ buffer: await docx(`<w:p>${body}</w:p>`) });
  console.log(`${what}: ${got.value.trim()} (${got.messages.map((m) => m.message).join('; ') || 'no message'})`);
}
JS
node see.mjs >saw
cat >expected <<'TEXT'
w:ruby: 春市 (An unrecognised element was ignored: w:ruby)
EQ field: 第组 (no message)
w:fldSimple: 共页 (An unrecognised element was ignored: w:fldSimple)
TEXT
echo "mammoth@1.13.0 jszip@3.10.1, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
