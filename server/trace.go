package server

import (
	"net/http"
	"strings"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	metrics "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traced makes a span of each request, below the caller's own where its
// traceparent names one. Probes and what a page is made of are left out. A nil
// provider leaves the handler as it is.
func traced(p trace.TracerProvider, next http.Handler) http.Handler {
	if p == nil {
		return next
	}
	noted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := trace.SpanContextFromContext(r.Context()).TraceID().String()
		note(r.Context(), func(e *entry) { e.trace = id })
		next.ServeHTTP(w, r)
	})
	return otelhttp.NewHandler(noted, "",
		otelhttp.WithTracerProvider(p),
		otelhttp.WithMeterProvider(metrics.NewMeterProvider()), // metrics are Prometheus's
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithFilter(worthTracing),
	)
}

func worthTracing(r *http.Request) bool {
	switch path := r.URL.Path; path {
	case "/healthz", "/readyz":
		return false
	default:
		return !strings.HasPrefix(path, "/assets/") && !strings.HasPrefix(path, "/playground/")
	}
}
