package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxBranches is how many adoptions a tree may have, and maxDepth how far one
// may be from its root.
const (
	maxBranches = 2_000
	maxDepth    = 50
)

// AdoptionTree returns the published adoptions of a case, and those of the cases
// that came of them, at any distance: in the order of time, those without a date
// last, then by id. A case that is no longer public ends its branch. More than
// two thousand are a LIMIT error.
func (s *Store) AdoptionTree(ctx context.Context, root catalog.ID) ([]*catalog.AdoptionBranch, error) {
	found, err := s.pool.Query(ctx, `
		WITH RECURSIVE tree AS (
			SELECT a.id, a.case_id, a.adopter_id, NULL::bigint AS parent_id, 1 AS depth, a.adopted_on, a.resulting_case_id
			FROM adoptions a JOIN cases c ON c.id = a.case_id AND c.status = 'PUBLISHED' WHERE a.case_id = $1 AND a.status = 'PUBLISHED'
			UNION
			SELECT a.id, a.case_id, a.adopter_id, t.id, t.depth + 1, a.adopted_on, a.resulting_case_id
			FROM tree t JOIN cases c ON c.id = t.resulting_case_id AND c.status = 'PUBLISHED'
				JOIN adoptions a ON a.case_id = c.id AND a.status = 'PUBLISHED'
			WHERE t.depth < $2)
		SELECT t.id, t.case_id, t.adopter_id, t.parent_id, t.depth, t.adopted_on,
			(SELECT c.id FROM cases c WHERE c.id = t.resulting_case_id AND c.status = 'PUBLISHED')
		FROM tree t JOIN committees m ON m.id = t.adopter_id AND m.status = 'PUBLISHED'
		ORDER BY first_day(t.adopted_on) NULLS LAST, t.id LIMIT $3`, root, maxDepth, maxBranches+1)
	if err != nil {
		return nil, wrap("adoption tree", err)
	}
	branches, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.AdoptionBranch, error) {
		b := &catalog.AdoptionBranch{}
		return b, row.Scan(&b.AdoptionID, &b.CaseID, &b.AdopterID, &b.ParentID, &b.Depth, &b.AdoptedOn, &b.Resulting)
	})
	if err != nil {
		return nil, wrap("adoption tree", err)
	}
	if len(branches) > maxBranches {
		return nil, &catalog.Error{
			Kind: catalog.KindLimit, Zh: fmt.Sprintf("推广次数超过 %d", maxBranches), En: fmt.Sprintf("there are more than %d adoptions", maxBranches),
		}
	}
	return branches, nil
}
