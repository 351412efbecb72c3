package catalog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARecordBelongsToItsWritersCommitteeWhereItSaysOfNone(t *testing.T) {
	of := func(proposers ...ProposerInput) Input { return &ProposalInput{Proposers: proposers} }
	person, own, other := ProposerInput{Person: "p"}, ProposerInput{Committee: "own"}, ProposerInput{Committee: "other"}
	for name, tt := range map[string]struct{ in, was, want Input }{
		"a case":                              {&CaseInput{}, nil, &CaseInput{Committee: "own"}},
		"a case of another":                   {&CaseInput{Committee: "other"}, nil, &CaseInput{Committee: "other"}},
		"an adoption":                         {&AdoptionInput{}, nil, &AdoptionInput{Adopter: "own"}},
		"a topic, which belongs to nobody":    {&TopicInput{}, nil, &TopicInput{}},
		"a proposal":                          {of(), nil, of(own)},
		"a proposal of a person":              {of(person), nil, of(person, own)},
		"a proposal of another":               {of(other), nil, of(other)},
		"a proposal out of which it is taken": {of(person), of(own, person), of(person, own)},
		"a proposal that was nobody's":        {of(person), of(person), of(person)},
	} {
		SetOwner(tt.in, tt.was, "own")
		if diff := cmp.Diff(tt.want, tt.in); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What must be chosen and is not is told so, and not that nothing is no value.
func TestWhatMustBeChosenIsToldSo(t *testing.T) {
	for name, in := range map[string]Input{
		"kind of a venue": &VenueInput{InputMeta: InputMeta{Slug: "a", Origin: OriginContributed, Status: StatusDraft}, Name: "站"},
		"of an activity":  &ActivityInput{InputMeta: InputMeta{Slug: "a", Origin: OriginContributed, Status: StatusDraft}, Title: "活动"},
		"of an event":     &ProposalInput{InputMeta: InputMeta{Slug: "a", Origin: OriginContributed, Status: StatusDraft}, Title: "题", Events: []ProposalEventInput{{Note: "记"}}},
	} {
		err := in.Validate()
		if err == nil || !strings.Contains(err.Error(), "is required") || strings.Contains(err.Error(), `""`) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
