package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// Who may read from a standby reads nothing older than was heard of. And a commit that
// was kept from waiting for a standby stands on the primary, where others see it, and
// is lost with that. Nobody is told that it is done: neither who made it nor who asks
// again, until a standby has it.
func TestWithAStandbyReadsAreFreshAndWritesAreOnBoth(t *testing.T) {
	pair := pgtest.NewPair(t, store.Migrate)
	s, err := store.Open(t.Context(), pair.URL(), store.Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	put(t, s,
		&catalog.RegionInput{InputMeta: meta("220000"), Name: "吉林省", Level: catalog.LevelProvince},
		&catalog.CommitteeInput{InputMeta: meta("one"), Name: "甲政协", Level: catalog.LevelProvince, Region: "220000"},
	)
	sql, err := pgx.Connect(t.Context(), pair.Primary.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sql.Close(context.WithoutCancel(t.Context())) }()
	standbys := func(want int) {
		t.Helper()
		within(t, "standbys have come or gone", func() bool {
			var n int
			err := sql.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'`).Scan(&n)
			return err == nil && n == want
		})
	}
	standbys(1)
	readsFromAStandby(t, pair)
	pair.Primary.Exec(`ALTER SYSTEM SET synchronous_standby_names = '*'`)
	pair.Primary.Exec(`SELECT pg_reload_conf()`)
	ctx := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin})
	edit := func(key string, limit time.Duration) error {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		e := draft("草稿")
		e.Key = &catalog.IdempotencyKey{Key: key, Field: "createCase"}
		_, err := s.Edit(limited, e)
		return err
	}
	if err := edit("with a standby", time.Minute); err != nil {
		t.Fatal(err)
	}

	changes, _, err := s.Changes(t.Context(), catalog.Cursor{}, 1)
	if err != nil || len(changes) != 1 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	pair.Standby.Kill()
	standbys(0)
	stands := func(n int) {
		t.Helper()
		within(t, "the commit stands on the primary", func() bool {
			var found int
			err := sql.QueryRow(t.Context(), `SELECT count(*) FROM idempotency_keys`).Scan(&found)
			return err == nil && found == n
		})
	}
	// Its client gives up, and the commit is cancelled.
	if err := edit("given up", 2*time.Second); err == nil {
		t.Error("a commit that its client gave up was acknowledged")
	}
	stands(2)
	if err := edit("given up", 2*time.Second); err == nil {
		t.Error("what stands on the primary only was acknowledged to who asked again")
	}
	// Somebody cancels what the server waits for, and the server says that all is well.
	cancelled := func(write func() error) error {
		t.Helper()
		answer := make(chan error, 1)
		go func() { answer <- write() }()
		var err error
		within(t, "a commit that waits for a standby is cancelled", func() bool {
			// It may be one before that waits still: again until it is this one.
			if _, err := sql.Exec(t.Context(), `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`); err != nil {
				t.Fatal(err)
			}
			select {
			case err = <-answer:
				return true
			default:
				return false
			}
		})
		return err
	}
	for range 2 {
		if err := cancelled(func() error { return edit("cancelled", time.Minute) }); catalog.ErrorKindOf(err) != catalog.KindUnavailable {
			t.Errorf("a commit that waited for no standby: %v", err)
		}
		stands(3)
	}
	if err := cancelled(func() error { return s.Failed(ctx, changes[0], errors.New("as asked")) }); catalog.ErrorKindOf(err) != catalog.KindUnavailable {
		t.Errorf("a statement of its own that waited for no standby: %v", err)
	}

	pair.Standby.Start()
	standbys(1)
	for _, key := range []string{"given up", "cancelled"} {
		if err := edit(key, time.Minute); err != nil {
			t.Errorf("%s, with a standby again: %v", key, err)
		}
	}
}

// readsFromAStandby shows that who is not signed in reads from a standby, as long as
// that has what was heard of, and who is signed in from the primary.
func readsFromAStandby(t *testing.T, pair *pgtest.Pair) {
	t.Helper()
	for _, from := range []store.ReadFrom{store.Primary, store.PreferStandby, store.Any} {
		address := pair.URL()
		if from == store.Any { // the standby answers first
			address = pair.Standby.URL()
		}
		s, err := store.Open(t.Context(), pair.URL(), store.Options{MaxConns: 2, ReadFrom: from, ReadURL: address})
		if err != nil {
			t.Fatal(err)
		}
		l := s.Listen()
		hear := func() {
			t.Helper()
			within(t, "a change is heard of", func() bool { heard, err := l.Heard(t.Context()); return heard && err == nil })
		}
		anybody := catalog.WithReadsAnywhere(t.Context())
		editor := catalog.WithViewer(anybody, &catalog.Viewer{Name: "editor", Role: catalog.RoleEditor})
		early, late := "early-"+string(from), "late-"+string(from)
		if err := write(t.Context(), s, early, "早"); err != nil {
			t.Fatal(err)
		}
		hear()
		if !exists(anybody, s, early) {
			t.Errorf("%s: what was heard of is not read", from)
		}
		caughtUp(t, pair)
		pair.Standby.Exec(`SELECT pg_wal_replay_pause()`)
		if err := write(t.Context(), s, late, "晚"); err != nil {
			t.Fatal(err)
		}
		if got, want := exists(anybody, s, late), from == store.Primary; got != want {
			t.Errorf("%s: what the standby has not replayed is read: %v, want %v", from, got, want)
		}
		if !exists(t.Context(), s, late) || !exists(editor, s, late) {
			t.Errorf("%s: a writer does not see what was written", from)
		}
		hear()
		if !exists(anybody, s, late) {
			t.Errorf("%s: what was heard of is not read, while the standby is behind", from)
		}
		pair.Standby.Exec(`SELECT pg_wal_replay_resume()`)
		caughtUp(t, pair)
		l.Close()
		s.Close()
	}
}

// caughtUp waits until the standby has replayed all that the primary has.
func caughtUp(t *testing.T, pair *pgtest.Pair) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pair.Primary.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	within(t, "the standby has kept up", func() bool {
		var up bool
		err := conn.QueryRow(t.Context(), `SELECT replay_lsn >= pg_current_wal_insert_lsn() FROM pg_stat_replication`).Scan(&up)
		return err == nil && up
	})
}

// A server that goes away between two statements of a transaction is told as that.
func TestAConnectionThatIsLostBeforeARecordIsWrittenIsTold(t *testing.T) {
	address := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), address, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
	run(t, address, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`)
	if _, err := w.Put(t.Context(), []catalog.Input{&catalog.CaseInput{InputMeta: meta("lost"), Title: "断"}}); catalog.ErrorKindOf(err) != catalog.KindUnavailable {
		t.Errorf("%v, want it to be UNAVAILABLE", err)
	}
}

// What writes is not sent as what reads, or it would go to a standby.
func TestNoStatementWritesByQuery(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	writes := regexp.MustCompile("(?i)s\\.pool\\.Query(Row)?\\(ctx,\\s*`\\s*(INSERT|UPDATE|DELETE|WITH[^`]*\\b(INSERT INTO|UPDATE|DELETE FROM)\\b)[^`]*")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range writes.FindAllString(string(text), -1) {
			t.Errorf("%s: %s", file, found)
		}
	}
}
