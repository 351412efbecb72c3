package server

import (
	"net/http"
	"slices"

	"github.com/rs/cors"
)

// secured sets the headers that keep a browser from doing with an answer what
// nobody meant. A page that needs more of the content security policy sets its
// own.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
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
