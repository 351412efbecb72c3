package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// fragment is a highlighted piece of a record's text.
type fragment struct {
	Field   string
	Text    []span
	Section string // of a source's text: the article that it stands in
	URL     string // of a source's text: where it is marked in it
}

// headings are the fields that a record is called by, one of each kind.
var headings = []string{"title", "name", "problem"}

// heading is a record's title or, of a kind that has none, its name or the matter itself.
func heading(node map[string]any) string {
	for _, field := range headings {
		if called := text(node[field]); called != "" {
			return called
		}
	}
	return ""
}

// ofHeading reports whether a highlight is of the heading itself, and at which
// code point of the heading its fragment begins.
func ofHeading(highlight, node map[string]any) (int, bool) {
	if !slices.Contains(headings, text(highlight["field"])) {
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

// moved returns ranges that are further on by n code points.
func moved(ranges []any, n int) []any {
	further := make([]any, len(ranges))
	for i, r := range ranges {
		further[i] = map[string]any{"start": whole(object(r)["start"]) + n, "end": whole(object(r)["end"]) + n}
	}
	return further
}

// found is what was found of a hit besides its heading.
type found struct {
	Fragments []fragment // of its own text
	// Linked are, where nothing was found in the heading, the fields of which a
	// name was found, of the committee that a
	// case belongs to or of a topic: perhaps a formal or another name, which the
	// hit does not show, so that a fragment of it would puzzle its reader.
	Linked []string
}

// elided is a highlight's fragment with what is marked in it, and … where it was cut out
// of a sentence.
func elided(highlight map[string]any) []span {
	pieces := marked(highlight["fragment"], highlight["ranges"])
	whole := []rune(text(highlight["fragment"]))
	if len(pieces) == 0 {
		return pieces
	}
	if first := pieces[0]; !first.Marked && len([]rune(first.Text)) >= catalog.FragmentLead {
		pieces[0].Text = "…" + first.Text
	}
	if n := len(whole); n >= catalog.FragmentLength && !strings.ContainsRune("。！？；…!?", whole[n-1]) {
		pieces = append(pieces, span{Text: "…"})
	}
	return pieces
}

// linkedFields are those that hold names of other records.
var linkedFields = []string{"brand.name", "committee.name", "region.name", "topics.name"}

// foundIn sorts the highlights besides the one in the heading.
func foundIn(edge any) found {
	node := object(object(edge)["node"])
	var f found
	inHeading := false
	for _, h := range list(object(edge)["highlights"]) {
		highlight := object(h)
		field := text(highlight["field"])
		if _, ok := ofHeading(highlight, node); ok {
			inHeading = true
			continue
		}
		if !slices.Contains(linkedFields, field) {
			f.Fragments = append(f.Fragments, fragment{field, elided(highlight), text(object(highlight["section"])["title"]), placeURL(node, highlight)})
		} else if name := fieldLabel(node["__typename"], field); !slices.Contains(f.Linked, name) {
			f.Linked = append(f.Linked, name)
		}
	}
	if inHeading {
		f.Linked = nil // it is plain to see why
	}
	return f
}

// placeURL is where a fragment of a source's text is marked in it, from its first match
// to its last; "" for a fragment of another field.
func placeURL(node, highlight map[string]any) string {
	ranges := list(highlight["ranges"])
	if highlight["start"] == nil || len(ranges) == 0 {
		return ""
	}
	at := whole(highlight["start"])
	return fmt.Sprintf("/sources/%s?start=%d&end=%d#quote", url.PathEscape(text(node["slug"])), at+whole(object(ranges[0])["start"]), at+whole(object(ranges[len(ranges)-1])["end"]))
}

// lead is what a record is about in short, "" where it does not say.
func lead(node any) string {
	if summary := text(object(node)["summary"]); summary != "" {
		return summary
	}
	if preface := text(object(node)["preface"]); preface != "" {
		return preface
	}
	return text(object(node)["description"])
}

// elsewhere reports whether a case was held in another region than its
// committee's own: else to name the region says the same twice.
func elsewhere(record any) bool {
	c := object(record)
	region := object(c["region"])
	return region != nil && object(object(c["committee"])["region"])["code"] != region["code"]
}
