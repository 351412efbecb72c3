package store_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// A case's count of public adoptions is right after whatever happens to them, in few rows
// and in many.
func TestPublicAdoptionsAreCounted(t *testing.T) {
	adoption := func(slug, of, by string, status catalog.Status) *catalog.AdoptionInput {
		m := meta(slug)
		m.Status = status
		return &catalog.AdoptionInput{InputMeta: m, Case: of, Adopter: by}
	}
	const public, draft, archived = catalog.StatusPublished, catalog.StatusDraft, catalog.StatusArchived
	withdrawn := adoption("a-1", "x", "dunhua", archived)
	withdrawn.Withdrawn = "登记有误"
	for _, many := range []int{1, 1000} {
		s, url := storetest.SeededAt(t)
		store.SetManyRows(t, many)
		for _, step := range []struct {
			name   string
			inputs []catalog.Input
			sql    string
			want   map[string]int
		}{
			{"cases with their adoptions", []catalog.Input{
				adoption("a-1", "x", "dunhua", public), adoption("a-2", "x", "jilin", public), adoption("a-3", "y", "dunhua", draft),
				&catalog.CaseInput{InputMeta: meta("x"), Title: "甲", Committee: "hunchun"}, &catalog.CaseInput{InputMeta: meta("y"), Title: "乙", Committee: "hunchun"},
			}, "", map[string]int{"x": 2, "y": 0}},
			{"the case changes", []catalog.Input{&catalog.CaseInput{InputMeta: meta("x"), Title: "甲一", Committee: "hunchun"}}, "", map[string]int{"x": 2, "y": 0}},
			{"one that comes later", []catalog.Input{adoption("a-4", "y", "jilin", public)}, "", map[string]int{"x": 2, "y": 1}},
			{"a draft that is published", []catalog.Input{adoption("a-3", "y", "dunhua", public)}, "", map[string]int{"x": 2, "y": 2}},
			{"one withdrawn, one of another case now", []catalog.Input{withdrawn, adoption("a-2", "y", "yanbian", public)}, "", map[string]int{"x": 0, "y": 3}},
			{"what is there again", []catalog.Input{adoption("a-2", "y", "yanbian", public)}, "", map[string]int{"x": 0, "y": 3}},
			{"one of a new case now", []catalog.Input{adoption("a-3", "z", "dunhua", public), &catalog.CaseInput{InputMeta: meta("z"), Title: "丙", Committee: "hunchun"}},
				"", map[string]int{"x": 0, "y": 2, "z": 1}},
			{"some removed in a statement", nil, `DELETE FROM records WHERE id IN (SELECT id FROM adoptions WHERE slug IN ('a-2', 'a-3', 'a-4'))`, map[string]int{"x": 0, "y": 0, "z": 0}},
		} {
			for i, w := range put(t, s, step.inputs...) {
				if w.Err != nil {
					t.Fatalf("%s: %d: %v", step.name, i, w.Err)
				}
			}
			if step.sql != "" {
				storetest.SQL(t, url, `ALTER TABLE revisions DISABLE TRIGGER keep_revisions`)
				storetest.SQL(t, url, step.sql)
				storetest.SQL(t, url, `ALTER TABLE revisions ENABLE TRIGGER keep_revisions`)
			}
			if diff := cmp.Diff(step.want, adopted(t, url)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step.name, diff)
			}
		}
	}
}

// Two writers who adopt the same case at once are both counted.
func TestAdoptionsAtOnceAreCounted(t *testing.T) {
	s, url := storetest.SeededAt(t)
	put(t, s, &catalog.CaseInput{InputMeta: meta("x"), Title: "甲", Committee: "hunchun"})
	begin := func() *store.Writer {
		w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.Rollback(context.WithoutCancel(t.Context())) })
		return w
	}
	first, second := begin(), begin()
	if _, err := first.Put(t.Context(), []catalog.Input{&catalog.AdoptionInput{InputMeta: meta("a-1"), Case: "x", Adopter: "dunhua"}}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := second.Put(t.Context(), []catalog.Input{&catalog.AdoptionInput{InputMeta: meta("a-2"), Case: "x", Adopter: "jilin"}})
		if err == nil {
			err = second.Commit(t.Context())
		}
		ended <- err
	}()
	for waits := false; !waits; {
		waits = one[bool](t, url, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`)
	}
	if err := first.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"x": 2}, adopted(t, url)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// adopted returns what the made cases, of slugs of one letter, have for their counts.
func adopted(t *testing.T, url string) map[string]int {
	t.Helper()
	return one[map[string]int](t, url, `SELECT json_object_agg(slug, adoption_count) FROM cases WHERE length(slug) = 1`)
}

// one returns the one value that a statement returns.
func one[T any](t *testing.T, url, sql string) (value T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// Whatever changes a case but its count of adoptions needs a version, in whichever column.
func TestEveryColumnOfACaseNeedsAVersion(t *testing.T) {
	_, url := storetest.EmptyAt(t)
	got := one[[]string](t, url, `SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
		WHERE a.attrelid = 'cases'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <> ALL (
			SELECT unnest(tgattr) FROM pg_trigger WHERE tgrelid = 'cases'::regclass AND tgname = 'change_with_version')`)
	if diff := cmp.Diff([]string{"adoption_count", "starts_on"}, got); diff != "" {
		t.Errorf("columns that the trigger change_with_version does not have (-want +got):\n%s", diff)
	}
}

// A character that the checks of a case's texts pass without a further look never makes a
// text that is not NFC, whatever stands beside it.
func TestCharactersThatPassAreNormal(t *testing.T) {
	_, url := storetest.EmptyAt(t)
	checks := one[[]string](t, url, `SELECT array_agg(DISTINCT substring(pg_get_constraintdef(oid) FROM '!~ ''([^'']*)''')) FROM pg_constraint
		WHERE conrelid = 'cases'::regclass AND pg_get_constraintdef(oid) LIKE '%NFC NORMALIZED%'`)
	if len(checks) != 1 || checks[0] == "" {
		t.Fatalf("the checks have patterns of their own: %q", checks)
	}
	passing := one[string](t, url, `SELECT string_agg(chr(c), '') FROM generate_series(1, 1114111) c WHERE c NOT BETWEEN 55296 AND 57343 AND chr(c) !~ E'`+strings.ReplaceAll(checks[0], `\`, `\\`)+`'`)
	if n := utf8.RuneCountInString(passing); n < 20000 || n > 30000 {
		t.Errorf("%d characters pass", n)
	}
	for _, c := range passing {
		p := norm.NFC.PropertiesString(string(c))
		if !p.BoundaryBefore() || p.CCC() != 0 || !norm.NFC.IsNormalString(string(c)) {
			t.Errorf("%q passes", c)
		}
	}
	if checked := one[int](t, url, `SELECT count(*) FROM pg_constraint WHERE conrelid = 'cases'::regclass AND NOT convalidated`); checked != 0 {
		t.Errorf("%d checks do not hold for what was there before", checked)
	}
}
