package store

import (
	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
)

// Traced makes, for Options.Tracer, a span of each statement of a request that is
// traced, and of each wait for a connection. A span holds the statement's text and
// never its parameters, which are all that comes from callers. What runs outside
// of requests, as the feed of changes does, has no spans.
func Traced(p trace.TracerProvider) pgx.QueryTracer {
	return otelpgx.NewTracer(
		otelpgx.WithTracerProvider(p),
		otelpgx.WithMeterProvider(noop.NewMeterProvider()), // metrics are Prometheus's
		otelpgx.WithDisableConnectionDetailsInAttributes(), // the same in each
	)
}
