package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Tombstone says what stood at a permalink that was public once and is archived
// now; NOT_FOUND for any other, whatever it is: a draft shows nothing of itself.
// A documented record that says why it was withdrawn was public in what came with
// the binary before, if not in this database, and leaves a tombstone as well.
func (s *Store) Tombstone(ctx context.Context, kind catalog.RecordKind, slug string) (*catalog.Tombstone, error) {
	t, ok := tables[kind]
	if !ok {
		return nil, catalog.NotFound(kind, slug)
	}
	// The revision after the last public one is that which withdrew the record,
	// though it may have been changed since.
	stone := &catalog.Tombstone{Kind: kind, Slug: slug}
	var leadsTo string
	err := s.pool.QueryRow(ctx, `
		SELECT r.origin, coalesce(shown.snapshot ->> 'title', shown.snapshot ->> 'name', shown.snapshot ->> 'problem', r.slug), shown.version, shown.at, gone.at,
			coalesce(gone.reason, gone.snapshot ->> 'withdrawn'), coalesce(gone.snapshot ->> 'leadsTo', '')
		FROM `+t.name+` r
			LEFT JOIN LATERAL (SELECT max(v.version) AS version FROM revisions v WHERE v.record_id = r.id AND v.status = 'PUBLISHED') public ON true
			CROSS JOIN LATERAL (SELECT * FROM revisions v WHERE v.record_id = r.id AND v.version > coalesce(public.version, 0) ORDER BY v.version LIMIT 1) gone
			JOIN revisions shown ON shown.record_id = r.id AND shown.version = coalesce(public.version, gone.version)
		WHERE r.slug = $1 AND r.status = 'ARCHIVED' AND (public.version IS NOT NULL OR r.origin = 'DOCUMENTED' AND gone.snapshot ? 'withdrawn')`, slug).
		Scan(&stone.Origin, &stone.Title, &stone.Version, &stone.UpdatedAt, &stone.WithdrawnAt, &stone.Reason, &leadsTo)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, catalog.NotFound(kind, slug)
	}
	if err != nil || leadsTo == "" {
		return stone, wrap("tombstone", err)
	}
	return stone, wrap("tombstone", s.leadOn(ctx, stone, leadsTo))
}

// leadOn finds the record to which a withdrawn one leads; where it is gone too,
// the tombstone leads nowhere.
func (s *Store) leadOn(ctx context.Context, stone *catalog.Tombstone, to string) error {
	kind, slug, ok := catalog.ParseRecordName(to)
	t, known := tables[kind]
	if !ok || !known {
		return nil
	}
	var id catalog.ID
	err := s.pool.QueryRow(ctx, `SELECT id FROM `+t.name+` WHERE slug = $1`, slug).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	stone.LeadsToKind, stone.LeadsToID = &kind, &id
	return err
}
