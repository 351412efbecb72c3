package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// RecordFilter says which records of a kind are exported.
type RecordFilter struct {
	// Committees are those that they belong to; none are all.
	Committees []catalog.ID
	// Status are the states that they are in, as far as the viewer may read them; none
	// are those that are published.
	Status []catalog.Status
	// Overdue leaves out proposals that are not.
	Overdue bool
}

// ExportRecords calls yield with the records of the kind that the filter lets through
// and the context's viewer may read, as their inputs, by slug, all as of one moment.
// What a record names that the viewer may not read is left out of it. It keeps one
// record in memory at a time, stops at yield's first error and returns it.
func (s *Store) ExportRecords(ctx context.Context, kind catalog.RecordKind, f RecordFilter, yield func(catalog.Input) error) error {
	t, ok := tables[kind]
	if !ok {
		return &catalog.Error{Kind: catalog.KindInvalid, Zh: "没有这一类记录", En: "there is no such kind of record"}
	}
	l := List{from: t.name + ` r`}
	l.inStates(ctx, t.name, f.Status)
	if len(f.Committees) > 0 {
		condition, has := owned(t.name, "r", l.arg(f.Committees))
		if !has {
			condition = `false`
		}
		l.where = append(l.where, condition)
	}
	if f.Overdue && kind == catalog.KindProposal {
		l.where = append(l.where, proposalOverdue(l.arg(catalog.DayOf(time.Now()))))
	}
	begun := false
	err := s.readStream(ctx, &begun, func(tx pgx.Tx) error {
		hidden, err := hiddenFrom(ctx, tx)
		if err != nil {
			return err
		}
		found, err := tx.Query(ctx, `SELECT v.snapshot FROM `+l.from+` JOIN revisions v ON v.record_id = r.id AND v.version = r.version
			WHERE `+l.Conditions()+` ORDER BY r.slug`, l.args...)
		if err != nil {
			return err
		}
		return eachSnapshot(found, func() catalog.Input { return catalog.NewInput(kind) }, func(in catalog.Input) error {
			catalog.LeaveOut(in, hidden.has)
			begun = true
			return yield(in)
		})
	})
	return wrap("export records", err)
}
