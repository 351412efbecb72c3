package indexer

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/text"
)

func keywordsOf(t testing.TB, x *Index, q catalog.KeywordQuery) []catalog.Keyword {
	t.Helper()
	if q.First == 0 {
		q.First = 500
	}
	found, err := x.Keywords(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestKeywordsMarkTheSelectedRecordsOut(t *testing.T) {
	x, src := indexOf(t,
		doc(1, "黑土地保护", "黑土地保护协商，黑土地要用好。黑土地2021年"),
		doc(2, "养老服务", "养老服务协商"),
		doc(3, "养老驿站", "社区养老协商的意见"),
	)
	before := keywordsOf(t, x, catalog.KeywordQuery{})
	byText := map[string]catalog.Keyword{}
	for _, k := range before {
		byText[k.Text] = k
	}
	if k := byText["养老"]; k.Count != 2 {
		t.Errorf("养老: %+v, want it in 2 records", k)
	}
	if k := byText["协商"]; k.Weight != 0 || k.Count != 3 {
		t.Errorf("what stands everywhere marks nothing out: %+v", k)
	}
	for _, text := range []string{"2021", "的", "年"} { // a number, a stop word, a character
		if k, ok := byText[text]; ok {
			t.Errorf("%s is no keyword: %+v", text, k)
		}
	}

	src.remove(1)
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	for _, k := range keywordsOf(t, x, catalog.KeywordQuery{}) {
		if strings.Contains(k.Text, "黑土") {
			t.Errorf("%+v is of a record that was withdrawn", k)
		}
		if k.Text == "养老" && k.Weight != 0 {
			t.Errorf("%+v stands in all that are left", k)
		}
	}
}

func TestKeywordsOfAFilterAreWeighedAgainstTheWhole(t *testing.T) {
	docs := fewCases()
	x, _ := indexOf(t, docs...)
	found := keywordsOf(t, x, catalog.KeywordQuery{Filter: catalog.SearchFilter{Regions: []string{"220300"}}, First: 3})
	if len(found) != 3 {
		t.Fatalf("%d keywords, want 3", len(found))
	}
	for _, k := range found {
		if k.Count != 1 || k.Weight <= 0 {
			t.Errorf("%+v, want one record and a weight", k)
		}
	}
	if of := keywordsOf(t, x, catalog.KeywordQuery{Filter: catalog.SearchFilter{Years: []int{1950}}}); len(of) != 0 {
		t.Errorf("of no record: %v", of)
	}
	brand := keywordsOf(t, x, catalog.KeywordQuery{Kinds: []catalog.RecordKind{catalog.KindPractice}})
	for _, k := range brand {
		if k.Text == "谏议" || k.Occurrences < k.Count {
			t.Errorf("%+v is not of the practice", k)
		}
	}
}

// The paper's formula, written down as it stands there.
func TestTextRankIsThePapersFormula(t *testing.T) {
	x, _ := indexOf(t, doc(1, "养老服务", "社区养老，社区服务，养老驿站，社区医院。"))
	found := keywordsOf(t, x, catalog.KeywordQuery{Method: catalog.MethodTextRank})
	weights := map[string]float64{}
	for _, k := range found {
		weights[k.Text] = k.Weight
	}
	var texts [][]string
	for _, s := range []string{"养老服务", "社区养老，社区服务，养老驿站，社区医院。"} {
		var words []string
		for _, w := range text.PlainOf(testWords().CutSearch(testWords().Fold(s).Runes)) {
			if testWords().IsContent(w.Text) {
				words = append(words, w.Text)
			}
		}
		texts = append(texts, words)
	}
	want := plainTextRank(texts)
	if diff := gocmp.Diff(want, weights, gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-3 })); diff != "" || len(want) < 4 {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func plainTextRank(texts [][]string) map[string]float64 {
	w, worth := map[string]map[string]float64{}, map[string]float64{}
	for _, words := range texts {
		for i, a := range words {
			if w[a] == nil {
				w[a] = map[string]float64{}
			}
			worth[a] = 1
			if i > 0 && words[i-1] != a {
				b := words[i-1]
				w[a][b]++
				w[b][a]++
			}
		}
	}
	for range 500 {
		next := map[string]float64{}
		for i := range w {
			next[i] = 0.15
			for j, wji := range w[i] {
				out := 0.0
				for _, wjk := range w[j] {
					out += wjk
				}
				next[i] += 0.85 * wji / out * worth[j]
			}
		}
		worth = next
	}
	return worth
}

func TestCooccurrenceIsMutualInformation(t *testing.T) {
	x, _ := indexOf(t,
		doc(1, "养老", "医院"), doc(2, "养老", "医院"), doc(3, "养老", "教育"), doc(4, "交通", "教育"),
	)
	got, err := x.Cooccurrence(t.Context(), catalog.KeywordQuery{First: 10})
	if err != nil {
		t.Fatal(err)
	}
	pair := func(a, b string, both, of, and int) catalog.KeywordPair {
		p := catalog.KeywordPair{A: a, B: b, Count: both, Weight: math.Log2(float64(both) * 4 / float64(of*and))}
		p.Normalized = p.Weight / -math.Log2(float64(both)/4)
		return p
	}
	want := []catalog.KeywordPair{pair("交通", "教育", 1, 1, 2), pair("养老", "医院", 2, 3, 2), pair("养老", "教育", 1, 3, 2)}
	if diff := gocmp.Diff(want, got, gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got, err = x.Cooccurrence(t.Context(), catalog.KeywordQuery{First: 10, AtLeast: 2}); err != nil || len(got) != 1 || got[0].A != "养老" {
		t.Errorf("in two records at least: %v, %v", got, err)
	}
}

func linesOf(t testing.TB, x *Index, q catalog.ConcordanceQuery) (lines []string, total int) {
	t.Helper()
	if q.First == 0 {
		q.First = 100
	}
	for {
		p, err := x.Concordance(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range p.Hits {
			lines = append(lines, fmt.Sprintf("%d %s %d %s[%s]%s", h.ID, h.Field, h.Start, h.Left, h.Match, h.Right))
			q.After = h.Cursor
		}
		if !p.HasNext {
			return lines, p.Total
		}
	}
}

func TestAConcordanceShowsEveryPlace(t *testing.T) {
	second := doc(2, "養老", "甲養老乙，养　老，丙养老")
	second.AlternativeTitles = []string{"ＢＴ养老"}
	second.Names.Region = []string{"养老区"} // not the record's own words
	x, _ := indexOf(t, second, doc(1, "养老的事", "办养老养老"), doc(3, "别的", "养病"))
	want := map[catalog.ConcordanceOrder][]string{
		catalog.ConcordanceByPosition: {
			"1 title 0 [养老]的事", "1 background 1 办[养老]养老", "1 background 3 养老[养老]",
			"2 title 0 [養老]", "2 alternativeTitles 2 ＢＴ[养老]", "2 background 1 甲[養老]乙，", "2 background 5 乙，[养\u3000老]，丙", "2 background 10 ，丙[养老]",
		},
		catalog.ConcordanceByRight: {
			"1 background 3 养老[养老]", "2 title 0 [養老]", "2 alternativeTitles 2 ＢＴ[养老]", "2 background 10 ，丙[养老]",
			"2 background 1 甲[養老]乙，", "1 background 1 办[养老]养老", "1 title 0 [养老]的事", "2 background 5 乙，[养\u3000老]，丙",
		},
		catalog.ConcordanceByLeft: {
			"1 title 0 [养老]的事", "2 title 0 [養老]", "2 background 10 ，丙[养老]", "1 background 1 办[养老]养老",
			"2 background 1 甲[養老]乙，", "1 background 3 养老[养老]", "2 background 5 乙，[养\u3000老]，丙", "2 alternativeTitles 2 ＢＴ[养老]",
		},
	}
	for order, lines := range want {
		for _, first := range []int{100, 1, 3} {
			got, total := linesOf(t, x, catalog.ConcordanceQuery{Term: "养老", Width: 2, Order: order, First: first})
			if diff := gocmp.Diff(lines, got); diff != "" || total != len(lines) {
				t.Errorf("%s by %d: %d in all, -want +got:\n%s", order, first, total, diff)
			}
		}
	}
	if got, _ := linesOf(t, x, catalog.ConcordanceQuery{Term: "bt", Width: 0}); len(got) != 1 {
		t.Errorf("bt: %v", got)
	}
	if got, _ := linesOf(t, x, catalog.ConcordanceQuery{Term: "t", Width: 0}); len(got) != 0 {
		t.Errorf("a part of a run of letters: %v", got)
	}
	for _, q := range []catalog.ConcordanceQuery{{Term: "，"}, {Term: "养老", After: "x"}} {
		if _, err := x.Concordance(t.Context(), q); catalog.ErrorKindOf(err) != catalog.KindInvalid {
			t.Errorf("%+v: got %v, want INVALID", q, err)
		}
	}
}

// Contexts that begin alike are told apart by what follows, however the pages are
// turned.
func TestAConcordanceIsInTheOrderOfItsContexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteString([]string{"甲", "乙", "，", "𠀀"}[random.IntN(4)])
		}
		return b.String()
	}
	var docs []*catalog.Document
	for id := range 60 {
		docs = append(docs, doc(catalog.ID(id+1), "养老", text()+"养老"+text()))
	}
	x, _ := indexOf(t, docs...)
	contexts := map[catalog.ConcordanceOrder]func(catalog.ConcordanceHit) string{
		catalog.ConcordanceByRight: func(h catalog.ConcordanceHit) string { return h.Right },
		catalog.ConcordanceByLeft: func(h catalog.ConcordanceHit) string {
			left := []rune(h.Left)
			slices.Reverse(left)
			return string(left)
		},
	}
	for order, context := range contexts {
		for _, width := range []int{0, 1, 2, 3, 4, 9} {
			q := catalog.ConcordanceQuery{Term: "养老", Width: width, Order: order, First: 7}
			var hits []catalog.ConcordanceHit
			for more := true; more; {
				page, err := x.Concordance(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				hits, more = append(hits, page.Hits...), page.HasNext
				q.After = hits[len(hits)-1].Cursor
			}
			sorted := slices.IsSortedFunc(hits, func(a, b catalog.ConcordanceHit) int {
				return cmp.Or(strings.Compare(context(a), context(b)), int(a.ID-b.ID))
			})
			if !sorted || len(hits) != 120 {
				t.Errorf("%s, width %d: %d lines, in order: %t", order, width, len(hits), sorted)
			}
		}
	}
}

// A reader who turns pages goes through one state of the index.
func TestPagesOfAConcordanceAreOfOneState(t *testing.T) {
	x, src := indexOf(t, doc(1, "养老一", ""), doc(2, "养老二", ""), doc(3, "养老三", ""))
	first, err := x.Concordance(t.Context(), catalog.ConcordanceQuery{Term: "养老", First: 1})
	if err != nil || first.Total != 3 {
		t.Fatalf("%+v, %v", first, err)
	}
	src.remove(1)
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	next, err := x.Concordance(t.Context(), catalog.ConcordanceQuery{Term: "养老", First: 1, After: first.Hits[0].Cursor})
	if err != nil || len(next.Hits) != 1 || next.Hits[0].ID != 2 {
		t.Errorf("the second page: %+v, %v; want the second record", next, err)
	}
}
