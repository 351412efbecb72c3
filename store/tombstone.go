package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Tombstone says what stood at a permalink that was public once and is archived
// now; NOT_FOUND for any other, whatever it is: a draft shows nothing of itself.
func (s *Store) Tombstone(ctx context.Context, kind catalog.RecordKind, slug string) (*catalog.Tombstone, error) {
	t, ok := tables[kind]
	if !ok {
		return nil, catalog.NotFound(kind, slug)
	}
	// The revision after the last public one is that which withdrew the record,
	// though it may have been changed since.
	stone := &catalog.Tombstone{Kind: kind, Slug: slug}
	err := s.pool.QueryRow(ctx, `
		SELECT r.origin, coalesce(public.snapshot ->> 'title', public.snapshot ->> 'name', r.slug), public.version, public.at, gone.at, gone.reason
		FROM `+t.name+` r
			CROSS JOIN LATERAL (SELECT * FROM revisions v WHERE v.record_id = r.id AND v.status = 'PUBLISHED' ORDER BY v.version DESC LIMIT 1) public
			CROSS JOIN LATERAL (SELECT * FROM revisions v WHERE v.record_id = r.id AND v.version > public.version ORDER BY v.version LIMIT 1) gone
		WHERE r.slug = $1 AND r.status = 'ARCHIVED'`, slug).
		Scan(&stone.Origin, &stone.Title, &stone.Version, &stone.UpdatedAt, &stone.WithdrawnAt, &stone.Reason)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, catalog.NotFound(kind, slug)
	}
	return stone, wrap("tombstone", err)
}
