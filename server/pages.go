package server

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/web"
)

// pages serves the pages for readers, which ask e in process. files is nil where
// none come in or go out.
func pages(o Options, e *gqlhttp.Endpoint, files *exporting) *web.Site {
	options := web.Options{
		Query: querier{e}, PublicURL: o.PublicURL, NoPlayground: o.NoPlayground, Log: o.Log,
		Writable: o.Database.Writable,
		SignIn:   o.Identity != nil, Provider: o.Identity != nil && o.Identity.HasProvider(),
	}
	options.Asked = o.Asked
	if files != nil {
		options.Import = files
	}
	return web.Handler(options)
}

// querier asks the endpoint for pages.
type querier struct{ e *gqlhttp.Endpoint }

// Query runs an operation, and returns its errors as a page shows them: with the
// sentence in Chinese where there is one.
func (q querier) Query(ctx context.Context, document, operation string, variables map[string]any) (json.RawMessage, []web.GraphQLError) {
	data, problems := q.e.Query(ctx, document, operation, variables)
	var shown []web.GraphQLError
	for _, err := range problems {
		message := err.Message
		if both, ok := err.Extensions["message"].(map[string]string); ok && both["zh"] != "" {
			message = both["zh"]
		}
		shown = append(shown, web.GraphQLError{Code: fmt.Sprint(err.Extensions["code"]), Message: message})
	}
	return data, shown
}
