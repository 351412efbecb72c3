package graph_test

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/graph"
)

// A weight of a field that has another name by now would be none.
func TestEveryWeightIsOfAFieldOfTheSchema(t *testing.T) {
	schema := graph.NewSchema(&graph.Resolver{}).Schema()
	for path, weight := range graph.Weights {
		names := strings.Split(path, ".")
		typ := schema.Types[names[0]]
		for _, name := range names[1:] {
			field := typ.Fields.ForName(name)
			if field == nil {
				t.Fatalf("%s: %s has no field %s", path, typ.Name, name)
			}
			typ = schema.Types[field.Type.Name()]
		}
		if weight <= 0 || len(names) < 2 || len(names) > 3 {
			t.Errorf("%s weighs %d", path, weight)
		}
	}
	// What asks the index is worth a weight, whatever comes to it.
	for _, field := range schema.Query.Fields {
		if searched := field.Arguments.ForName("filter") != nil && field.Arguments.ForName("filter").Type.Name() == "SearchFilter"; searched && graph.Weights["Query."+field.Name] == 0 {
			t.Errorf("Query.%s asks the index and has no weight", field.Name)
		}
	}
}
