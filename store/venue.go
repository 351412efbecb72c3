package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var venueTable = table{name: "venues", columns: []string{"type", "name", "committee_id", "region_code", "address"}}

func (b *batch) addVenue(in *catalog.VenueInput, r row) {
	r["type"], r["name"], r["address"] = in.VenueKind, in.Name, null(in.Address)
	r["committee_id"], r["region_code"] = b.known.id(catalog.KindCommittee, in.Committee), null(in.Region)
	b.rows.add("venues", r)
}

var venues = noun[catalog.Venue]{
	table: "venues", columns: `r.type, r.name, r.committee_id, r.region_code, r.address`,
	scan: func(v *catalog.Venue) []any {
		return append(headScan(&v.Meta), &v.Type, &v.Name, &v.CommitteeID, &v.RegionCode, &v.Address)
	},
}

// VenuesByID gives the venues of these ids.
func (s *Store) VenuesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Venue, error) {
	return byID(ctx, s, venues, ids)
}

func venueList(of catalog.Parents, kind *catalog.VenueKind) list {
	l := list{from: `venues r`, order: order{"NAME", `r.name COLLATE jisi_zh`, "text", false}}
	if of.Kind == catalog.KindCommittee {
		l.and(`r.committee_id = parent.id`)
	}
	if kind != nil {
		l.and(`r.type = %s`, *kind)
	}
	return l
}

// Venues gives a page of the venues, all or those of each committee, by name;
// of one kind where it is given.
func (s *Store) Venues(ctx context.Context, of catalog.Parents, kind *catalog.VenueKind, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Venue], error) {
	return pages(ctx, s, venues, venueList(of, kind), of, page)
}

// CountVenues counts what Venues lists.
func (s *Store) CountVenues(ctx context.Context, of catalog.Parents, kind *catalog.VenueKind) (map[catalog.ID]int, error) {
	return counts(ctx, s, venueList(of, kind), of)
}
