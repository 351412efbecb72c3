package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// ActivityFigures returns what the published activities add up to, a line a year and
// committee: the newest year first, committees by name. It fails with LIMIT where
// that is more than MaxFigures lines, and with INVALID for a committee that is none.
func (s *Store) ActivityFigures(ctx context.Context, f catalog.ActivityFilter) ([]*catalog.ActivityFigures, error) {
	f.Status = nil // figures are of what is public
	l, err := ActivityList(ctx, catalog.Parents{}, f)
	if err != nil {
		return nil, err
	}
	sql := `
		WITH chosen AS (SELECT r.* FROM ` + l.from + ` WHERE ` + l.Conditions() + `),
		sums AS (
			SELECT date_part('year', starts_on)::integer AS year, committee_id, count(*)::integer AS activities,
				count(*) FILTER (WHERE type = 'CONSULTATION')::integer AS consultations,
				count(DISTINCT venue_id) FILTER (WHERE EXISTS (SELECT FROM venues v WHERE v.id = venue_id AND v.status = 'PUBLISHED'))::integer AS used,
				sum(participant_count)::bigint AS participants, sum(opinions)::bigint AS opinions, sum(carried_over)::bigint AS carried_over, sum(solved)::bigint AS solved
			FROM chosen GROUP BY 1, 2),
		about AS (
			SELECT date_part('year', c.starts_on)::integer AS year, c.committee_id, count(DISTINCT t.topic_id)::integer AS topics
			FROM chosen c JOIN activity_topics t ON t.activity_id = c.id JOIN topics p ON p.id = t.topic_id AND p.status = 'PUBLISHED' GROUP BY 1, 2)
		SELECT s.year, s.committee_id, (SELECT count(*)::integer FROM venues v WHERE v.committee_id = s.committee_id AND v.status = 'PUBLISHED'),
			s.used, s.activities, s.consultations, s.participants, coalesce(a.topics, 0), s.opinions, s.carried_over, s.solved
		FROM sums s LEFT JOIN about a ON a.year IS NOT DISTINCT FROM s.year AND a.committee_id IS NOT DISTINCT FROM s.committee_id
			LEFT JOIN committees m ON m.id = s.committee_id
		ORDER BY s.year DESC NULLS LAST, reading(m.name) COLLATE "C" NULLS LAST, s.committee_id LIMIT ` + l.arg(catalog.MaxFigures+1)
	found, err := s.pool.Query(ctx, sql, l.args...)
	if err != nil {
		return nil, wrap("activity figures", err)
	}
	lines, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.ActivityFigures, error) {
		one := &catalog.ActivityFigures{}
		return one, row.Scan(&one.Year, &one.CommitteeID, &one.Platforms, &one.PlatformsUsed, &one.Activities, &one.Consultations,
			&one.Participants, &one.Topics, &one.Opinions, &one.CarriedOver, &one.Solved)
	})
	if err == nil && len(lines) > catalog.MaxFigures {
		return nil, &catalog.Error{Kind: catalog.KindLimit, Zh: "行数过多，请选定年份或政协", En: "more lines than are given at once; choose years or committees"}
	}
	return lines, wrap("activity figures", err)
}
