package indexer

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
)

// Candidate is a hit that got a second look, with what was seen.
type Candidate struct {
	ID       catalog.ID
	Features []float32 // named by FeatureNames
	// Closeness is how near it is in meaning, in standard deviations; 0 where meaning
	// takes no part.
	Closeness float64
}

// Candidates returns the hits of a query that get a second look, in the order of
// their first score. bench/relevance/learn learns the second look's weights
// from them; no search goes this way.
func (x *Index) Candidates(ctx context.Context, query string) ([]Candidate, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: look at candidates: %w", err)
	}
	v, err := x.held(ctx)
	if v == nil {
		return nil, err
	}
	defer v.release()
	s := &search{x: x, now: v, view: v.core, query: catalog.SearchQuery{Query: query, First: 1}}
	s.prepare(query)
	if s.plan.Empty() {
		return nil, nil
	}
	if err := s.locate(ctx); err != nil {
		return nil, err
	}
	err = s.find(ctx)
	if s.found != nil {
		defer s.found.free()
	}
	if err != nil {
		return nil, err
	}
	s.addNear(ctx)
	s.filter()
	if err := s.score(ctx); err != nil {
		return nil, err
	}
	best := append(s.best(), s.nearHits()...)
	var closeness []float64
	if s.place != nil {
		closeness = s.place.closeness(ctx, recordsOf(best))
	}
	looked, err := s.features(ctx, best)
	if err != nil {
		return nil, err
	}
	out := make([]Candidate, len(best))
	for i, r := range best {
		out[i] = Candidate{ID: r.id, Features: looked[i][:]}
		if closeness != nil {
			out[i].Closeness = closeness[i]
		}
	}
	return out, nil
}
