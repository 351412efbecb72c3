package corpus

import (
	"context"

	"github.com/jisiguangyi/jisi/indexer/docset"
)

// Cache has the content words of an index's segments, read when an analysis first
// asks for them; they stay for as long as their segment is in use. Safe for
// concurrent use.
type Cache struct {
	turn      chan struct{} // a mutex that can be waited for with a context
	words     vocabulary
	bySegment map[uint64]*contentWords // those that were broken off are read on
	dir       string                   // where their codes are kept
}

// NewCache returns an empty cache. What it has of segments it keeps in files of a folder
// that have no names, or in memory where dir is "".
func NewCache(dir string) *Cache {
	return &Cache{dir: dir, turn: make(chan struct{}, 1), words: vocabulary{numbers: map[string]uint32{}}, bySegment: map[uint64]*contentWords{}}
}

// Corpus is the content words of one state of the index. Its vocabulary is as long
// as it was when the corpus was made; all its sequences are within it.
type Corpus struct {
	segments []docset.Segment
	words    []string
	parts    []*contentWords // of each segment
	whole    counts          // of all live documents
}

// counts are how many documents have each word of a vocabulary, and how often
// it stands in them.
type counts struct {
	df, tf []uint32
	docs   int
}

// Corpus returns the content words of the segments of a state of the index. The first
// call after a segment came reads it, some 20 µs a document. Where ctx ends
// meanwhile, what was read stays, and the next call goes on from there. A segment
// that is none of these is dropped.
func (c *Cache) Corpus(ctx context.Context, segments []docset.Segment) (*Corpus, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	used := make(map[uint64]*contentWords, len(segments))
	out := &Corpus{segments: segments}
	for _, s := range segments {
		q := c.bySegment[s.ID]
		if q == nil {
			q = newContentWords(s.Reader, c.dir)
			c.bySegment[s.ID] = q
		}
		if err := q.read(ctx, s.Reader, &c.words); err != nil {
			return nil, err
		}
		used[s.ID] = q
		out.parts = append(out.parts, q)
	}
	c.bySegment = used
	out.words = c.words.words[:len(c.words.words):len(c.words.words)]
	return out, out.countWhole(ctx)
}

func (c *Corpus) countWhole(ctx context.Context) error {
	c.whole = counts{df: make([]uint32, len(c.words)), tf: make([]uint32, len(c.words)), docs: c.live()}
	gone := newWordTally(len(c.words))
	for i, s := range c.segments {
		q := c.parts[i]
		for w := range q.df {
			c.whole.df[w] += q.df[w]
			c.whole.tf[w] += q.tf[w]
		}
		for d := range uint32(s.Size()) {
			if s.IsDeleted(d) {
				gone.add(q, d)
				if err := ctx.Err(); err != nil {
					return err
				}
			}
		}
	}
	c.whole.less(gone)
	return nil
}

// live returns how many documents are not deleted.
func (c *Corpus) live() (n int) {
	for _, s := range c.segments {
		n += s.Size() - s.Deleted.Count()
	}
	return n
}

// less takes a tally off the counts.
func (c *counts) less(t *wordTally) {
	for w := range t.df {
		c.df[w] -= t.df[w]
		c.tf[w] -= t.tf[w]
	}
}

// place is a document of a state: its segment and its number there.
type place struct {
	segment int
	doc     uint32
}

// Selection is the documents that an analysis is of, and all other live ones, each in
// the order of their numbers.
type Selection struct{ in, out []place }

// Select returns the selection of the documents in a set; others are all other live
// ones. Both are sets of the corpus's state, and are not looked at afterwards.
func (c *Corpus) Select(set, others docset.Bitmap) Selection {
	return Selection{in: c.places(set), out: c.places(others)}
}

func (c *Corpus) places(set docset.Bitmap) []place {
	list := make([]place, 0, set.Count())
	for i, s := range c.segments {
		s.Of(set).Each(func(d uint32) { list = append(list, place{i, d}) })
	}
	return list
}

// countsOf counts the words of the selected documents. Where most are selected, the
// others are counted and taken off the whole.
func (c *Corpus) countsOf(ctx context.Context, s Selection) (counts, error) {
	in, out := s.in, s.out
	less := in
	if len(out) < len(in) {
		less = out
	}
	t, err := c.count(ctx, less)
	if err != nil {
		return counts{}, err
	}
	if len(out) >= len(in) {
		return counts{df: t.df, tf: t.tf, docs: len(in)}, nil
	}
	n := counts{df: append([]uint32(nil), c.whole.df...), tf: append([]uint32(nil), c.whole.tf...), docs: len(in)}
	n.less(t)
	return n, nil
}

// count counts the words of the documents, on all processors.
func (c *Corpus) count(ctx context.Context, docs []place) (*wordTally, error) {
	sums := make([]*wordTally, workers(len(docs)))
	err := inParallel(len(docs), len(sums), func(n, from, to int) error {
		t := newWordTally(len(c.words))
		for _, p := range docs[from:to] {
			if err := ctx.Err(); err != nil {
				return err
			}
			t.add(c.parts[p.segment], p.doc)
		}
		sums[n] = t
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, t := range sums[1:] {
		for w := range t.df {
			sums[0].df[w] += t.df[w]
			sums[0].tf[w] += t.tf[w]
		}
	}
	return sums[0], nil
}
