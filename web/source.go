package web

import (
	"net/http"
	"strconv"
	"strings"
)

// sourceExtra is a source's text by its articles, cut at the quote that the
// address names.
type sourceExtra struct {
	Parts  []sourcePart
	Quoted bool
	Back   string // the page that the quote was followed from, "" where that is not known
	Of     string // what that page is of
}

// sourcePart is an article of a source, or, without a title, what stands in none.
type sourcePart struct {
	Title string
	Start int // its first code point, by which it is linked to
	Text  []span
}

func shapeSource(v *view, r *http.Request) error {
	source := object(v.Data["source"])
	query := r.URL.Query()
	if !query.Has("start") && !query.Has("end") {
		v.Extra = sourceExtra{Parts: sourceParts(source, 0, 0)}
		return nil
	}
	start, err1 := strconv.Atoi(query.Get("start"))
	end, err2 := strconv.Atoi(query.Get("end"))
	if err1 != nil || err2 != nil || start < 0 || end <= start {
		return badAddress("引文的位置应写成 start=起&end=止 两个数，止大于起。")
	}
	if end > len([]rune(text(source["text"]))) {
		return badAddress("引文的位置超出了原文。")
	}
	extra := sourceExtra{Parts: sourceParts(source, start, end), Quoted: true}
	for kind, path := range paths {
		if from := query.Get("from"); localPath(from) == from && strings.HasPrefix(from, path) && len(from) > len(path) {
			extra.Back, extra.Of = from, kindLabel(kind)
		}
	}
	v.Extra = extra
	return nil
}

// sourceParts cuts a source's text at its articles and, where end is more than
// start, at the quote that stands at [start, end), in code points. What
// stands in no article and is more than blank lines is a part without a title.
func sourceParts(source map[string]any, start, end int) []sourcePart {
	whole := []rune(text(source["text"]))
	var parts []sourcePart
	add := func(title string, from, to int) {
		part := sourcePart{Title: title, Start: from}
		inner := func(n int) int { return min(max(n, from), to) }
		for _, s := range []span{
			{Text: string(whole[from:inner(start)])},
			{Text: string(whole[inner(start):inner(end)]), Marked: true},
			{Text: string(whole[inner(end):to])},
		} {
			if s.Text != "" {
				part.Text = append(part.Text, s)
			}
		}
		if title != "" || strings.TrimSpace(string(whole[from:to])) != "" {
			parts = append(parts, part)
		}
	}
	at := 0
	for _, s := range list(source["sections"]) {
		section := object(s)
		from, _ := section["start"].(int)
		to, _ := section["end"].(int)
		add("", at, from)
		add(text(section["title"]), from, to)
		at = to
	}
	add("", at, len(whole))
	return parts
}
