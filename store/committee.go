package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var committees = nounOf(table{
	name:  "committees",
	names: []string{"ARRAY[name]", "alternative_names"},
}, func(c *catalog.Committee, in *catalog.CommitteeInput, known *lookup) []Column {
	return []Column{
		column("name", "name", Text, &c.Name, in.Name),
		column("alternative_names", "alternativeNames", Text, &c.AlternativeNames, array(in.AlternativeNames)),
		column("level", "level", Word, &c.Level, in.Level),
		internal("region_code", &c.RegionCode, in.Region),
		internal("parent_id", &c.ParentID, known.id(catalog.KindCommittee, in.Parent)),
	}
})

// CommitteesByID returns the committees of these ids.
func (s *Store) CommitteesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Committee, error) {
	return byID(ctx, s, committees, ids)
}

// CommitteesBySlug returns the committees of these slugs.
func (s *Store) CommitteesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Committee, error) {
	return bySlug(ctx, s, committees, slugs)
}

func CommitteeList(of catalog.Parents, f catalog.CommitteeFilter) List {
	l := List{from: `committees r`, order: order{"REGION", `r.region_code`, "text", false}}
	if of.Kind == catalog.KindCommittee {
		l.and(`r.parent_id = parent.id`)
	}
	andOneOf(&l, `r.level`, f.Levels)
	andAny(&l, `r.region_code = ANY (`+regionsBelow+`)`, f.Regions)
	return l
}

// Committees returns a page of the committees, all or those below each committee,
// by their regions' codes.
func (s *Store) Committees(ctx context.Context, of catalog.Parents, f catalog.CommitteeFilter, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Committee], error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	return pages(ctx, s, committees, CommitteeList(of, f), of, page)
}

// CountCommittees counts what Committees lists.
func (s *Store) CountCommittees(ctx context.Context, of catalog.Parents, f catalog.CommitteeFilter) (map[catalog.ID]int, error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	return counts(ctx, s, CommitteeList(of, f), of)
}
