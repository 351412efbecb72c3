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

// Counted reads the list of a term with its counts. These may be the file's own, and are
// gone when the segment is closed.
func (r *Reader) Counted(field, term string) (p *Postings, err error) {
	if r.file == nil {
		if p, err = Read(r.segment, field, term); err == nil {
			p, err = ReadFrequencies(r.segment, field, term, p)
		}
		return p, err
	}
	l, err := r.file.find(field, []byte(term))
	if err == nil && l == nil {
		return Empty, nil
	}
	if err == nil {
		p, err = r.file.plain(l)
	}
	if err == nil {
		err = r.file.addCounts(p, l)
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: read the counts of %s:%s: %w", field, term, err)
	}
	return p, nil
}

// mappedAtOnce is how many bytes of a file are mapped in one step.
const mappedAtOnce = 1 << 20

// MapIn has up to most bytes of the segment's file entered into the process's page table,
// which takes the kernel some 50 ns a page where it has the file in memory, and a search
// some 500 when it comes to it: a hundred times a search, in the first ones. It calls
// offer after each step, and returns what is left of most.
func (r *Reader) MapIn(most int64, offer func()) int64 {
	if r.file == nil {
		return most
	}
	for data := r.file.Data(); len(data) > 0 && most > 0; offer() {
		n := min(len(data), mappedAtOnce)
		if mapIn(data[:n]) != nil {
			break // it is only for speed
		}
		data, most = data[n:], most-int64(n)
	}
	return most
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
