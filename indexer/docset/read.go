package docset

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Read reads a term's list from a bleve segment, without counts.
func Read(s segment.Segment, field, term string) (*Postings, error) {
	dict, err := s.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	return ReadFrom(dict, []byte(term), int(s.Count()))
}

// Exclusion is documents of a segment that a dictionary does not count; nil is none.
type Exclusion = *roaring.Bitmap

// Exclusion returns the set in the form that dictionaries leave out.
func (b Bitmap) Exclusion() Exclusion {
	e := roaring.New()
	b.Each(e.Add)
	return e
}

// DocumentFrequency counts the documents of a segment that have a term, deleted ones
// among them, but not those of except. It is asked for instead of a dictionary entry's
// own count, which in a merged segment is 1 for every term after the first that stands in
// one document only (zap v16). reuse is a list of an earlier call, or nil.
func DocumentFrequency(dict segment.TermDictionary, term string, except Exclusion, reuse segment.PostingsList) (int, segment.PostingsList, error) {
	list, err := dict.PostingsList([]byte(term), except, reuse)
	if err != nil {
		return 0, nil, fmt.Errorf("indexer: find the list of %q: %w", term, err)
	}
	return int(list.Count()), list, nil
}

// ReadFrom reads a term's list from the dictionary of a segment of size
// documents. The segment keeps it as a bitmap, which is taken as a whole:
// bleve's iterator takes some ten times longer for the same.
func ReadFrom(dict segment.TermDictionary, term []byte, size int) (*Postings, error) {
	list, err := dict.PostingsList(term, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("indexer: find the list of %q: %w", term, err)
	}
	if list.Count() == 0 {
		return Empty, nil
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return nil, fmt.Errorf("indexer: the list of %q is none of bleve's own", term)
	}
	if d, ok := it.DocNum1Hit(); ok {
		return &Postings{Len: 1, List: []uint32{uint32(d)}}, nil
	}
	return ofBitmap(it.ActualBitmap(), size), nil
}

// ofBitmap makes a list of a bitmap.
func ofBitmap(b *roaring.Bitmap, size int) *Postings {
	n := int(b.GetCardinality())
	if n < size/denseShare {
		return &Postings{Len: n, List: b.ToArray()}
	}
	set := NewBitmap(size)
	b.WriteDenseTo(set)
	return &Postings{Len: n, Bitmap: set}
}

// ReadFrequencies reads the counts of a term's list. base is the list without. Here
// there is no way but bleve's iterator.
func ReadFrequencies(s segment.Segment, field, term string, base *Postings) (*Postings, error) {
	if base.Len == 0 {
		return Empty, nil
	}
	dict, err := s.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("indexer: find the list of %s:%s: %w", field, term, err)
	}
	p := &Postings{Len: base.Len, List: base.List, Bitmap: base.Bitmap, Counts: make([]uint8, base.Len)}
	if p.Bitmap != nil {
		p.Ranks = p.Bitmap.ranks()
	}
	it := list.Iterator(true, false, false, nil)
	for i := 0; ; i++ {
		next, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("indexer: read the list of %s:%s: %w", field, term, err)
		}
		if next == nil {
			return p, nil
		}
		p.Counts[i] = uint8(min(next.Frequency(), 255))
	}
}

// Intersect returns the documents of a segment of size that stand in both lists.
func Intersect(a, b *Postings, size int) *Postings {
	if a.Len == 0 || b.Len == 0 {
		return Empty
	}
	if a.Bitmap != nil && b.Bitmap != nil {
		both := slices.Clone(a.Bitmap)
		both.And(b.Bitmap)
		return FromBitmap(both, size)
	}
	if a.Bitmap != nil || b.Bitmap == nil && len(a.List) > len(b.List) {
		a, b = b, a
	}
	out := make([]uint32, 0, len(a.List))
	if b.Bitmap != nil {
		for _, d := range a.List {
			if b.Bitmap.Has(d) {
				out = append(out, d)
			}
		}
		return FromDocs(out, size)
	}
	rest := b.List
	for _, d := range a.List {
		at, ok := Seek(rest, d)
		rest = rest[at:]
		if len(rest) == 0 {
			break
		}
		if ok {
			out = append(out, d)
		}
	}
	return FromDocs(out, size)
}

// Seek returns the place of the first of docs that is not before d, and whether
// it is d: by doubled strides first, then by halves, so that looking up the few
// documents of a short list in a long one is cheap.
func Seek(docs []uint32, d uint32) (int, bool) {
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

// Union returns the documents of a segment of size that stand in either list.
func Union(a, b *Postings, size int) *Postings {
	if a.Len == 0 {
		return b
	}
	if b.Len == 0 {
		return a
	}
	set := NewBitmap(size)
	a.AddTo(set)
	b.AddTo(set)
	return FromBitmap(set, size)
}

// EachTerm calls visit with each term of a field that begins with prefix, in
// the order of its bytes, and its documents.
func EachTerm(s segment.Segment, field, prefix string, visit func(term string, p *Postings) error) error {
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
		p, err := ReadFrom(dict, []byte(entry.Term), int(s.Count()))
		if err != nil {
			return err
		}
		if err := visit(entry.Term, p); err != nil {
			return fmt.Errorf("indexer: read key %q of field %s: %w", entry.Term, field, err)
		}
	}
}
