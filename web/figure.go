package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	citation "github.com/jisiguangyi/jisi/catalog/cite"
	"github.com/jisiguangyi/jisi/web/drawing"
)

// pictured says of every figure on a page what a picture of it says, which goes where
// the page does not: which records are counted, by whom, and when.
func (x researchExtra) pictured(v *view, r *http.Request) researchExtra {
	path := strings.TrimSuffix(r.URL.Path, "/"+r.PathValue("file"))
	address := v.Address + path
	if query := shownQuery(r.URL.Query()); query != "" {
		address += "?" + query
	}
	for i := range x.Sheets {
		s := &x.Sheets[i]
		s.scope, s.source, s.day = "统计范围："+x.scope(v), citation.Title+"，"+address, v.Today
		if x.MadeUp > 0 {
			s.warning = "含合成数据：所统计的记录中有 " + strconv.Itoa(x.MadeUp) + " 个案例由程序生成，不是真实案例。"
		}
	}
	return x
}

// shownQuery is the address's parameters that say something.
func shownQuery(query url.Values) string {
	for name, values := range query {
		if len(values) == 0 || values[0] == "" {
			delete(query, name)
		}
	}
	return query.Encode()
}

// scope says in words which records are counted.
func (x researchExtra) scope(v *view) string {
	var parts []string
	for _, list := range [][]option{x.Origins, x.Levels, x.Regions, x.Topics} {
		for _, o := range list {
			if o.Chosen {
				parts = append(parts, o.Label)
			}
		}
	}
	switch from, to := x.Chosen.From, x.Chosen.To; {
	case from != "" && to != "":
		parts = append(parts, from+"—"+to+" 年")
	case from != "":
		parts = append(parts, from+" 年起")
	case to != "":
		parts = append(parts, "至 "+to+" 年")
	}
	text := "全部"
	if len(parts) > 0 {
		text = strings.Join(parts, "，")
	}
	if v.Reader != nil {
		return text + "；含登录者可见而未公开的记录"
	}
	return text + "；只计已公开的记录"
}

// writeSVG sends a picture of a sheet.
func writeSVG(w http.ResponseWriter, s sheet, madeUp bool) {
	f := drawing.Figure{
		Title: s.Title, Scope: s.scope, Warning: s.warning, Definition: s.Define, Source: s.source, Day: s.day, Form: drawing.Form(s.Chart), Head: s.Head,
	}
	for _, row := range s.Rows {
		cells := make([]drawing.Cell, len(row))
		for i, c := range row {
			cells[i] = drawing.Cell{Text: c.Text, Shade: c.Shade}
			if c.Number {
				cells[i].Number, _ = strconv.ParseFloat(c.Text, 64) // figure and decimal write what this reads
			}
		}
		f.Rows = append(f.Rows, cells)
	}
	name := s.Name
	if madeUp {
		name += "-synthetic"
	}
	body := drawing.SVG(f)
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="jisi-`+name+`.svg"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may have gone
}
