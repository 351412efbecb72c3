package graph

import (
	"maps"
	"slices"
)

// FoundFields returns the fields, in order, that are written of each type of the
// index's answers.
func FoundFields() map[string][]string {
	return map[string][]string{
		"SearchConnection": namesOf(searchFields), "SearchEdge": namesOf(edgeFields), "Highlight": namesOf(highlightFields), "TextRange": namesOf(rangeFields),
		"PageInfo": namesOf(pageInfoFields), "SearchFacets": namesOf(facetFields), "Bucket": namesOf(bucketFields),
		"PeerCase": namesOf(peerFields), "Reason": namesOf(reasonFields), "Suggestion": namesOf(suggestionFields),
		"Query": slices.Sorted(maps.Keys(finders)),
	}
}

func namesOf[T any](f fields[T]) []string { return slices.Sorted(maps.Keys(f)) }
