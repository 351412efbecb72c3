package indexer

import (
	"slices"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// TestALayWordFindsOneWay has a pair that the operator accepted, and took back.
func TestALayWordFindsOneWay(t *testing.T) {
	x, _ := indexOf(t, doc(1, "夜间商圈", "把灯点亮。"), doc(2, "门市", "门市一家家倒闭。"), doc(3, "别的", "不相干。"))
	t.Cleanup(func() { x.SetLayWords(nil) })
	found := func(query string) []catalog.ID {
		ids := idsOf(searchFor(t, x, catalog.SearchQuery{Query: query}))
		slices.Sort(ids)
		return ids
	}
	version := x.LayWordsVersion()
	for _, tt := range []struct {
		pairs             []catalog.LayWord
		lay, office, both []catalog.ID
	}{
		{nil, []catalog.ID{2}, []catalog.ID{1}, nil},
		{[]catalog.LayWord{{Lay: "倒闭", Office: "商圈"}, {Lay: "倒闭", Office: "商圈"}, {Lay: "灯", Office: "灯"}}, []catalog.ID{1, 2}, []catalog.ID{1}, nil},
		{nil, []catalog.ID{2}, []catalog.ID{1}, nil},
	} {
		x.SetLayWords(tt.pairs)
		if got := found("倒闭"); !slices.Equal(got, tt.lay) {
			t.Errorf("with %v the lay word finds %v, want %v", tt.pairs, got, tt.lay)
		}
		if got := found("商圈"); !slices.Equal(got, tt.office) {
			t.Errorf("with %v the office word finds %v, want %v", tt.pairs, got, tt.office)
		}
	}
	if x.LayWordsVersion() != version+3 {
		t.Error("the version does not count")
	}
	x.SetLayWords([]catalog.LayWord{{Lay: "倒闭", Office: "商圈"}})
	page := searchFor(t, x, catalog.SearchQuery{Query: "倒闭", WantHighlights: true})
	marked := ""
	for _, h := range page.Hits {
		for _, l := range h.Highlights {
			for _, r := range l.Ranges {
				marked += string([]rune(l.Fragment)[r.Start:r.End]) + " "
			}
		}
	}
	if marked != "倒闭 商圈 " {
		t.Errorf("marked is %q", marked)
	}
}

// TestLayWordsAreSuggestedByDifferentSearchesAndRecords has what one reader alone, one
// record alone, or every question says, which is no association.
func TestLayWordsAreSuggestedByDifferentSearchesAndRecords(t *testing.T) {
	docs := []*catalog.Document{
		doc(1, "老城商圈提振", "把灯点亮。"), doc(2, "步行街商圈改造", "请经营户坐到一起。"),
		doc(3, "排水管网更新", "倒闭的厂子留下的管网。"), doc(4, "管网改造", "雨天积水。"), doc(5, "供水管网", "压力不足。"),
	}
	opened := func(id catalog.ID, words ...string) catalog.AskedOpened {
		slices.Sort(words)
		return catalog.AskedOpened{Words: words, Record: id, Times: 9}
	}
	all := []catalog.AskedOpened{
		opened(1, "店铺", "倒闭"), opened(2, "倒闭", "铺面"), opened(2, "门市", "倒闭"), opened(4, "积水"), opened(5, "水压"), opened(4, "下雨", "马路"), opened(5, "楼上", "水压"),
		opened(1, "商圈", "夜间"), opened(2, "商圈", "步行街"), opened(2, "商圈", "改造"), // who has the word already
		opened(9, "倒闭"), // a record that is public no longer
	}
	has := func(opened []catalog.AskedOpened, accepted []catalog.LayWord, least int, pair catalog.LayWord) bool {
		return slices.ContainsFunc(SuggestLayWords(testWords(), opened, docs, accepted, least), func(s SuggestedLayWord) bool { return s.LayWord == pair })
	}
	pair := catalog.LayWord{Lay: "倒闭", Office: "商圈"}
	got := SuggestLayWords(testWords(), all, docs, nil, 2)
	if len(got) == 0 || got[0].LayWord != pair || got[0].Questions != 3 || got[0].Records != 2 || got[0].Share != 1 {
		t.Errorf("suggested: %+v", got)
	}
	for what, no := range map[string]bool{
		"accepted already":            has(all, []catalog.LayWord{pair}, 2, pair),
		"three records wanted":        has(all, nil, 3, pair),
		"one question alone":          has([]catalog.AskedOpened{opened(1, "倒闭"), opened(2, "倒闭"), opened(4, "积水")}, nil, 2, pair),
		"one record alone":            has([]catalog.AskedOpened{opened(1, "倒闭", "店铺"), opened(1, "倒闭", "门市"), opened(4, "积水")}, nil, 2, pair),
		"a word that stands in it":    has([]catalog.AskedOpened{opened(3, "倒闭", "店铺"), opened(3, "倒闭", "门市"), opened(4, "积水")}, nil, 2, catalog.LayWord{Lay: "倒闭", Office: "管网"}),
		"what every question led to":  has([]catalog.AskedOpened{opened(1, "倒闭", "店铺"), opened(2, "倒闭", "门市")}, nil, 2, pair),
		"an office word of the query": has([]catalog.AskedOpened{opened(1, "倒闭", "商圈"), opened(2, "倒闭", "商圈", "门市"), opened(4, "积水")}, nil, 2, pair),
	} {
		if no {
			t.Errorf("suggested: %s", what)
		}
	}
}
