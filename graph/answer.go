package graph

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
)

// Answerer answers a whole query at once; the store is one. ok is false where
// it does not, for whatever reason.
type Answerer interface {
	Answer(ctx context.Context, query []catalog.Selection) (data json.RawMessage, ok bool)
	// AnswerRecords gives what is selected of records, by the kinds that they are
	// of. Those that are not there, or that the viewer may not read, are left out.
	AnswerRecords(ctx context.Context, ids map[catalog.RecordKind][]catalog.ID, selected map[catalog.RecordKind][]catalog.Selection) (data map[catalog.ID]json.RawMessage, ok bool)
}

// Extensions are what a server needs beside the schema for it to be answered
// fast.
func Extensions(r *Resolver, a Answerer) []graphql.HandlerExtension {
	return []graphql.HandlerExtension{&AtOnce{Answerer: a, Resolver: r}}
}

// AtOnce is gqlgen's extension that hands queries to an Answerer, past the
// resolvers, which answer what it does not: analyses, and whatever goes wrong.
// Searches it asks of the resolver's index itself, and the Answerer for the
// records found. It comes after all limits, which count for both alike.
type AtOnce struct {
	Answerer Answerer
	Resolver *Resolver // the zero value's nil leaves searches to the resolvers
	schema   *ast.Schema
	known    templates
}

var (
	_ graphql.HandlerExtension    = (*AtOnce)(nil)
	_ graphql.ResponseInterceptor = (*AtOnce)(nil)
)

// ExtensionName is gqlgen's name for it.
func (*AtOnce) ExtensionName() string { return "AtOnce" }

// Validate accepts every schema and keeps it.
func (a *AtOnce) Validate(s graphql.ExecutableSchema) error {
	a.schema = s.Schema()
	return nil
}

// InterceptResponse answers the operation, or has the resolvers do it.
func (a *AtOnce) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op := graphql.GetOperationContext(ctx)
	if op.Operation == nil || op.Operation.Operation != ast.Query { // nil: what came cannot be run, and has come to its errors
		return next(ctx)
	}
	query, ok := a.selected(op)
	if !ok {
		return next(ctx)
	}
	data, ok := a.answer(ctx, query)
	if !ok {
		return next(ctx)
	}
	return &graphql.Response{Data: data}
}

// answer has the Answerer answer all of a query, or all but what asks the index.
// What stands between two searches is one statement.
func (a *AtOnce) answer(ctx context.Context, query []catalog.Selection) (json.RawMessage, bool) {
	if a.Resolver == nil || !slices.ContainsFunc(query, asksIndex) {
		return a.Answerer.Answer(ctx, query)
	}
	var t answerText
	for len(query) > 0 {
		n := slices.IndexFunc(query, asksIndex)
		switch {
		case n == 0:
			t.key(query[0].Key)
			if !a.find(ctx, &t, &query[0]) {
				return nil, false
			}
			query = query[1:]
			continue
		case n < 0:
			n = len(query)
		}
		data, ok := a.Answerer.Answer(ctx, query[:n])
		if !ok {
			return nil, false
		}
		t.members(data)
		query = query[n:]
	}
	return t.whole(), true
}
