package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// TestAFollowerSeesEveryChange has many writers commit in any order while one
// reads the feed from cursor to cursor: no version of any record may be passed
// over.
func TestAFollowerSeesEveryChange(t *testing.T) {
	s := storetest.Empty(t)
	const writers, changes = 12, 25
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := range changes {
				if err := write(t.Context(), s, fmt.Sprintf("case-%d", w), fmt.Sprintf("第 %d 版", i)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	type version struct {
		id catalog.ID
		n  int
	}
	seen := map[version]bool{}
	var cursor catalog.Cursor
	deadline := time.Now().Add(30 * time.Second)
	for running := writers; len(seen) < writers*changes; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running--
		default:
		}
		found, truncated, err := s.Changes(t.Context(), cursor, 7)
		if err != nil || truncated {
			t.Fatalf("truncated %v, %v", truncated, err)
		}
		for _, c := range found {
			if !cursor.Less(c.Cursor) {
				t.Fatalf("%+v comes after %+v", c.Cursor, cursor)
			}
			cursor = c.Cursor
			seen[version{c.RecordID, c.Version}] = true
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d changes seen, %d writers running", len(seen), writers*changes, running)
		}
	}
}

func write(ctx context.Context, s *store.Store, slug, title string) error {
	w, err := s.Begin(ctx, catalog.Actor{Name: "test"})
	if err != nil {
		return err
	}
	defer func() { _ = w.Rollback(ctx) }()
	written, err := w.Put(ctx, []catalog.Input{&catalog.CaseInput{InputMeta: meta(slug), Title: title}})
	if err != nil {
		return err
	}
	if written[0].Err != nil {
		return written[0].Err
	}
	return w.Commit(ctx)
}

// TestAChangeOfATransactionThatBeganEarlierIsNotPassedOver holds a transaction
// open while a later one commits: the later one must wait its turn.
func TestAChangeOfATransactionThatBeganEarlierIsNotPassedOver(t *testing.T) {
	s := storetest.Empty(t)
	early, err := s.Begin(t.Context(), catalog.Actor{Name: "early"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = early.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := early.Put(t.Context(), []catalog.Input{&catalog.CaseInput{InputMeta: meta("early"), Title: "早"}}); err != nil {
		t.Fatal(err)
	}
	put(t, s, &catalog.CaseInput{InputMeta: meta("late"), Title: "晚"})
	if found, _, err := s.Changes(t.Context(), catalog.Cursor{}, 10); err != nil || len(found) != 0 {
		t.Fatalf("%+v, %v: want none while an earlier transaction runs", found, err)
	}
	if err := early.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, _, err := s.Changes(t.Context(), catalog.Cursor{}, 10); err != nil || len(found) != 2 {
		t.Fatalf("%+v, %v: want both", found, err)
	}
}

func TestATrimmedFeedSaysSo(t *testing.T) {
	s := storetest.Empty(t)
	put(t, s, &catalog.CaseInput{InputMeta: meta("one"), Title: "一"})
	if n, err := s.TrimOutbox(t.Context(), time.Hour); err != nil || n != 0 {
		t.Fatalf("%d trimmed, %v: nothing is an hour old", n, err)
	}
	n, err := s.TrimOutbox(t.Context(), 0)
	if err != nil || n == 0 {
		t.Fatalf("%d trimmed, %v", n, err)
	}
	if _, truncated, err := s.Changes(t.Context(), catalog.Cursor{}, 10); err != nil || !truncated {
		t.Errorf("truncated %v, %v: want true for a cursor before the horizon", truncated, err)
	}
	var cursor catalog.Cursor
	if err := s.Snapshot(t.Context(), 0, func(c catalog.Cursor) { cursor = c }, func(*catalog.Document) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, truncated, err := s.Changes(t.Context(), cursor, 10); err != nil || truncated {
		t.Errorf("truncated %v, %v: want false after a snapshot", truncated, err)
	}
}

// TestARenamedCommitteeIsFollowedAtItsCases checks that what a document takes
// from other records is brought up to date with them.
func TestARenamedCommitteeIsFollowedAtItsCases(t *testing.T) {
	s := storetest.Seeded(t)
	var cursor catalog.Cursor
	if err := s.Snapshot(t.Context(), 0, func(c catalog.Cursor) { cursor = c }, func(*catalog.Document) error { return nil }); err != nil {
		t.Fatal(err)
	}
	put(t, s, &catalog.CommitteeInput{
		InputMeta: catalog.InputMeta{Slug: "hunchun", Origin: catalog.OriginReference}, Name: "珲春市政协（新）", Level: catalog.LevelCounty, Region: "222404", Parent: "yanbian",
	})
	changes, _, err := s.Changes(t.Context(), cursor, 100)
	if err != nil {
		t.Fatal(err)
	}
	var ids []catalog.ID
	for _, c := range changes {
		ids = append(ids, c.RecordID)
	}
	documents, err := s.Documents(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		if d.Kind == catalog.KindCase && d.Committee == "hunchun" && d.Names.Committee[0] == "珲春市政协（新）" {
			return
		}
	}
	t.Errorf("no case of the renamed committee among %d documents", len(documents))
}

// TestDocumentsHoldWhatTheSearchNeeds looks at one documented case.
func TestDocumentsHoldWhatTheSearchNeeds(t *testing.T) {
	s := storetest.Seeded(t)
	var found *catalog.Document
	last := catalog.ID(0)
	err := s.Snapshot(t.Context(), 0, nil, func(d *catalog.Document) error {
		if d.ID <= last {
			t.Errorf("document %d after %d", d.ID, last)
		}
		last = d.ID
		if d.Kind == catalog.KindCase && d.Committee == "changchun-chaoyang" {
			found = d
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == nil || found.Region != "220104" || len(found.Regions) != 3 || len(found.Brands) != 2 || len(found.OwnTopics) == 0 || len(found.Fields) == 0 {
		t.Errorf("%+v", found)
	}
}

// TestTheDatabaseMayGoAway checks that a lost connection is an error that can
// be tried again, and that the next call finds the database back.
func TestTheDatabaseMayGoAway(t *testing.T) {
	url := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l := s.Listen()
	defer l.Close()
	if _, err := l.Heard(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close(context.WithoutCancel(t.Context())) }()
	if _, err := other.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Heard(t.Context()); err == nil {
		t.Error("the listener did not say that its connection is lost")
	}
	if heard, err := l.Heard(t.Context()); err != nil || !heard {
		t.Errorf("connected anew: heard %v, %v", heard, err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		err := s.Ping(t.Context())
		if err == nil {
			return
		}
		if catalog.ErrorKindOf(err) != catalog.KindUnavailable {
			t.Fatalf("%v is %s, want UNAVAILABLE", err, catalog.ErrorKindOf(err))
		}
		if time.Now().After(deadline) {
			t.Fatal("the pool never came back")
		}
	}
}
