package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var outcomeTable = child{"outcomes", "record_id", []string{"record_id", "record_kind", "position", "form", "used_by", "use", "effect", "status", "occurred_on"}}

func (b *batch) addOutcomes(id any, kind catalog.RecordKind, outcomes []catalog.OutcomeInput) {
	for i, o := range outcomes {
		b.rows.add("outcomes", row{
			"record_id": id, "record_kind": kind, "position": i, "form": o.Form, "used_by": null(o.UsedBy), "use": null(o.Use),
			"effect": null(o.Effect), "status": o.Status, "occurred_on": null(o.OccurredOn),
		})
	}
}

// OutcomesByRecord returns what each case or proposal produced, in its order.
func (s *Store) OutcomesByRecord(ctx context.Context, records []catalog.ID) (map[catalog.ID][]*catalog.Outcome, error) {
	return children(ctx, s, "outcomes by record", `
		SELECT record_id, position, form, used_by, use, effect, status, occurred_on
		FROM outcomes WHERE record_id = ANY ($1) ORDER BY record_id, position`, records,
		func(o *catalog.Outcome) (*catalog.ID, []any) {
			return &o.RecordID, []any{&o.RecordID, &o.Position, &o.Form, &o.UsedBy, &o.Use, &o.Effect, &o.Status, &o.OccurredOn}
		})
}
