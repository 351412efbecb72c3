package graph_test

import (
	"slices"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// foundOfAll is a page of a search among kinds, as it is asked for by searchKinds.
type foundOfAll struct {
	Search struct {
		TotalCount int
		Facets     struct{ Kinds []kindCount }
		Edges      []struct {
			Node struct {
				Typename string `json:"__typename"`
				Slug     string
			}
			Highlights []struct {
				Field, Fragment string
				Start           *int
				Section         *catalog.Section
				Ranges          []catalog.TextRange
			}
		}
	}
}

type kindCount struct {
	Key   string
	Count int
}

const searchKinds = `query($q: String!, $kinds: [RecordKind!]) { search(query: $q, kinds: $kinds, first: 100) {
	totalCount facets { kinds { key count } }
	edges { node { __typename ... on Record { slug } } highlights { field fragment start section { title start end } ranges { start end } } } } }`

// TestWhateverIsHeldIsFoundWhereItsKindIsAskedFor looks for what stands only in the
// source's text, and for places of which no case is held.
func TestWhateverIsHeldIsFoundWhereItsKindIsAskedFor(t *testing.T) {
	o := searched(t)
	api := o.as(nil)
	var source struct {
		Source struct {
			Text     string
			Sections []catalog.Section
		}
	}
	api.get(t, `{ source(slug: "jilin-zhengxie-shida-tese-liangdian") { text sections { title start end } } }`, nil, &source)
	text := []rune(source.Source.Text)
	for _, tt := range []struct {
		query, kind string // of the first hit
		source      bool   // the source is among the hits
	}{
		{"刘君信", "Person", true}, {"BTX", "Source", true}, {"三会一课", "Source", true}, {"“三会一课”", "Source", true},
		{"公主岭", "Region", false}, {"公主岭市政协", "Committee", false}, {"220184", "Region", false},
	} {
		var got, unasked foundOfAll
		api.get(t, searchKinds, map[string]any{"q": tt.query, "kinds": catalog.SearchedKinds}, &got)
		api.get(t, searchKinds, map[string]any{"q": tt.query}, &unasked)
		if len(got.Search.Edges) == 0 {
			t.Errorf("%s: nothing is found", tt.query)
			continue
		}
		first := got.Search.Edges[0]
		kinds := 0
		for _, k := range got.Search.Facets.Kinds {
			kinds += k.Count
		}
		if first.Node.Typename != tt.kind || kinds != got.Search.TotalCount || len(got.Search.Edges) != min(got.Search.TotalCount, 100) {
			t.Errorf("%s: first %s %s of %d, by kind %v; want a %s", tt.query, first.Node.Typename, first.Node.Slug, got.Search.TotalCount, got.Search.Facets.Kinds, tt.kind)
		}
		for _, e := range unasked.Search.Edges {
			if !catalog.KindNamed(e.Node.Typename).FoundUnasked() {
				t.Errorf("%s: a search without kinds finds a %s", tt.query, e.Node.Typename)
			}
		}
		for _, k := range unasked.Search.Facets.Kinds {
			if !catalog.RecordKind(k.Key).FoundUnasked() {
				t.Errorf("%s: a search without kinds counts %s", tt.query, k.Key)
			}
		}
		sources := 0
		for _, e := range got.Search.Edges {
			for _, h := range e.Highlights {
				if (h.Start != nil) != (e.Node.Typename == "Source" && h.Field == "text") {
					t.Errorf("%s: a fragment of %s.%s has the start %v", tt.query, e.Node.Typename, h.Field, h.Start)
				}
				if h.Start == nil {
					continue
				}
				sources++
				if at := text[*h.Start : *h.Start+len([]rune(h.Fragment))]; string(at) != h.Fragment {
					t.Errorf("%s: %q stands at %d, not %q", tt.query, string(at), *h.Start, h.Fragment)
				}
				in := slices.IndexFunc(source.Source.Sections, func(s catalog.Section) bool { return s.Start <= *h.Start && *h.Start < s.End })
				if in < 0 && h.Section != nil || in >= 0 && (h.Section == nil || *h.Section != source.Source.Sections[in]) {
					t.Errorf("%s: the fragment at %d is in section %v", tt.query, *h.Start, h.Section)
				}
			}
		}
		if tt.source != (sources > 0) {
			t.Errorf("%s: %d fragments of the source", tt.query, sources)
		}
	}
}

// TestASearchThatNamesNoKindsIsAsItWas compares searches over an index that holds
// everything with the same over one that holds cases, brands, proposals and practices
// only: hits, order, scores, totals and facets.
func TestASearchThatNamesNoKindsIsAsItWas(t *testing.T) {
	o := searched(t)
	whole, few := o.as(nil), o.searchingOnly(t)
	const query = `query($q: String!, $kinds: [RecordKind!], $order: SearchOrder) { search(query: $q, kinds: $kinds, orderBy: $order, first: 50) { totalCount terms correction
		facets { kinds { key count } regions { key count } levels { key count } years { key count } origins { key count } topics { key count } brands { key count } }
		edges { score node { ... on Record { slug } } highlights { field fragment ranges { start end } } } }
		suggest(prefix: $q, first: 20) { text kind slug of } }`
	for _, q := range []string{"", "课后", "小学生下午三点半没人管怎么办", "刘君信", "BTX", "三会一课", "公主岭", "公主岭市政协", "zhangchun", "长春", "营商环境评价", "开后服务", "党史学习", "-课后", "committee:长春"} {
		for _, kinds := range []any{nil, []string{"CASE"}, []string{"BRAND", "PRACTICE"}} {
			for _, order := range []string{"RELEVANCE", "NEWEST"} {
				variables := map[string]any{"q": q, "kinds": kinds, "order": order}
				want, got := few.ask(t, query, variables), whole.ask(t, query, variables)
				if len(want.Errors) > 0 || string(want.Data) != string(got.Data) {
					t.Errorf("%s among %v by %s: %v\n%s\n%s", q, kinds, order, want.Errors, want.Data, got.Data)
				}
			}
		}
	}
}
