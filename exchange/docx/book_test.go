package docx

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

// An index has the pages beside their head where both fit the line; else the head stays
// with the line below.
func TestAnIndexHasItsPagesBesideTheirHead(t *testing.T) {
	long := strings.Repeat("长", 20)
	texts := func(n int) []int {
		list := make([]int, n)
		for i := range list {
			list[i] = i
		}
		return list
	}
	pages := []int{98, 124, 236, 261, 326, 382, 400, 410, 420, 430, 440, 450, 460, 470, 480, 490, 500, 510}
	for _, test := range []struct {
		head   string
		texts  []int
		apart  bool
		breaks int // no line has more than eight pages, past which a number might be parted
	}{
		{"商圈改造", texts(6), false, 0}, {"商圈改造", texts(1), false, 0}, {"商圈改造", texts(12), true, 1}, {long, texts(1), false, 0}, {long, texts(3), true, 0}, {"", nil, false, 0},
		{"商圈改造", texts(16), true, 1}, {"商圈改造", texts(17), true, 2}, {long, texts(8), true, 0},
	} {
		var b bytes.Buffer
		book, err := NewBook(&b, Cover{Title: "书"})
		if err != nil {
			t.Fatal(err)
		}
		book.Index("索引", []string{test.head}, map[string][]int{test.head: test.texts}, pages)
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
		got := partOf(t, b.Bytes(), "word/document.xml")
		if apart := strings.Contains(got, `<w:pStyle w:val="TOC1"/><w:keepNext/>`); apart != test.apart || apart == strings.Contains(got, `<w:tab/>`) {
			t.Errorf("%q with %d pages: apart %v, want %v", test.head, len(test.texts), apart, test.apart)
		}
		if breaks := strings.Count(got, `<w:t>、</w:t></w:r><w:r><w:br/></w:r>`); breaks != test.breaks || breaks != strings.Count(got, `<w:br/>`) {
			t.Errorf("%q with %d pages: %d breaks, want %d", test.head, len(test.texts), breaks, test.breaks)
		}
	}
}

func partOf(t *testing.T, file []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	part, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(part)
}
