#!/usr/bin/env bash
# officeparser, word-extractor: what was moved with tracked changes is read twice.
#
# A sentence that is moved while changes are tracked stands in a document twice, in w:moveFrom where it
# was and in w:moveTo where it is (ECMA-376 part 1, 17.13.5). officeparser and word-extractor leave out
# what was deleted (w:del) but not what was moved away, so that the sentence is there twice; mammoth
# reads it once.
#
# Run: findings/docx-readers-moved-text-twice.sh   (Node 20 or newer and npm's public packages; a temporary folder, nothing installed)
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
const file = await docx(`<w:p><w:moveFrom w:id="1" w:author="a">${run('甲乙')}</w:moveFrom>${run('丙')}<w:moveTo w:id="2" w:author="a">${run('甲乙')}</w:moveTo><w:del w:id="3" w:author="a"><w:r><w:delText>丁</w:delText></w:r></w:del></w:p>`);
console.log('mammoth:', (await mammoth.extractRawText({ buffer: file })).value.trim());
console.log('word-extractor:', (await new WordExtractor().extract(file)).getBody().trim());
console.log('officeparser:', (await officeparser.parseOffice(file)).toText().trim());
JS
node see.mjs >saw
cat >expected <<'TEXT'
mammoth: 丙甲乙
word-extractor: 甲乙丙甲乙
officeparser: 甲乙丙甲乙
TEXT
echo "officeparser@7.8.0 word-extractor@1.0.4 mammoth@1.13.0 jszip@3.10.1, node $(node --version):"; cat saw
diff expected saw >&2 || { echo "the behaviour has changed since this was written" >&2; exit 1; }
