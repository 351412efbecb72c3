package indexer

import "slices"

// Most of the time of a search goes into the lists of characters that nearly
// every document has, and that can change little. They are left to the end: once
// the first n hits are ahead of all others by more than what is left can add,
// only those that may still come among the first n are looked up in the lists
// that are left. This is MaxScore, term at a time (Turtle and Flood, Query
// Evaluation: Strategies and Optimizations, 1995); the first n and their scores
// come out just as without it, the others' scores are lower than they were.
const (
	// longList is the share of the documents from which a list counts as long.
	longList = 0.02
	// fewHits is how many times shorter than a list the hits that may still come
	// in must be for looking them up one by one to be the faster way.
	fewHits = 8
)

// scoreFirst scores the hits so that the first n are right.
func (v *view) scoreFirst(terms []scoredTerm, to *scores, hits []uint32, n int) ([]weighed, error) {
	ws, err := v.weigh(terms)
	if err != nil {
		return nil, err
	}
	left := float32(0)
	for i := range ws {
		left += ws[i].most
	}
	for i := range ws {
		if float64(ws[i].df) > longList*float64(v.live) {
			if still := v.mayComeIn(to, hits, n, left, ws[i].df/fewHits); still != nil {
				v.addEach(ws[i:], to, still)
				return ws, nil
			}
		}
		v.add(&ws[i], to)
		left -= ws[i].most
	}
	return ws, nil
}

// mayComeIn gives the hits that may be among the first n when left is the most
// that can still be added; nil where they are more than limit.
func (v *view) mayComeIn(to *scores, hits []uint32, n int, left float32, limit int) []uint32 {
	if len(hits) <= n || limit <= n {
		return nil
	}
	t := top{n: n}
	for _, d := range hits {
		t.offer(ranked{value: float64(to.score[d]), doc: d})
	}
	// The margin is far more than what adding floats loses.
	bar := float32(t.heap[0].value)*0.9999 - left
	if bar <= 0 {
		return nil
	}
	var out []uint32
	for _, d := range hits {
		if to.score[d] >= bar {
			if len(out) == limit {
				return nil
			}
			out = append(out, d)
		}
	}
	return out
}

// addEach adds BM25 of the terms to the scores of some documents, which are
// ascending.
func (v *view) addEach(ws []weighed, to *scores, docs []uint32) {
	for i := range ws {
		norm := v.norm(ws[i].field)
		rest := docs
		for k, s := range v.segments {
			p := ws[i].lists[k]
			end := s.base + uint32(len(s.ids))
			at := 0
			for len(rest) > 0 && rest[0] < end {
				d := rest[0] - s.base
				rest = rest[1:]
				j, ok := slices.BinarySearch(p.docs[at:], d)
				at += j
				if ok {
					n := float32(p.counts[at])
					to.score[s.base+d] += ws[i].most * n / (n + norm[s.base+d])
				}
			}
		}
	}
}
