package gqlhttp

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

// What sends requests.
var (
	post   = gqltest.Post
	query  = gqltest.Query
	do     = gqltest.Do
	decode = gqltest.Decode
)

func fakeOptions() Options {
	return Options{
		Schema: gqltest.NewSchema(), PresentError: graph.PresentError, Recover: graph.Recover,
		Log: slog.New(slog.DiscardHandler),
	}
}

// identified serves h to callers whom a bearer names, as server does.
func identified(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			r = r.WithContext(catalog.WithViewer(r.Context(), &catalog.Viewer{Name: name, Role: catalog.RoleEditor}))
		}
		h.ServeHTTP(w, r)
	})
}
