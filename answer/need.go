package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func needShape() shape {
	return record(catalog.KindNeed, shape{
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`),
		"topics": linkedBy("Topic", "topics", "need_topics", `#.need_id = @.id`, `#.position`, `topic_id`),
		"state":  written(`'"' || ` + store.NeedState + ` || '"'`), "askers": written(store.NeedAskers + `::text`),
		"answers": casesOf(catalog.KindNeed), "revisions": revisionsOf(catalog.KindNeed), "actions": actionsForNeeds,
	})
}

func needsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct {
		catalog.NeedFilter
		catalog.PageArgs
	}
	if !s.decode(sel, &args) {
		return
	}
	l, err := store.NeedList(s.ctx, args.NeedFilter)
	if err != nil {
		s.leave("a filter that is none")
		return
	}
	s.connection("Need", row, l, args.PageArgs, sel)
}
