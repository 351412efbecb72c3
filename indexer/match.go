package indexer

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
	relaxed     bool // nothing had all that was needed
	need        float32
	terms       []weighed // the plan's terms, once the scores are there
	unitWeights []float32
	only        bits // the documents with all that must be there; nil for all
	without     bits // the documents with what must not be there; nil for none
}

// run finds the view's documents by the plan. They have their scores only where
// the search was relaxed, which needs them. The caller frees the scores.
func (v *view) run(pl *plan, relaxed bool) (*found, error) {
	f := &found{scores: newScores(v.size), relaxed: relaxed}
	err := v.fill(pl, f)
	if err != nil {
		f.free()
		return nil, err
	}
	return f, nil
}

func (v *view) fill(pl *plan, f *found) error {
	for _, c := range pl.must {
		set, err := v.setOf(c)
		if err != nil {
			return err
		}
		if f.only == nil {
			f.only = set
			continue
		}
		for i := range set {
			f.only[i] &= set[i]
		}
	}
	for _, c := range pl.mustNot {
		set, err := v.setOf(c)
		if err != nil {
			return err
		}
		if f.without == nil {
			f.without = set
			continue
		}
		for i := range set {
			f.without[i] |= set[i]
		}
	}
	var err error
	if f.unitWeights, err = v.addUnits(pl.units, !pl.question, f.scores); err != nil {
		return err
	}
	for _, w := range f.unitWeights {
		f.need += w
	}
	f.need *= pl.neededShare()
	if f.relaxed {
		pl.terms = pl.relaxedTerms()
		if f.terms, err = v.addTerms(pl.terms, f.scores); err != nil {
			return err
		}
		v.needBest(f)
	}
	return nil
}

// relaxedTerms leaves single characters out, which nearly every document has,
// unless there is nothing else.
func (pl *plan) relaxedTerms() []scoredTerm {
	var out []scoredTerm
	for _, t := range pl.terms {
		if parts([]rune(t.text)) > 1 || !isHan([]rune(t.text)[0]) {
			out = append(out, t)
		}
	}
	if out == nil {
		return pl.terms
	}
	return out
}

// needBest sets what a relaxed search needs: a share of the best score.
func (v *view) needBest(f *found) {
	best := float32(0)
	for _, s := range v.segments {
		for d := range uint32(len(s.ids)) {
			if f.score[s.base+d] > best && v.stays(s, d, f) {
				best = f.score[s.base+d]
			}
		}
	}
	copy(f.covered, f.score)
	f.need = max(best*relaxedShare, 1e-6)
}

// stays reports whether the document is there and neither lacks what must be
// nor has what must not be.
func (v *view) stays(s *segmentView, d uint32, f *found) bool {
	g := s.base + d
	return (s.deleted == nil || !s.deleted.has(d)) &&
		(f.only == nil || f.only.has(g)) && (f.without == nil || !f.without.has(g))
}

// each calls visit with every document found, in the view's order.
func (v *view) each(f *found, visit func(s *segmentView, d uint32)) {
	for _, s := range v.segments {
		covered := f.covered[s.base : int(s.base)+len(s.ids)]
		for d, c := range covered {
			if c >= f.need && v.stays(s, uint32(d), f) {
				visit(s, uint32(d))
			}
		}
	}
}

// any reports whether anything was found.
func (v *view) any(f *found) bool {
	for _, s := range v.segments {
		for d, c := range f.covered[s.base : int(s.base)+len(s.ids)] {
			if c >= f.need && v.stays(s, uint32(d), f) {
				return true
			}
		}
	}
	return false
}

// setOf gives the documents of the view for which a condition holds.
func (v *view) setOf(c condition) (bits, error) {
	set := newBits(v.size)
	for _, s := range v.segments {
		p, err := v.matches(s, c)
		if err != nil {
			return nil, err
		}
		for _, d := range p.docs {
			set.add(s.base + d)
		}
	}
	return set, nil
}
