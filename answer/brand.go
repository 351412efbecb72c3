package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func brandShape() shape {
	return record(catalog.KindBrand, shape{
		"status":    word("status"),
		"committee": one("Committee", "committees", `#.id = @.committee_id`),
		"region":    one("Region", "regions", `#.code = @.region_code`),
		"parent":    one("Brand", "brands", `#.id = @.parent_id`),
		"children":  brandsOf(catalog.KindBrand), "cases": casesOf(catalog.KindBrand),
		"reports": reportsOf(), "revisions": revisionsOf(catalog.KindBrand), "actions": actionsFor("committee_id"),
	})
}

func brandsOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Filter  catalog.BrandFilter
			OrderBy *catalog.BrandOrder
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		if _, known := s.under(args.Filter.Regions); !known && len(args.Filter.Regions) > 0 {
			s.leave("a region that is not known")
			return
		}
		l, err := store.BrandList(s.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		if err != nil {
			s.leave("a filter that is none")
			return
		}
		s.connection("Brand", row, l, args.PageArgs, sel)
	}
}
