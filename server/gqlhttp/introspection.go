package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/catalog"
)

// noIntrospection refuses questions about the schema where they are switched off.
// Generated code refuses them too, but as if something had broken.
type noIntrospection struct{}

var _ graphql.OperationContextMutator = noIntrospection{}

func (noIntrospection) ExtensionName() string                   { return "NoIntrospection" }
func (noIntrospection) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext changes nothing.
func (noIntrospection) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if !introspects(op.Operation.SelectionSet) {
		return nil
	}
	err := gqlerror.Wrap(&catalog.Error{
		Kind: catalog.KindForbidden,
		Zh:   "本服务器不回答接口结构查询，接口定义见 /schema.graphql",
		En:   "introspection is off; the schema is at /schema.graphql",
	})
	err.Extensions = map[string]any{"code": string(catalog.KindForbidden)}
	return err
}

// introspects reports whether a valid operation's root has one of the two fields.
func introspects(set ast.SelectionSet) bool {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				return true
			}
		case *ast.InlineFragment:
			if introspects(s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if introspects(s.Definition.SelectionSet) {
				return true
			}
		}
	}
	return false
}
