package indexer

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/highlight"
)

func TestHighlightsOfOverlappingWordsAreOneRange(t *testing.T) {
	x, _ := indexOf(t, doc(1, "标题", "研究老旧小区改造问题，小区老旧。"))
	p := searchFor(t, x, catalog.SearchQuery{Query: "老旧小区 小区改造", WantHighlights: true})
	want := []catalog.Highlight{{
		Field: "background", Fragment: "研究老旧小区改造问题，小区老旧。",
		Ranges: []catalog.TextRange{{Start: 2, End: 8}, {Start: 11, End: 13}},
	}}
	if diff := cmp.Diff(want, p.Hits[0].Highlights); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheBestFragmentComesFirst(t *testing.T) {
	far := strings.Repeat("这里说别的事情。", 40)
	d := doc(1, "营商环境", "开头提到营商。"+far+"营商环境评价要请委员体验。"+far)
	x, _ := indexOf(t, d)
	p := searchFor(t, x, catalog.SearchQuery{Query: "委员怎样体验营商环境？", WantHighlights: true})
	got := p.Hits[0].Highlights
	if len(got) == 0 || !strings.HasPrefix(got[0].Fragment, "营商环境评价要请委员体验。") {
		t.Errorf("highlights: got %+v, want the sentence with all words first", got)
	}
	if n := utf8.RuneCountInString(got[0].Fragment); n > highlight.FragmentLength {
		t.Errorf("the fragment has %d characters, want at most %d", n, highlight.FragmentLength)
	}
}

func TestABrandsTitleIsItsName(t *testing.T) {
	d := doc(1, "谏议朝阳", "")
	d.Kind = catalog.KindBrand
	x, _ := indexOf(t, d)
	p := searchFor(t, x, catalog.SearchQuery{Query: "谏议", WantHighlights: true})
	if len(p.Hits) != 1 || len(p.Hits[0].Highlights) != 1 || p.Hits[0].Highlights[0].Field != "name" {
		t.Errorf("got %+v, want one highlight of the name", p.Hits)
	}
}

func TestHighlightsMarkWhatWasAsked(t *testing.T) {
	d := doc(1, "小学生下午三点半课后怎么办", "放学后托管，课后服务。小县生要有人管。")
	d.Names.Topics, d.Topics = []string{"课后服务"}, []string{"kehou-fuwu"}
	x, _ := indexOf(t, d)
	for _, tt := range []struct {
		query, field, marked string
	}{
		{"三点半", "title", "三点半"},
		{"下午三点半", "title", "下午三点半"},
		{"小县生", "background", "小县生"},
		{"小縣生", "background", "小县生"},
		{"课后服务", "background", "课后服务"},
	} {
		p := searchFor(t, x, catalog.SearchQuery{Query: tt.query, WantHighlights: true})
		if len(p.Hits) != 1 || len(p.Hits[0].Highlights) == 0 {
			t.Fatalf("search %q: no highlights: %+v", tt.query, p.Hits)
		}
		first := p.Hits[0].Highlights[0]
		var marked []string
		for _, r := range first.Ranges {
			marked = append(marked, string([]rune(first.Fragment)[r.Start:r.End]))
		}
		if first.Field != tt.field || !slices.Contains(marked, tt.marked) {
			t.Errorf("search %q: first %s, marked %q; want %s with %q", tt.query, first.Field, marked, tt.field, tt.marked)
		}
	}
}
