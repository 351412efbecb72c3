package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var evaluations = nounOf(table{
	name: "evaluations",
}, func(e *catalog.Evaluation, in *catalog.EvaluationInput, known *lookup) []Column {
	return []Column{
		column("year", "year", Plain, &e.Year, in.Year),
		column("department", "department", Text, &e.Department, in.Department),
		column("score", "score", FloatOrNull, &e.Score, in.Score),
		column("raters", "raters", PlainOrNull, &e.Raters, in.Raters),
		column("counts_in_review", "countsInReview", PlainOrNull, &e.CountsInReview, in.CountsInReview),
		internal("committee_id", &e.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
	}
})

// EvaluationsByID returns the evaluations of these ids.
func (s *Store) EvaluationsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Evaluation, error) {
	return byID(ctx, s, evaluations, ids)
}

func EvaluationList(year *int) List {
	l := List{from: `evaluations r`, order: order{"YEAR", `r.year`, "integer", true}}
	if year != nil {
		l.and(`r.year = %s`, *year)
	}
	return l
}

// Evaluations returns a page of the evaluations, newest first, of one year where
// it is given.
func (s *Store) Evaluations(ctx context.Context, year *int, page catalog.PageArgs) (*catalog.Page[*catalog.Evaluation], error) {
	return top(pages(ctx, s, evaluations, EvaluationList(year), catalog.Parents{}, page))
}

// CountEvaluations counts what Evaluations lists.
func (s *Store) CountEvaluations(ctx context.Context, year *int) (int, error) {
	return top(counts(ctx, s, EvaluationList(year), catalog.Parents{}))
}
