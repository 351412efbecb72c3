package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// harvestable are the records that libraries harvest: public ones, and those
// that were, which stay behind as deleted.
const harvestable = `(
	SELECT id, kind, slug, origin, status, updated_at, title, summary AS description, committee_id, region_code, coalesce(started_on, year::text) AS date,
		ARRAY(SELECT t.name FROM case_topics l JOIN topics t ON t.id = l.topic_id WHERE l.case_id = cases.id ORDER BY l.position) AS topics FROM cases
	UNION ALL SELECT id, kind, slug, origin, status, updated_at, name, description, committee_id, region_code, NULL, '{}' FROM brands
	UNION ALL SELECT id, kind, slug, origin, status, updated_at, title, summary, NULL, NULL, year::text,
		ARRAY(SELECT t.name FROM proposal_topics l JOIN topics t ON t.id = l.topic_id WHERE l.proposal_id = proposals.id ORDER BY l.position) FROM proposals
	UNION ALL SELECT id, kind, slug, origin, status, updated_at, title, left(text, 1000), NULL, NULL, NULL, '{}' FROM practices
) r LEFT JOIN committees c ON c.id = r.committee_id LEFT JOIN regions g ON g.code = r.region_code
WHERE (r.status = 'PUBLISHED' OR EXISTS (SELECT FROM revisions v WHERE v.record_id = r.id AND v.status = 'PUBLISHED'))
	AND (r.origin = 'SYNTHETIC') = $1 AND r.kind = ANY ($2)
	AND ($3::timestamptz IS NULL OR date_trunc('second', r.updated_at) >= $3) AND ($4::timestamptz IS NULL OR date_trunc('second', r.updated_at) <= $4)`

func harvestArgs(q catalog.HarvestQuery) []any {
	return []any{q.Synthetic, q.Kinds, null(q.From), null(q.Until)}
}

// Harvest returns the records of a harvest in the order of their last changes, no
// more than q.Limit.
func (s *Store) Harvest(ctx context.Context, q catalog.HarvestQuery) ([]*catalog.Harvested, error) {
	found, err := s.pool.Query(ctx, `
		SELECT r.id, r.kind, r.slug, r.status <> 'PUBLISHED', r.updated_at, r.origin, r.title, coalesce(r.description, ''),
			CASE WHEN r.origin = 'CONTRIBUTED' THEN coalesce(c.name, '') ELSE '' END, coalesce(g.name, ''), coalesce(r.date, ''), r.topics
		FROM `+harvestable+` AND (r.updated_at, r.id) > ($5, $6) ORDER BY r.updated_at, r.id LIMIT $7`,
		append(harvestArgs(q), q.After.At, q.After.ID, q.Limit)...)
	if err != nil {
		return nil, wrap("harvest", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Harvested, error) {
		h := &catalog.Harvested{}
		return h, row.Scan(&h.Place.ID, &h.Kind, &h.Slug, &h.Deleted, &h.Place.At, &h.Origin, &h.Title, &h.Description, &h.Creator, &h.Region, &h.Date, &h.Topics)
	})
	return list, wrap("harvest", err)
}

// CountHarvest counts what Harvest returns in all its parts, and says when the
// first of them last changed; the zero time where there is none.
func (s *Store) CountHarvest(ctx context.Context, q catalog.HarvestQuery) (n int, earliest time.Time, err error) {
	var first *time.Time
	err = s.pool.QueryRow(ctx, `SELECT count(*), min(r.updated_at) FROM `+harvestable, harvestArgs(q)...).Scan(&n, &first)
	if first != nil {
		earliest = *first
	}
	return n, earliest, wrap("count harvest", err)
}

// HarvestOne returns one record as Harvest does; NOT_FOUND where it returns none.
func (s *Store) HarvestOne(ctx context.Context, kind catalog.RecordKind, slug string) (*catalog.Harvested, error) {
	for _, synthetic := range []bool{false, true} {
		q := catalog.HarvestQuery{Kinds: []catalog.RecordKind{kind}, Synthetic: synthetic}
		var place catalog.HarvestPlace
		err := s.pool.QueryRow(ctx, `SELECT r.updated_at, r.id FROM `+harvestable+` AND r.slug = $5`, append(harvestArgs(q), slug)...).Scan(&place.At, &place.ID)
		if err == nil {
			q.From, q.Until = place.At.Truncate(time.Second), place.At.Truncate(time.Second)
			q.After, q.Limit = catalog.HarvestPlace{At: place.At, ID: place.ID - 1}, 1
			found, err := s.Harvest(ctx, q)
			if err != nil || len(found) == 1 {
				return first(found), err
			}
		}
	}
	return nil, catalog.NotFound(kind, slug)
}

func first[T any](list []*T) *T {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
