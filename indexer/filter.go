package indexer

import (
	"slices"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
)

// facetCount is the number of facets, in the order of SearchFacets.
const facetCount = 7

const (
	facetKinds = iota
	facetRegions
	facetLevels
	facetTopics
	facetBrands
	facetYears
	facetOrigins
)

// facet gives a facet's column of a segment.
func (c *columns) facet(i int) *facetColumn {
	return [facetCount]*facetColumn{&c.kinds, &c.regions, &c.levels, &c.topics, &c.brands, &c.years, &c.origins}[i]
}

// filter is a search's filter: for each facet, which keys let a record pass.
type filter [facetCount]func(key string) bool // nil lets all pass

func newFilter(q catalog.SearchQuery) filter {
	var f filter
	f[facetKinds] = oneOf(q.Kinds)
	f[facetRegions] = oneOf(q.Filter.Regions)
	f[facetLevels] = oneOf(q.Filter.Levels)
	f[facetTopics] = oneOf(q.Filter.Topics)
	f[facetBrands] = oneOf(q.Filter.Brands)
	f[facetOrigins] = oneOf(q.Filter.Origins)
	if len(q.Filter.Years) > 0 || q.Filter.YearFrom != nil || q.Filter.YearTo != nil {
		f[facetYears] = func(key string) bool {
			year, err := strconv.Atoi(key)
			return err == nil &&
				(len(q.Filter.Years) == 0 || slices.Contains(q.Filter.Years, year)) &&
				(q.Filter.YearFrom == nil || year >= *q.Filter.YearFrom) &&
				(q.Filter.YearTo == nil || year <= *q.Filter.YearTo)
		}
	}
	return f
}

func oneOf[T ~string](values []T) func(string) bool {
	if len(values) == 0 {
		return nil
	}
	return func(key string) bool { return slices.Contains(values, T(key)) }
}

// segmentFilter is a filter by the numbers of a segment's keys.
type segmentFilter struct {
	columns [facetCount]*facetColumn
	pass    [facetCount][]bool // by key number; nil lets all pass
	counts  [facetCount][]int  // by key number; nil where nothing is counted
}

func (f filter) of(s *segmentView, count bool) *segmentFilter {
	out := &segmentFilter{}
	for i := range facetCount {
		c := s.facet(i)
		out.columns[i] = c
		if count {
			out.counts[i] = make([]int, len(c.keys))
		}
		if f[i] == nil {
			continue
		}
		out.pass[i] = make([]bool, len(c.keys))
		for k, key := range c.keys {
			out.pass[i][k] = f[i](key)
		}
	}
	return out
}

// passes reports whether the document passes the filter, and counts it: in all
// facets where it passes, and where one facet's filter alone keeps it out, in
// that facet, whose counts follow every filter but its own.
func (f *segmentFilter) passes(d uint32) bool {
	failed := -1
	for i := range facetCount {
		if f.pass[i] == nil || f.one(i, d) {
			continue
		}
		if failed >= 0 || f.counts[i] == nil {
			return false
		}
		failed = i
	}
	if failed >= 0 {
		f.count(failed, d)
		return false
	}
	if f.counts[0] != nil {
		for i := range facetCount {
			f.count(i, d)
		}
	}
	return true
}

// one reports whether one of the document's keys passes facet i's filter.
func (f *segmentFilter) one(i int, d uint32) bool {
	for _, k := range f.columns[i].of(d) {
		if f.pass[i][k] {
			return true
		}
	}
	return false
}

func (f *segmentFilter) count(i int, d uint32) {
	for _, k := range f.columns[i].of(d) {
		f.counts[i][k]++
	}
}

// facetCounts adds up the counts of segments.
type facetCounts [facetCount]map[string]int

func (c *facetCounts) add(f *segmentFilter) {
	for i := range facetCount {
		if c[i] == nil {
			c[i] = map[string]int{}
		}
		for k, n := range f.counts[i] {
			if n > 0 {
				c[i][f.columns[i].keys[k]] += n
			}
		}
	}
}

// sorted gives the facets, most frequent key first.
func (c *facetCounts) sorted() catalog.SearchFacets {
	var out [facetCount][]catalog.FacetCount
	for i := range facetCount {
		for key, n := range c[i] {
			out[i] = append(out[i], catalog.FacetCount{Key: key, Count: n})
		}
		slices.SortFunc(out[i], func(a, b catalog.FacetCount) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			if a.Key < b.Key {
				return -1
			}
			return 1
		})
	}
	return catalog.SearchFacets{
		Kinds: out[facetKinds], Regions: out[facetRegions], Levels: out[facetLevels], Topics: out[facetTopics],
		Brands: out[facetBrands], Years: out[facetYears], Origins: out[facetOrigins],
	}
}
