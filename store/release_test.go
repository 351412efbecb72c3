package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

func TestAReleaseIsKeptForGood(t *testing.T) {
	url := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	made := &catalog.Release{
		Name: "2026-11", Actor: "test", Software: "v1", AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Records: 2,
		Files: []*catalog.ReleaseFile{{Name: "csv/cases.csv", Bytes: 3, SHA256: "abc"}},
	}
	if err := s.KeepRelease(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if err := s.KeepRelease(t.Context(), made); catalog.ErrorKindOf(err) != catalog.KindConflict {
		t.Errorf("kept twice: %v, want CONFLICT", err)
	}
	later := *made
	later.Name, later.Since = "2026-12", "2026-11"
	if err := s.KeepRelease(t.Context(), &later); err != nil {
		t.Fatal(err)
	}
	got, err := s.Release(t.Context(), "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	made.Files[0].Release = "2026-11"
	if diff := cmp.Diff(made, got, cmpopts.IgnoreFields(catalog.Release{}, "CreatedAt"), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := s.Release(t.Context(), "none"); catalog.ErrorKindOf(err) != catalog.KindNotFound {
		t.Errorf("of no release: %v, want NOT_FOUND", err)
	}
	one := 1
	first, err := s.Releases(t.Context(), catalog.PageArgs{First: &one})
	if err != nil || len(first.Items) != 1 || first.Items[0].Name != "2026-12" || !first.HasNext {
		t.Fatalf("the first page: %+v, %v", first, err)
	}
	second, err := s.Releases(t.Context(), catalog.PageArgs{First: &one, After: &first.Cursors[0]})
	if err != nil || len(second.Items) != 1 || second.Items[0].Name != "2026-11" || second.HasNext {
		t.Errorf("the second page: %+v, %v", second, err)
	}
	for _, sql := range []string{`UPDATE releases SET records = 9`, `DELETE FROM releases`, `TRUNCATE releases`} {
		if err := execute(t.Context(), url, sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

func TestAReleaseHoldsWhatIsPublishedAndNotMadeUp(t *testing.T) {
	s := storetest.Empty(t)
	put(t, s,
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220000"}, Name: "吉林省", Level: catalog.LevelProvince},
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "jilin"}, Name: "吉林省政协", Level: catalog.LevelProvince, Region: "220000"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "b"}, Title: "乙"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "a"}, Title: "甲"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}, Title: "丙"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "made-up", Origin: catalog.OriginSynthetic}, Title: "丁"},
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "of-draft"}, Case: "draft", Adopter: "jilin"},
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "of-a"}, Case: "a", Adopter: "jilin"},
	)
	var got []string
	err := s.Released(t.Context(), []catalog.Origin{catalog.OriginContributed}, func(r *catalog.Released) error {
		if r.Version != 1 || r.CreatedAt.IsZero() || r.UpdatedAt.IsZero() {
			t.Errorf("%+v", r)
		}
		got = append(got, string(r.Input.Kind())+" "+r.Input.Head().Slug)
		return nil
	})
	if diff := cmp.Diff([]string{"REGION 220000", "COMMITTEE jilin", "CASE a", "CASE b", "ADOPTION of-a"}, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	stop := errors.New("stop")
	if err := s.Released(t.Context(), []catalog.Origin{catalog.OriginContributed}, func(*catalog.Released) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want yield's own error", err)
	}
}
