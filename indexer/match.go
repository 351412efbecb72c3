package indexer

import (
	"context"

	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/query"
)

// relaxedShare is what is needed of the best score where nothing has enough of
// the query: a misspelt word leaves some of its pairs of characters right.
const relaxedShare = 0.3

// found are the documents that a query finds, before any filter.
type found struct {
	*scores
	*docset.Workspace
	relaxed     bool           // nothing had all that was needed
	set         docset.Bitmap  // the documents
	allowed     docset.Bitmap  // those that phrases, fields and exclusions let be found
	terms       []weightedTerm // the plan's terms, once the scores are there
	unitWeights []float32
}

// free returns what was borrowed. The found documents are not to be used after.
func (f *found) free() {
	f.scores.free()
	f.Workspace.Free()
}

// run finds the view's documents by the plan. They have their scores only where
// the search was relaxed, which needs them. The caller frees what was found.
func (v *view) run(ctx context.Context, pl *query.Plan, relaxed bool) (*found, error) {
	f := &found{scores: newScores(v.size), Workspace: docset.NewWorkspace(v.size), relaxed: relaxed}
	if err := v.fill(ctx, pl, f); err != nil {
		f.free()
		return nil, err
	}
	return f, nil
}

func (v *view) fill(ctx context.Context, pl *query.Plan, f *found) error {
	f.set = f.BorrowCopy(v.alive)
	for _, c := range pl.Must {
		borrowed := f.Borrowed
		set := f.BorrowEmpty()
		if err := v.addMatches(ctx, c, set); err != nil {
			return err
		}
		f.set.And(set)
		f.Return(borrowed)
	}
	for _, c := range pl.MustNot {
		borrowed := f.Borrowed
		set := f.BorrowEmpty()
		if err := v.addMatches(ctx, c, set); err != nil {
			return err
		}
		f.set.Without(set)
		f.Return(borrowed)
	}
	f.allowed = f.BorrowCopy(f.set)
	if f.relaxed {
		return v.fillRelaxed(ctx, pl, f)
	}
	sets, err := v.unitSets(ctx, pl.Units, !pl.Question, f)
	if err != nil || len(pl.Units) == 0 {
		return err
	}
	f.set.And(v.minimumShouldMatch(sets, f.unitWeights, pl.MinimumShouldMatch(), f.Workspace))
	return nil
}

// addMatches adds the documents for which a condition holds to a set.
func (v *view) addMatches(ctx context.Context, c query.Condition, to docset.Bitmap) error {
	t, err := v.matches(ctx, c)
	if err == nil {
		t.addTo(v, to)
	}
	return err
}

// unitSets returns the documents that have each unit, and notes the units'
// weights; a unit that no document has weighs nothing unless strict is set.
func (v *view) unitSets(ctx context.Context, units []query.Unit, strict bool, f *found) ([]docset.Bitmap, error) {
	sets := make([]docset.Bitmap, len(units))
	f.unitWeights = make([]float32, len(units))
	for i, u := range units {
		sets[i] = f.BorrowEmpty()
		df := 0
		for _, way := range u.Ways {
			t, err := v.matches(ctx, way)
			if err != nil {
				return nil, err
			}
			t.addTo(v, sets[i])
			df += t.df
		}
		if df > 0 || strict {
			f.unitWeights[i] = float32(idf(min(df, v.live), v.live))
		}
	}
	return sets, nil
}

// fillRelaxed finds by score: what has a share of the best one. The best is one of the
// core, where any of it has a score: a source has something of everything.
func (v *view) fillRelaxed(ctx context.Context, pl *query.Plan, f *found) (err error) {
	if _, err := v.unitSets(ctx, pl.Units, !pl.Question, f); err != nil {
		return err
	}
	pl.Terms = pl.RelaxedTerms()
	if f.terms, err = v.addTerms(ctx, pl.Terms, f.scores); err != nil {
		return err
	}
	best, ofCore := float32(0), float32(0)
	f.set.Each(func(d uint32) {
		best = max(best, f.score[d])
		if v.core.alive.Has(d) {
			ofCore = max(ofCore, f.score[d])
		}
	})
	if ofCore > 0 {
		best = ofCore
	}
	need := max(best*relaxedShare, 1e-6)
	enough := f.BorrowEmpty()
	f.set.Each(func(d uint32) {
		if f.score[d] >= need {
			enough.Add(d)
		}
	})
	f.set = enough
	return nil
}
