package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var venues = nounOf(table{
	name:  "venues",
	names: []string{"ARRAY[name]"},
}, func(v *catalog.Venue, in *catalog.VenueInput, known *lookup) []Column {
	return []Column{
		column("type", "kind", Word, &v.Type, in.VenueKind),
		column("name", "name", Text, &v.Name, in.Name),
		internal("committee_id", &v.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		internal("region_code", &v.RegionCode, null(in.Region)),
		column("address", "address", TextOrNull, &v.Address, null(in.Address)),
	}
})

// VenuesByID returns the venues of these ids.
func (s *Store) VenuesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Venue, error) {
	return byID(ctx, s, venues, ids)
}

// VenuesBySlug returns the venues of these slugs.
func (s *Store) VenuesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Venue, error) {
	return bySlug(ctx, s, venues, slugs)
}

// VenueList is the venues of a filter, all or those of each committee, by name.
func VenueList(ctx context.Context, of catalog.Parents, f catalog.VenueFilter) (List, error) {
	l := List{from: `venues r`, order: byReading("NAME", `r.name`)}
	if of.Kind == catalog.KindCommittee {
		l.and(`r.committee_id = parent.id`)
	}
	l.inStates(ctx, "venues", f.Status)
	if f.Kind != nil {
		l.and(`r.type = %s`, *f.Kind)
	}
	return l, l.andCommittees(`r.committee_id`, f.Committees)
}

// Venues returns a page of the venues of a filter, all or those of each committee,
// by name.
func (s *Store) Venues(ctx context.Context, of catalog.Parents, f catalog.VenueFilter, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Venue], error) {
	l, err := VenueList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, venues, l, of, page)
}

// CountVenues counts what Venues lists.
func (s *Store) CountVenues(ctx context.Context, of catalog.Parents, f catalog.VenueFilter) (map[catalog.ID]int, error) {
	l, err := VenueList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}
