package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func venueShape() shape {
	return record(catalog.KindVenue, shape{
		"committee": one("Committee", "committees", `#.id = @.committee_id`), "region": one("Region", "regions", `#.code = @.region_code`),
		"status": word("status"), "activities": activitiesOf(catalog.KindVenue),
		"revisions": revisionsOf(catalog.KindVenue), "actions": actionsFor("committee_id"),
	})
}

func venuesOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			catalog.VenueFilter
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		l, err := store.VenueList(s.ctx, catalog.Parents{Kind: parent}, args.VenueFilter)
		s.page("Venue", row, l, err, args.PageArgs, sel)
	}
}
