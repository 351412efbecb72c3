package indexer

import (
	"context"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/rerank"
)

// How many of the best hits get a second look. What answers a question may
// stand further down; of what has the words looked for, the first have them best.
const (
	rerankedForQuestion = 30
	rerankedForWords    = 20
)

// rerank returns the best hits in the order that the model of rerank/weights.go puts
// them into. Their values are above those of all other hits, which keep their
// scores, so that one order runs through all pages.
func (s *search) rerank(ctx context.Context) ([]ranked, error) {
	best := s.best()
	words := len(best)
	best = append(best, s.nearHits()...)
	if len(best) < 2 && s.place == nil || len(s.plan.Units) == 0 {
		return best, nil
	}
	looked, err := s.features(ctx, best)
	if err != nil {
		return nil, err
	}
	floor := 1.0 // nothing has a word that was looked for
	if words > 0 {
		floor = best[words-1].value
	}
	var closeness []float64
	if s.place != nil {
		closeness = s.place.closeness(ctx, recordsOf(best))
	}
	for i := range best {
		more := 0.0
		if closeness != nil {
			more = nearWeight * closeness[i]
		}
		best[i].value = floor * (1 + rerank.Model.Score(&looked[i], more))
	}
	slices.SortFunc(best, func(a, b ranked) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return best, nil
}

func recordsOf(hits []ranked) []catalog.ID {
	ids := make([]catalog.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.id
	}
	return ids
}

// best returns the hits that get a second look for their words, by their score.
func (s *search) best() []ranked {
	t := top{n: rerankedForWords}
	if s.plan.Question {
		t.n = rerankedForQuestion
	}
	s.eachHit(func(d uint32) {
		if slices.Contains(s.near, d) {
			return // it has its place by what it means; there are few
		}
		if v := float64(s.found.score[d]); len(t.heap) < t.n || v >= t.heap[0].value {
			t.offer(ranked{value: v, id: s.view.ID(d), doc: d})
		}
	})
	return t.sorted()
}

// features looks at the texts of hits.
func (s *search) features(ctx context.Context, best []ranked) ([]rerank.Features, error) {
	out := make([]rerank.Features, len(best))
	var words, grams, all float32
	for i, r := range best {
		w, g := s.view.partScores(s.found.terms, r.doc)
		out[i][rerank.FeatWords], out[i][rerank.FeatGrams], out[i][rerank.FeatScore] = w, g, float32(r.value)
		words, grams, all = max(words, w), max(grams, g), max(all, float32(r.value))
	}
	a := rerank.NewQuery(s.parsed.Text, s.plan.Cut, s.x.words.Stop, s.plan.Units, s.found.unitWeights, func(field, term string) float32 { return s.rarity(ctx, field, term) })
	defer a.Free()
	var c rerank.Comparison
	for i, r := range best {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i][rerank.FeatWords] = rerank.Share(out[i][rerank.FeatWords], words)
		out[i][rerank.FeatGrams] = rerank.Share(out[i][rerank.FeatGrams], grams)
		out[i][rerank.FeatScore] = rerank.Share(out[i][rerank.FeatScore], all)
		if s.query.WantHighlights { // most of these are shown
			if _, err := s.document(r.doc); err != nil {
				return nil, err
			}
		}
		parts, err := s.view.partsOf(r.doc)
		if err != nil {
			return nil, err
		}
		c.Compare(a, parts, &out[i])
	}
	return out, nil
}

// rarity is the weight of a term in the view. Most that are asked for have been
// weighed for the score already.
func (s *search) rarity(ctx context.Context, field, term string) float32 {
	for i := range s.found.terms {
		if t := &s.found.terms[i]; t.Text == term && t.Field == field {
			return float32(idf(t.df, s.view.live))
		}
	}
	return s.view.Rarity(ctx, field, term)
}

// Rarity returns the weight of a term in the view: the rarer, the more.
func (v *view) Rarity(ctx context.Context, field, term string) float32 {
	lists, err := v.listsOf(ctx, listName{listPlain, field, term})
	if err != nil || lists.df == 0 {
		return 0
	}
	return float32(idf(lists.df, v.live))
}

// partScores returns BM25 of the words and of the grams of one document.
func (v *view) partScores(terms []weightedTerm, doc uint32) (words, grams float32) {
	at := v.segmentIndex(doc)
	for i := range terms {
		if terms[i].Field == document.FieldGrams {
			grams += terms[i].of(v, at, doc)
		} else {
			words += terms[i].of(v, at, doc)
		}
	}
	return words, grams
}
