package web

import (
	"net/http"
	"strconv"
)

// sourceExtra is a source's text, cut at the quote that the address names.
type sourceExtra struct {
	Text   []span
	Quoted bool
}

func shapeSource(v *view, r *http.Request) error {
	query := r.URL.Query()
	if !query.Has("start") && !query.Has("end") {
		v.Extra = sourceExtra{Text: []span{{Text: text(object(v.Data["source"])["text"])}}}
		return nil
	}
	start, err1 := strconv.Atoi(query.Get("start"))
	end, err2 := strconv.Atoi(query.Get("end"))
	if err1 != nil || err2 != nil || start < 0 || end <= start {
		return badAddress("引文的位置应写成 start=起&end=止 两个数，止大于起。")
	}
	spans := marked(object(v.Data["source"])["text"], []any{map[string]any{"start": start, "end": end}})
	extra := sourceExtra{Text: spans}
	for _, s := range spans {
		extra.Quoted = extra.Quoted || s.Marked
	}
	if !extra.Quoted {
		return badAddress("引文的位置超出了原文。")
	}
	v.Extra = extra
	return nil
}
