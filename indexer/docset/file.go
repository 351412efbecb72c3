package docset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// file reads lists from the file of a segment, which zap has mapped into memory, by
// their places in it. zap's own iterator takes some 40 ns a document for the counts of
// a list; here they stay where they are, so that they cost neither time nor memory of
// the process's own. What zap writes there segment/write.go writes down once more:
//
//	dictionary  a vellum FST from terms to what is told of their lists
//	list        uvarints: place of the counts, place of positions, length of the
//	            bitmap; then the bitmap, as roaring serializes it
//	counts      uvarints: how many chunks, where each ends; then for each document
//	            twice how often the term stands in it, and its norm
//
// Whoever reads has to bear a fault, where a file has been cut short: all that searches
// an index does; see Index.guarded of package indexer. The zero value is not to be used.
type file struct {
	*zap.Segment
	docs int

	mu           sync.RWMutex
	dictionaries map[string]*vellum.FST // by field; nil for a field without terms
}

// errPlace is what a place outside of the file leads to.
var errPlace = errors.New("a list stands where there is no file")

// newFile returns the file of a segment; nil where it has none, as one that has not been
// written to disk yet.
func newFile(s segment.Segment) *file {
	onDisk, ok := s.(*zap.Segment)
	if !ok || onDisk.Version() != zap.Version {
		return nil
	}
	return &file{Segment: onDisk, docs: int(s.Count()), dictionaries: map[string]*vellum.FST{}}
}

// dictionary returns the dictionary of a field, nil where it has no terms.
func (f *file) dictionary(field string) (*vellum.FST, error) {
	f.mu.RLock()
	fst, known := f.dictionaries[field]
	f.mu.RUnlock()
	if known {
		return fst, nil
	}
	at, err := f.DictAddr(field)
	if err == nil {
		var raw []byte
		if raw, err = sized(f.from(at)); err == nil {
			fst, err = vellum.Load(raw)
		}
		if err != nil {
			return nil, err
		}
	} // else zap knows of no such field, or of no dictionary of it
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dictionaries[field] = fst
	return fst, nil
}

// from returns the file from a place on, nothing where that is outside.
func (f *file) from(at uint64) []byte {
	if data := f.Data(); at < uint64(len(data)) {
		return data[at:]
	}
	return nil
}

// sized returns the bytes whose number stands before them.
func sized(b []byte) ([]byte, error) {
	n, width := binary.Uvarint(b)
	if width <= 0 || n > uint64(len(b)-width) {
		return nil, errPlace
	}
	return b[width:][:n], nil
}

// uvarint takes a number off the front of b; what is none leaves nothing.
func uvarint(b []byte) (n uint64, rest []byte) {
	n, width := binary.Uvarint(b)
	if width <= 0 {
		return 0, nil
	}
	return n, b[width:]
}

// list is where the list of a term stands.
type list struct {
	one    bool   // it is of one document, which has the term once
	doc    uint32 // that one
	counts uint64 // place of the counts
	bitmap []byte
}

// find returns the list of a term, nil where there is none.
func (f *file) find(field string, term []byte) (*list, error) {
	fst, err := f.dictionary(field)
	if err != nil || fst == nil {
		return nil, err
	}
	value, ok, err := fst.Get(term)
	if err != nil || !ok {
		return nil, err
	}
	return f.list(value)
}

// list returns the list that a dictionary tells of.
func (f *file) list(told uint64) (*list, error) {
	if told&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, _ := zap.FSTValDecode1Hit(told)
		if doc >= uint64(f.docs) {
			return nil, errPlace
		}
		return &list{one: true, doc: uint32(doc)}, nil
	}
	counts, rest := uvarint(f.from(told))
	_, rest = uvarint(rest)
	bitmap, err := sized(rest)
	if err != nil {
		return nil, err
	}
	return &list{counts: counts, bitmap: bitmap}, nil
}

// plain reads a list without counts.
func (f *file) plain(l *list) (*Postings, error) {
	if l.one {
		return &Postings{Len: 1, List: []uint32{l.doc}}, nil
	}
	b := roaring.New()
	if _, err := b.FromBuffer(l.bitmap); err != nil {
		return nil, err
	}
	if !b.IsEmpty() && b.Maximum() >= uint32(f.docs) {
		return nil, errPlace
	}
	return ofBitmap(b, f.docs), nil
}

// addCounts adds its counts to a list.
func (f *file) addCounts(p *Postings, l *list) error {
	if p.Bitmap != nil {
		p.Ranks = p.Bitmap.ranks()
	}
	if l.one {
		p.Counts = []uint8{1}
		return nil
	}
	chunks, rest := uvarint(f.from(l.counts))
	if chunks > uint64(len(rest)) {
		return errPlace
	}
	size := uint64(0) // of all chunks: they stand one behind the other
	for range chunks {
		size, rest = uvarint(rest)
	}
	if size > uint64(len(rest)) {
		return errPlace
	}
	raw := rest[:size]
	if len(raw) == 2*p.Len { // no number takes more than a byte
		p.Counts, p.Step = raw, 1
		return nil
	}
	p.Counts = make([]uint8, p.Len)
	for i := range p.Counts {
		var n uint64
		n, raw = uvarint(raw)
		if _, raw = uvarint(raw); raw == nil {
			return errPlace
		}
		p.Counts[i] = uint8(min(n>>1, math.MaxUint8))
	}
	return nil
}

// length returns how many documents a list has.
func (f *file) length(l *list, room *roaring.Bitmap) (int, error) {
	if l.one {
		return 1, nil
	}
	if _, err := room.FromBuffer(l.bitmap); err != nil {
		return 0, err
	}
	return int(room.GetCardinality()), nil
}

// eachLength calls visit with each term of a field, which is gone when visit comes back,
// and how many documents have it, until it returns false.
func (f *file) eachLength(field string, visit func(term []byte, n int) bool) error {
	fst, err := f.dictionary(field)
	if err != nil || fst == nil {
		return err
	}
	room := roaring.New()
	it, err := fst.Iterator(nil, nil)
	for ; err == nil; err = it.Next() {
		term, told := it.Current()
		l, failed := f.list(told)
		if failed != nil {
			return failed
		}
		n, failed := f.length(l, room)
		if failed != nil {
			return fmt.Errorf("of %q: %w", term, failed)
		}
		if !visit(term, n) {
			return nil
		}
	}
	if errors.Is(err, vellum.ErrIteratorDone) {
		return nil
	}
	return err
}
