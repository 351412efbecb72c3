package indexer

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/suggest"
)

// Suggest completes what is being typed to titles of the kinds (nil for cases, brands, proposals and practices) and
// to names of committees and topics; see suggest.Complete. first is 1..50. An index
// that has not been built yet completes to nothing.
func (x *Index) Suggest(ctx context.Context, prefix string, kinds []catalog.RecordKind, first int) (out []catalog.Suggestion, err error) {
	defer x.guarded(ctx, "suggest", &err)()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: suggest: %w", err)
	}
	v, err := x.held(ctx)
	if v == nil {
		return nil, err
	}
	defer v.release()
	out, err = suggest.Complete(ctx, x.words, v.scoped(kinds), prefix, kinds, min(max(first, 1), 50))
	if err != nil {
		return nil, fmt.Errorf("indexer: suggest for %.40q: %w", prefix, err)
	}
	return out, nil
}

// Kind returns the kind of document d of segment i.
func (v *view) Kind(i int, d uint32) catalog.RecordKind {
	kinds := v.segments[i].facet(facetKinds)
	return catalog.RecordKind(kinds.keys[kinds.of(d)[0]])
}
