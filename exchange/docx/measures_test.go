package docx

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// GB/T 9704 wants 22 lines of 28 characters on a page of 156 by 225 mm of text.
func TestAPrintedPageHolds22LinesOf28Characters(t *testing.T) {
	number := func(in, pattern string) float64 {
		t.Helper()
		m := regexp.MustCompile(pattern).FindStringSubmatch(in)
		if m == nil {
			t.Fatalf("no %s", pattern)
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const point = 25.4 / 72 // mm
	wide, high := 156/point, 225/point
	if n := int(wide / (number(printStyles, `<w:sz w:val="(\d+)"/>`)/2 + number(printStyles, `<w:spacing w:val="(-?\d+)"/>`)/20)); n != 28 {
		t.Errorf("%d characters a line, want 28", n)
	}
	if n := int(high / (number(printStyles, `w:line="(\d+)" w:lineRule="exact"`) / 20)); n != 22 {
		t.Errorf("%d lines a page, want 22", n)
	}
}

// No page has a signature or a date alone: the last line, who signs and the day are kept
// together, and nothing holds the day to what follows.
func TestALetterIsSignedOnThePageOfItsLastLine(t *testing.T) {
	p := &Print{}
	p.Text("正文。")
	p.Sign("最后一句。", "长春市政协", "2026年11月28日")
	paragraphs := strings.Split(p.b.String(), "<w:p>")
	for text, keeps := range map[string]bool{"正文。": false, "最后一句。": true, "长春市政协": true, "2026年11月28日": false} {
		i := slices.IndexFunc(paragraphs, func(xml string) bool { return strings.Contains(xml, text) })
		if i < 0 {
			t.Fatalf("no paragraph %q in %q", text, paragraphs)
		}
		if got := strings.Contains(paragraphs[i], `<w:keepNext/>`); got != keeps {
			t.Errorf("%q is kept with the next: %v, want %v", text, got, keeps)
		}
	}
}

// LibreOffice loses marks at the ends of justified lines from the PDF that it makes: of 76
// printed cases 183 paragraphs lacked one or more. Of lines that are not justified none
// did, and these end within a character of the edge, as 28 fill them.
func TestWhatIsPrintedIsNotJustified(t *testing.T) {
	p := &Print{}
	p.Title("题")
	p.Text("正文。")
	p.Sign("完。", "政协", "2026年11月28日")
	for name, xml := range map[string]string{"the styles of a print": printStyles, "of a book": bookStyles(), "a text": p.b.String()} {
		if m := regexp.MustCompile(`<w:jc w:val="(?:both|distribute|[a-z]*Kashida)"/>`).FindString(xml); m != "" {
			t.Errorf("%s has %s", name, m)
		}
	}
}
