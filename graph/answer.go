package graph

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
)

// Answerer answers a whole query by one statement; answer.Engine does. An error
// says that it does not, for whatever reason; one with a method Reason names the
// field and says why.
type Answerer interface {
	Answer(ctx context.Context, query []catalog.Selection) (json.RawMessage, error)
	// AnswerRecords returns what is selected of records, by the kinds that they are
	// of. Those that are not there, or that the viewer may not read, are left out.
	AnswerRecords(ctx context.Context, ids map[catalog.RecordKind][]catalog.ID, selected map[catalog.RecordKind][]catalog.Selection) (map[catalog.ID]json.RawMessage, error)
}

// Way is how a query was answered.
type Way string

// The ways: by one statement, by the index and a statement for the records found,
// or by the resolvers.
const (
	ByStatement Way = "statement"
	ByIndex     Way = "index"
	ByResolvers Way = "resolvers"
)

// Extensions returns what a server needs beside the schema for it to be answered
// fast. counted, where it is not nil, is told how each query was answered; log,
// slog.Default where it is nil, is told at debug level why one was left to the
// resolvers.
func Extensions(r *Resolver, a Answerer, counted func(Way), log *slog.Logger) []graphql.HandlerExtension {
	return []graphql.HandlerExtension{&FastPath{Answerer: a, Resolver: r, Counted: counted, Log: log}}
}

// FastPath is gqlgen's extension that hands queries to an Answerer, past the
// resolvers, which answer what it does not: analyses, and whatever goes wrong.
// Searches it asks of the resolver's index itself, and the Answerer for the
// records found. It comes after all limits, which count for both alike.
type FastPath struct {
	Answerer Answerer
	Resolver *Resolver    // nil leaves searches to the resolvers
	Counted  func(Way)    // nil counts nothing
	Log      *slog.Logger // nil is slog.Default
	schema   *ast.Schema
	known    templates
}

var (
	_ graphql.HandlerExtension    = (*FastPath)(nil)
	_ graphql.ResponseInterceptor = (*FastPath)(nil)
)

// ExtensionName returns gqlgen's name for it.
func (*FastPath) ExtensionName() string { return "FastPath" }

// Validate accepts every schema and remembers it.
func (a *FastPath) Validate(s graphql.ExecutableSchema) error {
	a.schema = s.Schema()
	return nil
}

// InterceptResponse answers the operation, or has the resolvers do it, which find
// what the index was asked already in their context.
func (a *FastPath) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op := graphql.GetOperationContext(ctx)
	if op.Operation == nil || op.Operation.Operation != ast.Query { // nil: what came cannot be run, and has come to its errors
		return next(ctx)
	}
	memo := &indexMemo{}
	data, way, err := a.answer(ctx, op, memo)
	if err != nil {
		a.note(ctx, err)
		a.count(ByResolvers)
		return next(memo.within(ctx))
	}
	a.count(way)
	return &graphql.Response{Data: data}
}

func (a *FastPath) count(way Way) {
	if a.Counted != nil {
		a.Counted(way)
	}
}

// note logs why the resolvers answer. It has nothing of what a caller wrote but
// names of the schema.
func (a *FastPath) note(ctx context.Context, err error) {
	log := a.Log
	if log == nil {
		log = slog.Default()
	}
	var reason interface{ Reason() (field, why string) }
	field, why := "", "the index's part could not be answered"
	if errors.As(err, &reason) {
		field, why = reason.Reason()
	}
	log.LogAttrs(ctx, slog.LevelDebug, "answered by the resolvers", slog.String("field", field), slog.String("why", why))
}

// unanswered is a part of a query that this package leaves to the resolvers.
type unanswered struct{ field, why string }

func (u *unanswered) Error() string            { return u.field + ": " + u.why }
func (u *unanswered) Reason() (string, string) { return u.field, u.why }

// answer has the Answerer answer all of a query, or all but what asks the index.
// What stands between two searches is one statement.
func (a *FastPath) answer(ctx context.Context, op *graphql.OperationContext, memo *indexMemo) (json.RawMessage, Way, error) {
	query, ok := a.selected(op)
	if !ok {
		return nil, "", &unanswered{"", "it selects more than fields with arguments"}
	}
	if a.Resolver == nil || !slices.ContainsFunc(query, asksIndex) {
		data, err := a.Answerer.Answer(ctx, query)
		return data, ByStatement, err
	}
	var t answerText
	for len(query) > 0 {
		n := slices.IndexFunc(query, asksIndex)
		switch {
		case n == 0:
			t.key(query[0].Key)
			if err := a.find(ctx, &t, &query[0], memo); err != nil {
				return nil, "", err
			}
			query = query[1:]
			continue
		case n < 0:
			n = len(query)
		}
		data, err := a.Answerer.Answer(ctx, query[:n])
		if err != nil {
			return nil, "", err
		}
		t.members(data)
		query = query[n:]
	}
	return t.whole(), ByIndex, nil
}
