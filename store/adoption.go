package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var adoptions = nounOf(table{
	name: "adoptions",
}, func(a *catalog.Adoption, in *catalog.AdoptionInput, known *lookup) []Column {
	return []Column{
		internal("case_id", &a.CaseID, known.id(catalog.KindCase, in.Case)),
		internal("adopter_id", &a.AdopterID, known.id(catalog.KindCommittee, in.Adopter)),
		column("adopted_on", "adoptedOn", WordOrNull, &a.AdoptedOn, null(in.AdoptedOn)),
		column("changes", "changes", TextOrNull, &a.Changes, null(in.Changes)),
		column("result", "result", TextOrNull, &a.Result, null(in.Result)),
		internal("resulting_case_id", &a.ResultingCaseID, known.id(catalog.KindCase, in.ResultingCase)),
		column("thanks", "thanks", TextOrNull, &a.Thanks, null(in.Thanks)),
	}
})

// countAdoptions sets in the rows of new cases how many public adoptions come with them, so
// that the database, which counts them when they have come, finds nothing to change.
func (b *batch) countAdoptions(drafts []*draft) {
	count := map[any]int{}
	for _, d := range drafts {
		if in := d.in.(*catalog.AdoptionInput); d.changes() && in.Status == catalog.StatusPublished {
			count[b.known.id(catalog.KindCase, in.Case)]++
		}
	}
	for _, r := range b.rows[cases.name] {
		r["adoption_count"] = count[r["id"]]
	}
}

// ofReadableCase holds where the viewer may read the case that was taken over:
// without it the adoption shows nothing.
func ofReadableCase(ctx context.Context, args *Args) string {
	return `EXISTS (SELECT FROM cases c WHERE c.id = r.case_id AND ` + Readable(ctx, "cases", "c", args) + `)`
}

// AdoptionsByID returns the adoptions of these ids.
func (s *Store) AdoptionsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Adoption, error) {
	var key catalog.ID
	args := Args{ids}
	sql := `SELECT r.id, ` + adoptions.selectList() + ` FROM adoptions r WHERE r.id = ANY ($1) AND ` +
		Readable(ctx, "adoptions", "r", &args) + ` AND ` + ofReadableCase(ctx, &args)
	return collect(ctx, s, "adoptions by id", sql, args, &key, adoptions.scan, func(m map[catalog.ID]*catalog.Adoption, a *catalog.Adoption) { m[key] = a })
}

// AdoptionList is the adoptions of each case, or by each committee, or all.
func AdoptionList(ctx context.Context, of catalog.Parents, f catalog.AdoptionFilter) (List, error) {
	l := List{from: `adoptions r`, order: order{"ADOPTED_ON", `coalesce(first_day(r.adopted_on), '-infinity')`, "date", true}}
	l.inStates(ctx, "adoptions", f.Status)
	l.where = append(l.where, ofReadableCase(ctx, &l.args))
	switch of.Kind {
	case catalog.KindCase:
		l.and(`r.case_id = parent.id`)
	case catalog.KindCommittee:
		l.and(`r.adopter_id = parent.id`)
	}
	if err := l.andCommittees(`r.adopter_id`, f.Adopters); err != nil {
		return List{}, err
	}
	if len(f.Origins) > 0 {
		ids, err := decodeIDs(catalog.KindCommittee, f.Origins)
		if err != nil {
			return List{}, err
		}
		l.and(`r.case_id IN (SELECT c.id FROM cases c WHERE c.committee_id = ANY (%s))`, ids)
	}
	if len(f.Cases) > 0 {
		ids, err := decodeIDs(catalog.KindCase, f.Cases)
		if err != nil {
			return List{}, err
		}
		andOneOf(&l, `r.case_id`, ids)
	}
	return l, nil
}

// Adoptions returns a page of the adoptions of each case, or by each committee,
// newest first.
func (s *Store) Adoptions(ctx context.Context, of catalog.Parents, f catalog.AdoptionFilter, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Adoption], error) {
	l, err := AdoptionList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, adoptions, l, of, page)
}

// CountAdoptions counts what Adoptions lists.
func (s *Store) CountAdoptions(ctx context.Context, of catalog.Parents, f catalog.AdoptionFilter) (map[catalog.ID]int, error) {
	l, err := AdoptionList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}
