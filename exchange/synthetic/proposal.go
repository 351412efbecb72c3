package synthetic

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// proposalCase returns the case that came of the n-th proposal: one of the ten
// that share its number.
func (g *generator) proposalCase(n int) int {
	return n*casesToProposal + g.random("proposal case", n).IntN(casesToProposal)
}

// proposal makes the n-th proposal, on the theme of its case.
func (g *generator) proposal(n int) *catalog.ProposalInput {
	random := g.random("proposal", n)
	o := g.outline(g.proposalCase(n))
	v := newComposer(g.words, o.theme, o.committee.titles, random)
	submitted := o.started.AddDate(0, 0, -5-random.IntN(60))
	year := submitted.Year()
	in := &catalog.ProposalInput{
		InputMeta: g.meta("proposal", n),
		Title:     v.headline("proposalTitle") + mark(n),
		Number:    fmt.Sprintf("合成第%d号", n+1),
		Summary:   summaryMark + v.headline("proposalSummary"),
		Year:      &year, IsKey: random.Float64() < 0.2,
		AddressedTo: o.committee.titles.committee,
		Topics:      g.topics(o.theme, random),
		Undertakers: undertakers(v),
		Events:      events(v, submitted),
		Resolution:  oneOf(random, []catalog.Resolution{"", catalog.ResolutionA, catalog.ResolutionA, catalog.ResolutionB, catalog.ResolutionB, catalog.ResolutionC}),
		Outcomes:    outcomes(v, o),
	}
	in.Proposers = g.proposers(o, random)
	if in.Resolution != "" {
		in.Satisfaction = oneOf(random, []catalog.Satisfaction{"", catalog.Satisfied, catalog.Satisfied, catalog.Satisfied, catalog.BasicallySatisfied, catalog.Unsatisfied})
	}
	if in.IsKey || random.Float64() < 0.2 {
		in.Supervisions = g.supervisions(v, n, year)
	}
	return in
}

// proposers are the case's committee, and for some a second one.
func (g *generator) proposers(o outline, random *rand.Rand) []catalog.ProposerInput {
	list := []catalog.ProposerInput{{Committee: o.committee.slug}}
	if random.Float64() < 0.2 {
		if second := g.world.committees[draw(g.committees, random)].slug; second != o.committee.slug {
			list = append(list, catalog.ProposerInput{Committee: second})
		}
	}
	return list
}

// undertakers are one lead department and up to two others.
func undertakers(v *composer) []catalog.UndertakerInput {
	var list []catalog.UndertakerInput
	for range 1 + v.random.IntN(3) {
		u := catalog.UndertakerInput{Name: v.noun(listOffice), IsLead: len(list) == 0}
		if !named(list, u.Name) {
			list = append(list, u)
		}
	}
	return list
}

func named(list []catalog.UndertakerInput, name string) bool {
	for _, u := range list {
		if u.Name == name {
			return true
		}
	}
	return false
}

// stages are those that a proposal goes through, in order, with the share of
// proposals that pass through each.
var stages = []struct {
	kind  catalog.ProposalEventKind
	share float64
}{
	{catalog.EventSubmitted, 1},
	{catalog.EventFiled, 1},
	{catalog.EventAssigned, 1},
	{catalog.EventSurveyed, 0.4},
	{catalog.EventMeetingHeld, 0.5},
	{catalog.EventEndorsed, 0.15},
	{catalog.EventReplied, 0.9},
	{catalog.EventAdopted, 0.5},
	{catalog.EventImplemented, 0.35},
}

// events tells the stages up to the horizon.
func events(v *composer, day time.Time) []catalog.ProposalEventInput {
	var list []catalog.ProposalEventInput
	for _, s := range stages {
		if v.random.Float64() >= s.share {
			continue
		}
		if day.After(horizon) {
			break
		}
		e := catalog.ProposalEventInput{Kind: s.kind, OccurredOn: partial(day, toTheDay)}
		if v.random.Float64() < 0.4 {
			e.Note = v.say("eventNote")
		}
		list = append(list, e)
		day = later(day, 3, 45, v.random)
	}
	return list
}

var offices = []string{"政协主席", "政协副主席", "分管副职领导", "党委常委", "专委会主任"}

// supervisions has an invented person or a bare office in charge.
func (g *generator) supervisions(v *composer, n, year int) []catalog.SupervisionInput {
	s := catalog.SupervisionInput{
		Office: oneOf(v.random, offices) + "（合成）", Year: &year,
		Visits: number(v.random.IntN(5)), Meetings: number(v.random.IntN(4)), Note: v.say("supervisionNote"),
	}
	if v.random.IntN(2) == 0 {
		known := n*casesToProposal/casesToPerson + 1 // persons that have come before
		s.Supervisor = g.slug("person", v.random.IntN(known))
	}
	return []catalog.SupervisionInput{s}
}

// person makes the n-th person, whose name is that of nobody.
func (g *generator) person(n int) *catalog.PersonInput {
	random := g.random("person", n)
	return &catalog.PersonInput{
		InputMeta: g.meta("person", n), Name: fmt.Sprintf("合成人物%d", n+1),
		Offices: []string{oneOf(random, offices) + "（合成）"},
	}
}
