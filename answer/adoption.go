package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func adoptionShape() shape {
	return record(catalog.KindAdoption, shape{
		"case": mustBeOne("Case", "cases", `#.id = @.case_id`), "adopter": mustBeOne("Committee", "committees", `#.id = @.adopter_id`),
		"resultingCase": one("Case", "cases", `#.id = @.resulting_case_id`),
		"status":        word("status"), "revisions": revisionsOf(catalog.KindAdoption), "actions": actionsForAdopters,
	})
}

func adoptionsOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Filter catalog.AdoptionFilter
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		l, err := store.AdoptionList(s.ctx, catalog.Parents{Kind: parent}, args.Filter)
		if err != nil {
			s.leave("a filter that is none")
			return
		}
		s.connection("Adoption", row, l, args.PageArgs, sel)
	}
}
