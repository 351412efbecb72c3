package server

import (
	_ "embed"
	"net/http"
)

//go:embed home/index.html
var homePage string

//go:embed home/home.css
var homeStyle string

// home serves the page at /, which says what this is and where to go on, and
// its style sheet.
func home() http.Handler {
	page := text("text/html; charset=utf-8", homePage)
	style := text("text/css; charset=utf-8", homeStyle)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/home.css" {
			style.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		page.ServeHTTP(w, r)
	})
}
