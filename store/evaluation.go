package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var evaluationTable = table{
	name:    "evaluations",
	columns: []string{"year", "department", "score", "raters", "counts_in_review", "committee_id"},
}

func (b *batch) addEvaluation(in *catalog.EvaluationInput, r row) {
	r["year"], r["department"], r["score"], r["raters"] = in.Year, in.Department, in.Score, in.Raters
	r["counts_in_review"], r["committee_id"] = in.CountsInReview, b.known.id(catalog.KindCommittee, in.Committee)
	b.rows.add("evaluations", r)
}

var evaluations = noun[catalog.Evaluation]{
	table: "evaluations", columns: `r.year, r.department, r.score, r.raters, r.counts_in_review, r.committee_id`,
	scan: func(e *catalog.Evaluation) []any {
		return append(headScan(&e.Meta), &e.Year, &e.Department, &e.Score, &e.Raters, &e.CountsInReview, &e.CommitteeID)
	},
}

// EvaluationsByID gives the evaluations of these ids.
func (s *Store) EvaluationsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Evaluation, error) {
	return byID(ctx, s, evaluations, ids)
}

func evaluationList(year *int) list {
	l := list{from: `evaluations r`, order: order{"YEAR", `r.year`, "integer", true}}
	if year != nil {
		l.and(`r.year = %s`, *year)
	}
	return l
}

// Evaluations gives a page of the evaluations, newest first, of one year where
// it is given.
func (s *Store) Evaluations(ctx context.Context, year *int, page catalog.PageArgs) (*catalog.Page[*catalog.Evaluation], error) {
	return top(pages(ctx, s, evaluations, evaluationList(year), catalog.Parents{}, page))
}

// CountEvaluations counts what Evaluations lists.
func (s *Store) CountEvaluations(ctx context.Context, year *int) (int, error) {
	return top(counts(ctx, s, evaluationList(year), catalog.Parents{}))
}
