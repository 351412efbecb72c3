package indexer

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// TestANameThatStandsNowhereIsTold has names that are cut into words which stand apart.
func TestANameThatStandsNowhereIsTold(t *testing.T) {
	x, _ := indexOf(t,
		doc(1, "党史学习", "学习党史，强国有我。长白山天池，文化旅游融合。"),
		doc(2, "营商环境", "优化营商环境，体验式评价部门。"),
		doc(3, "托管", "孩子放学早，没人接，谁来管。楼上漏水，居民老张有意见。看病太贵，冬天暖气不够热，停车太难。"),
	)
	for asked, want := range map[string][]string{
		"学习强国": {"学习强国"}, "学习 强国": nil, "营商环境": nil, "天池文化": {"天池文化"}, "长白山天池": nil, "體驗式評價": nil,
		"学习强国 营商环境": {"学习强国"}, "怎么学习强国": nil, "": nil,
		"孩子放学没人管": nil, "冬天暖气不热": nil, "居民看病贵": nil, "居民停车难": nil, "漏水意见": {"漏水意见"},
	} {
		page := searchFor(t, x, catalog.SearchQuery{Query: asked, WantAbsent: true})
		if !slices.Equal(page.Absent, want) {
			t.Errorf("%q: %q stand nowhere, want %q (%d hits)", asked, page.Absent, want, len(page.Hits))
		}
		if unwanted := searchFor(t, x, catalog.SearchQuery{Query: asked}); unwanted.Absent != nil {
			t.Errorf("%q: %q though nobody asked", asked, unwanted.Absent)
		}
	}
}

// TestAQuestionThatOnlyASourceHoldsLooksForCasesTheOldWay has a source with all words of
// a question in it and a case with most of them.
func TestAQuestionThatOnlyASourceHoldsLooksForCasesTheOldWay(t *testing.T) {
	source := doc(1, "文件", "下午三点半放学以后没人管。小学生怎么办？家长上班，学校关门，街道、社区想办法。")
	source.Kind = catalog.KindSource
	source.Fields[0].Name = "text"
	x, _ := indexOf(t, source, doc(2, "课后服务", "小学生放学以后由学校看管。"), doc(3, "别的", "别的，不相干。"))
	const question = "小学生下午三点半放学以后家长上班学校关门没人管怎么办？"
	var all []catalog.RecordKind
	all = append(all, catalog.SearchedKinds...)
	for _, tt := range []struct {
		kinds []catalog.RecordKind
		want  []catalog.ID
	}{{nil, []catalog.ID{2}}, {all, []catalog.ID{1, 2}}, {[]catalog.RecordKind{catalog.KindSource}, []catalog.ID{1}}} {
		got := idsOf(searchFor(t, x, catalog.SearchQuery{Query: question, Kinds: tt.kinds}))
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("among %v: %v, want %v", tt.kinds, got, tt.want)
		}
	}
}

// TestWhatIsFoundByItsKindOnlyChangesNothingElse asks in all ways an index that also
// holds records which only a search for their kind finds, real and made up, and one that
// does not.
func TestWhatIsFoundByItsKindOnlyChangesNothingElse(t *testing.T) {
	others := func() []*catalog.Document {
		var out []*catalog.Document
		for i, kind := range []catalog.RecordKind{catalog.KindNeed, catalog.KindSource, catalog.KindVenue} {
			d := doc(catalog.ID(100+i), "老旧小区改造与黑土地保护", "孩子放学早，家长下班晚，老旧小区改造，营商环境体验式评价，黑土地保护。")
			d.Kind, d.Origin = kind, catalog.OriginSynthetic
			if kind == catalog.KindSource {
				d.Origin = catalog.OriginReference
			}
			out = append(out, d)
		}
		return out
	}
	documents := func() []*catalog.Document {
		docs := fewCases()
		for _, d := range peerCases() {
			d.ID += 10
			for i := range d.PossiblySameAs {
				d.PossiblySameAs[i] += 10
			}
			docs = append(docs, d)
		}
		return docs
	}
	without, _ := indexOf(t, documents()...)
	with, _ := indexOf(t, append(documents(), others()...)...)
	same := func(what string, ask func(x *Index) (any, error)) {
		t.Helper()
		want, err := ask(without)
		must(t, err)
		got, err := ask(with)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: without the others, and with them:\n%s", what, diff)
		}
	}
	search := func(q catalog.SearchQuery) func(x *Index) (any, error) {
		q.First, q.WantFacets, q.WantTotal, q.WantHighlights, q.WantCorrection, q.WantAbsent = 20, true, true, true, true, true
		return func(x *Index) (any, error) {
			page, err := x.Search(t.Context(), q)
			if err != nil {
				return nil, err
			}
			if len(page.Hits) == 0 {
				t.Errorf("%q finds nothing", q.Query)
			}
			for i := range page.Hits {
				page.Hits[i].Cursor = "" // names its index
			}
			page.DataVersion = 0
			return page, nil
		}
	}
	for _, query := range []string{"放学", "老旧小区 改造", "孩子 家长", "孩子放学早没人接怎么办？", "“老旧小区改造”", "放学 -托管", "放学 OR 黑土地"} {
		same(query, search(catalog.SearchQuery{Query: query}))
		same(query+" among cases", search(catalog.SearchQuery{Query: query, Kinds: []catalog.RecordKind{catalog.KindCase}}))
		same(query+", newest first", search(catalog.SearchQuery{Query: query, Order: catalog.OrderNewest}))
		same("candidates of "+query, func(x *Index) (any, error) { return x.Candidates(t.Context(), query) })
	}
	same("peers", func(x *Index) (any, error) {
		return x.Peers(t.Context(), catalog.PeerQuery{Problem: pupils, Scope: catalog.ScopeAll, First: 10})
	})
	same("similar", func(x *Index) (any, error) {
		return x.Peers(t.Context(), catalog.PeerQuery{Case: 11, Scope: catalog.ScopeAll, First: 10})
	})
	same("suggest", func(x *Index) (any, error) { return x.Suggest(t.Context(), "放学", nil, 10) })
	same("keywords", func(x *Index) (any, error) { return x.Keywords(t.Context(), catalog.KeywordQuery{First: 10}) })
	same("cooccurrence", func(x *Index) (any, error) { return x.Cooccurrence(t.Context(), catalog.KeywordQuery{First: 10}) })
	same("concordance", func(x *Index) (any, error) {
		page, err := x.Concordance(t.Context(), catalog.ConcordanceQuery{Term: "放学", Width: 10, First: 10})
		if err != nil {
			return nil, err
		}
		for i := range page.Hits {
			page.Hits[i].Cursor = ""
		}
		return page, nil
	})
	if found := idsOf(searchFor(t, with, catalog.SearchQuery{Query: "老旧小区 改造", Kinds: catalog.SearchedKinds})); !slices.Contains(found, 100) {
		t.Errorf("asked for all kinds it finds %v", found)
	}
}
