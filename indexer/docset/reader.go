package docset

import (
	"fmt"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Reader reads the lists of a segment. It is safe for concurrent use.
type Reader struct {
	segment segment.Segment
	file    *file // nil where the segment is in memory
}

// NewReader returns a reader of a segment.
func NewReader(s segment.Segment) *Reader { return &Reader{s, newFile(s)} }

// Plain reads the list of a term without counts.
func (r *Reader) Plain(field, term string) (p *Postings, err error) {
	if r.file == nil {
		return Read(r.segment, field, term)
	}
	l, err := r.file.find(field, []byte(term))
	if err == nil && l == nil {
		return Empty, nil
	}
	if err == nil {
		p, err = r.file.plain(l)
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: read the list of %s:%s: %w", field, term, err)
	}
	return p, nil
}

// Counted reads the counts of a term's list. base is the list without. The counts may
// be the file's own, and are gone when the segment is closed.
func (r *Reader) Counted(field, term string, base *Postings) (*Postings, error) {
	if base.Len == 0 {
		return Empty, nil
	}
	if r.file == nil {
		return ReadFrequencies(r.segment, field, term, base)
	}
	p := &Postings{Len: base.Len, List: base.List, Bitmap: base.Bitmap}
	if p.Bitmap != nil {
		p.Ranks = p.Bitmap.ranks()
	}
	l, err := r.file.find(field, []byte(term))
	if err == nil && l == nil {
		err = errPlace // it was there a moment ago
	}
	if err == nil {
		err = r.file.counted(p, l)
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: read the counts of %s:%s: %w", field, term, err)
	}
	return p, nil
}

// EachLength calls visit with each term of a field, in the order of their bytes, and how
// many documents have it, deleted ones among them, until visit returns false. The term is
// gone when visit comes back.
func (r *Reader) EachLength(field string, visit func(term []byte, n int) bool) error {
	if r.file != nil {
		if err := r.file.eachLength(field, visit); err != nil {
			return fmt.Errorf("indexer: read the dictionary of field %s: %w", field, err)
		}
		return nil
	}
	dict, err := r.segment.Dictionary(field)
	if err != nil {
		return fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	it := dict.AutomatonIterator(nil, nil, nil)
	var list segment.PostingsList
	for {
		entry, err := it.Next()
		if err != nil {
			return fmt.Errorf("indexer: read the dictionary of field %s: %w", field, err)
		}
		if entry == nil {
			return nil
		}
		n, read, err := DocumentFrequency(dict, entry.Term, nil, list)
		if err != nil {
			return err
		}
		if list = read; !visit([]byte(entry.Term), n) {
			return nil
		}
	}
}
