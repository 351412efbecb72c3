package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

// node returns the record or the release of a global id, nil where there is none.
func (r *Resolver) node(ctx context.Context, global string) (catalog.Node, error) {
	if name, ok := catalog.DecodeReleaseID(global); ok {
		return orNil(r.release(ctx, name))
	}
	return node(ctx, global)
}

// release returns the release of that name, nil where there is none.
func (r *Resolver) release(ctx context.Context, name string) (*catalog.Release, error) {
	found, err := r.Store.Release(ctx, name)
	if catalog.ErrorKindOf(err) == catalog.KindNotFound {
		return nil, nil //nolint:nilnil // to a client a release that is not there is null
	}
	return found, err
}
