package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var adoptionTable = table{
	name:    "adoptions",
	columns: []string{"case_id", "adopter_id", "adopted_on", "changes", "result", "resulting_case_id"},
}

func (b *batch) addAdoption(in *catalog.AdoptionInput, r row) {
	r["case_id"], r["adopter_id"] = b.known.id(catalog.KindCase, in.Case), b.known.id(catalog.KindCommittee, in.Adopter)
	r["adopted_on"], r["changes"], r["result"] = null(in.AdoptedOn), null(in.Changes), null(in.Result)
	r["resulting_case_id"] = b.known.id(catalog.KindCase, in.ResultingCase)
	b.rows.add("adoptions", r)
}

var adoptions = noun[catalog.Adoption]{
	table: "adoptions", columns: `r.case_id, r.adopter_id, r.adopted_on, r.changes, r.result, r.resulting_case_id`,
	scan: func(a *catalog.Adoption) []any {
		return append(headScan(&a.Meta), &a.CaseID, &a.AdopterID, &a.AdoptedOn, &a.Changes, &a.Result, &a.ResultingCaseID)
	},
}

// ofReadableCase holds where the viewer may read the case that was taken over:
// without it the adoption shows nothing.
func ofReadableCase(ctx context.Context, args *arguments) string {
	return `EXISTS (SELECT FROM cases c WHERE c.id = r.case_id AND ` + readable(ctx, "cases", "c", args) + `)`
}

// AdoptionsByID gives the adoptions of these ids.
func (s *Store) AdoptionsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Adoption, error) {
	var key catalog.ID
	args := arguments{ids}
	sql := `SELECT r.id, ` + adoptions.selectList() + ` FROM adoptions r WHERE r.id = ANY ($1) AND ` +
		readable(ctx, "adoptions", "r", &args) + ` AND ` + ofReadableCase(ctx, &args)
	return collect(ctx, s, "adoptions by id", sql, args, &key, adoptions.scan, func(m map[catalog.ID]*catalog.Adoption, a *catalog.Adoption) { m[key] = a })
}

func adoptionList(ctx context.Context, of catalog.Parents) list {
	l := list{from: `adoptions r`, order: order{"ADOPTED_ON", `coalesce(first_day(r.adopted_on), '-infinity')`, "date", true}}
	l.where = append(l.where, ofReadableCase(ctx, &l.args))
	switch of.Kind {
	case catalog.KindCase:
		l.and(`r.case_id = parent.id`)
	case catalog.KindCommittee:
		l.and(`r.adopter_id = parent.id`)
	}
	return l
}

// Adoptions gives a page of the adoptions of each case, or by each committee,
// newest first.
func (s *Store) Adoptions(ctx context.Context, of catalog.Parents, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Adoption], error) {
	return pages(ctx, s, adoptions, adoptionList(ctx, of), of, page)
}

// CountAdoptions counts what Adoptions lists.
func (s *Store) CountAdoptions(ctx context.Context, of catalog.Parents) (map[catalog.ID]int, error) {
	return counts(ctx, s, adoptionList(ctx, of), of)
}
