package model

import "github.com/jisiguangyi/jisi/catalog"

// SearchConnection is the answer to a search.
type SearchConnection struct {
	Edges      []*SearchEdge
	PageInfo   *PageInfo
	TotalCount int
	Facets     *SearchFacets
	Terms      []string
	Correction *string
	Absent     []string
	Meaning    catalog.Meaning
}

// SearchEdge is one hit.
type SearchEdge struct {
	Cursor     string
	Node       catalog.SearchResult
	Score      float64
	Highlights []catalog.Highlight
}

// SearchFacets count the records found by their properties.
type SearchFacets struct {
	Kinds, Regions, Levels, Topics, Brands, Years, Origins []*Bucket
}

// Bucket says how many records have one value.
type Bucket struct {
	Key   string
	Label string
	Count int
}
