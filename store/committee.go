package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var committeeTable = table{
	name:    "committees",
	columns: []string{"name", "alternative_names", "level", "region_code", "parent_id"},
	names:   []string{"ARRAY[name]", "alternative_names"},
}

func (b *batch) addCommittee(in *catalog.CommitteeInput, r row) {
	r["name"], r["alternative_names"], r["level"] = in.Name, array(in.AlternativeNames), in.Level
	r["region_code"], r["parent_id"] = in.Region, b.known.id(catalog.KindCommittee, in.Parent)
	b.rows.add("committees", r)
}

var committees = noun[catalog.Committee]{
	table: "committees", columns: `r.name, r.alternative_names, r.level, r.region_code, r.parent_id`,
	scan: func(c *catalog.Committee) []any {
		return append(headScan(&c.Meta), &c.Name, &c.AlternativeNames, &c.Level, &c.RegionCode, &c.ParentID)
	},
}

// CommitteesByID gives the committees of these ids.
func (s *Store) CommitteesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Committee, error) {
	return byID(ctx, s, committees, ids)
}

// CommitteesBySlug gives the committees of these slugs.
func (s *Store) CommitteesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Committee, error) {
	return bySlug(ctx, s, committees, slugs)
}

func committeeList(of catalog.Parents, f catalog.CommitteeFilter) list {
	l := list{from: `committees r`, order: order{"REGION", `r.region_code`, "text", false}}
	if of.Kind == catalog.KindCommittee {
		l.and(`r.parent_id = parent.id`)
	}
	andOneOf(&l, `r.level`, f.Levels)
	andAny(&l, `r.region_code = ANY (`+regionsBelow+`)`, f.Regions)
	return l
}

// Committees gives a page of the committees, all or those below each committee,
// by their regions' codes.
func (s *Store) Committees(ctx context.Context, of catalog.Parents, f catalog.CommitteeFilter, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Committee], error) {
	return pages(ctx, s, committees, committeeList(of, f), of, page)
}

// CountCommittees counts what Committees lists.
func (s *Store) CountCommittees(ctx context.Context, of catalog.Parents, f catalog.CommitteeFilter) (map[catalog.ID]int, error) {
	return counts(ctx, s, committeeList(of, f), of)
}
