package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var proposalEventTable = child{"proposal_events", "proposal_id", []string{"proposal_id", "position", "kind", "occurred_on", "note", "person_id"}}

func (b *batch) addEvents(proposal any, events []catalog.ProposalEventInput) {
	for i, e := range events {
		b.rows.add("proposal_events", row{
			"proposal_id": proposal, "position": i, "kind": e.Kind, "occurred_on": null(e.OccurredOn), "note": null(e.Note),
			"person_id": b.known.id(catalog.KindPerson, e.Person),
		})
	}
}

// EventsByProposal returns what happened to each proposal, in order.
func (s *Store) EventsByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.ProposalEvent, error) {
	return children(ctx, s, "events by proposal", `
		SELECT proposal_id, position, kind, occurred_on, note, person_id
		FROM proposal_events WHERE proposal_id = ANY ($1) ORDER BY proposal_id, position`, proposals,
		func(e *catalog.ProposalEvent) (*catalog.ID, []any) {
			return &e.ProposalID, []any{&e.ProposalID, &e.Position, &e.Kind, &e.OccurredOn, &e.Note, &e.PersonID}
		})
}
