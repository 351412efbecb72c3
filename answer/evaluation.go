package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func evaluationShape() shape {
	return record(catalog.KindEvaluation, shape{"committee": one("Committee", "committees", `#.id = @.committee_id`)})
}

func evaluationsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		Year *int
		catalog.PageArgs
	}
	if s.decode(sel, &args) {
		s.connection("Evaluation", row, store.EvaluationList(args.Year), args.PageArgs, sel)
	}
}
