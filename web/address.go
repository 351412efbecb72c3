package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// isText reports whether s can be part of a record's text: valid UTF-8 without
// NUL, which PostgreSQL refuses.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// onlyText returns the request with whatever is no text taken out of its query, so
// that a mistyped escape does not look like a fault of the server's.
func onlyText(r *http.Request) *http.Request {
	query, changed := url.Values{}, false
	for name, values := range r.URL.Query() {
		for _, value := range values {
			text := strings.ReplaceAll(strings.ToValidUTF8(value, "\uFFFD"), "\x00", "")
			changed = changed || text != value
			query.Add(name, text)
		}
	}
	if !changed {
		return r
	}
	cleaned := r.Clone(r.Context())
	cleaned.URL.RawQuery = query.Encode()
	return cleaned
}
