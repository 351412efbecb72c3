package indexer

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
)

// contents are the content words of a generation's segments, read when an
// analysis first asks for them and kept for as long as their segment is in use.
// Safe for concurrent use.
type contents struct {
	turn      chan struct{} // a mutex that can be waited for with a context
	words     vocabulary
	bySegment map[uint64]*contentWords // those that were broken off are read on
}

func newContents() contents {
	return contents{turn: make(chan struct{}, 1), words: vocabulary{numbers: map[string]uint32{}}, bySegment: map[uint64]*contentWords{}}
}

// corpus is a view's content words. Its vocabulary is as long as it was when
// the corpus was made; all its sequences are within it.
type corpus struct {
	*view
	words []string
	parts []*contentWords // of each segment
	whole counts          // of all live documents
}

// counts are how many documents have each word of a vocabulary, and how often
// it stands in them.
type counts struct {
	df, tf []uint32
	docs   int
}

// corpus returns the view's content words. The first call after a segment came
// reads it, some 20 µs a document. Where ctx ends meanwhile, what was read stays,
// and the next call goes on from there.
func (v *view) corpus(ctx context.Context) (*corpus, error) {
	c := &v.generation.content
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	used := make(map[uint64]*contentWords, len(v.segments))
	out := &corpus{view: v}
	for _, s := range v.segments {
		q := c.bySegment[s.id]
		if q == nil {
			q = newSequences(s.segment)
			c.bySegment[s.id] = q
		}
		if err := q.read(ctx, s.segment, &c.words); err != nil {
			return nil, err
		}
		used[s.id] = q
		out.parts = append(out.parts, q)
	}
	c.bySegment = used
	out.words = c.words.words[:len(c.words.words):len(c.words.words)]
	return out, out.countWhole(ctx)
}

func (c *corpus) countWhole(ctx context.Context) error {
	c.whole = counts{df: make([]uint32, len(c.words)), tf: make([]uint32, len(c.words)), docs: c.live}
	gone := newWordTally(len(c.words))
	for i, s := range c.segments {
		q := c.parts[i]
		for w := range q.df {
			c.whole.df[w] += q.df[w]
			c.whole.tf[w] += q.tf[w]
		}
		for d := range uint32(len(s.ids)) {
			if s.deleted != nil && s.deleted.Has(d) {
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

// less takes a tally off the counts.
func (c *counts) less(t *wordTally) {
	for w := range t.df {
		c.df[w] -= t.df[w]
		c.tf[w] -= t.tf[w]
	}
}

// place is a document of a view: its segment and its number there.
type place struct {
	segment int
	doc     uint32
}

// selected returns the live documents that pass the filter, and those that do
// not, each in the view's order.
func (v *view) selected(kinds []catalog.RecordKind, f catalog.SearchFilter) (in, out []place) {
	w := docset.NewWorkspace(v.size)
	defer w.Free()
	passed := newFilter(catalog.SearchQuery{Kinds: kinds, Filter: f}).apply(v, w.LendCopy(v.alive), w).hits
	others := w.LendCopy(v.alive)
	others.Without(passed)
	return v.places(passed), v.places(others)
}

func (v *view) places(set docset.Bitmap) []place {
	list := make([]place, 0, set.Count())
	for i, s := range v.segments {
		s.of(set).Each(func(d uint32) { list = append(list, place{i, d}) })
	}
	return list
}

// countsOf counts the words of the documents in; out are all other live ones.
// Where most are in, the others are counted and taken off the whole.
func (c *corpus) countsOf(ctx context.Context, in, out []place) (counts, error) {
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
func (c *corpus) count(ctx context.Context, docs []place) (*wordTally, error) {
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

// worthwhile is how many documents a goroutine of its own is worth.
const worthwhile = 500

// workers is how many goroutines to count n documents with.
func workers(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/worthwhile)) }

// inParallel calls work with the parts of 0..n, each in a goroutine, waits for all
// and returns the error of the first part that has one. A panic in there is such an
// error, a *panicked: nobody else could recover it, and the process would end. Parts
// but the last are multiples of 64 long, so that sets of bits can be filled without
// two goroutines in one word.
func inParallel(n, parts int, work func(part, from, to int) error) error {
	size := (n/parts + 64) / 64 * 64
	failed := make([]error, parts)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failed[i] = &panicked{value: p, stack: debug.Stack()}
				}
			}()
			failed[i] = work(i, min(i*size, n), min((i+1)*size, n))
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// panicked is a panic of a goroutine that a request started.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }
