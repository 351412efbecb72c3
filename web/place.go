package web

import (
	"context"
	"fmt"
	"strings"
)

// maxPlaceName is how many characters a query has at most that may be the name of a
// place, or of a place's committee.
const maxPlaceName = 20

// nearCases is how many cases of the place above are shown.
const nearCases = 3

const (
	placeDocument = `query Place($query: String!) {
  search(query: $query, kinds: [REGION], first: 1) {
    edges { highlights { field } node { ... on Region { code name caseCount parent { code name } } } }
  }
}`
	nearDocument = `query Near($place: [String!]!, $above: [String!]!, $first: Int!) {
  committees(filter: { regions: $place }, first: 10) { nodes { slug name region { code } } }
  cases(filter: { regions: $above }, first: $first) { totalCount nodes { slug title } }
}`
)

// placeNamed returns the division that a query names, nil where it names none: with its
// committee, and the cases of the division above it, so that whoever asks for a place
// that nothing is held of is led on.
func placeNamed(ctx context.Context, query Querier, words string) (map[string]any, error) {
	words = strings.TrimSpace(words)
	if n := len([]rune(words)); n < 2 || n > maxPlaceName {
		return nil, nil //nolint:nilnil // nil says that there is none
	}
	found, err := askBeside(ctx, query, placeDocument, "Place", map[string]any{"query": words})
	if err != nil {
		return nil, err
	}
	var place map[string]any
	for _, edge := range list(object(found["search"])["edges"]) {
		for _, h := range list(object(edge)["highlights"]) {
			if field := object(h)["field"]; field == "name" || field == "alternativeTitles" {
				place = object(object(edge)["node"])
			}
		}
	}
	if place == nil {
		return nil, nil //nolint:nilnil // nil says that there is none
	}
	above := place
	if parent := object(place["parent"]); parent != nil {
		above = parent
	}
	near, err := askBeside(ctx, query, nearDocument, "Near", map[string]any{"place": []any{place["code"]}, "above": []any{above["code"]}, "first": nearCases})
	if err != nil {
		return nil, err
	}
	var committees []any
	for _, c := range list(object(near["committees"])["nodes"]) {
		if object(object(c)["region"])["code"] == place["code"] {
			committees = append(committees, c)
		}
	}
	place["committees"], place["near"], place["nearCount"] = committees, nil, nil
	if place["parent"] != nil {
		cases := object(near["cases"])
		place["near"], place["nearCount"] = cases["nodes"], cases["totalCount"]
	}
	return place, nil
}

// askBeside returns the answer to a document that a page asks beside its own.
func askBeside(ctx context.Context, query Querier, document, operation string, variables map[string]any) (map[string]any, error) {
	data, failed := query.Query(ctx, document, operation, variables)
	if len(failed) > 0 {
		return nil, &queryError{page: "search", errors: failed}
	}
	answer, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading the answer to %s: %w", operation, err)
	}
	return answer, nil
}
