package indexer

import (
	"slices"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
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

// facetKeys are the keys of each facet in a view, by which facets are counted.
type facetKeys [facetCount]facetIndex

// facetIndex numbers a facet's keys through a view.
type facetIndex struct {
	keys []string // ascending
	at   [][]int  // at[s][k] is the place in keys of key k of segment s
}

// setFacets numbers the facets' keys.
func (v *view) setFacets() {
	for i := range facetCount {
		x := &v.facets[i]
		for _, s := range v.segments {
			x.keys = append(x.keys, s.facet(i).keys...)
		}
		slices.Sort(x.keys)
		x.keys = slices.Compact(x.keys)
		for _, s := range v.segments {
			at := make([]int, len(s.facet(i).keys))
			for k, key := range s.facet(i).keys {
				at[k], _ = slices.BinarySearch(x.keys, key)
			}
			x.at = append(x.at, at)
		}
	}
}

// filtered is a set of documents as a filter leaves it.
type filtered struct {
	hits docset.Bitmap // those that pass
	// Those that pass all but one facet's filter, which is what that facet is
	// counted over; nil where it has no filter, and counts the hits.
	but [facetCount]docset.Bitmap
}

// apply filters a set of documents, which it changes.
func (f filter) apply(v *view, set docset.Bitmap, w *docset.Workspace) filtered {
	out := filtered{hits: set}
	var pass [facetCount]docset.Bitmap
	for i := range facetCount {
		if f[i] != nil {
			pass[i] = v.passing(i, f[i], w)
			out.but[i] = w.LendCopy(set)
		}
	}
	for i := range facetCount {
		if pass[i] == nil {
			continue
		}
		out.hits.And(pass[i])
		for j := range facetCount {
			if j != i && out.but[j] != nil {
				out.but[j].And(pass[i])
			}
		}
	}
	return out
}

// passing gives the documents that have a key of a facet that passes.
func (v *view) passing(facet int, passes func(key string) bool, w *docset.Workspace) docset.Bitmap {
	set := w.LendEmpty()
	for _, s := range v.segments {
		c := s.facet(facet)
		for k, key := range c.keys {
			if passes(key) {
				c.lists[k].AddTo(s.of(set))
			}
		}
	}
	return set
}

// count counts the facets.
func (f *filtered) count(v *view) catalog.SearchFacets {
	var out [facetCount][]catalog.FacetCount
	for i := range facetCount {
		over := f.but[i]
		if over == nil {
			over = f.hits
		}
		out[i] = v.countFacet(i, over)
	}
	return catalog.SearchFacets{
		Kinds: out[facetKinds], Regions: out[facetRegions], Levels: out[facetLevels], Topics: out[facetTopics],
		Brands: out[facetBrands], Years: out[facetYears], Origins: out[facetOrigins],
	}
}

// countFacet counts how many of a set's documents have each key of a facet, and
// gives the keys that any has, most frequent first. A few documents are looked
// up one by one; of many, each key's are counted at once.
func (v *view) countFacet(facet int, over docset.Bitmap) []catalog.FacetCount {
	x := &v.facets[facet]
	counts := make([]int, len(x.keys))
	for i, s := range v.segments {
		c, in, at := s.facet(facet), s.of(over), x.at[i]
		if in.Count() < len(c.keys)*len(in)/countedTogether {
			in.Each(func(d uint32) {
				for _, k := range c.of(d) {
					counts[at[k]]++
				}
			})
			continue
		}
		for k, p := range c.lists {
			counts[at[k]] += p.CountIn(in)
		}
	}
	var out []catalog.FacetCount
	for k, n := range counts {
		if n > 0 {
			out = append(out, catalog.FacetCount{Key: x.keys[k], Count: n})
		}
	}
	slices.SortStableFunc(out, func(a, b catalog.FacetCount) int { return b.Count - a.Count })
	return out
}

// countedTogether is how many times longer it takes to look up one document's
// keys than to count 64 documents of one key.
const countedTogether = 8
