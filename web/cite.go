package web

import (
	"net/http"
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
