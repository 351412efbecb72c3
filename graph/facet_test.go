package graph

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/schema"
)

// Whoever adds a facet learns here what of GraphQL it forgot.
func TestEachFacetIsAnswered(t *testing.T) {
	sdl := gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL()})
	counted, filter := sdl.Types["SearchFacets"].Fields, sdl.Types["SearchFilter"].Fields
	to := map[*[]*model.Bucket]string{}
	of := &model.SearchFacets{}
	for _, f := range catalog.Facets {
		if counted.ForName(f.Name) == nil {
			t.Errorf("type SearchFacets (schema/search.graphql) has no field %s", f.Name)
		}
		if f.Name != "kinds" && filter.ForName(f.Name) == nil {
			t.Errorf("input SearchFilter (schema/search.graphql) has no field %s", f.Name)
		}
		answer, ok := facetAnswers[f.Name]
		if !ok {
			t.Errorf("%s has no line in facetAnswers (graph/facet.go)", f.Name)
			continue
		}
		if other := to[answer.buckets(of)]; other != "" {
			t.Errorf("%s and %s have the same buckets in facetAnswers (graph/facet.go)", f.Name, other)
		}
		to[answer.buckets(of)] = f.Name
	}
	if len(counted) != len(catalog.Facets) || len(facetAnswers) != len(catalog.Facets) {
		t.Errorf("catalog.Facets has %d lines, type SearchFacets %d fields, facetAnswers %d lines", len(catalog.Facets), len(counted), len(facetAnswers))
	}
}
