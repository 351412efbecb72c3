package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func callShape() shape {
	return record(catalog.KindCall, shape{
		"status": word("status"), "committee": mustBeOne("Committee", "committees", `#.id = @.committee_id`),
		"topics":     linkedBy("Topic", "topics", "call_topics", `#.call_id = @.id`, `#.position`, `topic_id`),
		"criteria":   some("Criterion", `call_criteria #`, `#.call_id = @.id`, `#.position`),
		"indicator":  one("Indicator", "indicators", `#.id = @.indicator_id`),
		"audience":   linkedBy("Committee", "committees", "call_audience", `#.call_id = @.id`, `#.position`, `committee_id`),
		"collection": one("Collection", "collections", `#.call_id = @.id AND #.status = 'PUBLISHED'`),
		"isOpen":     isOpen, "revisions": revisionsOf(catalog.KindCall), "actions": actionsFor("committee_id"),
	})
}

func criterionShape() shape { return shape{"name": column("name"), "weight": plain("weight")} }

// isOpen is whether cases can be submitted to the call by the context's clock.
func isOpen(s *statement, row string, _ *catalog.Selection) {
	s.fill(templateOf(store.CallOpen(s.args.Add(catalog.Now(s.ctx))+`::timestamptz`)+`::text`), row, "")
}

func callsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		catalog.CallFilter
		catalog.PageArgs
	}
	if s.decode(sel, &args) {
		s.connection("Call", row, store.CallList(s.ctx, args.CallFilter), args.PageArgs, sel)
	}
}
