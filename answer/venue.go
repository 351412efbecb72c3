package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func venueShape() shape {
	return record(catalog.KindVenue, shape{
		"committee": one("Committee", "committees", `#.id = @.committee_id`), "region": one("Region", "regions", `#.code = @.region_code`),
	})
}

func venuesOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Kind *catalog.VenueKind
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		s.connection("Venue", row, store.VenueList(catalog.Parents{Kind: parent}, args.Kind), args.PageArgs, sel)
	}
}
