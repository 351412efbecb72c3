package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func personShape() shape {
	return record(catalog.KindPerson, shape{
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`),
		"cases": casesOf(catalog.KindPerson), "proposals": proposalsOf(catalog.KindPerson),
		"supervisions": some("Supervision", `supervisions # JOIN proposals seen ON seen.id = #.proposal_id`,
			`#.supervisor_id = @.id AND seen.status = 'PUBLISHED'`, `#.year DESC NULLS LAST, #.proposal_id, #.position`),
		"revisions": revisionsOf(catalog.KindPerson), "actions": actionsForPersons,
	})
}

func personsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		catalog.PersonFilter
		catalog.PageArgs
	}
	if !s.decode(sel, &args) {
		return
	}
	l, err := store.PersonList(s.ctx, args.PersonFilter)
	s.page("Person", row, l, err, args.PageArgs, sel)
}
