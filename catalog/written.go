package catalog

import (
	"context"
	"sync/atomic"
)

type writtenKey struct{}

// WithWritten returns a context for which is noted how far a server of the database has
// to have come to have what was written with it.
func WithWritten(ctx context.Context) context.Context {
	return context.WithValue(ctx, writtenKey{}, &atomic.Uint64{})
}

// WritesNoted reports whether the context, or one that it is made of, is one of
// WithWritten.
func WritesNoted(ctx context.Context) bool {
	_, ok := ctx.Value(writtenKey{}).(*atomic.Uint64)
	return ok
}

// NotePlaceWritten notes a place in the database's log of changes before which all is
// that was written with the context, unless a later one is noted. It is safe for
// concurrent use, and does nothing with a context that is not one of WithWritten.
func NotePlaceWritten(ctx context.Context, place uint64) {
	at, ok := ctx.Value(writtenKey{}).(*atomic.Uint64)
	if !ok {
		return
	}
	for before := at.Load(); before < place && !at.CompareAndSwap(before, place); before = at.Load() {
	}
}

// PlaceWritten returns the last place that was noted; 0 where nothing was written.
func PlaceWritten(ctx context.Context) uint64 {
	at, ok := ctx.Value(writtenKey{}).(*atomic.Uint64)
	if !ok {
		return 0
	}
	return at.Load()
}
