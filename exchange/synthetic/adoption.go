package synthetic

import (
	"math/rand/v2"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// adoptions makes the adoptions of the block of cases [from, to): one to five
// cases, some cases taken over by several committees, none twice by one. It
// returns false where yield wants no more.
func (g *generator) adoptions(from, to int, yield func(*catalog.AdoptionInput) bool) bool {
	type edge struct{ taken, by string }
	edges := map[edge]bool{}
	popularity := shares(to-from, g.random("popularity", from))
	return each(from, to, casesToAdoption, func(n int) bool {
		random := g.random("adoption", n)
		for range 40 { // a block of cases that have hardly ended may have none to give
			in := g.adoption(n, from+draw(popularity, random), to, random)
			if in != nil && !edges[edge{in.Case, in.Adopter}] {
				edges[edge{in.Case, in.Adopter}] = true
				return yield(in)
			}
		}
		return true
	})
}

// adoption makes the n-th adoption, of a case that has come already, as have all
// below known; nil where that case is too young to be taken over.
func (g *generator) adoption(n, taken, known int, random *rand.Rand) *catalog.AdoptionInput {
	from := g.outline(taken)
	first := from.ended.AddDate(0, 0, 15)
	last := from.ended.AddDate(2, 0, 0)
	if last.After(horizon) {
		last = horizon
	}
	if first.After(last) {
		return nil
	}
	by := &g.world.committees[draw(g.committees, random)]
	result := ""
	if random.Float64() < 0.5 {
		if i, ok := g.resulting(from, known, random); ok {
			o := g.outline(i)
			by, last, result = o.committee, o.started, g.slug("case", i)
		}
	}
	if by.slug == from.committee.slug {
		return nil
	}
	v := newComposer(g.words, from.theme, by.titles, random)
	return &catalog.AdoptionInput{
		InputMeta: g.meta("adoption", n), Case: g.slug("case", taken), Adopter: by.slug,
		AdoptedOn: partial(betweenDays(first, last, random), from.exactDates),
		Changes:   v.say("adoptionChanges"), Result: v.say("adoptionResult"), ResultingCase: result,
	}
}

// resulting looks for a case that may have come of taking one over: another
// committee's on the same theme, begun when the first one had ended.
func (g *generator) resulting(from outline, known int, random *rand.Rand) (n int, ok bool) {
	for range 60 {
		i := random.IntN(known)
		o := g.outline(i)
		if o.theme == from.theme && o.committee.slug != from.committee.slug && o.started.After(from.ended.AddDate(0, 0, 30)) {
			return i, true
		}
	}
	return 0, false
}

func betweenDays(first, last time.Time, random *rand.Rand) time.Time {
	days := int(last.Sub(first).Hours() / 24)
	return first.AddDate(0, 0, random.IntN(days+1))
}
