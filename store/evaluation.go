package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var evaluations = nounOf(table{
	name:     "evaluations",
	children: []child{{"evaluation_items", "evaluation_id", []string{"evaluation_id", "position", "item", "score", "raters"}}},
	lists:    (*batch).addItemScores,
}, func(e *catalog.Evaluation, in *catalog.EvaluationInput, known *lookup) []Column {
	return []Column{
		column("year", "year", Plain, &e.Year, in.Year),
		column("department", "department", Text, &e.Department, in.Department),
		column("score", "score", FloatOrNull, &e.Score, in.Score),
		column("raters", "raters", PlainOrNull, &e.Raters, in.Raters),
		column("counts_in_review", "countsInReview", PlainOrNull, &e.CountsInReview, in.CountsInReview),
		internal("committee_id", &e.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		internal("round_id", &e.RoundID, known.id(catalog.KindRound, in.Round)),
	}
})

func (b *batch) addItemScores(input catalog.Input, id any) {
	for i, one := range input.(*catalog.EvaluationInput).Items {
		b.rows.add("evaluation_items", row{"evaluation_id": id, "position": i, "item": one.Item, "score": one.Score, "raters": one.Raters})
	}
}

// EvaluationsByID returns the evaluations of these ids.
func (s *Store) EvaluationsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Evaluation, error) {
	return byID(ctx, s, evaluations, ids)
}

// EvaluationsBySlug returns the evaluations of these slugs.
func (s *Store) EvaluationsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Evaluation, error) {
	return bySlug(ctx, s, evaluations, slugs)
}

// ItemsByEvaluation returns what each evaluation says of the items, in its order.
func (s *Store) ItemsByEvaluation(ctx context.Context, evaluations []catalog.ID) (map[catalog.ID][]*catalog.ItemScore, error) {
	return children(ctx, s, "items by evaluation", `
		SELECT evaluation_id, item, score, raters FROM evaluation_items WHERE evaluation_id = ANY ($1) ORDER BY evaluation_id, position`, evaluations,
		func(i *catalog.ItemScore) (*catalog.ID, []any) {
			return &i.EvaluationID, []any{&i.EvaluationID, &i.Item, &i.Score, &i.Raters}
		})
}

// EvaluationList is the evaluations of a filter, newest first, all or those of each
// round.
func EvaluationList(ctx context.Context, of catalog.Parents, f catalog.EvaluationFilter) (List, error) {
	l := List{from: `evaluations r`, order: order{"YEAR", `r.year`, "integer", true}}
	l.inStates(ctx, "evaluations", f.Status)
	if of.Kind == catalog.KindRound {
		l.and(`r.round_id = parent.id`)
		l.order = order{"DEPARTMENT", `coalesce((SELECT array_position(o.departments, r.department) FROM evaluation_rounds o WHERE o.id = r.round_id), 0)`, "integer", false}
	}
	if err := l.andCommittees(`r.committee_id`, f.Committees); err != nil {
		return List{}, err
	}
	if f.Year != nil {
		l.and(`r.year = %s`, *f.Year)
	}
	return l, nil
}

// Evaluations returns a page of the evaluations of a filter, newest first, or of those of
// each round, in the order of its departments.
func (s *Store) Evaluations(ctx context.Context, of catalog.Parents, f catalog.EvaluationFilter, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Evaluation], error) {
	l, err := EvaluationList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, evaluations, l, of, page)
}

// CountEvaluations counts what Evaluations lists.
func (s *Store) CountEvaluations(ctx context.Context, of catalog.Parents, f catalog.EvaluationFilter) (map[catalog.ID]int, error) {
	l, err := EvaluationList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}
