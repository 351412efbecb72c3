package store

import (
	"context"

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
