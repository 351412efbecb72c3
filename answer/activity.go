package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func activityShape() shape {
	return record(catalog.KindActivity, shape{
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`), "venue": one("Venue", "venues", `#.id = @.venue_id`),
		"topics":    linkedBy("Topic", "topics", "activity_topics", `#.activity_id = @.id`, `#.position`, `topic_id`),
		"persons":   linkedBy("Person", "persons", "activity_persons", `#.activity_id = @.id`, `#.position`, `person_id`),
		"cases":     linkedBy("Case", "cases", "activity_cases", `#.activity_id = @.id`, `#.position`, `case_id`),
		"revisions": revisionsOf(catalog.KindActivity), "actions": actionsFor("committee_id"),
	})
}

func activitiesOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Filter catalog.ActivityFilter
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		l, err := store.ActivityList(s.ctx, catalog.Parents{Kind: parent}, args.Filter)
		s.page("Activity", row, l, err, args.PageArgs, sel)
	}
}

// page writes a page of a list, and leaves a filter that is none to the resolvers.
func (s *statement) page(shape, row string, l store.List, err error, page catalog.PageArgs, sel *catalog.Selection) {
	if err != nil {
		s.leave("a filter that is none")
		return
	}
	s.connection(shape, row, l, page, sel)
}
