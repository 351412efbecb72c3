package gqlhttp

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/catalog"
)

// Options are what an Endpoint serves and how. Schema must be set.
type Options struct {
	Schema       graphql.ExecutableSchema
	PresentError graphql.ErrorPresenterFunc // makes an error fit for users; nil is gqlgen's default
	Recover      graphql.RecoverFunc        // makes a resolver's panic an error; nil is gqlgen's default
	// Extensions take part in answering, after all limits.
	Extensions []graphql.HandlerExtension
	// Loaders returns a request's context with fresh loaders of its own; nil leaves
	// the context as it is.
	Loaders func(context.Context) context.Context

	// Cache keeps answers for anonymous readers.
	Cache Cache
	// NoIntrospection switches questions about the schema off, NoSuggestions what
	// names the field that a mistyped one may have meant.
	NoIntrospection bool
	NoSuggestions   bool
	// Persisted are the only documents that clients may run; nil lets them run any.
	Persisted Persisted
	// Streams are the connections that stay open, which whoever stops the server
	// closes; nil where nobody does.
	Streams *Streams

	// Weights are what fields cost besides counting as one, by Type.field, or by
	// Type.field.field for a field of what a field returns.
	Weights map[string]int

	// What follows is server.Handler's to set.

	Limits Limits
	// Origins are the web origins whose pages may open a WebSocket; "*" is any.
	Origins []string
	// Identify returns the caller whose bearer a client sends in connection_init, an
	// error of kind UNAUTHENTICATED where it is nobody's. Where it is nil there are
	// no bearers.
	Identify func(ctx context.Context, bearer string) (*catalog.Viewer, error)
	// Standing returns who sent the request that ctx belongs to, asked anew: before
	// each operation of a connection that stays open, as a use, and at intervals, as
	// none. It fails with UNAUTHENTICATED where what was shown is good no more. Where
	// it is nil whoever came stays.
	Standing func(ctx context.Context, use bool) (*catalog.Viewer, error)
	// Caller names who sends a request, for the limits that go by caller; nil is
	// the connection's address.
	Caller func(*http.Request) string
	// Admit counts an operation that comes over an open connection, and returns an
	// error where its caller has to wait. Charge counts what one costs. Both are for
	// the request that ctx belongs to; where they are nil nothing is counted.
	Admit  func(ctx context.Context) error
	Charge func(ctx context.Context, cost int)
	// Pay counts what an event of a subscription cost, and returns when its caller's
	// rate allows for more, or when ctx ends.
	Pay func(ctx context.Context, cost int)
	// Observe is told of each operation over an open connection when it has ended;
	// nil tells nobody. What ends with its request, the request's own log tells of.
	Observe func(o Operation, took time.Duration)

	Traces trace.TracerProvider // takes a span of each operation; nil makes none
	Log    *slog.Logger         // nil is slog's default
}

// withDefaults fills in what may be left out.
func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Streams == nil {
		o.Streams = NewStreams()
	}
	if o.Caller == nil {
		o.Caller = func(r *http.Request) string {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			return host
		}
	}
	if o.Standing == nil {
		o.Standing = func(ctx context.Context, _ bool) (*catalog.Viewer, error) { return catalog.ViewerFrom(ctx), nil }
	}
	if o.Admit == nil {
		o.Admit = func(context.Context) error { return nil }
	}
	if o.Charge == nil {
		o.Charge = func(context.Context, int) {}
	}
	if o.Pay == nil {
		o.Pay = func(context.Context, int) {}
	}
	if o.Observe == nil {
		o.Observe = func(Operation, time.Duration) {}
	}
	o.Limits = o.Limits.withDefaults()
	return o
}
