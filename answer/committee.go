package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func committeeShape() shape {
	return record(catalog.KindCommittee, shape{
		"region":   mustBeOne("Region", "regions", `#.code = @.region_code`),
		"parent":   one("Committee", "committees", `#.id = @.parent_id`),
		"children": committeesOf(catalog.KindCommittee), "brands": brandsOf(catalog.KindCommittee), "cases": casesOf(catalog.KindCommittee),
		"reports":   reportsOf(),
		"adoptions": adoptionsOf(catalog.KindCommittee), "venues": venuesOf(catalog.KindCommittee),
		"activities": activitiesOf(catalog.KindCommittee),
	})
}

func committeesOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Filter catalog.CommitteeFilter
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		if _, known := s.under(args.Filter.Regions); !known && len(args.Filter.Regions) > 0 {
			s.leave("a region that is not known")
			return
		}
		s.connection("Committee", row, store.CommitteeList(catalog.Parents{Kind: parent}, args.Filter), args.PageArgs, sel)
	}
}
