package graph

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

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
	query, ok := (&selector{op, a.schema}).selections(op.Operation.SelectionSet, a.schema.Query)
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

// selector turns what gqlgen has parsed, validated and coerced into the
// catalog's selections.
type selector struct {
	op     *graphql.OperationContext
	schema *ast.Schema
}

// selections gives what is selected of an object, fragments merged and @skip
// and @include obeyed. ok is false where a part of it says more than a selection
// can.
func (s *selector) selections(set ast.SelectionSet, of *ast.Definition) (list []catalog.Selection, ok bool) {
	fields := merged(graphql.CollectFields(s.op, set, s.satisfied(of)))
	list = make([]catalog.Selection, len(fields))
	for i, f := range fields {
		if f.Definition == nil || len(f.Deferrables) > 0 || directed(f.Field) {
			return nil, false
		}
		list[i].Key, list[i].Field = f.Alias, f.Name
		if list[i].Args, ok = s.arguments(f.Field); !ok {
			return nil, false
		}
		if len(f.Selections) == 0 {
			continue
		}
		below := s.schema.Types[f.Definition.Type.Name()]
		switch {
		case below == nil:
			return nil, false
		case below.Kind == ast.Object:
			list[i].Below, ok = s.selections(f.Selections, below)
		default:
			list[i].On, ok = s.byKind(f.Selections, below)
		}
		if !ok {
			return nil, false
		}
	}
	return list, true
}

// merged puts fields of one name in the answer together: gqlgen leaves those apart
// that are selected of an object by its own type and by a union that it is in.
func merged(fields []graphql.CollectedField) []graphql.CollectedField {
	each := fields[:0]
	for _, f := range fields {
		i := slices.IndexFunc(each, func(e graphql.CollectedField) bool { return e.Alias == f.Alias })
		if i < 0 {
			each = append(each, f)
			continue
		}
		each[i].Selections = slices.Concat(each[i].Selections, f.Selections)
	}
	return each
}

// byKind gives what is selected of a record of each kind that a union or an
// interface may stand for.
func (s *selector) byKind(set ast.SelectionSet, of *ast.Definition) (map[catalog.RecordKind][]catalog.Selection, bool) {
	on := map[catalog.RecordKind][]catalog.Selection{}
	for _, one := range s.schema.GetPossibleTypes(of) {
		selected, ok := s.selections(set, one)
		if !ok {
			return nil, false
		}
		on[catalog.RecordKind(strings.ToUpper(one.Name))] = selected
	}
	return on, true
}

// satisfied are the types that fragments on an object may name.
func (s *selector) satisfied(of *ast.Definition) []string {
	names := []string{of.Name}
	for _, abstract := range s.schema.Implements[of.Name] {
		names = append(names, abstract.Name)
	}
	return names
}

// directed reports whether a field has directives besides the two that have been
// obeyed.
func directed(f *ast.Field) bool {
	for _, d := range f.Directives {
		if d.Name != "skip" && d.Name != "include" {
			return true
		}
	}
	return false
}

// arguments gives a field's arguments as JSON, nil where it has none.
func (s *selector) arguments(f *ast.Field) (json.RawMessage, bool) {
	if len(f.Definition.Arguments) == 0 {
		return nil, true
	}
	args := f.ArgumentMap(s.op.Variables)
	for _, definition := range f.Definition.Arguments {
		if v, given := args[definition.Name]; given {
			args[definition.Name] = s.withDefaults(v, definition.Type)
		}
	}
	text, err := json.Marshal(args)
	return text, err == nil
}

// withDefaults fills in what an input object leaves out. What is given stays as
// it is: it belongs to the query, which others read.
func (s *selector) withDefaults(v any, of *ast.Type) any {
	fields, isObject := v.(map[string]any)
	input := s.schema.Types[of.Name()]
	if !isObject || input == nil || input.Kind != ast.InputObject {
		return v
	}
	full := maps.Clone(fields)
	for _, f := range input.Fields {
		value, given := full[f.Name]
		switch {
		case given:
			full[f.Name] = s.withDefaults(value, f.Type)
		case f.DefaultValue != nil:
			full[f.Name], _ = f.DefaultValue.Value(nil) // a literal of the schema's, which has been validated
		}
	}
	return full
}
