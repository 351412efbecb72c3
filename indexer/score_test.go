package indexer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// randomCases are cases of words drawn with very different frequencies.
func randomCases(n int) []*catalog.Document {
	words := strings.Fields("协商 政协 委员 会议 黑土地 夜经济 蛋谷 商圈 课后 服务 小区 改造 银行 融资 企业 冰雪 旅游 人参 种子 教育")
	r := rand.New(rand.NewPCG(1, 2))
	var out []*catalog.Document
	for i := range n {
		var b strings.Builder
		for range 5 + r.IntN(60) {
			b.WriteString(words[min(int(r.ExpFloat64()*4), len(words)-1)])
			if r.IntN(6) == 0 {
				b.WriteString("。")
			}
		}
		d := doc(catalog.ID(i+1), fmt.Sprintf("第%d号", i), b.String())
		d.Year = 2015 + r.IntN(8)
		d.Kind = []catalog.RecordKind{catalog.KindCase, catalog.KindBrand, catalog.KindProposal}[r.IntN(3)]
		d.Topics = words[r.IntN(4) : 4+r.IntN(3)]
		d.Regions = []string{[]string{"220104", "220203"}[r.IntN(2)], "220000"}
		out = append(out, d)
	}
	return out
}

func TestScoresAreBM25(t *testing.T) {
	docs := randomCases(300)
	x, src := indexOf(t, docs...)
	// Changes leave deleted documents behind, which must not count.
	for i := range 50 {
		docs[i] = doc(docs[i].ID, "改了", strings.Repeat("黑土地。", i%5+1))
		src.put(docs[i])
	}
	must(t, x.CatchUp(t.Context(), src))
	v := x.acquire()
	defer v.release()
	terms := []query.Term{{Field: document.FieldWords, Text: "黑土地", Weight: 1}, {Field: document.FieldGrams, Text: "协商", Weight: 0.5}, {Field: document.FieldGrams, Text: "商", Weight: 0.25}, {Field: document.FieldWords, Text: "没有的", Weight: 1}}
	got := newScores(v.size)
	defer got.free()
	if _, err := v.addTerms(t.Context(), terms, got); err != nil {
		t.Fatal(err)
	}
	want := naiveBM25(docs, terms)
	for _, d := range docs {
		at, ok := v.Find(t.Context(), d.ID)
		if !ok {
			t.Fatalf("record %d is not in the index", d.ID)
		}
		if math.Abs(float64(got.score[at])-want[d.ID]) > 1e-4 {
			t.Errorf("record %d: got %g, want %g", d.ID, got.score[at], want[d.ID])
		}
	}
}

// termCounts counts how often each term stands in a document.
type termCounts map[string]int

func (t termCounts) add(term string) { t[term]++ }

func (t termCounts) total() int {
	n := 0
	for _, c := range t {
		n += c
	}
	return n
}

// naiveBM25 is BM25 as the book has it, over the documents' terms.
func naiveBM25(docs []*catalog.Document, terms []query.Term) map[catalog.ID]float64 {
	counts := map[string]map[catalog.ID]termCounts{document.FieldWords: {}, document.FieldGrams: {}}
	length := map[string]float64{}
	for _, d := range docs {
		words, gs := termCounts{}, termCounts{}
		for _, p := range document.Texts(d) {
			f := testWords().Fold(p.Text).Runes
			for _, w := range testWords().CutSearch(f) {
				words.add(w.Text)
			}
			text.Grams(f, func(g string, _, _ int) { gs.add(g) })
		}
		counts[document.FieldWords][d.ID], counts[document.FieldGrams][d.ID] = words, gs
		length[document.FieldWords] += float64(words.total()) / float64(len(docs))
		length[document.FieldGrams] += float64(gs.total()) / float64(len(docs))
	}
	out := map[catalog.ID]float64{}
	for _, term := range terms {
		df := 0
		for _, c := range counts[term.Field] {
			if c[term.Text] > 0 {
				df++
			}
		}
		for id, c := range counts[term.Field] {
			n := float64(c[term.Text])
			norm := bm25K1 * (1 - bm25B + bm25B*float64(c.total())/length[term.Field])
			out[id] += float64(term.Weight) * idf(df, len(docs)) * n * (bm25K1 + 1) / (n + norm)
		}
	}
	return out
}

// The list of what is nowhere is one for all, which nobody may write to.
func TestTheEmptyListStaysEmpty(t *testing.T) {
	x, _ := indexOf(t, randomCases(20)...)
	for _, q := range []string{"没有的", "没有的 协商", "“没有的话”", "长白山天池", "zzz 1999年"} {
		if _, err := x.Search(t.Context(), catalog.SearchQuery{Query: q, First: 5, WantTotal: true, WantFacets: true, WantHighlights: true}); err != nil {
			t.Fatal(err)
		}
	}
	v := x.acquire()
	defer v.release()
	for _, kind := range []listKind{listPlain, listCounted, listContains, listExact} {
		if l, err := v.listsOf(t.Context(), listName{kind, document.FieldWords, "没有的"}); err != nil || l.df != 0 {
			t.Errorf("kind %v: %d documents, %v", kind, l.df, err)
		}
	}
	if d := cmp.Diff(docset.Postings{}, *docset.Empty); d != "" {
		t.Errorf("the empty list (-empty +now):\n%s", d)
	}
}

