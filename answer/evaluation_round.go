package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func evaluationRoundShape() shape {
	return record(catalog.KindRound, shape{
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`),
		"evaluations": evaluationsOf(catalog.KindRound),
		"revisions":   revisionsOf(catalog.KindRound), "actions": actionsFor("committee_id"),
	})
}

func evaluationRoundsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		Filter catalog.EvaluationRoundFilter
		catalog.PageArgs
	}
	if !s.decode(sel, &args) {
		return
	}
	l, err := store.EvaluationRoundList(s.ctx, args.Filter)
	s.page("EvaluationRound", row, l, err, args.PageArgs, sel)
}
