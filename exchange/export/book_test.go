package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// bookOf is a book of made-up cases of so many characters.
func bookOf(cases, characters int) Book {
	sentence := "委员到社区走访座谈，听取居民、物业和街道的意见，逐条研究办理。"
	part := strings.Repeat(sentence, characters/4/len([]rune(sentence)))
	return Book{
		Collection: &catalog.CollectionInput{Title: "典型案例汇编", Committee: "city", Preface: "写在前面。\n第二段。", Colophon: "写在后面。"},
		Date:       "2026年",
		Cases: func(yield func(*catalog.CaseInput) error) error {
			for i := range cases {
				err := yield(&catalog.CaseInput{
					InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("case-%d", i), Origin: catalog.OriginSynthetic}, Title: fmt.Sprintf("第%d个案例 <题> & 名", i+1),
					Committee: fmt.Sprintf("county-%d", i%60), Topics: []string{"livelihood"}, Background: part, Approach: part, Results: part, Lessons: part,
				})
				if err != nil {
					return err
				}
			}
			return nil
		},
		Printing: func(*catalog.CaseInput) Printing {
			return Printing{Name: func(_ catalog.RecordKind, slug string) string { return "名称" + slug }}
		},
	}
}

func partsOf(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(raw)
		for d := xml.NewDecoder(bytes.NewReader(raw)); strings.HasSuffix(f.Name, ".xml"); {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	return parts
}

func TestABookHasItsParts(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBook(&b, bookOf(3, 2000)); err != nil {
		t.Fatal(err)
	}
	parts := partsOf(t, b.Bytes())
	document := parts["word/document.xml"]
	// Cover, contents, preface, three cases, colophon and two indexes.
	if n := strings.Count(document, "<w:sectPr>"); n != 9 {
		t.Errorf("%d sections, want 9", n)
	}
	for text, want := range map[string]int{
		"PAGEREF _Toc000000002": 3, `w:name="_Toc000000002"`: 1, "第2个案例 &lt;题&gt; &amp; 名": 2, "名称county-1": 2, "（合成数据，并非真实案例）": 3, "一、案例背景": 3,
	} {
		if got := strings.Count(document, text); got != want {
			t.Errorf("%q stands %d times, want %d", text, got, want)
		}
	}
	for i, page := range []string{"1", "5", "9"} { // 2,000 characters take four pages
		want := fmt.Sprintf(`PAGEREF _Toc%09d \h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>%s</w:t>`, i+1, page)
		if !strings.Contains(document, want) {
			t.Errorf("the contents do not have case %d on page %s", i+1, page)
		}
	}
	if !strings.Contains(parts["word/header3.xml"], "第1个案例") || !strings.Contains(parts["word/headerbook.xml"], "典型案例汇编") {
		t.Error("the running heads are not there")
	}
}

// A book of 200 cases of 5,000 characters takes less than 10 s and little memory.
func TestABigBookIsWrittenAsItComes(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	peak := uint64(0)
	book := bookOf(200, 5000)
	cases := book.Cases
	book.Cases = func(yield func(*catalog.CaseInput) error) error {
		n := 0
		chance := rand.New(rand.NewPCG(18, 27)) // the same each time that the book is gone over
		return cases(func(in *catalog.CaseInput) error {
			if n++; n%50 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapAlloc-min(after.HeapAlloc, before.HeapAlloc))
			}
			for _, part := range []*string{&in.Background, &in.Approach, &in.Results, &in.Lessons} {
				*part = varied(chance, 1250)
			}
			return yield(in)
		})
	}
	size := &counting{}
	if err := WriteBook(size, book); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	t.Logf("%v, %d KiB live at most, %d KiB written", took, peak>>10, size.n>>10)
	if took > 10*time.Second || peak > 16<<20 {
		t.Errorf("took %v and %d KiB", took, peak>>10)
	}
	start, peak, size = time.Now(), 0, &counting{}
	if err := WriteEPUB(size, book, "urn:test", start); err != nil {
		t.Fatal(err)
	}
	if took = time.Since(start); took > 10*time.Second || peak > 16<<20 {
		t.Errorf("as an EPUB: took %v and %d KiB", took, peak>>10)
	}
	t.Logf("as an EPUB: %v, %d KiB live at most, %d KiB written", took, peak>>10, size.n>>10)
}

// varied is a text of so many characters that does not repeat itself, in paragraphs.
func varied(chance *rand.Rand, characters int) string {
	var s strings.Builder
	for i := range characters {
		switch {
		case i%150 == 149:
			s.WriteString("。\n")
		case i%12 == 11:
			s.WriteString("，")
		default:
			s.WriteRune(rune(0x4E00 + chance.IntN(6000)))
		}
	}
	return s.String()
}

type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
