package gqlhttp

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/catalog"
)

// instrumentation is the name under which the spans of operations are told from
// those of libraries.
const instrumentation = "github.com/jisiguangyi/jisi/server"

// spans is gqlgen's extension that makes a span of each operation and of each
// field of its root that a resolver answers. It comes before all others, so
// that what they take counts.
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
	span.SetAttributes(attribute.Int("jisi.cost", recordOf(ctx).Operation().Cost))
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
