package indexer

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"sync"

	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
)

// scores are the numbers that a search gathers for each document of a view.
type scores struct {
	score []float32 // BM25 over words and grams
}

var scoresPool sync.Pool

// newScores returns zeroed scores for n documents.
func newScores(n int) *scores {
	s, _ := scoresPool.Get().(*scores)
	if s == nil || cap(s.score) < n {
		s = &scores{score: make([]float32, n)}
	}
	s.score = s.score[:n]
	clear(s.score)
	return s
}

func (s *scores) free() { scoresPool.Put(s) }

// alive counts the documents of a list that are not deleted.
func (s *segmentView) alive(p *docset.Postings) int {
	if s.deleted == nil {
		return p.Len
	}
	return p.Len - p.CountIn(s.deleted)
}

// weightedTerm is a term with its lists and what it can add to a score.
type weightedTerm struct {
	*termLists
	query.Term
	most float32 // what a document full of it would get
	best float32 // the most that any document gets
}

// weigh finds the terms' lists and weights, the weightiest first. Every way of
// scoring adds in this order, so that a hit's score is the same to the last
// digit on each page. What no document has is left out.
func (v *view) weigh(ctx context.Context, terms []query.Term) ([]weightedTerm, error) {
	out := make([]weightedTerm, 0, len(terms))
	for _, t := range terms {
		lists, err := v.listsOf(ctx, listName{listCounted, t.Field, t.Text})
		if err != nil {
			return nil, err
		}
		if lists.df == 0 {
			continue
		}
		w := weightedTerm{termLists: lists, Term: t, most: t.Weight * float32(idf(lists.df, v.live)) * (bm25K1 + 1)}
		w.best = w.most * w.share
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b weightedTerm) int { return cmp.Compare(b.most, a.most) })
	return out, nil
}

// addTerms adds BM25 of all terms to the scores, and returns the terms with their
// weights.
func (v *view) addTerms(ctx context.Context, terms []query.Term, to *scores) ([]weightedTerm, error) {
	ws, err := v.weigh(ctx, terms)
	if err != nil {
		return nil, err
	}
	for i := range ws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v.add(&ws[i], to)
	}
	return ws, nil
}

// add adds BM25 of one term to the scores of all documents that have it.
func (v *view) add(w *weightedTerm, to *scores) {
	norm := v.norm(w.Field)
	for i, s := range v.segments {
		p := w.lists[i]
		end := int(s.base) + len(s.ids)
		score, norm := to.score[s.base:end], norm[s.base:end]
		counts, step := p.Counts, p.Step
		if p.Bitmap == nil {
			for j, d := range p.List {
				n := float32(docset.CountAt(counts, step, j))
				score[d] += w.most * n / (n + norm[d])
			}
			continue
		}
		j := 0
		for at, word := range p.Bitmap {
			for ; word != 0; word &= word - 1 {
				d := at*64 + bits.TrailingZeros64(word)
				n := float32(docset.CountAt(counts, step, j))
				j++
				score[d] += w.most * n / (n + norm[d])
			}
		}
	}
}

func (v *view) norm(field string) []float32 {
	if field == document.FieldGrams {
		return v.gramNorm
	}
	return v.wordNorm
}

func (v *view) average(field string) float32 {
	if field == document.FieldGrams {
		return v.gramAverage
	}
	return v.wordAverage
}

// of returns BM25 of the term in document d of the view, which is in segment at.
func (w *weightedTerm) of(v *view, at int, d uint32) float32 {
	p, in := w.lists[at], d-v.segments[at].base
	c := uint8(0)
	if p.Bitmap != nil {
		c = p.CountOf(in)
	} else if j, ok := slices.BinarySearch(p.List, in); ok {
		c = p.Count(j)
	}
	if c == 0 {
		return 0
	}
	n := float32(c)
	return w.most * n / (n + v.norm(w.Field)[d])
}

// idf is BM25's weight of a term that df of n documents hold, never negative.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
}
