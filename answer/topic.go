package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
)

func topicShape() shape {
	return record(catalog.KindTopic, shape{
		"parent":   one("Topic", "topics", `#.id = @.parent_id`),
		"children": records("Topic", "topics", `#.parent_id = @.id`, `#.id`),
		"caseCount": written(`(
			WITH RECURSIVE within (id) AS (SELECT @.id UNION SELECT n.id FROM topics n JOIN within w ON n.parent_id = w.id)
			SELECT count(DISTINCT n.id) FROM within w JOIN case_topics t ON t.topic_id = w.id JOIN cases n ON n.id = t.case_id WHERE n.status = 'PUBLISHED')::text`),
	})
}

// topicsOf is the list of the published topics, all or those directly below a
// parent.
func topicsOf(s *statement, row string, sel *catalog.Selection) {
	var args struct{ Parent *string }
	if !s.decode(sel, &args) {
		return
	}
	where := `#.status = 'PUBLISHED'`
	if args.Parent != nil && *args.Parent != "" {
		where += ` AND #.parent_id = (SELECT id FROM topics WHERE slug = ` + s.args.Add(*args.Parent) + `)`
	}
	some("Topic", `topics #`, where, `#.id`)(s, row, sel)
}
