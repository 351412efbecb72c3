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

// article is how to cite the article in which a record stands: by the quote that
// supports what it is called, else by its first; "" where it quotes nothing.
func article(record any) string {
	all := list(object(record)["citations"])
	for _, name := range []string{"title", "name"} {
		for _, citation := range all {
			if slices.Contains(list(object(citation)["fields"]), any(name)) {
				return text(object(citation)["gbt7714"])
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	return text(object(all[0])["gbt7714"])
}
