package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

var evaluationRounds = nounOf(table{
	name: "evaluation_rounds",
}, func(r *catalog.EvaluationRound, in *catalog.EvaluationRoundInput, known *lookup) []Column {
	return []Column{
		internal("committee_id", &r.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		column("year", "year", Plain, &r.Year, in.Year),
		column("items", "items", Text, &r.Items, array(in.Items)),
		column("departments", "departments", Text, &r.Departments, array(in.Departments)),
	}
})

// EvaluationRoundsByID returns the rounds of these ids.
func (s *Store) EvaluationRoundsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.EvaluationRound, error) {
	return byID(ctx, s, evaluationRounds, ids)
}

// EvaluationRoundsBySlug returns the rounds of these slugs.
func (s *Store) EvaluationRoundsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.EvaluationRound, error) {
	return bySlug(ctx, s, evaluationRounds, slugs)
}

// EvaluationRoundList is the rounds of a filter, newest first.
func EvaluationRoundList(ctx context.Context, f catalog.EvaluationRoundFilter) (List, error) {
	l := List{from: `evaluation_rounds r`, order: order{"YEAR", `r.year`, "integer", true}}
	l.inStates(ctx, "evaluation_rounds", f.Status)
	if err := l.andCommittees(`r.committee_id`, f.Committees); err != nil {
		return List{}, err
	}
	andOneOf(&l, `r.year`, f.Years)
	return l, nil
}

// EvaluationRounds returns a page of the rounds of a filter, newest first.
func (s *Store) EvaluationRounds(ctx context.Context, f catalog.EvaluationRoundFilter, page catalog.PageArgs) (*catalog.Page[*catalog.EvaluationRound], error) {
	l, err := EvaluationRoundList(ctx, f)
	if err != nil {
		return nil, err
	}
	return top(pages(ctx, s, evaluationRounds, l, catalog.Parents{}, page))
}

// CountEvaluationRounds counts what EvaluationRounds lists.
func (s *Store) CountEvaluationRounds(ctx context.Context, f catalog.EvaluationRoundFilter) (int, error) {
	l, err := EvaluationRoundList(ctx, f)
	if err != nil {
		return 0, err
	}
	return top(counts(ctx, s, l, catalog.Parents{}))
}

// holdToRounds refuses evaluations that are not as their rounds have them.
func (b *batch) holdToRounds(ctx context.Context) error {
	rounds := map[string]*catalog.EvaluationRoundInput{}
	var missing []string
	for _, d := range b.drafts {
		switch in := d.in.(type) {
		case *catalog.EvaluationRoundInput:
			if !d.refused() {
				rounds[in.Slug] = in
			}
		case *catalog.EvaluationInput:
			if in.Round != "" && !d.refused() {
				missing = append(missing, in.Round)
			}
		}
	}
	if missing == nil {
		return nil
	}
	found, err := b.tx.Query(ctx, `SELECT v.snapshot FROM evaluation_rounds r JOIN revisions v ON v.record_id = r.id AND v.version = r.version WHERE r.slug = ANY ($1)`, missing)
	if err != nil {
		return err
	}
	stored, err := pgx.CollectRows(found, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	for _, raw := range stored {
		in := &catalog.EvaluationRoundInput{}
		if err := json.Unmarshal(raw, in); err != nil {
			return err
		}
		if rounds[in.Slug] == nil {
			rounds[in.Slug] = in
		}
	}
	for _, d := range b.drafts {
		in, ok := d.in.(*catalog.EvaluationInput)
		if !ok || d.refused() || rounds[in.Round] == nil {
			continue
		}
		if err := in.Against(rounds[in.Round]); err != nil {
			d.refuse(err)
		}
	}
	return nil
}
