package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxEdges is how many edges a graph may have: twice as many as there are pairs
// of the province's seventy committees.
const maxEdges = 10_000

// AdoptionGraph says who learned from whom, by the published adoptions of the
// published cases of a filter, in one statement. An adoption of a case whose
// committee is not known, or of which readers may not see a committee, has no
// edge; it is counted as left out. More than ten thousand edges are a LIMIT
// error.
func (s *Store) AdoptionGraph(ctx context.Context, f catalog.CaseFilter) (*catalog.AdoptionGraph, error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	l, err := CaseList(ctx, catalog.Parents{}, f, nil)
	if err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, `
		SELECT coalesce(lender.id, 0), coalesce(adopter.id, 0), count(*)
		FROM `+l.from+` JOIN adoptions a ON a.case_id = r.id AND a.status = 'PUBLISHED'
			LEFT JOIN (committees lender JOIN committees adopter ON adopter.status = 'PUBLISHED' AND lender.status = 'PUBLISHED')
			ON lender.id = r.committee_id AND adopter.id = a.adopter_id
		WHERE `+l.Conditions()+` GROUP BY 1, 2`, l.args...)
	if err != nil {
		return nil, wrap("adoption graph", err)
	}
	edges, unattributed := []*catalog.AdoptionEdge{}, 0
	var edge catalog.AdoptionEdge
	_, err = pgx.ForEachRow(found, []any{&edge.FromID, &edge.ToID, &edge.Count}, func() error {
		if edge.FromID == 0 {
			unattributed += edge.Count
			return nil
		}
		one := edge
		edges = append(edges, &one)
		return nil
	})
	if err != nil {
		return nil, wrap("adoption graph", err)
	}
	if len(edges) > maxEdges {
		return nil, &catalog.Error{
			Kind: catalog.KindLimit, Path: "filter",
			Zh: fmt.Sprintf("共 %d 条边，最多给出 %d 条，请用 filter 缩小范围", len(edges), maxEdges),
			En: fmt.Sprintf("there are %d edges; at most %d are given: narrow the filter", len(edges), maxEdges),
		}
	}
	return catalog.NewAdoptionGraph(edges, unattributed), nil
}
