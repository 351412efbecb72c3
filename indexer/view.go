package indexer

import (
	"fmt"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/catalog"
)

// view is one state of the index. A search takes the view that is current when
// it starts and sees nothing of what comes after. Documents are numbered
// through, segment after segment, from 0 to size-1, deleted ones among them.
type view struct {
	reader   index.IndexReader
	segments []*segmentView
	cache    *postingsCache
	words    *Words
	size     int // documents, deleted ones included
	live     int // documents that are not deleted
	version  uint64
	cursor   catalog.Cursor

	// What BM25 divides a count by besides the count itself; it hangs on the
	// average length, and so on the view.
	wordNorm []float32
	gramNorm []float32

	generation *generation
	paged      atomic.Bool  // a cursor was handed out
	refs       atomic.Int64 // searches under way, and the index itself
}

// segmentView is a bleve segment with its columns.
type segmentView struct {
	id      uint64
	base    uint32 // number of its first document in the view
	segment segment.Segment
	*columns
	deleted bits // nil where none is
}

// bits is a set of numbers from 0 to 64*len-1.
type bits []uint64

func newBits(n int) bits         { return make(bits, (n+63)/64) }
func (b bits) has(i uint32) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bits) add(i uint32)      { b[i/64] |= 1 << (i % 64) }

// newView takes the index as it is now. before, which may be nil, is the view
// that it follows: segments that it had are not read again.
func newView(idx index.Index, before *view, cache *postingsCache, words *Words) (*view, error) {
	reader, err := idx.Reader()
	if err != nil {
		return nil, fmt.Errorf("indexer: open a snapshot: %w", err)
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("indexer: a snapshot is a %T", reader)
	}
	v := &view{reader: reader, cache: cache, words: words}
	v.refs.Store(1)
	if err := v.readSegments(snapshot, before); err != nil {
		_ = reader.Close()
		return nil, err
	}
	if err := v.readMarks(); err != nil {
		_ = reader.Close()
		return nil, err
	}
	v.setNorms()
	return v, nil
}

func (v *view) readSegments(snapshot *scorch.IndexSnapshot, before *view) error {
	known := map[uint64]*columns{}
	if before != nil {
		for _, s := range before.segments {
			known[s.id] = s.columns
		}
	}
	for _, s := range snapshot.Segments() {
		sv := &segmentView{id: s.Id(), base: uint32(v.size), segment: s.Segment(), columns: known[s.Id()]}
		if sv.columns == nil {
			var err error
			if sv.columns, err = readColumns(sv.segment); err != nil {
				return err
			}
		}
		n := len(sv.ids)
		v.size += n
		v.live += n
		if deleted := s.Deleted(); deleted != nil && !deleted.IsEmpty() {
			sv.deleted = newBits(n)
			for it := deleted.Iterator(); it.HasNext(); {
				sv.deleted.add(it.Next())
				v.live--
			}
		}
		v.segments = append(v.segments, sv)
	}
	return nil
}

// BM25's constants; see Robertson and Zaragoza, The Probabilistic Relevance
// Framework: BM25 and Beyond (2009).
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

func (v *view) setNorms() {
	v.wordNorm = norms(v, func(s *segmentView) []uint32 { return s.wordCount })
	v.gramNorm = norms(v, func(s *segmentView) []uint32 { return s.gramCount })
}

func norms(v *view, lengths func(*segmentView) []uint32) []float32 {
	total := 0.0
	for _, s := range v.segments {
		for d, n := range lengths(s) {
			if s.deleted == nil || !s.deleted.has(uint32(d)) {
				total += float64(n)
			}
		}
	}
	average := max(total/float64(max(v.live, 1)), 1)
	out := make([]float32, 0, v.size)
	for _, s := range v.segments {
		for _, n := range lengths(s) {
			out = append(out, float32(bm25K1*(1-bm25B+bm25B*float64(n)/average)))
		}
	}
	return out
}

// acquire takes part in keeping the view open; false where it is closed already.
func (v *view) acquire() bool {
	for {
		n := v.refs.Load()
		if n == 0 {
			return false
		}
		if v.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release ends what acquire or newView began; the last one closes the view.
func (v *view) release() {
	if v.refs.Add(-1) == 0 {
		_ = v.reader.Close() // nothing was written through it
		if v.generation != nil {
			v.generation.release()
		}
	}
}

// postings gives a term's list in a segment.
func (v *view) postings(s *segmentView, field, term string) (*postings, error) {
	k := listKey{s.id, field, term}
	if p, ok := v.cache.get(k); ok {
		return p, nil
	}
	p, err := readPostings(s.segment, field, term, field == fieldWords || field == fieldGrams)
	if err != nil {
		return nil, err
	}
	v.cache.put(k, p)
	return p, nil
}

// segmentOf gives the segment that holds document d of the view.
func (v *view) segmentOf(d uint32) *segmentView { return v.segments[v.segmentIndex(d)] }

func (v *view) segmentIndex(d uint32) int {
	lo, hi := 0, len(v.segments)
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if v.segments[mid].base <= d {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// document reads document d of the view.
func (v *view) document(d uint32) (*catalog.Document, error) {
	s := v.segmentOf(d)
	var doc *catalog.Document
	var failed error
	err := s.segment.VisitStoredFields(uint64(d-s.base), func(name string, _ byte, value []byte, _ []uint64) bool {
		if name == fieldStored {
			doc, failed = decodeDocument(value)
			return false
		}
		return true
	})
	if err == nil {
		err = failed
	}
	if err == nil && doc == nil {
		err = fmt.Errorf("nothing is stored")
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: read document %d: %w", d, err)
	}
	return doc, nil
}

// find gives the number of the record's live document.
func (v *view) find(id catalog.ID) (uint32, bool) {
	for _, s := range v.segments {
		p, err := v.postings(s, fieldID, fmt.Sprint(int64(id)))
		if err != nil {
			continue
		}
		for _, d := range p.docs {
			if s.deleted == nil || !s.deleted.has(d) {
				return s.base + d, true
			}
		}
	}
	return 0, false
}