func TestSkippingLeavesTheFirstAsTheyAre(t *testing.T) {
	x, _ := indexOf(t, randomCases(3000)...)
	v := x.acquire()
	defer v.release()
	skipped := false
	for _, str := range []string{"蛋谷的人参种子怎样协商？", "黑土地 夜经济", "政协委员会议协商银行融资的教育", "旅游教育冰雪"} {
		pl := query.NewPlan(testWords(), query.Parse(testWords().Fold(str).Runes))
		f, err := v.run(t.Context(), pl, false)
		must(t, err)
		total := f.set.Count()
		whole := newScores(v.size)
		ws, err := v.addTerms(t.Context(), pl.Terms, whole)
		must(t, err)
		still, err := v.scoreFirst(t.Context(), ws, f.scores, f.set, total, 50)
		must(t, err)
		first := func(s *scores, visit func(func(uint32))) []ranked {
			best := top{n: 50}
			visit(func(d uint32) { best.offer(ranked{value: float64(s.score[d]), id: v.ID(d), doc: d}) })
			return best.sorted()
		}
		got := first(f.scores, func(visit func(uint32)) {
			for _, d := range still {
				visit(d)
			}
		})
		if diff := cmp.Diff(first(whole, f.set.Each), got, cmp.AllowUnexported(ranked{})); diff != "" {
			t.Errorf("%q: (-all terms +with skipping):\n%s", str, diff)
		}
		skipped = skipped || len(still) < total
		f.free()
		whole.free()
	}
	if !skipped {
		t.Error("nothing was skipped: the test says nothing")
	}
}

func TestFacetsAndTotalsAreExact(t *testing.T) {
	docs := randomCases(400)
	x, _ := indexOf(t, docs...)
	has := func(d *catalog.Document, word string) bool { return strings.Contains(d.Fields[0].Text, word) }
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"黑土地", "夜经济", "人参", "协商"}).Draw(t, "word")
		filter := catalog.SearchFilter{}
		if rapid.Bool().Draw(t, "years") {
			filter.Years = rapid.SliceOfN(rapid.IntRange(2015, 2022), 1, 3).Draw(t, "year")
		}
		if rapid.Bool().Draw(t, "regions") {
			filter.Regions = []string{rapid.SampledFrom([]string{"220104", "220203", "220000", "220500"}).Draw(t, "region")}
		}
		var kinds []catalog.RecordKind
		if rapid.Bool().Draw(t, "kinds") {
			kinds = []catalog.RecordKind{catalog.KindBrand}
		}
		p, err := x.Search(t.Context(), catalog.SearchQuery{
			Query: word, Kinds: kinds, Filter: filter, First: 1, WantTotal: true, WantFacets: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		inYear := func(d *catalog.Document) bool { return len(filter.Years) == 0 || slices.Contains(filter.Years, d.Year) }
		inRegion := func(d *catalog.Document) bool {
			return len(filter.Regions) == 0 || slices.Contains(d.Regions, filter.Regions[0])
		}
		inKind := func(d *catalog.Document) bool { return kinds == nil || slices.Contains(kinds, d.Kind) }
		total, years, regions := 0, map[string]int{}, map[string]int{}
		for _, d := range docs {
			if !has(d, word) {
				continue
			}
			if inYear(d) && inRegion(d) && inKind(d) {
				total++
			}
			if inRegion(d) && inKind(d) {
				years[fmt.Sprint(d.Year)]++
			}
			if inYear(d) && inKind(d) {
				for _, r := range d.Regions {
					regions[r]++
				}
			}
		}
		if p.Total != total {
			t.Errorf("total: got %d, want %d", p.Total, total)
		}
		if diff := cmp.Diff(years, asMap(p.Facets.Years)); diff != "" {
			t.Errorf("years (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(regions, asMap(p.Facets.Regions)); diff != "" {
			t.Errorf("regions (-want +got):\n%s", diff)
		}
	})
}

func asMap(counts []catalog.FacetCount) map[string]int {
	out := map[string]int{}
	for _, c := range counts {
		out[c.Key] = c.Count
	}
	return out
}

func TestListsMeetAndJoin(t *testing.T) {
	drawn := rapid.Custom(func(t *rapid.T) []uint32 {
		docs := rapid.SliceOfN(rapid.Uint32Range(0, 200), 0, 80).Draw(t, "docs")
		slices.Sort(docs)
		return slices.Compact(docs)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn.Draw(t, "a"), drawn.Draw(t, "b")
		// Lists of few documents and of many are kept in two forms, and meet in both.
		list := func(docs []uint32) *docset.Postings { return docset.FromDocs(docs, 256) }
		var both, any []uint32
		for d := range uint32(201) {
			inA, inB := slices.Contains(a, d), slices.Contains(b, d)
			if inA && inB {
				both = append(both, d)
			}
			if inA || inB {
				any = append(any, d)
			}
		}
		if got := docset.Intersect(list(a), list(b), 256).Docs(); !slices.Equal(got, both) {
			t.Errorf("intersection of %v and %v: got %v, want %v", a, b, got, both)
		}
		if got := docset.Union(list(a), list(b), 256).Docs(); !slices.Equal(got, any) {
			t.Errorf("union of %v and %v: got %v, want %v", a, b, got, any)
		}
	})
}

func TestTopKeepsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.IntRange(0, 9)).Draw(t, "values")
		n := rapid.IntRange(0, 12).Draw(t, "n")
		var all []ranked
		kept := top{n: n}
		for i, v := range values {
			r := ranked{value: float64(v), id: catalog.ID(i), doc: uint32(i)}
			all = append(all, r)
			kept.offer(r)
		}
		slices.SortFunc(all, func(a, b ranked) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		if got := kept.sorted(); !slices.Equal(got, all[:min(n, len(all))]) {
			t.Errorf("first %d of %v: got %v", n, values, got)
		}
	})
}
