package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// tellOfCall tells the committees that a call asks that it is open, or what of it has
// changed.
func (b *batch) tellOfCall(ctx context.Context, d *draft, in *catalog.CallInput) error {
	of, detail := catalog.NoticeCallChanged, in.ClosesOn.Text()+"截止"
	switch b.change.edit.Action {
	case catalog.ActionPublish:
		of = catalog.NoticeCallOpened
	case catalog.ActionClose:
		if in.ClosedAt != "" {
			detail = "已截止"
		}
		detail += "：" + in.ClosedReason
	case catalog.ActionSelect, catalog.ActionRetract: // those who tell of the selection say so
		return nil
	}
	asked, err := askedBy(ctx, b.tx, d.result.ID)
	if err != nil {
		return err
	}
	return b.tell(ctx, d, of, detail, asked)
}

// askedBy returns the committees that a call asks.
func askedBy(ctx context.Context, tx pgx.Tx, call catalog.ID) ([]catalog.ID, error) {
	found, err := tx.Query(ctx, `SELECT call_asks($1)`, call)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[catalog.ID])
}

// notify tells committees of a call, outside of a batch.
func notify(ctx context.Context, tx pgx.Tx, of catalog.NoticeKind, call catalog.ID, detail string, committees []catalog.ID) error {
	v := catalog.ViewerFrom(ctx)
	_, err := tx.Exec(ctx, `INSERT INTO notices (of, record_id, record_kind, version, actor, detail, to_committee)
		SELECT DISTINCT $1::text, c.id, 'CALL', c.version, $3::text, nullif($4::text, ''), m FROM calls c, unnest($5::bigint[]) m WHERE c.id = $2`,
		of, call, v.Name, detail, committees)
	return err
}

// RemindCall tells the committees that a call asks and that have sent nothing that it
// closes, all of them or those given, and returns how many it told. It is the caller's
// to do.
func (s *Store) RemindCall(ctx context.Context, call catalog.ID, only []catalog.ID) (told int, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, err
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err == nil {
			err = mayRun(v, c)
		}
		if err != nil {
			return edited, atPath(err, "call")
		}
		if !c.Open(ctx) {
			return edited, notOpen(ctx, c)
		}
		found, err := tx.Query(ctx, `SELECT m FROM call_asks($1) m WHERE ($2::bigint[] IS NULL OR m = ANY ($2))
			AND NOT EXISTS (SELECT FROM submissions s WHERE s.call_id = $1 AND s.committee_id = m AND s.state <> 'WITHDRAWN')`, call, only)
		if err != nil {
			return edited, err
		}
		to, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
		if err != nil {
			return edited, err
		}
		edited = catalog.Edited{ID: call, Version: len(to)}
		return edited, notify(ctx, tx, catalog.NoticeCallClosing, call, fmt.Sprintf("%s截止，还有 %d 天", c.ClosesOn.Text(), catalog.DaysLeft(ctx, c.ClosesOn)), to)
	})
	return done.Version, err
}
