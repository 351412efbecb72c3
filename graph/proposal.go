package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/loaders"
)

// dueOf is by when a proposal is to be answered, nil where it is not.
func dueOf(ctx context.Context, p *catalog.Proposal) (*catalog.Due, error) {
	events, err := loaders.From(ctx).EventsOf.Load(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return catalog.DueOf(p, events), nil
}
