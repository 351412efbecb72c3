package synthetic

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// outline is what other records need to know of a case.
type outline struct {
	theme      *theme
	committee  *committee
	started    time.Time
	ended      time.Time
	brand      string // slug, or ""
	proposal   string // slug, or ""
	exactDates exactness
}

// outline makes the outline of the n-th case.
func (g *generator) outline(n int) outline {
	random := g.random("outline", n)
	o := outline{
		theme:     g.words.themes[draw(g.themes, random)],
		committee: &g.world.committees[draw(g.committees, random)],
		started:   drawDay(random), exactDates: drawExactness(random),
	}
	o.ended = later(o.started, 20, 240, random)
	// A brand is its committee's own: a case under it is that committee's.
	if random.Float64() < 0.3 {
		brand := n / casesToBrand
		o.brand, o.committee = g.slug("brand", brand+1), g.brandOwner(brand)
	}
	if proposal := n / casesToProposal; g.proposalCase(proposal) == n {
		o.proposal = g.slug("proposal", proposal)
	}
	return o
}

// oneCase makes the n-th case.
func (g *generator) oneCase(n int) *catalog.CaseInput {
	o := g.outline(n)
	random := g.random("case", n)
	v := newComposer(g.words, o.theme, o.committee.titles, random)
	year := o.started.Year()
	in := &catalog.CaseInput{
		InputMeta: g.meta("case", n),
		Title:     v.headline("title") + mark(n),
		Summary:   summaryMark + v.paragraphs("summary", 150+random.IntN(350), false),
		Year:      &year,
		Level:     o.committee.level, Committee: o.committee.slug, Region: o.committee.region,
		Brand: o.brand, Topics: g.topics(o.theme, random),
	}
	in.Status = drawStatus(random)
	in.Background = v.paragraphs("background", between(random, 1000, 1800), false)
	in.Approach = v.paragraphs("approach", between(random, 1300, 3600), true)
	in.Results = v.paragraphs("results", between(random, 1000, 2000), false)
	in.Lessons = v.paragraphs("lessons", between(random, 1000, 1600), false)
	if random.Float64() < 0.95 {
		in.StartedOn = partial(o.started, o.exactDates)
		in.EndedOn = partial(o.ended, o.exactDates)
	}
	in.Steps = steps(v)
	in.Outcomes = outcomes(v, o)
	in.Participants = participants(v, o)
	g.extras(in, v, n, o)
	return in
}

// extras fills what only some cases have.
func (g *generator) extras(in *catalog.CaseInput, v *composer, n int, o outline) {
	if v.random.Float64() < 0.85 {
		in.ParticipantCount = number(v.number(8, 320))
	}
	if v.random.Float64() < 0.85 {
		in.MeetingCount = number(v.number(1, 14))
	}
	if v.random.Float64() < 0.15 {
		in.Recruitment = v.say("recruitment")
	}
	if v.random.Float64() < 0.05 {
		in.AlternativeTitles = []string{v.headline("title") + mark(n)}
	}
	if v.random.Float64() < 0.25 {
		for i := range 1 + v.random.IntN(2) {
			in.Links = append(in.Links, catalog.Link{
				Title: v.say("linkTitle"), URL: fmt.Sprintf("https://news.example.invalid/synthetic/%d/%d-%d", g.o.Seed, n+1, i+1),
			})
		}
	}
	if n > 0 && v.random.Float64() < 0.005 {
		in.PossiblySameAs = []string{g.slug("case", v.random.IntN(n))}
	}
	if o.proposal != "" {
		in.Proposals = []string{o.proposal}
	}
}

// topics returns the theme's own topic, and some of its further ones.
func (g *generator) topics(t *theme, random *rand.Rand) []string {
	var slugs []string
	for i, slug := range t.topics {
		if g.world.topics[slug] && (i == 0 || random.Float64() < 0.3) {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

func drawStatus(random *rand.Rand) catalog.Status {
	if random.Float64() < 0.98 {
		return catalog.StatusPublished
	}
	return oneOf(random, []catalog.Status{catalog.StatusDraft, catalog.StatusInReview, catalog.StatusArchived})
}

// steps documents none to all eight steps of the procedure.
func steps(v *composer) []catalog.StepInput {
	var list []catalog.StepInput
	want := v.random.IntN(len(catalog.Procedure) + 1)
	for i, p := range catalog.Procedure {
		// Each step has the same chance: of those left, as many as are wanted.
		if left := len(catalog.Procedure) - i; v.random.IntN(left) < want-len(list) {
			list = append(list, catalog.StepInput{Code: p.Code, Text: v.say("step " + string(p.Code))})
		}
	}
	return list
}

var outcomeStatuses = []catalog.OutcomeStatus{
	catalog.OutcomeSubmitted, catalog.OutcomeEndorsed, catalog.OutcomeAdopted, catalog.OutcomeAdopted,
	catalog.OutcomeImplemented, catalog.OutcomeImplemented, catalog.OutcomeImplemented, catalog.OutcomeNotAdopted,
}

// outcomes makes none to three outcomes; one that was not adopted has no use
// and no effect.
func outcomes(v *composer, o outline) []catalog.OutcomeInput {
	var list []catalog.OutcomeInput
	for range v.random.IntN(4) {
		out := catalog.OutcomeInput{
			Form: v.say("form"), UsedBy: v.noun(listOffice), Status: oneOf(v.random, outcomeStatuses),
			OccurredOn: partial(later(o.ended, 5, 120, v.random), o.exactDates),
		}
		if out.Status != catalog.OutcomeNotAdopted && out.Status != catalog.OutcomeSubmitted {
			out.Use = v.say("outcomeUse")
		}
		if out.Status == catalog.OutcomeImplemented {
			out.Effect = v.say("outcomeEffect")
		}
		list = append(list, out)
	}
	return list
}

// participants puts the five sides on record, or, for a case in six, nobody.
func participants(v *composer, o outline) []catalog.ParticipantInput {
	if v.random.IntN(6) == 0 {
		return nil
	}
	list := []catalog.ParticipantInput{{Role: catalog.RoleConvener, Name: o.committee.titles.committee, Committee: o.committee.slug}}
	add := func(role catalog.PartyRole, from, most int, after string) {
		for range v.random.IntN(most + 1) {
			p := catalog.ParticipantInput{Role: role, Name: v.noun(from) + after}
			if !has(list, p) {
				list = append(list, p)
			}
		}
	}
	add(catalog.RoleServer, listPeople, 2, "代表")
	add(catalog.RoleReceiver, listOffice, 3, "")
	add(catalog.RoleStakeholder, listPeople, 2, "")
	add(catalog.RoleExpertOrPublic, listExpert, 2, "")
	return list
}

func has(list []catalog.ParticipantInput, p catalog.ParticipantInput) bool {
	for _, q := range list {
		if strings.TrimSuffix(q.Name, "代表") == strings.TrimSuffix(p.Name, "代表") {
			return true
		}
	}
	return false
}

func between(random *rand.Rand, low, high int) int { return low + random.IntN(high-low+1) }

func number(n int) *int { return &n }
