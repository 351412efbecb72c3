package catalog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAProposalIsDueAfterTheSitesTerm(t *testing.T) {
	on := func(kind ProposalEventKind, date PartialDate) *ProposalEvent {
		return &ProposalEvent{Kind: kind, OccurredOn: &date}
	}
	solved := ResolutionA
	for name, tt := range map[string]struct {
		months     int
		resolution *Resolution
		events     []*ProposalEvent
		want       *Due
	}{
		"assigned":                       {0, nil, []*ProposalEvent{on(EventFiled, "2024-01-05"), on(EventAssigned, "2024-03-04")}, &Due{"2024-06-04", EventAssigned}},
		"only filed":                     {0, nil, []*ProposalEvent{on(EventFiled, "2024-01-05")}, &Due{"2024-04-05", EventFiled}},
		"in a month that is longer":      {0, nil, []*ProposalEvent{on(EventAssigned, "2024-11-30")}, &Due{"2025-02-28", EventAssigned}},
		"in some month":                  {0, nil, []*ProposalEvent{on(EventAssigned, "2023-11")}, &Due{"2024-02-29", EventAssigned}},
		"in some year":                   {0, nil, []*ProposalEvent{on(EventAssigned, "2023")}, &Due{"2024-03-31", EventAssigned}},
		"assigned again":                 {0, nil, []*ProposalEvent{on(EventAssigned, "2024-05-01"), on(EventAssigned, "2024-02")}, &Due{"2024-08-01", EventAssigned}},
		"assigned nobody knows when":     {0, nil, []*ProposalEvent{on(EventFiled, "2024-01-05"), {Kind: EventAssigned}}, &Due{"2024-04-05", EventFiled}},
		"where the site says six":        {6, nil, []*ProposalEvent{on(EventAssigned, "2024-03-31")}, &Due{"2024-09-30", EventAssigned}},
		"answered, nobody knows when":    {0, nil, []*ProposalEvent{on(EventAssigned, "2024-03-04"), {Kind: EventReplied}}, nil},
		"solved":                         {0, &solved, []*ProposalEvent{on(EventAssigned, "2024-03-04")}, nil},
		"neither assigned nor filed":     {0, nil, []*ProposalEvent{on(EventSurveyed, "2024-03-04")}, nil},
		"assigned on a day that is none": {0, nil, []*ProposalEvent{on(EventAssigned, "2024-02-31")}, nil},
	} {
		SetReplyWithin(tt.months)
		if diff := cmp.Diff(tt.want, DueOf(&Proposal{Resolution: tt.resolution}, tt.events)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	SetReplyWithin(0)
}
