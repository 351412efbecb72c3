package graph

import (
	"context"
	"encoding/base64"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// pagesOfChanges notes which changes it is asked for.
type pagesOfChanges struct{ from, to int }

func (p *pagesOfChanges) ReleaseChanges(_ context.Context, _, _ string, from, to int) ([]*catalog.ReleaseChange, int, error) {
	p.from, p.to = from, to
	return nil, 1 << 40, nil
}

// A cursor is whatever a client sends: one that is none of ours asks for nothing, and one
// that could be ours for what comes after it.
func TestACursorOfAReleasesChangesIsOneOfOurs(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "change:0": 1, "change:99": 100, "change:1073741823": 1 << 30,
		"change:1073741824": -1, "change:2147483647": -1, "change:4294967295": -1, "change:9223372036854775807": -1, "change:18446744073709551615": -1,
		"change:-1": -1, "change:": -1, "change:1.5": -1, "change:１": -1, "case:1": -1, "1": -1,
	} {
		args := catalog.PageArgs{}
		if text != "" {
			cursor := base64.RawURLEncoding.EncodeToString([]byte(text))
			args.After = &cursor
		}
		asked := &pagesOfChanges{from: -1}
		r := &Resolver{Releases: asked}
		before := "2026-10"
		_, err := r.releaseChanges(t.Context(), &catalog.Release{Name: "2026-11"}, &before, args)
		if want < 0 && (catalog.ErrorKindOf(err) != catalog.KindInvalid || asked.from >= 0) {
			t.Errorf("after %q: %v, asked for %d to %d", text, err, asked.from, asked.to)
		}
		if want >= 0 && (err != nil || asked.from != want || asked.to != want+args.Size()) {
			t.Errorf("after %q: %v, asked for %d to %d, want from %d", text, err, asked.from, asked.to, want)
		}
	}
	for _, cursor := range []string{"%%%", "Y2hhbmdlOjE=", "中"} {
		if _, err := (&Resolver{Releases: &pagesOfChanges{}}).releaseChanges(t.Context(), &catalog.Release{Name: "2026-11"}, &cursor, catalog.PageArgs{After: &cursor}); catalog.ErrorKindOf(err) != catalog.KindInvalid {
			t.Errorf("after %s: %v", cursor, err)
		}
	}
}
