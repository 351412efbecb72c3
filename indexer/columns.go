package indexer

import (
	"slices"
	"strconv"
	"sync/atomic"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
)

// columns are what a search filters, counts and sorts by, for all documents of
// a segment, by their number in it. They are read once a segment, from the
// keys' lists.
type columns struct {
	ids       []catalog.ID
	dates     []int32
	adoptions []int32
	wordCount []uint32
	gramCount []uint32
	warmed    atomic.Bool // its long lists are read ahead, or will be
	steps     []uint8     // a bit for each documented step, in the procedure's order

	facets     [facetCount]facetColumn // in the order of catalog.Facets
	committees facetColumn
}

// facetColumn holds the keys that each document has of one facet. Keys are
// numbered within the segment.
type facetColumn struct {
	keys  []string
	lists []*docset.Postings // the documents of each key
	first []uint32           // first[d]:first[d+1] are document d's places in which
	which []uint16
}

// of returns the numbers of document d's keys.
func (f *facetColumn) of(d uint32) []uint16 { return f.which[f.first[d]:f.first[d+1]] }

// readColumns reads a segment's columns.
func readColumns(s segment.Segment) (*columns, error) {
	n := int(s.Count())
	c := &columns{
		ids: make([]catalog.ID, n), dates: make([]int32, n), adoptions: make([]int32, n),
		wordCount: make([]uint32, n), gramCount: make([]uint32, n), steps: make([]uint8, n),
	}
	if err := c.readIDs(s); err != nil {
		return nil, err
	}
	for i, letter := range facetLetters {
		if err := c.facets[i].read(s, letter, n); err != nil {
			return nil, err
		}
	}
	if err := c.committees.read(s, document.KeyCommittee, n); err != nil {
		return nil, err
	}
	for _, number := range []struct {
		letter byte
		set    func(doc uint32, value int)
	}{
		{document.KeyDate, func(d uint32, v int) { c.dates[d] = int32(v) }},
		{document.KeyAdoptions, func(d uint32, v int) { c.adoptions[d] = int32(v) }},
		{document.KeyWordCount, func(d uint32, v int) { c.wordCount[d] = uint32(v) }},
		{document.KeyGramCount, func(d uint32, v int) { c.gramCount[d] = uint32(v) }},
	} {
		err := eachKey(s, number.letter, func(value string, p *docset.Postings) error {
			v, err := strconv.Atoi(value)
			p.Each(func(d uint32) { number.set(d, v) })
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	err := eachKey(s, document.KeySteps, func(value string, p *docset.Postings) error {
		bit := stepBit(catalog.StepCode(value))
		p.Each(func(d uint32) { c.steps[d] |= bit })
		return nil
	})
	return c, err
}

// stepBit returns the bit of a step, 0 where it is none.
func stepBit(s catalog.StepCode) uint8 {
	if i := slices.IndexFunc(catalog.Procedure, func(p catalog.ProcedureStep) bool { return p.Code == s }); i >= 0 {
		return 1 << i
	}
	return 0
}

func (c *columns) readIDs(s segment.Segment) error {
	return docset.EachTerm(s, document.FieldID, "", func(term string, p *docset.Postings) error {
		id, err := strconv.ParseInt(term, 10, 64)
		p.Each(func(d uint32) { c.ids[d] = catalog.ID(id) })
		return err
	})
}

func (f *facetColumn) read(s segment.Segment, letter byte, n int) error {
	type pair struct {
		doc   uint32
		which uint16
	}
	var pairs []pair
	f.first = make([]uint32, n+1)
	err := eachKey(s, letter, func(value string, p *docset.Postings) error {
		which := uint16(len(f.keys))
		f.keys = append(f.keys, value)
		f.lists = append(f.lists, p)
		p.Each(func(d uint32) {
			pairs = append(pairs, pair{d, which})
			f.first[d+1]++
		})
		return nil
	})
	if err != nil {
		return err
	}
	for d := range n {
		f.first[d+1] += f.first[d]
	}
	f.which = make([]uint16, len(pairs))
	next := slices.Clone(f.first[:n])
	for _, p := range pairs {
		f.which[next[p.doc]] = p.which
		next[p.doc]++
	}
	return nil
}

// eachKey calls visit with each key of fieldKeys that begins with the letter,
// the letter taken off, and its documents.
func eachKey(s segment.Segment, letter byte, visit func(value string, p *docset.Postings) error) error {
	return docset.EachTerm(s, document.FieldKeys, string(letter), func(term string, p *docset.Postings) error {
		return visit(term[1:], p)
	})
}
