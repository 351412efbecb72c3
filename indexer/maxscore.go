package indexer

import (
	"context"
	"math/bits"

	"github.com/jisiguangyi/jisi/indexer/docset"
)

// Most of the time of a search goes into the lists of characters that nearly
// every document has, and that can change little. They are left to the end: once
// the first n hits are ahead of all others by more than what is left can add,
// only those that may still come among the first n are looked up in the lists
// that are left. This is MaxScore, term at a time (Turtle and Flood, Query
// Evaluation: Strategies and Optimizations, 1995), with two things beside: what
// is left is counted by the best that each list holds, and the bar is not what
// the first n have so far but what they will have, which is found out by looking
// up those n in all lists. The first n and their scores come out just as
// without it; the others' scores are lower than they were.

// manyHits is the share of the documents up to which hits are looked up in the
// lists one by one from the start, where that is the faster way.
const manyHits = 1.0 / 32

// scoreFirst scores the hits so that the first n are right, and returns those that
// may be among them, ascending.
func (v *view) scoreFirst(ctx context.Context, ws []weightedTerm, to *scores, hits docset.Bitmap, total, n int) ([]uint32, error) {
	left := float32(0)
	for i := range ws {
		left += ws[i].best
	}
	r := maxScore{view: v, terms: ws, scores: to, hits: hits, n: n, total: total, limit: int(manyHits * float64(v.size))}
	if total <= max(r.limit, n) {
		return r.finish(ctx, hits.AppendTo(make([]uint32, 0, total)), 0, left, 0)
	}
	work := 0
	for i := range ws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v.add(&ws[i], to)
		left -= ws[i].best
		for _, p := range ws[i].lists {
			work += max(p.Len, len(p.Bitmap)*8)
		}
		if work < v.size/4 || i == len(ws)-1 {
			continue
		}
		work = 0
		if still, bar := r.contenders(i+1, left); still != nil {
			return r.finish(ctx, still, i+1, left, bar)
		}
	}
	return hits.AppendTo(make([]uint32, 0, total)), nil
}

// maxScore is a search for the first n hits.
type maxScore struct {
	*view
	terms    []weightedTerm
	scores   *scores
	hits     docset.Bitmap
	n, total int
	limit    int // how many may still be running for looking them up to be the faster way
}

// contenders returns the hits that may be among the first n when the terms from
// next on are not added yet, and left is the most that those can add; nil where
// they are too many. bar is what it takes at least.
func (r *maxScore) contenders(next int, left float32) (still []uint32, bar float32) {
	score := r.scores.score
	t := top{n: r.n}
	worst := float32(-1)
	for at, word := range r.hits {
		for ; word != 0; word &= word - 1 {
			d := uint32(at*64 + bits.TrailingZeros64(word))
			if score[d] <= worst {
				continue
			}
			t.offer(ranked{value: float64(score[d]), doc: d})
			if len(t.heap) == r.n {
				worst = float32(t.heap[0].value)
			}
		}
	}
	bar = score[t.heap[0].doc] + left
	for _, h := range t.heap {
		whole, at := score[h.doc], r.segmentIndex(h.doc)
		for i := next; i < len(r.terms); i++ {
			whole += r.terms[i].of(r.view, at, h.doc)
		}
		bar = min(bar, whole)
	}
	bar *= 0.9999 // far more than what adding floats loses
	if bar <= left {
		return nil, bar
	}
	count := 0
	for _, s := range score {
		if s+left >= bar {
			count++
		}
	}
	if count > r.limit+r.n {
		return nil, bar
	}
	still = make([]uint32, 0, count)
	for d, s := range score {
		if s+left >= bar && r.hits.Has(uint32(d)) {
			still = append(still, uint32(d))
		}
	}
	return still, bar
}

// finish adds the terms from next on to the hits that are still running, and
// drops those that fall behind the bar.
func (r *maxScore) finish(ctx context.Context, still []uint32, next int, left, bar float32) ([]uint32, error) {
	score := r.scores.score
	for i := next; i < len(r.terms); i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.addEach(&r.terms[i], r.scores, still)
		left -= r.terms[i].best
		if bar == 0 || len(still) <= r.n {
			continue
		}
		kept := still[:0]
		for _, d := range still {
			if score[d]+left >= bar {
				kept = append(kept, d)
			}
		}
		still = kept
	}
	return still, nil
}

// addEach adds BM25 of a term to the scores of some documents, which are
// ascending.
func (v *view) addEach(w *weightedTerm, to *scores, docs []uint32) {
	norm := v.norm(w.Field)
	for k, s := range v.segments {
		p := w.lists[k]
		end := s.base + uint32(len(s.ids))
		rest, at := p.List, 0 // what is left of the list begins at its place at
		for len(docs) > 0 && docs[0] < end {
			d := docs[0]
			docs = docs[1:]
			c := uint8(0)
			switch {
			case p.Bitmap != nil:
				c = p.CountOf(d - s.base)
			case len(rest) > 0:
				on, ok := docset.Seek(rest, d-s.base)
				rest, at = rest[on:], at+on
				if ok {
					c = p.Count(at)
				}
			}
			if c > 0 {
				n := float32(c)
				to.score[d] += w.most * n / (n + norm[d])
			}
		}
	}
}
