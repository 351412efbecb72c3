package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// current is a record as it is when its change has its turn.
type current struct {
	slug     string
	origin   catalog.Origin
	status   catalog.Status
	version  int
	owners   []catalog.ID
	snapshot []byte
}

// lockRecord reads a record that the viewer may read, and has others wait who
// would change it.
func lockRecord(ctx context.Context, tx pgx.Tx, e catalog.Edit) (*current, error) {
	t := tables[e.Kind]
	args := Args{e.ID}
	// Two statements: where the first has waited for another's change, only a new one sees its revision.
	now := &current{}
	err := tx.QueryRow(ctx, `SELECT r.slug, r.origin, r.status, r.version FROM `+t.name+` r WHERE r.id = $1 AND `+Readable(ctx, t.name, "r", &args)+` FOR UPDATE`, args...).
		Scan(&now.slug, &now.origin, &now.status, &now.version)
	if errors.Is(err, pgx.ErrNoRows) {
		missing := catalog.NotFound(e.Kind, catalog.EncodeID(e.Kind, e.ID))
		missing.Path = "id"
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	if now.snapshot, err = snapshotOf(ctx, tx, e.ID, now.version); err != nil {
		return nil, err
	}
	found, err := tx.Query(ctx, ownersOf(t.name), e.ID)
	if err != nil {
		return nil, err
	}
	now.owners, err = pgx.CollectRows(found, pgx.RowTo[catalog.ID])
	if now.owners == nil {
		now.owners = []catalog.ID{0}
	}
	return now, err
}

func snapshotOf(ctx context.Context, tx pgx.Tx, id catalog.ID, version int) (raw []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT snapshot FROM revisions WHERE record_id = $1 AND version = $2`, id, version).Scan(&raw)
	return raw, err
}

// conflict tells what has changed since the version that the edit is from.
func conflict(ctx context.Context, tx pgx.Tx, e catalog.Edit, now *current) error {
	detail := &catalog.ConflictDetail{Kind: e.Kind, Version: now.version, Fields: []string{}, By: []string{}}
	if e.Version > now.version {
		return catalog.Conflict(e.Version, detail)
	}
	seen, err := snapshotOf(ctx, tx, e.ID, e.Version)
	if err != nil {
		return err
	}
	changes, err := catalog.Diff(seen, now.snapshot)
	if err != nil {
		return err
	}
	detail.Fields = catalog.Outermost(changes)
	found, err := tx.Query(ctx, `
		SELECT actor, max(at) FROM revisions WHERE record_id = $1 AND version > $2 GROUP BY actor ORDER BY max(version) DESC LIMIT 10`, e.ID, e.Version)
	if err != nil {
		return err
	}
	var (
		by string
		at time.Time
	)
	_, err = pgx.ForEachRow(found, []any{&by, &at}, func() error {
		if len(detail.By) == 0 {
			detail.At = at
		}
		detail.By = append(detail.By, by)
		return nil
	})
	if err != nil {
		return err
	}
	return catalog.Conflict(e.Version, detail)
}
