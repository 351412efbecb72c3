package answer

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func practiceShape() shape {
	named := func(shape, table string) field {
		return linkedBy(shape, table, "practice_mentions", `#.practice_id = @.id AND #.record_kind = `+literal(strings.ToUpper(shape)), `#.position`, `record_id`)
	}
	return record(catalog.KindPractice, shape{
		"cases": named("Case", "cases"), "brands": named("Brand", "brands"),
		"reports":   reportsOf(),
		"proposals": named("Proposal", "proposals"), "indicators": named("Indicator", "indicators"),
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`),
		"revisions": revisionsOf(catalog.KindPractice), "actions": actionsFor("committee_id"),
	})
}

func practicesOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		catalog.PracticeFilter
		catalog.PageArgs
	}
	if !s.decode(sel, &args) {
		return
	}
	l, err := store.PracticeList(s.ctx, args.PracticeFilter)
	s.page("Practice", row, l, err, args.PageArgs, sel)
}
