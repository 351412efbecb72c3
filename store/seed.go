package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// SeedEdition returns the latest edition of the documented records that the
// database holds: 0 where it holds none, 1 where the actor wrote them before
// editions were counted.
func (s *Store) SeedEdition(ctx context.Context, actor catalog.Actor) (edition int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT coalesce((SELECT max(edition) FROM seed_editions),
		CASE WHEN EXISTS (SELECT FROM revisions WHERE actor = $1) THEN 1 ELSE 0 END)`, actor.Name).Scan(&edition)
	return edition, wrap("seed edition", err)
}

// SeedEdition notes, in the writer's transaction, that the edition has been
// written.
func (w *Writer) SeedEdition(ctx context.Context, edition int) error {
	_, err := w.tx.Exec(ctx, `INSERT INTO seed_editions (edition) VALUES ($1) ON CONFLICT DO NOTHING`, edition)
	return wrap("seed edition", err)
}

// ChangedByOthers returns those of the slugs whose records somebody other than
// the actor wrote last.
func (s *Store) ChangedByOthers(ctx context.Context, actor catalog.Actor, kind catalog.RecordKind, slugs []string) ([]string, error) {
	found, err := s.pool.Query(ctx, `SELECT t.slug FROM `+tables[kind].name+` t JOIN revisions v ON v.record_id = t.id AND v.version = t.version
		WHERE v.actor <> $1 AND t.slug = ANY ($2)`, actor.Name, slugs)
	if err != nil {
		return nil, wrap("changed by others", err)
	}
	changed, err := pgx.CollectRows(found, pgx.RowTo[string])
	return changed, wrap("changed by others", err)
}
