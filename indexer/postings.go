package indexer

import (
	"fmt"
	"sync"
	"sync/atomic"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// postings are the documents of a segment that hold a term, ascending, and how
// often each does. counts is nil where the field keeps no counts.
type postings struct {
	docs   []uint32
	counts []uint8 // 255 stands for that and more
}

func (p *postings) bytes() int64 { return int64(5*len(p.docs)) + 96 }

// none is the list of a term that a segment does not have.
var none = &postings{}

// postingsCache keeps the lists that were read from bleve. Reading one through
// bleve's iterator takes some 40 ns a document, reading it from here less than
// one; and since segments never change, a list is right for as long as its
// segment is there. When it is full, lists that were not used since the last
// sweep go. One cache serves all segments of an index; safe for concurrent use.
type postingsCache struct {
	limit int64
	bytes atomic.Int64
	mu    sync.RWMutex
	lists map[listKey]*cachedList
}

type listKey struct {
	segment uint64
	field   string
	term    string
}

type cachedList struct {
	*postings
	used atomic.Bool
}

func newPostingsCache(limit int64) *postingsCache {
	return &postingsCache{limit: limit, lists: map[listKey]*cachedList{}}
}

func (c *postingsCache) get(k listKey) (*postings, bool) {
	c.mu.RLock()
	l, ok := c.lists[k]
	c.mu.RUnlock()
	if !ok {
		return nil, false
	}
	if !l.used.Load() { // a store where none is needed would make the readers wait for each other
		l.used.Store(true)
	}
	return l.postings, true
}

func (c *postingsCache) put(k listKey, p *postings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.lists[k]; ok {
		return
	}
	c.lists[k] = &cachedList{postings: p}
	if c.bytes.Add(p.bytes()) > c.limit {
		c.sweep()
	}
}

// sweep drops the lists that were not used since the last sweep, until a
// quarter of the room is free.
func (c *postingsCache) sweep() {
	for range 2 {
		for k, l := range c.lists {
			if c.bytes.Load() <= c.limit*3/4 {
				return
			}
			if !l.used.Swap(false) {
				delete(c.lists, k)
				c.bytes.Add(-l.bytes())
			}
		}
	}
}

// keep drops the lists of all segments but those named.
func (c *postingsCache) keep(segments map[uint64]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, l := range c.lists {
		if !segments[k.segment] {
			delete(c.lists, k)
			c.bytes.Add(-l.bytes())
		}
	}
}

// readPostings reads a term's list from a bleve segment.
func readPostings(s segment.Segment, field, term string, counted bool) (*postings, error) {
	dict, err := s.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("indexer: open the dictionary of field %s: %w", field, err)
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("indexer: find the list of %s:%s: %w", field, term, err)
	}
	n := int(list.Count())
	if n == 0 {
		return none, nil
	}
	p := &postings{docs: make([]uint32, 0, n)}
	if counted {
		p.counts = make([]uint8, 0, n)
	}
	it := list.Iterator(counted, false, false, nil)
	for {
		next, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("indexer: read the list of %s:%s: %w", field, term, err)
		}
		if next == nil {
			return p, nil
		}
		p.docs = append(p.docs, uint32(next.Number()))
		if counted {
			p.counts = append(p.counts, uint8(min(next.Frequency(), 255)))
		}
	}
}

// intersect gives the documents that stand in both lists.
func intersect(a, b *postings) *postings {
	if len(a.docs) > len(b.docs) {
		a, b = b, a
	}
	out := &postings{docs: make([]uint32, 0, len(a.docs))}
	rest := b.docs
	for _, d := range a.docs {
		// The short list's steps through the long one: doubled strides first,
		// then halves, so that a rare word beside a common one is cheap.
		step := 1
		for step < len(rest) && rest[step] < d {
			step *= 2
		}
		lo, hi := step/2, min(step+1, len(rest))
		for lo < hi {
			mid := int(uint(lo+hi) >> 1)
			if rest[mid] < d {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		rest = rest[lo:]
		if len(rest) == 0 {
			break
		}
		if rest[0] == d {
			out.docs = append(out.docs, d)
		}
	}
	return out
}

// union gives the documents that stand in either list.
func union(a, b *postings) *postings {
	out := &postings{docs: make([]uint32, 0, len(a.docs)+len(b.docs))}
	i, j := 0, 0
	for i < len(a.docs) || j < len(b.docs) {
		switch {
		case j == len(b.docs) || i < len(a.docs) && a.docs[i] < b.docs[j]:
			out.docs = append(out.docs, a.docs[i])
			i++
		case i == len(a.docs) || b.docs[j] < a.docs[i]:
			out.docs = append(out.docs, b.docs[j])
			j++
		default:
			out.docs = append(out.docs, a.docs[i])
			i, j = i+1, j+1
		}
	}
	return out
}
