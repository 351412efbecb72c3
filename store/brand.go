package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var brands = nounOf(table{
	name:  "brands",
	names: []string{"ARRAY[name]", "alternative_names"},
}, func(b *catalog.Brand, in *catalog.BrandInput, known *lookup) []Column {
	return []Column{
		column("name", "name", Text, &b.Name, in.Name),
		column("alternative_names", "alternativeNames", Text, &b.AlternativeNames, array(in.AlternativeNames)),
		column("description", "description", TextOrNull, &b.Description, null(in.Description)),
		internal("committee_id", &b.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		internal("region_code", &b.RegionCode, null(in.Region)),
		internal("parent_id", &b.ParentID, known.id(catalog.KindBrand, in.Parent)),
	}
})

// BrandsByID returns the brands of these ids.
func (s *Store) BrandsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Brand, error) {
	return byID(ctx, s, brands, ids)
}

// BrandsBySlug returns the brands of these slugs.
func (s *Store) BrandsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Brand, error) {
	return bySlug(ctx, s, brands, slugs)
}

func BrandList(ctx context.Context, of catalog.Parents, f catalog.BrandFilter, o *catalog.BrandOrder) (List, error) {
	l := List{from: `brands r`, order: byReading("NAME ASC", `r.name`)}
	if o != nil {
		l.order = brandOrder(*o)
	}
	switch of.Kind {
	case catalog.KindCommittee:
		l.and(`r.committee_id = parent.id`)
	case catalog.KindBrand:
		l.and(`r.parent_id = parent.id`)
	}
	if err := l.andCommittees(`r.committee_id`, f.Committees); err != nil {
		return List{}, err
	}
	l.inStates(ctx, "brands", f.Status)
	andAny(&l, `r.region_code = ANY (`+regionsBelow+`)`, f.Regions)
	if f.Parent != nil {
		l.and(`r.parent_id = (SELECT id FROM brands WHERE slug = %s)`, *f.Parent)
	}
	return l, nil
}

func brandOrder(o catalog.BrandOrder) order {
	by := byReading("", `r.name`)
	if o.Field == catalog.BrandsByUpdate {
		by = order{expression: `r.updated_at`, cast: "timestamptz"}
	}
	return by.towards(string(o.Field), o.Direction)
}

// Brands returns a page of the brands, all or those of each committee or below
// each brand.
func (s *Store) Brands(ctx context.Context, of catalog.Parents, f catalog.BrandFilter, o *catalog.BrandOrder, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Brand], error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	l, err := BrandList(ctx, of, f, o)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, brands, l, of, page)
}

// CountBrands counts what Brands lists.
func (s *Store) CountBrands(ctx context.Context, of catalog.Parents, f catalog.BrandFilter) (map[catalog.ID]int, error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	l, err := BrandList(ctx, of, f, nil)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}

// BrandsByPractice returns the brands that each practice names, in its order.
func (s *Store) BrandsByPractice(ctx context.Context, practices []catalog.ID) (map[catalog.ID][]*catalog.Brand, error) {
	return linked(ctx, s, brands, practiceMentions(`brands`), `l.parent, l.position`, practices)
}
