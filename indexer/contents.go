package indexer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Contents calls yield with every document that the index holds, as it was put
// in, in the order of ids: what it ought to be the database can tell. It stops
// at yield's first error and returns it.
func (x *Index) Contents(ctx context.Context, yield func(*catalog.Document) error) error {
	v, err := x.held(ctx)
	if v == nil {
		return err
	}
	defer v.release()
	type held struct {
		id     catalog.ID
		number uint32
	}
	var all []held
	for _, s := range v.segments {
		for d, id := range s.ids {
			if n := s.base + uint32(d); v.alive.Has(n) {
				all = append(all, held{id, n})
			}
		}
	}
	slices.SortFunc(all, func(a, b held) int { return cmp.Compare(a.id, b.id) })
	for _, h := range all {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("indexer: contents: %w", err)
		}
		doc, err := v.read(h.number)
		if err != nil {
			return err
		}
		if err := yield(doc.Document); err != nil {
			return err
		}
	}
	return nil
}
