package export

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"
)

// The book is one with which epubcheck 4.2.6 finds nothing wrong; the test holds what that
// rests on.
func TestAnEPUBHasItsParts(t *testing.T) {
	b := bookOf(12, 400)
	var file bytes.Buffer
	if err := WriteEPUB(&file, b, "https://example.org/collections/a", time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if first := z.File[0]; first.Name != "mimetype" || first.Method != zip.Store || len(first.Extra) > 0 {
		t.Errorf("it begins with %+v", first.FileHeader)
	}
	if !bytes.HasPrefix(file.Bytes()[30:], []byte("mimetype"+EPUBMedia)) {
		t.Error("a reading system does not find the media type at its place")
	}
	parts := partsOf(t, file.Bytes()) // all XML is well-formed
	opf, nav := parts["EPUB/package.opf"], parts["EPUB/nav.xhtml"]
	for name := range parts {
		below, in := strings.CutPrefix(name, "EPUB/")
		if in && below != "package.opf" && strings.Count(opf, `href="`+below+`"`) != 1 {
			t.Errorf("the manifest does not have %s once", below)
		}
	}
	for _, name := range []string{"title", "preface", "case-0001", "case-0012", "colophon"} {
		if !strings.Contains(opf, `<itemref idref="`+name+`"/>`) || !strings.Contains(nav, `href="`+name+`.xhtml"`) {
			t.Errorf("%s is not in the spine and the contents", name)
		}
	}
	if got := parts["EPUB/case-0003.xhtml"]; !strings.Contains(got, "<h1>第3个案例 &lt;题&gt; &amp; 名</h1>") || !strings.Contains(got, "<h2>一、案例背景</h2>") {
		t.Errorf("a case is %.400s", got)
	}
	if got := parts["EPUB/title.xhtml"]; !strings.Contains(got, "含合成数据") || !strings.Contains(got, "名称city") {
		t.Errorf("the title page is %s", got)
	}
}
