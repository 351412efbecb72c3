package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func adoptionShape() shape {
	return record(catalog.KindAdoption, shape{
		"case": mustBeOne("Case", "cases", `#.id = @.case_id`), "adopter": mustBeOne("Committee", "committees", `#.id = @.adopter_id`),
		"resultingCase": one("Case", "cases", `#.id = @.resulting_case_id`),
	})
}

func adoptionsOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var page catalog.PageArgs
		if !s.decode(sel, &page) {
			return
		}
		s.connection("Adoption", row, store.AdoptionList(s.ctx, catalog.Parents{Kind: parent}), page, sel)
	}
}
