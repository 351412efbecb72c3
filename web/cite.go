package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// citeStyle is a style of citation: the field of a record's document that has
// it, and its name.
type citeStyle struct{ Field, Name string }

var citeStyles = []citeStyle{{"gbt7714", "GB/T 7714-2025"}, {"gbt7714of15", "GB/T 7714-2015"}, {"bibtex", "BibTeX"}, {"ris", "RIS"}, {"apa", "APA"}}

// citing adds to a page's variables the day on which its reader cites it.
func citing(variables func(*http.Request) (map[string]any, error)) func(*http.Request) (map[string]any, error) {
	return func(r *http.Request) (map[string]any, error) {
		v, err := variables(r)
		if err == nil {
			v["today"] = string(catalog.DayOf(time.Now()))
		}
		return v, err
	}
}

// article returns how to cite the article in which a record is told: by the quote that
// supports most of its fields, since what it is called may stand in a sentence that only
// lists it; "" where it quotes nothing.
func article(record any) string {
	var best map[string]any
	most := -1
	for _, one := range list(object(record)["citations"]) {
		citation := object(one)
		fields := list(citation["fields"])
		n := 2 * len(fields)
		if slices.Contains(fields, any("title")) || slices.Contains(fields, any("name")) {
			n++ // of two that say as much, the one that names it
		}
		if n > most {
			best, most = citation, n
		}
	}
	return text(best["gbt7714"])
}
