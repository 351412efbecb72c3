package indexer

import (
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
)

// facetCount is how many facets there are; they are numbered as catalog.Facets are.
const facetCount = len(catalog.Facets)

// facetLetters are the letters before the keys of each facet.
var facetLetters = func() (letters [facetCount]byte) {
	for i, f := range catalog.Facets {
		letters[i] = document.FacetLetters[f.Name]
	}
	return letters
}()

// The facets that more than searches ask by.
var (
	facetKinds   = facetOf(document.KeyKind)
	facetRegions = facetOf(document.KeyRegion)
	facetLevels  = facetOf(document.KeyLevel)
)

// facetOf returns the number of the facet whose keys have a letter.
func facetOf(letter byte) int { return slices.Index(facetLetters[:], letter) }

// facet returns a facet's column of a segment.
func (c *columns) facet(i int) *facetColumn { return &c.facets[i] }

// filter is a search's filter: for each facet, which keys let a record pass.
type filter [facetCount]func(key string) bool // nil lets all pass

func newFilter(q catalog.SearchQuery) filter {
	var f filter
	for i := range catalog.Facets {
		f[i] = catalog.Facets[i].Passes(&q)
	}
	return f
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
			out.but[i] = w.BorrowCopy(set)
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

// passing returns the documents that have a key of a facet that passes.
func (v *view) passing(facet int, passes func(key string) bool, w *docset.Workspace) docset.Bitmap {
	set := w.BorrowEmpty()
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
	var out catalog.SearchFacets
	for i := range catalog.Facets {
		over := f.but[i]
		if over == nil {
			over = f.hits
		}
		*catalog.Facets[i].Counts(&out) = v.countFacet(i, over)
	}
	return out
}

// countFacet counts how many of a set's documents have each key of a facet, and
// returns the keys that any has, most frequent first. A few documents are looked
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
