package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// nobody is a Querier that knows no record.
type nobody struct{}

func (nobody) Query(context.Context, string, string, map[string]any) (json.RawMessage, []GraphQLError) {
	return json.RawMessage(`{}`), nil
}

func TestAnAddressWithASlashOrCapitalsLeadsToThePage(t *testing.T) {
	h := Handler(Options{Query: nobody{}, Log: slog.New(slog.DiscardHandler)})
	for target, want := range map[string]string{
		"/search/":               "/search",
		"/search/?q=%E7%94%B5":   "/search?q=%E7%94%B5",
		"/topics/":               "/topics",
		"/Topics":                "/topics",
		"/cases/Some-Slug":       "/cases/some-slug",
		"/cases/some-slug/":      "/cases/some-slug",
		"/CASES/Some-Slug//?a=B": "/cases/some-slug?a=B",
		"/regions/220104/":       "/regions/220104",
		"/releases/":             "/releases",
		"/Releases/2026-11/":     "/releases/2026-11/",
		"/write/":                "/write",
		"/help/":                 "/help",
		// These are a page's own, or nobody's.
		"/cases/some-slug": "", "/releases/2026-11/": "", "/Nothing/": "", "/nothing/x/": "", "/": "", "//evil.example/": "", "/assets/STYLE.css": "",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://jisi.example"+target, nil)
		h.ServeHTTP(w, r)
		got := w.Header().Get("Location")
		if (w.Code == http.StatusPermanentRedirect) != (want != "") || got != want && want != "" {
			t.Errorf("%s leads to %q with %d, want %q", target, got, w.Code, want)
		}
		if strings.HasPrefix(got, "//") {
			t.Errorf("%s leads to another site, %s", target, got)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/display/", nil))
	if w.Code == http.StatusPermanentRedirect {
		t.Error("a form is led on")
	}
}
