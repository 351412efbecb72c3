package gqlhttp

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// misread returns an error for the first variable whose value the validator takes and the
// specification (and its reference implementation) does not: a text for an Int or a
// Float, a number for a String, a value of an enum in other letters. What would become
// of it hangs on who reads it next. Our own pages are not asked: they write what they
// have from forms.
func (e *Endpoint) misread(op *graphql.OperationContext, variables map[string]any) *gqlerror.Error {
	schema := e.o.Schema.Schema()
	for _, d := range op.Operation.VariableDefinitions {
		if v, given := variables[d.Variable]; given {
			if err := misreadValue(schema, d.Type, v, ast.Path{ast.PathName("variable"), ast.PathName(d.Variable)}); err != nil {
				errcode.Set(err, errcode.ValidationFailed)
				return err
			}
		}
	}
	return nil
}

func misreadValue(schema *ast.Schema, t *ast.Type, value any, path ast.Path) *gqlerror.Error {
	if value == nil {
		return nil
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		switch made := value.(type) { // by the validator, of one that stands for a list of one
		case []string:
			list, ok = []any{made[0]}, true
		case []json.Number:
			list, ok = []any{made[0]}, true
		}
		if !ok {
			return misreadValue(schema, t.Elem, value, path)
		}
		for i, v := range list {
			if err := misreadValue(schema, t.Elem, v, append(path[:len(path):len(path)], ast.PathIndex(i))); err != nil {
				return err
			}
		}
		return nil
	}
	text, isText := value.(string)
	_, isNumber := value.(json.Number)
	def := schema.Types[t.NamedType]
	switch {
	case def == nil:
	case def.Kind == ast.Enum:
		if isNumber || isText && def.EnumValues.ForName(text) == nil {
			return gqlerror.ErrorPathf(path, "%v is not a valid %s", value, def.Name)
		}
	case isText && (t.NamedType == "Int" || t.NamedType == "Float"):
		return gqlerror.ErrorPathf(path, "cannot use string as %s", t.NamedType)
	case isNumber && t.NamedType == "String":
		return gqlerror.ErrorPathf(path, "cannot use %v as String", value)
	case def.Kind == ast.InputObject:
		fields, _ := value.(map[string]any)
		for _, f := range def.Fields {
			if v, given := fields[f.Name]; given {
				if err := misreadValue(schema, f.Type, v, append(path[:len(path):len(path)], ast.PathName(f.Name))); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
