package export

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// readPrinted returns what stands on each page of a PDF of ours, a run of characters a
// line, by the maps to Unicode in it; what is no text (heads, numbers, dots) comes after
// "#". It reads pages in their order in the tree.
func readPrinted(t *testing.T, pdf []byte) [][]string {
	t.Helper()
	objects := map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)(\d+) 0 obj\n(.*?)\nendobj\n`).FindAllSubmatch(pdf, -1) {
		objects[string(m[1])] = string(m[2])
	}
	stream := func(number string) string {
		_, packed, _ := strings.Cut(objects[number], "stream\n")
		z, err := zlib.NewReader(strings.NewReader(packed))
		if err != nil {
			t.Fatalf("object %s: %v", number, err)
		}
		text, err := io.ReadAll(z)
		if err != nil {
			t.Fatalf("object %s: %v", number, err)
		}
		return string(text)
	}
	ref := func(in, key string) string {
		m := regexp.MustCompile(key + ` (\d+) 0 R`).FindStringSubmatch(in)
		if m == nil {
			t.Fatalf("no %s in %.200s", key, in)
		}
		return m[1]
	}
	kids := func(in string) []string {
		var list []string
		for _, m := range regexp.MustCompile(`(\d+) 0 R`).FindAllStringSubmatch(regexp.MustCompile(`/Kids\[([^\]]*)\]`).FindString(in), -1) {
			list = append(list, m[1])
		}
		return list
	}
	catalogue := objects[ref(string(pdf), `/Root`)]
	tree := objects[ref(catalogue, `/Pages`)]
	fonts := map[string]map[string]string{}
	for _, m := range regexp.MustCompile(`/(F\d+) (\d+) 0 R`).FindAllStringSubmatch(objects[ref(tree, `/Resources`)], -1) {
		fonts[m[1]] = map[string]string{}
		for _, c := range regexp.MustCompile(`<([0-9A-F]{4})><([0-9A-F]+)>`).FindAllStringSubmatch(stream(ref(objects[m[2]], `/ToUnicode`)), -1) {
			var units []uint16
			for i := 0; i < len(c[2]); i += 4 {
				n, _ := strconv.ParseUint(c[2][i:i+4], 16, 16)
				units = append(units, uint16(n))
			}
			fonts[m[1]][c[1]] = string(utf16.Decode(units))
		}
	}
	token := regexp.MustCompile(`BT |BMC|EMC|/(F\d+) \S+ Tf|<([0-9A-F]*)>`)
	var pages [][]string
	for _, branch := range kids(tree) {
		for _, page := range kids(objects[branch]) {
			var lines []string
			font, artifact := "", ""
			for _, m := range token.FindAllStringSubmatch(stream(ref(objects[page], `/Contents`)), -1) {
				switch {
				case m[0] == "BT ":
					lines = append(lines, artifact)
				case m[0] == "BMC":
					artifact = "#"
				case m[0] == "EMC":
					artifact = ""
				case m[1] != "":
					font = m[1]
				default:
					for i := 0; i < len(m[2]); i += 4 {
						c, ok := fonts[font][m[2][i:i+4]]
						if !ok {
							t.Fatalf("%s has no character for %s", font, m[2][i:i+4])
						}
						lines[len(lines)-1] += c
					}
				}
			}
			pages = append(pages, lines)
		}
	}
	return pages
}

// textsOf returns what is text on pages.
func textsOf(pages [][]string) string {
	var b strings.Builder
	for _, page := range pages {
		for _, line := range page {
			if !strings.HasPrefix(line, "#") {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

func withoutSpace(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, text)
}

func printerIsThere(t *testing.T) {
	t.Helper()
	if !CanPrintPDF() {
		t.Fatal("no font for Chinese is installed: scripts/setup.sh says which tests need")
	}
}

// Every character that a Word file has stands in the PDF, in its order, and is copied out
// of it as what it is: of all cases that come with the binary, and of texts that fonts
// make little difference of.
func TestAPrintedPDFHasEveryCharacterOfItsText(t *testing.T) {
	printerIsThere(t)
	cases := []*catalog.CaseInput{
		{Title: "⽼年⼈与老年人", Background: "部首⼀、⼆与一、二；全角ＡＢＣ与ABC；“引号”与\"引号\"；·•‧；㎡、m²；①②；𠀀𪚥；〇○◯。", Approach: "一是——二是……；don’t；98.5%；GB/T 9704；（《“‘」』】”）。", Results: "\u200b零宽\ufeff字符"},
		{Title: strings.Repeat("长题目", 20), Background: "网址https://example.org/" + strings.Repeat("abc/", 60) + "，" + strings.Repeat("x", 200)},
	}
	cases = append(cases, casesOfTheBinary(t)...)
	want := ""
	for _, in := range cases {
		d := &docx.Print{}
		printCase(d, in, Printing{})
		for _, line := range d.Lines() {
			want += line.Text
		}
	}
	pdf, err := PrintPDF(cases, func(*catalog.CaseInput) Printing { return Printing{} })
	if err != nil {
		t.Fatal(err)
	}
	want = strings.NewReplacer("\u200b", "", "\ufeff", "").Replace(withoutSpace(want))
	got := withoutSpace(textsOf(readPrinted(t, pdf)))
	if rest, ok := strings.CutPrefix(got, want); !ok || rest != "" && !strings.HasPrefix(rest, "字体：") && !strings.HasPrefix(rest, "缺字：") {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		t.Errorf("at byte %d of %d it has %.60q, want %.60q", at, len(want), got[at:], want[min(at, len(want)):])
	}
	again, err := PrintPDF(cases, func(*catalog.CaseInput) Printing { return Printing{} })
	if err != nil || !bytes.Equal(pdf, again) {
		t.Errorf("printed again it is other bytes, %v", err)
	}
}

// The numbers of contents and indexes are those that stand below the pages on which the
// texts begin, whatever they link to; and no page ends with a heading.
func TestAPrintedBookHasItsPages(t *testing.T) {
	printerIsThere(t)
	book := bookOf(66, 600)
	cases := book.Cases
	book.Cases = func(yield func(*catalog.CaseInput) error) error {
		n, chance := 0, rand.New(rand.NewPCG(18, 1))
		return cases(func(in *catalog.CaseInput) error {
			n++
			in.Title = fmt.Sprintf("案例%03d之题%s", n, strings.Repeat("长", chance.IntN(40)))
			in.Topics = [][]string{{"a"}, {"b", "c"}, nil}[n%3]
			in.Lessons = varied(chance, 1+chance.IntN(600))
			return yield(in)
		})
	}
	var b bytes.Buffer
	if err := PrintBook(&b, book); err != nil {
		t.Fatal(err)
	}
	pages := readPrinted(t, b.Bytes())
	numbers := map[string]int{} // of pages, as they are printed
	first := map[string]string{}
	for i, page := range pages {
		text := textsOf(pages[i : i+1])
		last := page[len(page)-1]
		if !strings.HasPrefix(last, "#— ") {
			if i > 0 {
				t.Errorf("page %d has no number: %q", i+1, last)
			}
			continue
		}
		number := strings.TrimSuffix(strings.TrimPrefix(last, "#— "), " —")
		if _, twice := numbers[number]; twice {
			t.Errorf("two pages are %s", number)
		}
		numbers[number] = i
		if m := regexp.MustCompile(`^案例\d{3}之题`).FindString(text); m != "" && first[m] == "" && number[0] <= '9' {
			first[m] = number
		}
		if body := page[:len(page)-1]; len(body) > 0 && regexp.MustCompile(`^[一二三四]、`).MatchString(body[len(body)-1]) {
			t.Errorf("page %s ends with %q", number, body[len(body)-1])
		}
	}
	contents := regexp.MustCompile(`(案例\d{3}之题)长*(\d+)`).FindAllStringSubmatch(withoutSpace(textsOf(pages[1:numbers["1"]])), -1)
	if len(contents) != 66 || len(first) != 66 {
		t.Errorf("%d lines of contents, %d texts", len(contents), len(first))
	}
	for _, m := range contents {
		if m[2] != first[m[1]] {
			t.Errorf("the contents have %s on page %s; it is on %s", m[1], m[2], first[m[1]])
		}
	}
	begins := slices.Collect(maps.Values(first))
	seen := 0
	at := slices.IndexFunc(pages, func(page []string) bool { return len(page) > 2 && strings.HasPrefix(page[1], "索引") })
	for _, page := range pages[at:] {
		for _, line := range page {
			if regexp.MustCompile(`^[\d、]+$`).MatchString(line) {
				for _, number := range strings.FieldsFunc(line, func(c rune) bool { return c == '、' }) {
					seen++
					if !slices.Contains(begins, number) {
						t.Errorf("an index has page %s, on which no text begins", number)
					}
				}
			}
		}
	}
	if want := 66 + 22 + 2*22 + 22; seen != want {
		t.Errorf("the indexes have %d numbers, want %d", seen, want)
	}
	if links := bytes.Count(b.Bytes(), []byte("/Subtype/Link")); links < 2*66+66 {
		t.Errorf("%d links", links)
	}
	// A line of the outline for each case and each part, the cover, contents, preface,
	// colophon and two indexes.
	if got, want := bytes.Count(b.Bytes(), []byte("/Parent"))-len(pages), 66*5+6; got < want {
		t.Errorf("%d lines in the outline, want %d", got, want)
	}
	var word bytes.Buffer
	if err := WriteBook(&word, book); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder // all texts but numbers, in the order of the Word file
	for _, m := range regexp.MustCompile(`(?s)<w:t( xml:space="preserve")?>(.*?)</w:t>`).FindAllStringSubmatch(partsOf(t, word.Bytes())["word/document.xml"], -1) {
		want.WriteString(m[2])
	}
	digits := regexp.MustCompile(`[\d、]`)
	got := digits.ReplaceAllString(withoutSpace(textsOf(pages)), "")
	got, _, _ = strings.Cut(got, "字体：")
	if diff := cmp.Diff(digits.ReplaceAllString(withoutSpace(want.String()), ""), got); diff != "" {
		t.Errorf("(-Word +PDF):\n%.2000s", diff)
	}
}

// A thick book takes no more memory than a thin one, but for its outline and contents.
func TestABookIsPrintedAsItComes(t *testing.T) {
	printerIsThere(t)
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	book := bookOf(60, 5000)
	cases := book.Cases
	var at []uint64
	book.Cases = func(yield func(*catalog.CaseInput) error) error {
		n := 0
		return cases(func(in *catalog.CaseInput) error {
			if n++; n == 10 || n == 60 {
				at = append(at, live())
			}
			return yield(in)
		})
	}
	size := &counting{}
	if err := PrintBook(size, book); err != nil {
		t.Fatal(err)
	}
	if grown := int64(at[1]) - int64(at[0]); grown > 1<<20 {
		t.Errorf("50 cases took %d KiB that stay", grown>>10)
	}
	if size.n == 0 {
		t.Error("nothing was written")
	}
}

// casesOfTheBinary returns the cases that come with the binary, by their slugs.
func casesOfTheBinary(t *testing.T) []*catalog.CaseInput {
	t.Helper()
	var cases []*catalog.CaseInput
	for name, r := range data.Records() {
		lines, err := text.NewLines(r)
		if err != nil {
			t.Fatal(err)
		}
		for {
			line, err := lines.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			in, err := jsonl.Decode(line)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if in, ok := in.(*catalog.CaseInput); ok {
				cases = append(cases, in)
			}
		}
	}
	if len(cases) == 0 {
		t.Fatal("no case comes with the binary")
	}
	slices.SortFunc(cases, func(a, b *catalog.CaseInput) int { return strings.Compare(a.Slug, b.Slug) })
	return cases
}
