package answer

import "github.com/jisiguangyi/jisi/catalog"

func collectionShape() shape {
	return record(catalog.KindCollection, shape{
		"status": word("status"), "committee": one("Committee", "committees", `#.id = @.committee_id`),
		"call":  one("Call", "calls", `#.id = @.call_id`),
		"cases": casesOf(catalog.KindCollection), "revisions": revisionsOf(catalog.KindCollection), "actions": actionsFor("committee_id"),
	})
}
