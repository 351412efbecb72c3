package answer

import "github.com/jisiguangyi/jisi/catalog"

// sectionShape is of a row with a column that holds the section as JSON.
func sectionShape() shape {
	return shape{
		"title": orNull(`to_json(@.section ->> 'title')::text`), "start": written(`(@.section ->> 'start')`), "end": written(`(@.section ->> 'end')`),
	}
}

// sectionOfQuote is the article in which a citation's quote begins, null where it
// stands in none.
func sectionOfQuote(s *statement, row string, sel *catalog.Selection) {
	r := s.row()
	s.write(`coalesce((SELECT `)
	s.object("Section", r, sel.Below)
	s.write(` FROM sources s, jsonb_array_elements(s.sections) AS `, r, ` (section) WHERE s.id = `, row, `.source_id AND (`, r, `.section ->> 'start')::integer <= `, row,
		`.start_at AND `, row, `.start_at < (`, r, `.section ->> 'end')::integer AND `, s.readable("sources", "s"), ` LIMIT 1), 'null')`)
}
