package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

func within(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

// exists reports whether a case can be read.
func exists(ctx context.Context, s *store.Store, slug string) bool {
	_, err := s.CaseInput(ctx, slug)
	return err == nil
}

// With a primary and a standby: whatever is read goes on while the primary is
// killed, taken over, and comes back as a standby, writing is refused at once
// meanwhile, and what an index followed and the new primary lacks is noticed.
func TestReadingGoesOnWithoutAPrimary(t *testing.T) {
	pair := pgtest.NewPair(t, store.Migrate)
	s, err := store.Open(t.Context(), pair.URL(), store.Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := write(t.Context(), s, "before", "从前"); err != nil {
		t.Fatal(err)
	}
	alone, err := store.Open(t.Context(), pair.Standby.URL(), store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	within(t, "the standby has the record", func() bool { return exists(t.Context(), alone, "before") })
	followed := follow(t, s, catalog.Cursor{})
	if got, truncated, err := alone.Changes(t.Context(), followed, 10); err != nil || truncated || len(got) > 0 {
		t.Errorf("on the standby: %v, truncated %v, %v", got, truncated, err)
	}

	// The standby stops receiving: what is written now is lost with the primary.
	pair.Standby.Exec(`SELECT pg_wal_replay_pause()`)
	pair.Standby.Exec(`ALTER SYSTEM SET primary_conninfo = ''`)
	if err := write(t.Context(), s, "on-both", "两边都有"); err != nil {
		t.Fatal(err)
	}
	followed = follow(t, s, followed)
	// Somebody writes what the standby has received, and not replayed.
	own := catalog.WithWritten(catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin}))
	stranger := catalog.WithWritten(catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin}))
	if _, err := s.Edit(own, catalog.Edit{Action: catalog.ActionCreate, Kind: catalog.KindCase, Input: &catalog.CaseInput{InputMeta: meta("own"), Title: "自己的"}}); err != nil {
		t.Fatal(err)
	}
	if place := catalog.PlaceWritten(own); place == 0 || catalog.PlaceWritten(stranger) != 0 {
		t.Errorf("written until %d, and by who did not write until %d", place, catalog.PlaceWritten(stranger))
	}
	sql, err := pgx.Connect(t.Context(), pair.Standby.URL())
	if err != nil {
		t.Fatal(err)
	}
	within(t, "the standby has received it", func() bool {
		var received bool
		err := sql.QueryRow(t.Context(), `SELECT pg_last_wal_receive_lsn() - '0/0' >= $1::numeric`, fmt.Sprint(catalog.PlaceWritten(own))).Scan(&received)
		return err == nil && received
	})
	_ = sql.Close(t.Context())

	ctx, stop := context.WithCancel(t.Context())
	var failed, read atomic.Int64
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				n, err := s.CountReleases(ctx)
				if err == nil && !exists(ctx, s, "before") {
					err = fmt.Errorf("the record is not there (%d releases)", n)
				}
				if err != nil && ctx.Err() == nil {
					failed.Add(1)
					t.Errorf("a read failed: %v", err)
				}
				read.Add(1)
			}
		})
	}
	pair.Primary.Kill()
	within(t, "it is known that there is no primary", func() bool { return !s.Writable() })
	began := time.Now()
	err = write(t.Context(), s, "never", "不行")
	if catalog.ErrorKindOf(err) != catalog.KindUnavailable || time.Since(began) > 500*time.Millisecond {
		t.Errorf("a write without a primary took %v: %v", time.Since(began), err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := s.PingPrimary(t.Context()); err == nil {
		t.Error("there is a primary, of which nobody knows")
	}
	// One that starts without a primary reads too.
	if err := store.Migrate(t.Context(), pair.URL()); err != nil {
		t.Errorf("migrating where nothing is to be done: %v", err)
	}
	late, err := store.Open(t.Context(), pair.URL(), store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	if !exists(t.Context(), late, "before") {
		t.Error("one that starts without a primary does not read")
	}

	// Who has written it is not told that it is not there, and others are told what there is.
	if exists(stranger, s, "own") {
		t.Error("the standby has replayed what was written last")
	}
	told := make(chan error, 1)
	go func() {
		_, err := s.CaseInput(own, "own")
		told <- err
	}()
	brief, cancel := context.WithTimeout(own, 300*time.Millisecond)
	defer cancel()
	if _, err := s.CaseInput(brief, "own"); err == nil || catalog.ErrorKindOf(err) == catalog.KindNotFound {
		t.Errorf("who has written it is told %v before any server has it", err)
	}

	pair.Standby.Exec(`SELECT pg_wal_replay_resume()`)
	pair.Standby.Promote()
	if err := <-told; err != nil {
		t.Errorf("who has written it is told %v", err)
	}
	within(t, "it writes again", func() bool { return write(t.Context(), s, "after", "后来") == nil })
	time.Sleep(100 * time.Millisecond) // of reading from the new one
	stop()
	readers.Wait()
	t.Logf("%d reads, %d failed", read.Load(), failed.Load())
	if read.Load() < 20 {
		t.Errorf("only %d reads", read.Load())
	}

	lost := !exists(t.Context(), s, "on-both")
	_, truncated, err := s.Changes(t.Context(), followed, 10)
	if err != nil || truncated != lost {
		t.Errorf("changes were lost: %v; that was noticed: %v, %v", lost, truncated, err)
	}
}

// follow returns the cursor after all changes.
func follow(t *testing.T, s *store.Store, at catalog.Cursor) catalog.Cursor {
	t.Helper()
	within(t, "the changes can be followed", func() bool {
		found, truncated, err := s.Changes(t.Context(), at, 100)
		if err != nil || truncated {
			t.Fatalf("truncated %v, %v", truncated, err)
		}
		if len(found) == 0 {
			return false
		}
		at = found[len(found)-1].Cursor
		return true
	})
	return at
}

// What followed a primary goes on with the one that has taken over where nothing
// was lost, and begins anew where something was, be it hidden behind as many other
// changes.
func TestANewTimelineIsFollowedOnlyWhereNothingWasLost(t *testing.T) {
	address := pgtest.New(t, store.Migrate)
	plain := role(t, address, "follows", "")
	run(t, address, "GRANT ALL ON ALL TABLES IN SCHEMA public TO follows", "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO follows")
	s, err := store.Open(t.Context(), plain, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 5 {
		if err := write(t.Context(), s, fmt.Sprintf("case-%d", i), "一"); err != nil {
			t.Fatal(err)
		}
	}
	at := follow(t, s, catalog.Cursor{})
	if at.Timeline == "" || at.Sum == 0 {
		t.Fatalf("a cursor without a proof: %+v", at)
	}
	snapshot, err := s.Latest(t.Context())
	if err != nil || snapshot.Sum != at.Sum || snapshot.Timeline != at.Timeline {
		t.Errorf("by a snapshot %+v, by following %+v (%v)", snapshot, at, err)
	}
	timelines := 0
	took := func(c catalog.Cursor) (over bool) {
		timelines++ // another each time, as what was proven is remembered
		c.Timeline = fmt.Sprintf("1/%08X", timelines)
		_, truncated, err := s.Changes(t.Context(), c, 10)
		if err != nil {
			t.Fatal(err)
		}
		return !truncated
	}
	if !took(at) || !took(snapshot) {
		t.Error("a timeline on which nothing was lost is not followed")
	}
	if err := write(t.Context(), s, "case-later", "新"); err != nil {
		t.Fatal(err)
	}
	if !took(at) {
		t.Error("what came since counts as lost")
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	run(t, address, "CREATE TABLE kept AS SELECT * FROM outbox")
	for _, loss := range []string{
		`DELETE FROM outbox WHERE seq = (SELECT min(seq) FROM outbox)`,
		`DELETE FROM outbox WHERE seq = (SELECT max(seq) - 1 FROM outbox)`,
		`UPDATE outbox SET version = version + 1 WHERE seq = (SELECT min(seq) + 2 FROM outbox)`,
		`UPDATE outbox SET at = at + interval '1 microsecond' WHERE seq = (SELECT min(seq) + 2 FROM outbox)`,
		`UPDATE outbox SET record_id = (SELECT max(record_id) FROM outbox) WHERE seq = (SELECT min(seq) FROM outbox)`,
	} {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), loss); err != nil {
			t.Fatalf("%s: %v", loss, err)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took(at) {
			t.Errorf("%s: not noticed", loss)
		}
		run(t, address, "DELETE FROM outbox", "INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM kept")
		if !took(at) {
			t.Errorf("%s: undone, and still not followed", loss)
		}
	}
	// Trimmed in between, nobody can tell.
	run(t, address, "UPDATE outbox_horizon SET xid = (SELECT min(xid) FROM outbox), seq = 0")
	if took(at) {
		t.Error("followed without a proof")
	}
}

func TestAddressesOfSeveralServersAreKnownAsSuch(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://u:p@h1:1,h2:2/d":             "h1:1,h2:2/d",
		"postgres://u@h/d?sslmode=prefer":        "h:5432/d",
		"host=/a,/b dbname=d user=u":             "/a,/b/d",
		"postgres://u@[::1]:7/d?sslmode=disable": "[::1]:7/d",
	} {
		if got := store.Place(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
		if strings.Contains(store.Place(address), "p@") {
			t.Errorf("%s: a password in it", address)
		}
	}
}
