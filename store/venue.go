package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var venues = nounOf(table{
	name: "venues",
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

func VenueList(of catalog.Parents, kind *catalog.VenueKind) List {
	l := List{from: `venues r`, order: order{"NAME", `r.name COLLATE jisi_zh`, "text", false}}
	if of.Kind == catalog.KindCommittee {
		l.and(`r.committee_id = parent.id`)
	}
	if kind != nil {
		l.and(`r.type = %s`, *kind)
	}
	return l
}

// Venues returns a page of the venues, all or those of each committee, by name;
// of one kind where it is given.
func (s *Store) Venues(ctx context.Context, of catalog.Parents, kind *catalog.VenueKind, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Venue], error) {
	return pages(ctx, s, venues, VenueList(of, kind), of, page)
}

// CountVenues counts what Venues lists.
func (s *Store) CountVenues(ctx context.Context, of catalog.Parents, kind *catalog.VenueKind) (map[catalog.ID]int, error) {
	return counts(ctx, s, VenueList(of, kind), of)
}
