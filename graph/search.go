package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// maxQuery, maxAnalyze and maxPrefix bound what a search, an analysis or a
// completion reads, in code points; maxSuggestions is how many completions there
// are at once.
const (
	maxQuery       = 2_000
	maxAnalyze     = 10_000
	maxPrefix      = 200
	maxSuggestions = 50
)

// searchArgs are the arguments of Query.search.
type searchArgs struct {
	Query   string
	Kinds   []catalog.RecordKind
	Filter  *catalog.SearchFilter
	OrderBy *catalog.SearchOrder
	First   *int
	After   *string
}

func (r *Resolver) search(ctx context.Context, args searchArgs) (*model.SearchConnection, error) {
	want := selected(ctx)
	found, err := askOnce(ctx, func() (*catalog.SearchPage, error) { return r.found(ctx, args, want) })
	if err != nil {
		return nil, err
	}
	c, err := searchConnection(ctx, found, args.After != nil)
	if err == nil && want["facets"] {
		c.Facets, err = r.searchFacets(ctx, want, found)
	}
	return c, err
}

// found asks the index for what is wanted, as selected names it.
func (r *Resolver) found(ctx context.Context, args searchArgs, want map[string]bool) (*catalog.SearchPage, error) {
	if err := atMost("query", args.Query, maxQuery); err != nil {
		return nil, err
	}
	page := catalog.PageArgs{First: args.First, After: args.After}
	if err := page.Validate(); err != nil {
		return nil, err
	}
	filter, err := currentCodes(ctx, value(args.Filter))
	if err != nil {
		return nil, err
	}
	return r.Search.Search(ctx, catalog.SearchQuery{
		Query: args.Query, Kinds: args.Kinds, Filter: filter, Order: value(args.OrderBy), First: page.Size(), After: value(args.After),
		WantFacets: want["facets"], WantTotal: want["totalCount"], WantCorrection: want["correction"], WantHighlights: want["edges.highlights"], WantAbsent: want["absent"],
	})
}

// currentCodes puts today's codes of regions in the place of former ones.
func currentCodes(ctx context.Context, f catalog.SearchFilter) (catalog.SearchFilter, error) {
	if len(f.Regions) == 0 {
		return f, nil
	}
	regions, err := loaders.From(ctx).RegionByCode.Some(ctx, f.Regions)
	if err != nil {
		return f, err
	}
	codes := make([]string, len(regions))
	for i, r := range regions {
		codes[i] = r.Code
	}
	for _, code := range f.Regions {
		if !slices.ContainsFunc(regions, func(r *catalog.Region) bool { return r.Code == code || value(r.FormerCode) == code }) {
			return f, catalog.UnknownRegion(code)
		}
	}
	f.Regions = codes
	return f, nil
}

// selected names the fields that the client asked for, two levels deep, so that
// nothing is counted or highlighted that nobody reads.
func selected(ctx context.Context) map[string]bool {
	want := map[string]bool{}
	op := graphql.GetOperationContext(ctx)
	for _, f := range graphql.CollectFieldsCtx(ctx, nil) {
		want[f.Name] = true
		for _, sub := range graphql.CollectFields(op, f.Selections, nil) {
			want[f.Name+"."+sub.Name] = true
		}
	}
	return want
}

// searchConnection puts the records in the place of the ids that were found. A
// record that was withdrawn since the index last heard of it is left out.
func searchConnection(ctx context.Context, found *catalog.SearchPage, hasPrevious bool) (*model.SearchConnection, error) {
	records, err := together(ctx, found.Hits, func(ctx context.Context, h catalog.Hit) (catalog.Node, error) {
		return node(ctx, catalog.EncodeID(h.Kind, h.ID))
	})
	if err != nil {
		return nil, err
	}
	c := &model.SearchConnection{Edges: []*model.SearchEdge{}, TotalCount: found.Total, Terms: found.Terms, Correction: correction(found), Absent: found.Absent, Meaning: meaningOf(found)}
	if c.Terms == nil {
		c.Terms = []string{}
	}
	if c.Absent == nil {
		c.Absent = []string{}
	}
	var shown []catalog.Hit
	for i, h := range found.Hits {
		if result, ok := records[i].(catalog.SearchResult); ok {
			highlights := h.Highlights
			if highlights == nil {
				highlights = []catalog.Highlight{}
			}
			c.Edges = append(c.Edges, &model.SearchEdge{Cursor: h.Cursor, Node: result, Score: h.Score, Highlights: highlights})
			shown = append(shown, h)
		}
	}
	c.PageInfo = hitsPage(shown, found, hasPrevious)
	return c, nil
}

func correction(found *catalog.SearchPage) *string {
	if found.Correction == "" {
		return nil
	}
	return &found.Correction
}

// meaningOf returns whether closeness of meaning took part: an index that says nothing
// of it has none.
func meaningOf(found *catalog.SearchPage) catalog.Meaning {
	return cmp.Or(found.Meaning, catalog.MeaningNotConfigured)
}

// hitsPage says where the hits that are shown stand in the list.
func hitsPage(shown []catalog.Hit, found *catalog.SearchPage, hasPrevious bool) *model.PageInfo {
	p := &model.PageInfo{HasNextPage: found.HasNext, HasPreviousPage: hasPrevious}
	if n := len(shown); n > 0 {
		p.StartCursor, p.EndCursor = &shown[0].Cursor, &shown[n-1].Cursor
	}
	return p
}

// suggestArgs are the arguments of Query.suggest.
type suggestArgs struct {
	Prefix string
	Kinds  []catalog.RecordKind
	First  *int
}

// suggest completes what is being typed.
func (r *Resolver) suggest(ctx context.Context, args suggestArgs) ([]*catalog.Suggestion, error) {
	found, err := askOnce(ctx, func() ([]catalog.Suggestion, error) { return r.completions(ctx, args) })
	if err != nil {
		return nil, err
	}
	list := make([]*catalog.Suggestion, len(found))
	for i := range found {
		list[i] = &found[i]
	}
	return list, nil
}

// completions asks the index for them.
func (r *Resolver) completions(ctx context.Context, args suggestArgs) ([]catalog.Suggestion, error) {
	if err := atMost("prefix", args.Prefix, maxPrefix); err != nil {
		return nil, err
	}
	if err := between("first", value(args.First), maxSuggestions); err != nil {
		return nil, err
	}
	return r.Search.Suggest(ctx, args.Prefix, args.Kinds, value(args.First))
}

func (r *Resolver) analyze(text string) ([]*catalog.Token, error) {
	if err := atMost("text", text, maxAnalyze); err != nil {
		return nil, err
	}
	tokens := r.Search.Analyze(text)
	list := make([]*catalog.Token, len(tokens))
	for i := range tokens {
		list[i] = &tokens[i]
	}
	return list, nil
}

func atMost(argument, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return &catalog.Error{
			Kind: catalog.KindLimit, Path: argument,
			Zh: fmt.Sprintf("有 %d 个字，最多 %d 个", n, most), En: fmt.Sprintf("has %d characters; at most %d are allowed", n, most),
		}
	}
	return nil
}
