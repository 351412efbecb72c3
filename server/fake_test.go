package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
)

// The tests of this package are about HTTP and limits, so that they serve a
// schema of their own; e2e serves the real one.
const fakeSDL = `
type Query { hello: String! viewer: String wait: String! panic: String! fail: String! echo(n: Int!): Int! cases(first: Int, last: Int): CaseConnection! nodes(ids: [ID!]!): [Case]! tags: [Case!]! }
type Mutation { change: String! }
type Subscription { count(to: Int!): Int! silence: Int! stall: Int! }
type CaseConnection { edges: [CaseEdge!]! nodes: [Case!]! totalCount: Int! }
type CaseEdge { cursor: String! node: Case! }
type Case { title: String! peers(first: Int): CaseConnection! parent: Case topics: [Case!]! }
`

// fakeSchema answers each root field by its name.
type fakeSchema struct{ schema *ast.Schema }

func newFakeSchema() fakeSchema {
	return fakeSchema{gqlparser.MustLoadSchema(&ast.Source{Input: fakeSDL})}
}

func (f fakeSchema) Schema() *ast.Schema { return f.schema }

func (fakeSchema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (fakeSchema) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	if op.Operation.Operation == ast.Subscription {
		return fakeSubscription(ctx, op.Operation.SelectionSet[0].(*ast.Field), op.Variables)
	}
	data := map[string]any{}
	for _, selection := range op.Operation.SelectionSet {
		field, ok := selection.(*ast.Field)
		if !ok {
			continue
		}
		switch field.Name {
		case "wait":
			<-ctx.Done()
			graphql.AddError(ctx, ctx.Err())
			return graphql.OneShot(&graphql.Response{})
		case "panic":
			panic("as asked")
		case "fail":
			graphql.AddError(ctx, errors.New("no secret must get out"))
			data[field.Alias] = nil
		case "viewer":
			data[field.Alias] = nil
			if v := catalog.ViewerFrom(ctx); v != nil {
				data[field.Alias] = fmt.Sprintf("%s %s %d+%d", v.Name, v.Role, min(v.Committee, 1), len(v.Below))
			}
		case "__schema", "__type":
			if op.DisableIntrospection { // as generated code has it
				graphql.AddErrorf(ctx, "introspection disabled")
				data[field.Alias] = nil
				continue
			}
			data[field.Alias] = map[string]string{}
		case "echo":
			data[field.Alias] = field.ArgumentMap(op.Variables)["n"]
		default:
			data[field.Alias] = "world"
		}
	}
	text, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	return graphql.OneShot(&graphql.Response{Data: text})
}

type fakeDatabase struct{ err error }

func (d fakeDatabase) Ping(context.Context) error { return d.err }

type fakeIndex IndexHealth

func (i fakeIndex) Health(context.Context) IndexHealth { return IndexHealth(i) }

func fakeOptions() Options {
	return Options{
		Schema:       newFakeSchema(),
		PresentError: graph.PresentError,
		Recover:      graph.Recover,
		SDL:          fakeSDL,
		Version:      "v0",
		Database:     fakeDatabase{},
		Index:        fakeIndex{Ready: true, Documents: 7},
		Log:          slog.New(slog.DiscardHandler),
	}
}

// post sends a body as JSON and gives the answer.
func post(t *testing.T, h http.Handler, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return do(h, r)
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// query sends a query text and gives the answer.
func query(t *testing.T, h http.Handler, text string) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": text})
	if err != nil {
		t.Fatal(err)
	}
	return post(t, h, string(body))
}

type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

func decode(t *testing.T, body io.Reader) answer {
	t.Helper()
	var a answer
	if err := json.NewDecoder(body).Decode(&a); err != nil {
		t.Fatalf("the answer is not JSON: %v", err)
	}
	return a
}

// code gives the code of the only error, or "" where there is none.
func (a answer) code(t *testing.T) string {
	t.Helper()
	if len(a.Errors) == 0 {
		return ""
	}
	if len(a.Errors) > 1 {
		t.Errorf("%d errors: %v", len(a.Errors), a.Errors)
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// fakeSubscription counts, or waits until it is ended: silence for its first
// event, stall in the execution of it.
func fakeSubscription(ctx context.Context, field *ast.Field, variables map[string]any) graphql.ResponseHandler {
	n := 0
	return func(event context.Context) *graphql.Response {
		n++
		switch field.Name {
		case "silence":
			<-event.Done()
			return nil
		case "stall":
			graph.EventTaken(ctx, n)
			<-event.Done()
			graphql.AddError(event, event.Err())
			return &graphql.Response{Data: json.RawMessage("null")}
		}
		if to, _ := field.ArgumentMap(variables)["to"].(int64); n > int(to) {
			return nil
		}
		return &graphql.Response{Data: fmt.Appendf(nil, `{"count":%d}`, n)}
	}
}
