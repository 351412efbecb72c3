package indexer

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"unsafe"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/rerank"
)

// view is one state of the index. A search takes the view that is current when
// it starts and sees nothing of what comes after. Documents are numbered
// through, segment after segment, deleted ones among them; each segment begins
// at a multiple of 64, so that its sets are stretches of the view's, and some
// numbers stand for nothing.
type view struct {
	shared
	segments []*segmentView
	terms    termCache
	alive    docset.Bitmap // the documents that are there
	live     int           // documents that are not deleted

	// What BM25 divides a count by besides the count itself; it hangs on the
	// average length, and so on the view.
	wordNorm, gramNorm       []float32
	wordAverage, gramAverage float32

	core  *view // the view without what only a search for its kind finds; see scope.go
	whole *view // the view that it is the core of, which has the holds; nil where it is none

	worked     worked // what was worked out over it
	places     places // where queries stood in meaning
	generation *generation
	paged      atomic.Bool  // a cursor was handed out
	refs       atomic.Int64 // searches under way, and the index itself
}

// shared is what a view and its core have in common, and a core is given as a whole:
// what hangs on which documents are there does not belong here.
type shared struct {
	reader  index.IndexReader
	cache   *docset.Cache[listKey, *docset.Postings]
	docs    *docset.Cache[documentKey, document.Stored]
	parts   *docset.Cache[documentKey, *rerank.Parts]
	words   *Words
	size    int // one more than the last number, made a multiple of 64
	version uint64
	cursor  catalog.Cursor
	facets  facetKeys
}

// segmentView is a bleve segment with its columns.
type segmentView struct {
	id      uint64
	base    uint32 // number of its first document in the view
	segment segment.Segment
	lists   *docset.Reader
	*columns
	deleted docset.Bitmap // nil where none is
	gone    int           // how many are deleted

	except docset.Exclusion // of a core: what is not to be counted in its dictionaries
}

// newView takes the index as it is now. before, which may be nil, is the view
// that it follows: segments that it had are not read again.
func newView(g *generation, before *view) (*view, error) {
	reader, err := g.index.Reader()
	if err != nil {
		return nil, fmt.Errorf("indexer: open a snapshot: %w", err)
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("indexer: a snapshot is a %T", reader)
	}
	v := &view{shared: shared{reader: reader, cache: g.cache, docs: g.docs, parts: g.parts, words: g.words}}
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
	v.setFacets()
	v.setCore()
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
		sv := &segmentView{id: s.Id(), base: uint32(v.size), segment: s.Segment(), lists: docset.NewReader(s.Segment()), columns: known[s.Id()]}
		if sv.columns == nil {
			var err error
			if sv.columns, err = readColumns(sv.segment); err != nil {
				return err
			}
		}
		v.size += (len(sv.ids) + 63) / 64 * 64
		if deleted := s.Deleted(); deleted != nil && !deleted.IsEmpty() {
			sv.deleted = docset.NewBitmap(len(sv.ids))
			for it := deleted.Iterator(); it.HasNext(); {
				sv.deleted.Add(it.Next())
				sv.gone++
			}
		}
		v.live += len(sv.ids) - sv.gone
		v.segments = append(v.segments, sv)
	}
	v.setAlive()
	return nil
}

// setAlive notes which documents are there.
func (v *view) setAlive() {
	v.alive = docset.NewBitmap(v.size)
	for _, s := range v.segments {
		for d := range uint32(len(s.ids)) {
			if s.deleted == nil || !s.deleted.Has(d) {
				v.alive.Add(s.base + d)
			}
		}
	}
}

// Segments returns the view's segments as the floors below know them.
func (v *view) Segments() []docset.Segment {
	out := make([]docset.Segment, len(v.segments))
	for i, s := range v.segments {
		out[i] = docset.Segment{ID: s.id, Base: s.base, Reader: s.segment, Deleted: s.deleted}
	}
	return out
}

// of returns the stretch of a set of the view that is the segment's.
func (s *segmentView) of(set docset.Bitmap) docset.Bitmap {
	return set[s.base/64 : int(s.base/64)+(len(s.ids)+63)/64]
}

// BM25's constants; see Robertson and Zaragoza, The Probabilistic Relevance
// Framework: BM25 and Beyond (2009).
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

