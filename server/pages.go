package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/web"
)

// pages serves the pages for readers, which ask e in process. files is nil where
// none come in or go out.
func pages(o Options, e *endpoint, files *exporting) http.Handler {
	options := web.Options{
		Query: e, PublicURL: o.PublicURL, NoPlayground: o.NoPlayground, Log: o.Log,
		SignIn: o.Identity != nil, Provider: o.Identity != nil && o.Identity.HasProvider(),
	}
	if files != nil {
		options.Import = files
	}
	return web.Handler(options)
}

// Query runs an operation in process as ServeHTTP runs a client's: through the
// same limits, loaders and permissions, and into the same log entry.
func (e *endpoint) Query(ctx context.Context, document, operation string, variables map[string]any) (json.RawMessage, []web.GraphQLError) {
	ctx = ownQuery(graphql.StartOperationTrace(ctx))
	if e.limits.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, e.limits.Time, errTooLong)
		defer cancel()
	}
	if e.loaders != nil {
		ctx = e.loaders(ctx)
	}
	params := &graphql.RawParams{Query: document, OperationName: operation, Variables: variables}
	params.ReadTime.Start = graphql.Now()
	params.ReadTime.End = params.ReadTime.Start
	op, problems := e.exec.CreateOperationContext(ctx, params)
	if problems != nil {
		return nil, pageErrors(e.refused(ctx, problems...).Errors)
	}
	note(ctx, func(entry *entry) { entry.operation, entry.kind = op.Operation.Name, string(op.Operation.Operation) })
	responses, ctx := e.exec.DispatchOperation(ctx, op)
	response := responses(ctx)
	if response == nil {
		response = e.refused(ctx, tooLong())
	}
	return response.Data, pageErrors(response.Errors)
}

// pageErrors gives errors as a page shows them: with the sentence in Chinese
// where there is one.
func pageErrors(list gqlerror.List) []web.GraphQLError {
	var shown []web.GraphQLError
	for _, err := range list {
		message := err.Message
		if both, ok := err.Extensions["message"].(map[string]string); ok && both["zh"] != "" {
			message = both["zh"]
		}
		shown = append(shown, web.GraphQLError{Code: fmt.Sprint(err.Extensions["code"]), Message: message})
	}
	return shown
}
