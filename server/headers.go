package server

import (
	"maps"
	"net/http"
	"slices"

	"github.com/rs/cors"
)

// security are the headers that keep a browser from doing with an answer what
// nobody meant. A page that needs more of the content security policy sets its
// own. Answers share the values, which a Set or Add leaves as they are.
var security = http.Header{
	"Content-Security-Policy":      {"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
}

// secured sets them.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), security)
		next.ServeHTTP(w, r)
	})
}

// allowOrigins lets pages of the origins ask h from a browser, without cookies.
func allowOrigins(origins []string, h http.Handler) http.Handler {
	if len(origins) == 0 { // rs/cors would take an empty list for all
		return h
	}
	return cors.New(cors.Options{
		AllowedOrigins: slices.Clone(origins),
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-Request-ID"},
		ExposedHeaders: []string{"ETag", "X-Request-ID"},
		MaxAge:         24 * 60 * 60,
	}).Handler(h)
}
