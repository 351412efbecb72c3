package web

import "strings"

// fragment is a highlighted piece of a record's text.
type fragment struct {
	Field string
	Text  []span
}

// heading is a record's title or, of a kind that has none, its name.
func heading(node map[string]any) string {
	if title := text(node["title"]); title != "" {
		return title
	}
	return text(node["name"])
}

// ofHeading tells whether a highlight is of the heading itself, and at which
// code point of the heading its fragment begins.
func ofHeading(highlight, node map[string]any) (int, bool) {
	if field := highlight["field"]; field != "title" && field != "name" {
		return 0, false
	}
	before, _, found := strings.Cut(heading(node), text(highlight["fragment"]))
	return len([]rune(before)), found
}

// hitTitle is a hit's heading with what was found in it marked.
func hitTitle(edge any) []span {
	node := object(object(edge)["node"])
	for _, h := range list(object(edge)["highlights"]) {
		highlight := object(h)
		if at, ok := ofHeading(highlight, node); ok {
			return marked(heading(node), moved(list(highlight["ranges"]), at))
		}
	}
	return []span{{Text: heading(node)}}
}

// moved gives ranges further on by n code points.
func moved(ranges []any, n int) []any {
	further := make([]any, len(ranges))
	for i, r := range ranges {
		further[i] = map[string]any{"start": whole(object(r)["start"]) + n, "end": whole(object(r)["end"]) + n}
	}
	return further
}

// hitFragments are the highlights besides the one in the heading.
func hitFragments(edge any) []fragment {
	node := object(object(edge)["node"])
	var fragments []fragment
	for _, h := range list(object(edge)["highlights"]) {
		highlight := object(h)
		if _, ok := ofHeading(highlight, node); !ok {
			fragments = append(fragments, fragment{text(highlight["field"]), marked(highlight["fragment"], highlight["ranges"])})
		}
	}
	return fragments
}

// lead is what a record is about in short, "" where it does not say.
func lead(node any) string {
	if summary := text(object(node)["summary"]); summary != "" {
		return summary
	}
	return text(object(node)["description"])
}

// elsewhere tells whether a case was held in another region than its
// committee's own: else to name the region says the same twice.
func elsewhere(record any) bool {
	c := object(record)
	region := object(c["region"])
	return region != nil && object(object(c["committee"])["region"])["code"] != region["code"]
}
