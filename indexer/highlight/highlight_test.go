package highlight

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/internal/wordstest"
)

// readableOf is a document as the index returns it.
func readableOf(d *catalog.Document) document.Stored {
	return document.Stored{Document: d, Readable: document.ReadableTexts(wordstest.Load(), d)}
}

// checkHighlights checks what must hold of the highlights of any text.
func checkHighlights(t *testing.T, text, s string) {
	w := wordstest.Load()
	pl := query.NewPlan(w, query.Parse(w.Fold(s).Runes))
	needles := pl.Needles
	for i := range needles {
		needles[i].Weight = 1
	}
	for _, h := range NewHighlighter(w, needles).Document(readableOf(&catalog.Document{ID: 1, Kind: catalog.KindCase, Title: text, Fields: []catalog.DocumentField{{Name: "background", Text: text}}})) {
		if !strings.Contains(text, h.Fragment) {
			t.Errorf("text %q, query %q: the fragment %q is not of the text", text, s, h.Fragment)
		}
		n, end := utf8.RuneCountInString(h.Fragment), 0
		if len(h.Ranges) == 0 {
			t.Errorf("text %q, query %q: a highlight without a range", text, s)
		}
		for i, r := range h.Ranges {
			if r.Start >= r.End || r.End > n || r.Start < end || i > 0 && r.Start == end {
				t.Errorf("text %q, query %q: ranges %v of %d characters", text, s, h.Ranges, n)
			}
			end = r.End
		}
	}
}

func FuzzHighlight(f *testing.F) {
	wordstest.Load() // before the fuzzer counts its time; see internal/script.FuzzFold
	f.Add("助推朝陽夜經濟，ＢＴＸ體系", "夜经济 btx")
	f.Add("e\u0301t\xffé\u200b夜", "été 夜")
	f.Add("黑土地黑土地", "黑土 土地 “地黑”")
	f.Fuzz(checkHighlights)
}
