package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var supervisionTable = child{"supervisions", "proposal_id", []string{"proposal_id", "position", "supervisor_id", "office", "year", "visits", "meetings", "note"}}

// entryTables come after supervisionTable: what stands in them goes with it.
var entryTables = []child{
	{"supervision_entries", "proposal_id", []string{"proposal_id", "supervision", "position", "kind", "occurred_on", "note"}},
	{"supervision_entry_persons", "proposal_id", []string{"proposal_id", "supervision", "entry", "position", "person_id"}},
}

func (b *batch) addSupervisions(proposal any, supervisions []catalog.SupervisionInput) {
	for i, s := range supervisions {
		b.rows.add("supervisions", row{
			"proposal_id": proposal, "position": i, "supervisor_id": b.known.id(catalog.KindPerson, s.Supervisor), "office": null(s.Office),
			"year": s.Year, "visits": s.Visits, "meetings": s.Meetings, "note": null(s.Note),
		})
		for j, e := range s.Entries {
			b.rows.add("supervision_entries", row{
				"proposal_id": proposal, "supervision": i, "position": j, "kind": e.Kind, "occurred_on": null(e.OccurredOn), "note": null(e.Note),
			})
			for k, p := range e.By {
				b.rows.add("supervision_entry_persons", row{"proposal_id": proposal, "supervision": i, "entry": j, "position": k, "person_id": b.known.id(catalog.KindPerson, p)})
			}
		}
	}
}

const supervisionSelect = `SELECT l.proposal_id, l.position, l.supervisor_id, l.office, l.year, l.visits, l.meetings, l.note FROM supervisions l `

func scanSupervision(s *catalog.Supervision) []any {
	return []any{&s.ProposalID, &s.Position, &s.SupervisorID, &s.Office, &s.Year, &s.Visits, &s.Meetings, &s.Note}
}

// SupervisionsByProposal returns who saw each proposal through, in its order.
func (s *Store) SupervisionsByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.Supervision, error) {
	return children(ctx, s, "supervisions by proposal", supervisionSelect+`WHERE l.proposal_id = ANY ($1) ORDER BY l.proposal_id, l.position`, proposals,
		func(s *catalog.Supervision) (*catalog.ID, []any) { return &s.ProposalID, scanSupervision(s) })
}

// SupervisionsByPerson returns the published proposals' supervisions by each
// person, newest first.
func (s *Store) SupervisionsByPerson(ctx context.Context, persons []catalog.ID) (map[catalog.ID][]*catalog.Supervision, error) {
	return children(ctx, s, "supervisions by person", supervisionSelect+`
		JOIN proposals r ON r.id = l.proposal_id WHERE l.supervisor_id = ANY ($1) AND `+published+`
		ORDER BY l.year DESC NULLS LAST, l.proposal_id, l.position`, persons,
		func(s *catalog.Supervision) (*catalog.ID, []any) {
			s.SupervisorID = new(catalog.ID)
			targets := scanSupervision(s)
			targets[2] = s.SupervisorID
			return s.SupervisorID, targets
		})
}

// EntriesByProposal returns the entries of each proposal's supervisions, in order.
func (s *Store) EntriesByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.SupervisionEntry, error) {
	return children(ctx, s, "supervision entries by proposal", `
		SELECT proposal_id, supervision, position, kind, occurred_on, note, ARRAY(
			SELECT p.person_id FROM supervision_entry_persons p WHERE p.proposal_id = e.proposal_id AND p.supervision = e.supervision AND p.entry = e.position ORDER BY p.position)
		FROM supervision_entries e WHERE proposal_id = ANY ($1) ORDER BY proposal_id, supervision, position`, proposals,
		func(e *catalog.SupervisionEntry) (*catalog.ID, []any) {
			return &e.ProposalID, []any{&e.ProposalID, &e.Supervision, &e.Position, &e.Kind, &e.OccurredOn, &e.Note, &e.By}
		})
}
