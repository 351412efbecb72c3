package docset

import segment "github.com/blevesearch/scorch_segment_api/v2"

// Segment is a segment of bleve's within a state of the index, whose documents are
// numbered through from one segment to the next.
type Segment struct {
	ID      uint64
	Base    uint32 // the number of its first document, a multiple of 64
	Reader  segment.Segment
	Deleted Bitmap // by the documents' numbers in the segment; nil where none is
}

// Size returns how many documents the segment has, deleted ones among them.
func (s Segment) Size() int { return int(s.Reader.Count()) }

// Of returns the stretch of a set of the state that is the segment's.
func (s Segment) Of(set Bitmap) Bitmap {
	return set[s.Base/64 : int(s.Base/64)+(s.Size()+63)/64]
}

// IsDeleted reports whether document d of the segment is no longer there.
func (s Segment) IsDeleted(d uint32) bool { return s.Deleted != nil && s.Deleted.Has(d) }
