package indexer

import (
	"cmp"
	"slices"
	"sync"
)

// scores are the numbers that a search gathers for each document of a view.
type scores struct {
	score   []float32 // BM25 over words and grams
	covered []float32 // weight of the units that the document has
}

var scoresPool sync.Pool

// newScores gives zeroed scores for n documents.
func newScores(n int) *scores {
	s, _ := scoresPool.Get().(*scores)
	if s == nil || cap(s.score) < n {
		s = &scores{score: make([]float32, n), covered: make([]float32, n)}
	}
	s.score, s.covered = s.score[:n], s.covered[:n]
	clear(s.score)
	clear(s.covered)
	return s
}

func (s *scores) free() { scoresPool.Put(s) }

// termLists are the lists of one term in the segments of a view.
type termLists struct {
	lists []*postings
	df    int // live documents that have the term
}

// listsOf finds a term's list in each segment.
func (v *view) listsOf(field, term string) (termLists, error) {
	t := termLists{lists: make([]*postings, len(v.segments))}
	for i, s := range v.segments {
		p, err := v.postings(s, field, term)
		if err != nil {
			return t, err
		}
		t.lists[i] = p
		t.df += s.alive(p)
	}
	return t, nil
}

// alive counts the documents of a list that are not deleted.
func (s *segmentView) alive(p *postings) int {
	if s.deleted == nil {
		return len(p.docs)
	}
	n := 0
	for _, d := range p.docs {
		if !s.deleted.has(d) {
			n++
		}
	}
	return n
}

// weighed is a term with its lists and the most that it can add to a score.
type weighed struct {
	termLists
	scoredTerm
	most float32
}

// weigh finds the terms' lists and weights, the weightiest first. Every way of
// scoring adds in this order, so that a hit's score is the same to the last
// digit on each page. What no document has is left out.
func (v *view) weigh(terms []scoredTerm) ([]weighed, error) {
	out := make([]weighed, 0, len(terms))
	for _, t := range terms {
		lists, err := v.listsOf(t.field, t.text)
		if err != nil {
			return nil, err
		}
		if lists.df == 0 {
			continue
		}
		out = append(out, weighed{lists, t, t.weight * float32(idf(lists.df, v.live)) * (bm25K1 + 1)})
	}
	slices.SortStableFunc(out, func(a, b weighed) int { return cmp.Compare(b.most, a.most) })
	return out, nil
}

// addTerms adds BM25 of all terms to the scores, and gives the terms with their
// weights.
func (v *view) addTerms(terms []scoredTerm, to *scores) ([]weighed, error) {
	ws, err := v.weigh(terms)
	if err != nil {
		return nil, err
	}
	for i := range ws {
		v.add(&ws[i], to)
	}
	return ws, nil
}

// add adds BM25 of one term to the scores of all documents that have it.
func (v *view) add(w *weighed, to *scores) {
	norm := v.norm(w.field)
	for i, s := range v.segments {
		p := w.lists[i]
		score, norm := to.score[s.base:], norm[s.base:]
		for j, d := range p.docs {
			n := float32(p.counts[j])
			score[d] += w.most * n / (n + norm[d])
		}
	}
}

func (v *view) norm(field string) []float32 {
	if field == fieldGrams {
		return v.gramNorm
	}
	return v.wordNorm
}

// addUnits adds the units' weights to the documents that have them, and gives
// the weights; a unit that no document has weighs nothing unless strict is set.
func (v *view) addUnits(units []unit, strict bool, to *scores) (weights []float32, err error) {
	weights = make([]float32, len(units))
	var seen bits
	lists := make([]*postings, 0, 8)
	for n, u := range units {
		lists = lists[:0]
		df := 0
		for _, s := range v.segments {
			for _, way := range u.ways {
				p, err := v.matches(s, way)
				if err != nil {
					return nil, err
				}
				lists = append(lists, p)
				df += s.alive(p)
			}
		}
		if df == 0 && !strict {
			continue
		}
		weight := float32(idf(min(df, v.live), v.live))
		weights[n] = weight
		ways := len(u.ways)
		for i, s := range v.segments {
			covered := to.covered[s.base:]
			if ways == 1 {
				for _, d := range lists[i].docs {
					covered[d] += weight
				}
				continue
			}
			seen = append(seen[:0], make(bits, (len(s.ids)+63)/64)...)
			for _, p := range lists[i*ways : (i+1)*ways] {
				for _, d := range p.docs {
					if !seen.has(d) {
						seen.add(d)
						covered[d] += weight
					}
				}
			}
		}
	}
	return weights, nil
}
