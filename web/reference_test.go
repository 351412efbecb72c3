package web

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/graph"
)

// Every field of the schema is in the reference, with an example that the schema
// takes.
func TestEveryFieldHasAnExampleThatTheSchemaTakes(t *testing.T) {
	schema := graph.NewSchema(&graph.Resolver{}).Schema()
	r := apiReference()
	fields := 0
	for name, d := range schema.Types {
		if d.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		page := r.types[name]
		if page == nil || page.Kind == "" || page.Description == "" {
			t.Errorf("%s is not in the reference: %+v", name, page)
			continue
		}
		for _, f := range page.Fields {
			fields++
			text := f.Example
			if d.Kind == ast.InputObject {
				if !strings.Contains(text, f.Name+": ") {
					t.Errorf("%s.%s: the example %s has it not", name, f.Name, text)
				}
				continue
			}
			if text == "" {
				t.Errorf("%s.%s has no example", name, f.Name)
				continue
			}
			if _, err := gqlparser.LoadQuery(schema, text); err != nil {
				t.Errorf("%s.%s: %s: %v", name, f.Name, text, err)
			}
		}
		if (len(page.Values) == 0) == (d.Kind == ast.Enum) {
			t.Errorf("%s: %d values", name, len(page.Values))
		}
	}
	if fields < 500 {
		t.Errorf("only %d fields", fields)
	}
	listed := 0
	for _, g := range r.Groups {
		listed += len(g.Types)
	}
	if listed != len(r.types) {
		t.Errorf("%d types are listed, there are %d", listed, len(r.types))
	}
}
