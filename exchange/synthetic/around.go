package synthetic

import (
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
)

// umbrella is the brand above the seed's others, in the place that 吉思广益 has
// above the real ones.
func (g *generator) umbrella() *catalog.BrandInput {
	return &catalog.BrandInput{
		InputMeta: g.meta("brand", 0), Name: fmt.Sprintf("合成协商（种子%d）", g.o.Seed),
		Description: summaryMark + "以下各品牌均由程序生成，仅用于测试。",
	}
}

// brandOwner returns the committee of the n-th brand below the umbrella.
func (g *generator) brandOwner(n int) *committee {
	return &g.world.committees[draw(g.committees, g.random("brand owner", n))]
}

// brand makes the n-th brand below the umbrella, which has the number before.
func (g *generator) brand(n int) *catalog.BrandInput {
	random := g.random("brand", n)
	owner := g.brandOwner(n)
	v := newComposer(g.words, g.words.themes[draw(g.themes, random)], owner.titles, random)
	return &catalog.BrandInput{
		InputMeta: g.meta("brand", n+1), Name: v.say("brandHead") + v.say("brandTail") + mark(n+1),
		Description: summaryMark + v.say("brandDescription"),
		Committee:   owner.slug, Region: owner.region, Parent: g.slug("brand", 0),
	}
}

// venue makes the n-th venue.
func (g *generator) venue(n int) *catalog.VenueInput {
	random := g.random("venue", n)
	owner := &g.world.committees[draw(g.committees, random)]
	v := newComposer(g.words, oneOf(random, g.words.themes), owner.titles, random)
	in := &catalog.VenueInput{
		InputMeta: g.meta("venue", n), VenueKind: catalog.VenueLiaisonStation, Name: v.places[0] + "委员联络站" + mark(n),
		Committee: owner.slug, Region: owner.region,
	}
	if random.IntN(2) == 0 {
		in.VenueKind, in.Name = catalog.VenueConsultationRoom, v.places[0]+"协商议事室"+mark(n)
	}
	if random.IntN(2) == 0 {
		in.Address = fmt.Sprintf("%s合成路%d号", v.places[0], v.number(1, 200))
	}
	return in
}

// evaluation makes the n-th rating of a department.
func (g *generator) evaluation(n int) *catalog.EvaluationInput {
	random := g.random("evaluation", n)
	owner := &g.world.committees[draw(g.committees, random)]
	v := newComposer(g.words, oneOf(random, g.words.themes), owner.titles, random)
	score := float64(between(random, 6500, 9950)) / 100
	in := &catalog.EvaluationInput{
		InputMeta: g.meta("evaluation", n), Year: firstYear + 1 + random.IntN(7),
		// One rating a year is all that a department has, so that those of two seeds must differ.
		Department: fmt.Sprintf("%s（种子%d）%s", v.noun(listOffice), g.o.Seed, mark(n)), Score: &score, Raters: number(v.number(20, 400)), Committee: owner.slug,
	}
	if random.IntN(3) > 0 {
		counts := random.IntN(2) == 0
		in.CountsInReview = &counts
	}
	return in
}
