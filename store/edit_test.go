package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// editFixture returns a store with two committees, what an admin may do in it, and
// plain SQL beside it.
func editFixture(t *testing.T) (s *store.Store, ctx context.Context, sql *pgx.Conn) {
	t.Helper()
	url := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	sql, err = pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sql.Close(context.WithoutCancel(t.Context())) })
	put(t, s,
		&catalog.RegionInput{InputMeta: meta("220000"), Name: "吉林省", Level: catalog.LevelProvince},
		&catalog.CommitteeInput{InputMeta: meta("one"), Name: "甲政协", Level: catalog.LevelProvince, Region: "220000"},
		&catalog.CommitteeInput{InputMeta: meta("two"), Name: "乙政协", Level: catalog.LevelProvince, Region: "220000"},
	)
	return s, catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin}), sql
}

func draft(title string) catalog.Edit {
	return catalog.Edit{
		Action: catalog.ActionCreate, Kind: catalog.KindCase, FreeSlug: true,
		Input: &catalog.CaseInput{InputMeta: meta("draft"), Title: title, Committee: "one"},
	}
}

func TestAKeyHoldsForADay(t *testing.T) {
	s, ctx, sql := editFixture(t)
	made := func() catalog.ID {
		t.Helper()
		e := draft("草稿")
		e.Key = &catalog.IdempotencyKey{Key: "key", Field: "createCase"}
		done, err := s.Edit(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		return done.ID
	}
	age := func(hours int) {
		t.Helper()
		if _, err := sql.Exec(t.Context(), `UPDATE idempotency_keys SET at = now() - make_interval(hours => $1)`, hours); err != nil {
			t.Fatal(err)
		}
	}
	trim := func(want int) {
		t.Helper()
		if n, err := s.TrimIdempotencyKeys(t.Context()); err != nil || n != want {
			t.Errorf("removed %d keys, %v; want %d", n, err, want)
		}
	}
	first := made()
	if again := made(); again != first {
		t.Errorf("the same key made %d, want %d again", again, first)
	}
	age(23)
	trim(0)
	if again := made(); again != first {
		t.Errorf("the same key made %d after 23 hours, want %d again", again, first)
	}
	age(25)
	second := made() // it has had its time, trimmed or not
	if second == first {
		t.Error("a key that has had its time still holds")
	}
	age(26)
	trim(1)
	if third := made(); third == second {
		t.Error("a key that was trimmed still holds")
	}
}

// Two halves of a circle that come at once do not both get in.
func TestNoCircleOfAdoptionsComesAtOnce(t *testing.T) {
	s, ctx, sql := editFixture(t)
	const pairs = 10
	for i := range pairs {
		a, b := fmt.Sprintf("a-%d", i), fmt.Sprintf("b-%d", i)
		put(t, s, &catalog.CaseInput{InputMeta: meta(a), Title: "甲", Committee: "one"}, &catalog.CaseInput{InputMeta: meta(b), Title: "乙", Committee: "two"})
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for j, in := range []*catalog.AdoptionInput{
			{InputMeta: meta(a + "-learned"), Case: a, Adopter: "two", ResultingCase: b},
			{InputMeta: meta(b + "-learned"), Case: b, Adopter: "one", ResultingCase: a},
		} {
			wait.Go(func() {
				_, errs[j] = s.Edit(ctx, catalog.Edit{Action: catalog.ActionRecord, Kind: catalog.KindAdoption, Input: in})
			})
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("pair %d: %v, %v; want one of the two in", i, errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil && (catalog.ErrorKindOf(err) != catalog.KindInvalid || !strings.Contains(err.Error(), "come of itself")) {
				t.Errorf("pair %d: %v", i, err)
			}
		}
	}
	var n int
	if err := sql.QueryRow(t.Context(), `SELECT count(*) FROM adoptions`).Scan(&n); err != nil || n != pairs {
		t.Errorf("%d adoptions, %v; want %d", n, err, pairs)
	}
}

func TestManyOfOneTitleAllGetASlug(t *testing.T) {
	s, ctx, sql := editFixture(t)
	const writers, each = 8, 6
	var wait sync.WaitGroup
	errs := make(chan error, writers*each)
	for range writers {
		wait.Go(func() {
			for range each {
				_, err := s.Edit(ctx, draft("同一个题目"))
				errs <- err
			}
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	var n, small int
	err := sql.QueryRow(t.Context(), `SELECT count(DISTINCT slug), count(*) FILTER (WHERE slug ~ '^draft(-[0-9]{1,2})?$') FROM cases`).Scan(&n, &small)
	if err != nil || n != writers*each || small < 15 {
		t.Errorf("%d slugs, %d with small numbers, %v; want %d, most of the first twenty small", n, small, err, writers*each)
	}
}

// A change, its revision, its note for those who follow and its key come
// together or not at all.
func TestARefusedChangeLeavesNothing(t *testing.T) {
	s, ctx, sql := editFixture(t)
	counts := func() (n [4]int) {
		t.Helper()
		err := sql.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM revisions), (SELECT count(*) FROM outbox), (SELECT count(*) FROM idempotency_keys)`).
			Scan(&n[0], &n[1], &n[2], &n[3])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := counts()
	for _, in := range []*catalog.CaseInput{
		{InputMeta: meta("x"), Title: "题", Committee: "none"},
		{InputMeta: meta("x"), Title: "题", StartedOn: "2025-13"},
		{InputMeta: catalog.InputMeta{Slug: "x", Origin: catalog.OriginDocumented}, Title: "没有引证", Committee: "one"},
	} {
		_, err := s.Edit(ctx, catalog.Edit{
			Action: catalog.ActionCreate, Kind: catalog.KindCase, Input: in,
			Key: &catalog.IdempotencyKey{Key: "key", Field: "createCase"},
		})
		if err == nil {
			t.Errorf("%+v was written", in)
		}
	}
	if after := counts(); after != before {
		t.Errorf("records, revisions, notes, keys: %v, want %v", after, before)
	}
	e := draft("留下")
	e.Key = &catalog.IdempotencyKey{Key: "key", Field: "createCase"}
	if _, err := s.Edit(ctx, e); err != nil {
		t.Fatal(err)
	}
	after := counts()
	for i := range after {
		after[i] -= before[i]
	}
	if after != [4]int{1, 1, 1, 1} {
		t.Errorf("one change came with records, revisions, notes, keys %v; want one of each", after)
	}
}
