package indexer

import (
	"context"

	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// neededShare is how much of what was asked for a document must have to count
// as found, as a share of the units' weights. One or two words are all meant;
// of more a part is enough. A question says things in its own way, and some that
// no document says: there, a little is.
func (pl *plan) neededShare() float32 {
	switch units := len(pl.units); {
	case pl.question:
		return 0.05
	case units <= 2:
		return 0.999 // all, but for what adding up floats loses
	case units == 3:
		return 0.7
	case units == 4:
		return 0.55
	case units == 5:
		return 0.45
	}
	return 0.25
}

// relaxedShare is what is needed of the best score where nothing has enough of
// the query: a misspelt word leaves some of its pairs of characters right.
const relaxedShare = 0.3

// found are the documents that a query finds, before any filter.
type found struct {
	*scores
	*docset.Workspace
	relaxed     bool          // nothing had all that was needed
	set         docset.Bitmap // the documents
	terms       []weighed     // the plan's terms, once the scores are there
	unitWeights []float32
}

// free gives back what was lent. The found documents are not to be used after.
func (f *found) free() {
	f.scores.free()
	f.Workspace.Free()
}

// run finds the view's documents by the plan. They have their scores only where
// the search was relaxed, which needs them. The caller frees what was found.
func (v *view) run(ctx context.Context, pl *plan, relaxed bool) (*found, error) {
	f := &found{scores: newScores(v.size), Workspace: docset.NewWorkspace(v.size), relaxed: relaxed}
	if err := v.fill(ctx, pl, f); err != nil {
		f.free()
		return nil, err
	}
	return f, nil
}

func (v *view) fill(ctx context.Context, pl *plan, f *found) error {
	f.set = f.LendCopy(v.alive)
	for _, c := range pl.must {
		lent := f.Lent
		set := f.LendEmpty()
		if err := v.addMatches(ctx, c, set); err != nil {
			return err
		}
		f.set.And(set)
		f.TakeBack(lent)
	}
	for _, c := range pl.mustNot {
		lent := f.Lent
		set := f.LendEmpty()
		if err := v.addMatches(ctx, c, set); err != nil {
			return err
		}
		f.set.Without(set)
		f.TakeBack(lent)
	}
	if f.relaxed {
		return v.fillRelaxed(ctx, pl, f)
	}
	sets, err := v.unitSets(ctx, pl.units, !pl.question, f)
	if err != nil || len(pl.units) == 0 {
		return err
	}
	f.set.And(v.covering(sets, f.unitWeights, pl.neededShare(), f.Workspace))
	return nil
}

// addMatches adds the documents for which a condition holds to a set.
func (v *view) addMatches(ctx context.Context, c condition, to docset.Bitmap) error {
	t, err := v.matches(ctx, c)
	if err == nil {
		t.addTo(v, to)
	}
	return err
}

// unitSets gives the documents that have each unit, and notes the units'
// weights; a unit that no document has weighs nothing unless strict is set.
func (v *view) unitSets(ctx context.Context, units []unit, strict bool, f *found) ([]docset.Bitmap, error) {
	sets := make([]docset.Bitmap, len(units))
	f.unitWeights = make([]float32, len(units))
	for i, u := range units {
		sets[i] = f.LendEmpty()
		df := 0
		for _, way := range u.ways {
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

// fillRelaxed finds by score: what has a share of the best one.
func (v *view) fillRelaxed(ctx context.Context, pl *plan, f *found) (err error) {
	if _, err := v.unitSets(ctx, pl.units, !pl.question, f); err != nil {
		return err
	}
	pl.terms = pl.relaxedTerms()
	if f.terms, err = v.addTerms(ctx, pl.terms, f.scores); err != nil {
		return err
	}
	best := float32(0)
	f.set.Each(func(d uint32) { best = max(best, f.score[d]) })
	need := max(best*relaxedShare, 1e-6)
	enough := f.LendEmpty()
	f.set.Each(func(d uint32) {
		if f.score[d] >= need {
			enough.Add(d)
		}
	})
	f.set = enough
	return nil
}

// relaxedTerms leaves single characters out, which nearly every document has,
// unless there is nothing else.
func (pl *plan) relaxedTerms() []scoredTerm {
	var out []scoredTerm
	for _, t := range pl.terms {
		if text.CountParts([]rune(t.text)) > 1 || !text.IsHan([]rune(t.text)[0]) {
			out = append(out, t)
		}
	}
	if out == nil {
		return pl.terms
	}
	return out
}
