package gqltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
)

// SDL is the schema's text.
const SDL = `
type Query { hello: String! viewer: String wait: String! panic: String! fail: String! echo(n: Int!): Int! cases(first: Int, last: Int): CaseConnection! nodes(ids: [ID!]!): [Case]! found(filter: Filter, n: Int): String tags: [Case!]! }
input Filter { years: [Int!] committees: [ID!] topics: [String!] levels: [Level!] }
enum Level { COUNTY PREFECTURE }
type Mutation { change: String! }
type Subscription { count(to: Int!): Int! silence: Int! stall: Int! }
type CaseConnection { edges: [CaseEdge!]! nodes: [Case!]! totalCount: Int! }
type CaseEdge { cursor: String! node: Case! }
type Case { title: String! peers(first: Int): CaseConnection! parent: Case topics: [Case!]! }
`

// Executable answers each root field by its name. NewSchema makes one.
type Executable struct{ schema *ast.Schema }

// NewSchema returns the schema.
func NewSchema() Executable {
	return Executable{gqlparser.MustLoadSchema(&ast.Source{Input: SDL})}
}

// Schema returns the parsed SDL.
func (f Executable) Schema() *ast.Schema { return f.schema }

// Complexity knows of none.
func (Executable) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// Exec answers an operation.
func (Executable) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	if op.Operation.Operation == ast.Subscription {
		return subscription(ctx, op.Operation.SelectionSet[0].(*ast.Field), op.Variables)
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

// subscription counts, or waits until it is ended: silence for its first
// event, stall in the execution of it.
func subscription(ctx context.Context, field *ast.Field, variables map[string]any) graphql.ResponseHandler {
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