func (v *view) setNorms() {
	v.wordNorm, v.wordAverage = norms(v, func(s *segmentView) []uint32 { return s.wordCount })
	v.gramNorm, v.gramAverage = norms(v, func(s *segmentView) []uint32 { return s.gramCount })
}

func norms(v *view, lengths func(*segmentView) []uint32) (norm []float32, average float32) {
	total := 0.0
	for _, s := range v.segments {
		for d, n := range lengths(s) {
			if s.deleted == nil || !s.deleted.Has(uint32(d)) {
				total += float64(n)
			}
		}
	}
	mean := max(total/float64(max(v.live, 1)), 1)
	norm = make([]float32, v.size)
	for _, s := range v.segments {
		for d, n := range lengths(s) {
			norm[s.base+uint32(d)] = float32(bm25K1 * (1 - bm25B + bm25B*float64(n)/mean))
		}
	}
	return norm, float32(mean)
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

// segmentOf returns the segment that holds document d of the view.
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

// Document returns document d of the view, and keeps it for those who ask next. It
// is theirs too: nothing in it is to be changed.
func (v *view) Document(d uint32) (document.Stored, error) {
	k := v.documentKey(d)
	if doc, ok := v.docs.Get(k); ok {
		return doc, nil
	}
	doc, err := v.read(d)
	if err == nil {
		v.docs.Put(k, doc)
	}
	return doc, err
}

func (v *view) documentKey(d uint32) documentKey {
	s := v.segmentOf(d)
	return documentKey{s.id, d - s.base}
}

// partsOf returns the parts of the own texts of document d, and keeps them for those who
// ask next.
func (v *view) partsOf(d uint32) (*rerank.Parts, error) {
	k := v.documentKey(d)
	p, ok := v.parts.Get(k)
	if ok {
		return p, nil
	}
	if doc, ok := v.docs.Get(k); ok {
		p = rerank.PartsOf(doc.Readable[:document.OwnCount(doc.Document)])
	} else {
		err := v.OwnTexts(d, nil, func(texts []document.OwnText) {
			readable := make([]string, len(texts))
			for i, t := range texts {
				readable[i] = t.Readable
			}
			p = rerank.PartsOf(readable)
		})
		if err != nil {
			return nil, err
		}
	}
	v.parts.Put(k, p)
	return p, nil
}

// read reads document d of the view; those who read many, each once, keep none.
func (v *view) read(d uint32) (document.Stored, error) {
	s := v.segmentOf(d)
	var doc document.Stored
	var failed error
	err := s.segment.VisitStoredFields(uint64(d-s.base), func(name string, _ byte, value []byte, _ []uint64) bool {
		if name == document.FieldStored {
			doc, failed = document.Decode(value)
			return false
		}
		return true
	})
	if err == nil {
		err = failed
	}
	if err == nil && doc.Document == nil {
		err = fmt.Errorf("nothing is stored")
	}
	if err != nil {
		return document.Stored{}, fmt.Errorf("indexer: read document %d: %w", d, err)
	}
	return doc, nil
}

// OwnTexts calls read with the own texts of document d. They are gone when read
// comes back: nothing is copied, since an analysis reads thousands of documents
// and keeps little of them. room is room to work in, as read was given it.
func (v *view) OwnTexts(d uint32, room []document.OwnText, read func(texts []document.OwnText)) error {
	s := v.segmentOf(d)
	var failed error
	err := s.segment.VisitStoredFields(uint64(d-s.base), func(name string, _ byte, value []byte, _ []uint64) bool {
		if name != document.FieldStored || len(value) == 0 {
			return true
		}
		var texts []document.OwnText
		if texts, failed = document.DecodeOwn(unsafe.String(&value[0], len(value)), room); failed == nil { //nolint:gosec // not kept
			read(texts)
		}
		return false
	})
	if err = cmp.Or(err, failed); err != nil {
		return fmt.Errorf("indexer: read document %d: %w", d, err)
	}
	return nil
}

// Find returns the number of the record's live document.
func (v *view) Find(ctx context.Context, id catalog.ID) (uint32, bool) {
	for _, s := range v.segments {
		p, err := v.postings(ctx, s, document.FieldID, fmt.Sprint(int64(id)))
		if err != nil {
			continue
		}
		for _, d := range p.Docs() {
			if s.deleted == nil || !s.deleted.Has(d) {
				return s.base + d, true
			}
		}
	}
	return 0, false
}
