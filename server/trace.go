package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	metrics "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/catalog"
)

// instrumentation is the name under which our own spans are told from those of
// libraries.
const instrumentation = "github.com/jisiguangyi/jisi/server"

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

// spans is gqlgen's extension that makes a span of each operation and of each
// field of its root that a resolver answers. It comes before all others, so that what they take counts.
// No text of a query, no variables and no message of an error come into it.
type spans struct{ tracer trace.Tracer }

var (
	_ graphql.HandlerExtension     = spans{}
	_ graphql.ResponseInterceptor  = spans{}
	_ graphql.RootFieldInterceptor = spans{}
)

func (spans) ExtensionName() string                   { return "Spans" }
func (spans) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse makes the operation's span. A subscription has none: most of
// what it takes is waiting for the next event.
func (s spans) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op := graphql.GetOperationContext(ctx)
	if op.Operation == nil || op.Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	kind := string(op.Operation.Operation)
	ctx, span := s.tracer.Start(ctx, kind, trace.WithAttributes(attribute.String("graphql.operation.type", kind)))
	defer span.End()
	if op.Operation.Name != "" {
		span.SetAttributes(attribute.String("graphql.operation.name", short(op.Operation.Name)))
	}
	response := next(ctx)
	note(ctx, func(e *entry) { span.SetAttributes(attribute.Int("jisi.cost", e.cost)) })
	if response != nil {
		failed(span, response)
	}
	return response
}

// failed tells of an operation's first error by its code; only what is not the
// caller's doing makes the span one that failed.
func failed(span trace.Span, response *graphql.Response) {
	for _, err := range response.Errors {
		code := fmt.Sprint(err.Extensions["code"])
		span.SetAttributes(attribute.String("error.type", code))
		if code == string(catalog.KindInternal) || code == string(catalog.KindUnavailable) {
			span.SetStatus(codes.Error, code)
			return
		}
	}
}

// InterceptRootField makes the span of a field of the root, such as query.search.
func (s spans) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	kind := graphql.GetOperationContext(ctx).Operation.Operation
	if kind == ast.Subscription {
		return next(ctx)
	}
	ctx, span := s.tracer.Start(ctx, string(kind)+"."+graphql.GetRootFieldContext(ctx).Field.Name)
	defer span.End()
	return next(ctx)
}
