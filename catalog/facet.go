package catalog

import (
	"slices"
	"strconv"
)

// Facet is a property of records by which a search counts what it finds and narrows it.
type Facet struct {
	Name   string // of its field in SearchFacets and SearchFilter, as in the schema; kinds is an argument of its own
	Param  string // in the addresses of pages
	Label  string
	Number bool // its values are whole numbers

	Passes func(q *SearchQuery) func(key string) bool // returns what a query lets pass, nil for all
	Counts func(of *SearchFacets) *[]FacetCount       // returns where its counts go
}

// Facets are the one list of the facets, in the order in which readers see them. What
// the index, GraphQL and the pages each know of one besides is looked up by its name;
// CONTRIBUTING.md says where.
var Facets = [...]Facet{
	{
		Name: "kinds", Param: "kind", Label: "类别",
		Passes: func(q *SearchQuery) func(string) bool { return oneOf(q.Kinds) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Kinds },
	},
	{
		Name: "regions", Param: "region", Label: "地区",
		Passes: func(q *SearchQuery) func(string) bool { return oneOf(q.Filter.Regions) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Regions },
	},
	{
		Name: "topics", Param: "topic", Label: "议题",
		Passes: func(q *SearchQuery) func(string) bool { return oneOf(q.Filter.Topics) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Topics },
	},
	{
		Name: "levels", Param: "level", Label: "层级",
		Passes: func(q *SearchQuery) func(string) bool { return oneOf(q.Filter.Levels) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Levels },
	},
	{
		Name: "brands", Param: "brand", Label: "协商品牌",
		Passes: func(q *SearchQuery) func(string) bool { return oneOf(q.Filter.Brands) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Brands },
	},
	{
		Name: "years", Param: "year", Label: "年份", Number: true,
		Passes: func(q *SearchQuery) func(string) bool { return inYears(&q.Filter) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Years },
	},
	{
		Name: "origins", Param: "origin", Label: "来源",
		Passes: func(q *SearchQuery) func(string) bool { return oneOf(q.Filter.Origins) },
		Counts: func(of *SearchFacets) *[]FacetCount { return &of.Origins },
	},
}

// inYears returns what the filter lets pass of years, nil for all.
func inYears(f *SearchFilter) func(string) bool {
	if len(f.Years) == 0 && f.YearFrom == nil && f.YearTo == nil {
		return nil
	}
	return func(key string) bool {
		year, err := strconv.Atoi(key)
		return err == nil &&
			(len(f.Years) == 0 || slices.Contains(f.Years, year)) &&
			(f.YearFrom == nil || year >= *f.YearFrom) &&
			(f.YearTo == nil || year <= *f.YearTo)
	}
}

func oneOf[T ~string](values []T) func(string) bool {
	if len(values) == 0 {
		return nil
	}
	return func(key string) bool { return slices.Contains(values, T(key)) }
}
