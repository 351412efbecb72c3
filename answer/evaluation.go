package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func evaluationShape() shape {
	return record(catalog.KindEvaluation, shape{
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`),
		"round":     one("EvaluationRound", "evaluation_rounds", `#.id = @.round_id`),
		"items":     some("ItemScore", `evaluation_items #`, `#.evaluation_id = @.id`, `#.position`),
		"revisions": revisionsOf(catalog.KindEvaluation), "actions": actionsFor("committee_id"),
	})
}

func itemScoreShape() shape {
	return shape{"item": column("item"), "score": float("score"), "raters": plainOrNull("raters")}
}

func evaluationsOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			catalog.EvaluationFilter
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		l, err := store.EvaluationList(s.ctx, catalog.Parents{Kind: parent}, args.EvaluationFilter)
		s.page("Evaluation", row, l, err, args.PageArgs, sel)
	}
}
