package indexer

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// readPostings reads a term's list from a bleve segment, without counts.
func readPostings(s segment.Segment, field, term string) (*postings, error) {
	dict, err := s.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	return readList(dict, []byte(term), int(s.Count()))
}

// documentsWith counts the documents of a segment that have a term, deleted ones
// among them. It is asked for instead of a dictionary entry's own count, which in
// a merged segment is 1 for every term after the first that stands in one
// document only (zap v16). reuse is a list of an earlier call, or nil.
func documentsWith(dict segment.TermDictionary, term string, reuse segment.PostingsList) (int, segment.PostingsList, error) {
	list, err := dict.PostingsList([]byte(term), nil, reuse)
	if err != nil {
		return 0, nil, fmt.Errorf("indexer: find the list of %q: %w", term, err)
	}
	return int(list.Count()), list, nil
}

// readList reads a term's list from the dictionary of a segment of size
// documents. The segment keeps it as a bitmap, which is taken as a whole:
// bleve's iterator takes some ten times longer for the same.
func readList(dict segment.TermDictionary, term []byte, size int) (*postings, error) {
	list, err := dict.PostingsList(term, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("indexer: find the list of %q: %w", term, err)
	}
	if list.Count() == 0 {
		return none, nil
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return nil, fmt.Errorf("indexer: the list of %q is none of bleve's own", term)
	}
	if d, ok := it.DocNum1Hit(); ok {
		return &postings{n: 1, docs: []uint32{uint32(d)}}, nil
	}
	return ofBitmap(it.ActualBitmap(), size), nil
}

// ofBitmap makes a list of a bitmap.
func ofBitmap(b *roaring.Bitmap, size int) *postings {
	n := int(b.GetCardinality())
	if n < size/listed {
		return &postings{n: n, docs: b.ToArray()}
	}
	set := newBits(size)
	b.WriteDenseTo(set)
	return &postings{n: n, set: set}
}

// readCounted reads the counts of a term's list. base is the list without. Here
// there is no way but bleve's iterator.
func readCounted(s segment.Segment, field, term string, base *postings) (*postings, error) {
	if base.n == 0 {
		return none, nil
	}
	dict, err := s.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("indexer: find the list of %s:%s: %w", field, term, err)
	}
	p := &postings{n: base.n, docs: base.docs, set: base.set}
	if p.set != nil {
		p.counts = make([]uint8, s.Count())
	} else {
		p.counts = make([]uint8, len(p.docs))
	}
	it := list.Iterator(true, false, false, nil)
	for i := 0; ; i++ {
		next, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("indexer: read the list of %s:%s: %w", field, term, err)
		}
		switch {
		case next == nil:
			return p, nil
		case p.set != nil:
			i = int(next.Number())
		}
		p.counts[i] = uint8(min(next.Frequency(), 255))
	}
}

// intersect gives the documents of a segment of size that stand in both lists.
func intersect(a, b *postings, size int) *postings {
	if a.n == 0 || b.n == 0 {
		return none
	}
	if a.set != nil && b.set != nil {
		both := slices.Clone(a.set)
		both.and(b.set)
		return ofSet(both, size)
	}
	if a.set != nil || b.set == nil && len(a.docs) > len(b.docs) {
		a, b = b, a
	}
	out := make([]uint32, 0, len(a.docs))
	if b.set != nil {
		for _, d := range a.docs {
			if b.set.has(d) {
				out = append(out, d)
			}
		}
		return ofDocs(out, size)
	}
	rest := b.docs
	for _, d := range a.docs {
		at, ok := seek(rest, d)
		rest = rest[at:]
		if len(rest) == 0 {
			break
		}
		if ok {
			out = append(out, d)
		}
	}
	return ofDocs(out, size)
}

// seek gives the place of the first of docs that is not before d, and whether
// it is d: by doubled strides first, then by halves, so that looking up the few
// documents of a short list in a long one is cheap.
func seek(docs []uint32, d uint32) (int, bool) {
	step := 1
	for step < len(docs) && docs[step] < d {
		step *= 2
	}
	lo, hi := step/2, min(step+1, len(docs))
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if docs[mid] < d {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(docs) && docs[lo] == d
}

// union gives the documents of a segment of size that stand in either list.
func union(a, b *postings, size int) *postings {
	if a.n == 0 {
		return b
	}
	if b.n == 0 {
		return a
	}
	set := newBits(size)
	a.addTo(set)
	b.addTo(set)
	return ofSet(set, size)
}

// eachTerm calls visit with each term of a field that begins with prefix, in
// the order of its bytes, and its documents.
func eachTerm(s segment.Segment, field, prefix string, visit func(term string, p *postings) error) error {
	dict, err := s.Dictionary(field)
	if err != nil {
		return fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	var start, end []byte
	if prefix != "" {
		start, end = []byte(prefix), []byte(prefix)
		end[len(end)-1]++
	}
	it := dict.AutomatonIterator(nil, start, end)
	for {
		entry, err := it.Next()
		if err != nil {
			return fmt.Errorf("indexer: read the dictionary of field %s: %w", field, err)
		}
		if entry == nil {
			return nil
		}
		p, err := readList(dict, []byte(entry.Term), int(s.Count()))
		if err != nil {
			return err
		}
		if err := visit(entry.Term, p); err != nil {
			return fmt.Errorf("indexer: read key %q of field %s: %w", entry.Term, field, err)
		}
	}
}
