#!/usr/bin/env bash
# mammoth, officeparser, word-extractor: hidden text and prompts are read as if they were written.
#
# Text that Word hides (w:vanish) and the prompt of a form field that nobody filled in
# (w:showingPlcHdr, 单击此处输入文字) are no part of what a reader of the document sees. All three
# extract both as text and say nothing: an unfilled form has content, and a note to colleagues is public.
#
# Run: findings/docx-readers-hidden-text.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
# It prints what it saw and exits with 1 where that is no longer so.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund officeparser@7.8.0 word-extractor@1.0.4 mammoth@1.13.0 jszip@3.10.1 >/dev/null
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
import officeparser from 'officeparser';
import WordExtractor from 'word-extractor';
const hidden = await docx(`<w:p>${run('公开')}${run('内部意见', '<w:vanish/>')}${run('部分')}</w:p>`);
const prompt = await docx(`<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${run('单击此处输入文字。')}</w:sdtContent></w:sdt></w:p>`);
for (const [what, file] of [['hidden', hidden], ['prompt', prompt]]) {
  console.log(what, 'mammoth:', (await mammoth.extractRawText({ buffer: file })).value.trim());
  console.log(what, 'word-extractor:', (await new WordExtractor().extract(file)).getBody().trim());
  console.log(what, 'officeparser:', (await officeparser.parseOffice(file)).toText().trim());
}
JS
node see.mjs >saw
cat >expected <<'TEXT'
hidden mammoth: 公开内部意见部分
hidden word-extractor: 公开内部意见部分
hidden officeparser: 公开内部意见部分
prompt mammoth: 单击此处输入文字。
prompt word-extractor: 单击此处输入文字。
prompt officeparser: 单击此处输入文字。
TEXT
echo "officeparser@7.8.0 word-extractor@1.0.4 mammoth@1.13.0 jszip@3.10.1, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
