package catalog

import "context"

type anywhereKey struct{}

// WithReadsAnywhere returns a context whose reads a standby of the database may
// answer, as long as it has every change that this process has heard of: those of
// somebody who writes nothing, and so waits to see nothing of their own.
func WithReadsAnywhere(ctx context.Context) context.Context {
	return context.WithValue(ctx, anywhereKey{}, true)
}

// ReadsAnywhere reports whether the context is one of WithReadsAnywhere, and nobody's
// who has signed in since, as on a WebSocket.
func ReadsAnywhere(ctx context.Context) bool {
	return ctx.Value(anywhereKey{}) != nil && ViewerFrom(ctx) == nil
}
