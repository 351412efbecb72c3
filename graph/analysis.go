package graph

import (
	"context"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// Bounds on what one analysis returns. maxTerm is in code points.
const (
	maxKeywords = 500
	maxPairs    = 1000
	maxAtLeast  = 1000
	maxTerm     = 50
	maxWidth    = 200
)

// keywords returns the words that mark the selected records out.
func (r *Resolver) keywords(ctx context.Context, filter *catalog.SearchFilter, kinds []catalog.RecordKind, method *catalog.KeywordMethod, first *int) ([]*catalog.Keyword, error) {
	if err := between("first", value(first), maxKeywords); err != nil {
		return nil, err
	}
	f, err := currentCodes(ctx, value(filter))
	if err != nil {
		return nil, err
	}
	found, err := r.Search.Keywords(ctx, catalog.KeywordQuery{Kinds: kinds, Filter: f, Method: value(method), First: value(first)})
	return pointers(found), err
}

// cooccurrence returns the keywords that stand together.
func (r *Resolver) cooccurrence(ctx context.Context, filter *catalog.SearchFilter, kinds []catalog.RecordKind, atLeast, first *int) ([]*catalog.KeywordPair, error) {
	if err := between("first", value(first), maxPairs); err != nil {
		return nil, err
	}
	if err := between("atLeast", value(atLeast), maxAtLeast); err != nil {
		return nil, err
	}
	f, err := currentCodes(ctx, value(filter))
	if err != nil {
		return nil, err
	}
	found, err := r.Search.Cooccurrence(ctx, catalog.KeywordQuery{Kinds: kinds, Filter: f, AtLeast: value(atLeast), First: value(first)})
	return pointers(found), err
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// concordance returns a term in its contexts.
func (r *Resolver) concordance(ctx context.Context, q catalog.ConcordanceQuery, first *int) (*model.ConcordanceConnection, error) {
	q.Term = strings.TrimSpace(q.Term)
	if err := atMost("term", q.Term, maxTerm); err != nil {
		return nil, err
	}
	if q.Width < 0 || q.Width > maxWidth {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "width", Zh: "请写 0 至 200 之间的数", En: "must be 0 to 200"}
	}
	page := catalog.PageArgs{First: first}
	if err := page.Validate(); err != nil {
		return nil, err
	}
	q.First = page.Size()
	var err error
	if q.Filter, err = currentCodes(ctx, q.Filter); err != nil {
		return nil, err
	}
	found, err := r.Search.Concordance(ctx, q)
	if err != nil {
		return nil, err
	}
	return concordanceConnection(ctx, found, q.After != "")
}

// concordanceConnection puts the records in the place of their ids. A line of a
// record that was withdrawn since the index last heard of it is left out.
func concordanceConnection(ctx context.Context, found *catalog.ConcordancePage, hasPrevious bool) (*model.ConcordanceConnection, error) {
	records, err := together(ctx, found.Hits, func(ctx context.Context, l catalog.ConcordanceHit) (catalog.Node, error) {
		return node(ctx, catalog.EncodeID(l.Kind, l.ID))
	})
	if err != nil {
		return nil, err
	}
	c := &model.ConcordanceConnection{
		Edges: []*model.ConcordanceEdge{}, TotalCount: found.Total,
		PageInfo: &model.PageInfo{HasNextPage: found.HasNext, HasPreviousPage: hasPrevious},
	}
	for i, l := range found.Hits {
		if record, ok := records[i].(catalog.SearchResult); ok {
			c.Edges = append(c.Edges, &model.ConcordanceEdge{Cursor: l.Cursor, Node: &model.ConcordanceLine{
				Node: record, Field: l.Field, Start: l.Start, Left: l.Left, Match: l.Match, Right: l.Right,
			}})
		}
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}
