package store

import (
	"cmp"
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// comesTo waits until a question that is answered with a boolean is answered with true.
func comesTo(t *testing.T, conn *pgx.Conn, what, sql string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var come bool
		if err := conn.QueryRow(t.Context(), sql).Scan(&come); err != nil {
			t.Fatal(err)
		}
		if come {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

// Writes that come while a migration has to give way are held back, before they have any
// lock: those that are under way end first, reads and writes without a key go on.
func TestWritesAreHeldBackBeforeTheyHaveALock(t *testing.T) {
	address := pgtest.New(t, Migrate)
	config, err := parseURL(address, "jisi")
	if err != nil {
		t.Fatal(err)
	}
	conn := func() *pgx.Conn {
		t.Helper()
		c, err := pgx.ConnectConfig(t.Context(), config.ConnConfig)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) })
		return c
	}
	s, err := Open(t.Context(), address, Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin})
	edit := func(key string) error {
		e := catalog.Edit{Action: catalog.ActionCreate, Kind: catalog.KindTopic, Input: &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "topic-" + cmp.Or(key, "none")}, Name: "议题" + key}}
		if key != "" {
			e.Key = &catalog.IdempotencyKey{Key: key, Field: "createTopic"}
		}
		_, err := s.Edit(ctx, e)
		return err
	}
	if err := edit("a"); err != nil {
		t.Fatal(err)
	}
	writer, watcher := conn(), conn()
	underway, err := writer.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := underway.Exec(t.Context(), `LOCK TABLE idempotency_keys IN ROW EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	held := make(chan func(), 1)
	go func() { held <- holdWrites(t.Context(), config.ConnConfig) }()
	const here = `database = (SELECT oid FROM pg_database WHERE datname = current_database())` // tables of others have the same numbers
	const waits = `SELECT EXISTS (SELECT FROM pg_locks WHERE ` + here + ` AND relation = 'idempotency_keys'::regclass AND NOT granted AND mode = `
	comesTo(t, watcher, "it waits for the write that is under way", waits+`'ShareRowExclusiveLock')`)
	select {
	case <-held:
		t.Fatal("it did not wait for the write that is under way")
	default:
	}
	if err := underway.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	open := <-held

	done := make(chan error, 1)
	go func() { done <- edit("b") }()
	comesTo(t, watcher, "a write is held back", waits+`'RowExclusiveLock')`)
	var others int
	if err := watcher.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks l WHERE l.locktype = 'relation' AND l.granted AND l.mode <> 'AccessShareLock' AND `+here+`
		AND l.pid IN (SELECT pid FROM pg_locks WHERE `+here+` AND relation = 'idempotency_keys'::regclass AND NOT granted)`).Scan(&others); err != nil || others > 0 {
		t.Errorf("who is held back holds %d locks itself, %v", others, err)
	}
	if _, err := s.IsEmpty(ctx); err != nil {
		t.Errorf("a read meanwhile: %v", err)
	}
	if err := edit(""); err != nil {
		t.Errorf("a write without a key meanwhile: %v", err)
	}
	select {
	case err := <-done:
		t.Errorf("a write with a key was not held back: %v", err)
	default:
	}
	open()
	if err := <-done; err != nil {
		t.Errorf("a write that was held back: %v", err)
	}
	if err := edit("c"); err != nil {
		t.Errorf("a write afterwards: %v", err)
	}
	// Who cannot hold them is not kept from migrating.
	refused := config.ConnConfig.Copy()
	refused.Database = "nobody's"
	holdWrites(t.Context(), refused)()
}

// A migration that builds an index beside the servers waits for their transactions as long
// as it takes: where it gave up after migrationLock it would never come to an end.
func TestAMigrationBesideWritesWaitsForThem(t *testing.T) {
	address := pgtest.New(t, nil)
	const before, concurrent = 90, 91 // which makes indexes of cases
	if err := migrate(t.Context(), address, func(_ context.Context, p *goose.Provider, _ *pgx.ConnConfig) error {
		_, err := p.UpTo(t.Context(), before)
		if next, nextErr := nextIsConcurrent(t.Context(), p); nextErr != nil || !next {
			t.Errorf("after %d comes one that is not built beside writes: %v", before, nextErr)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	conn := func() *pgx.Conn {
		t.Helper()
		c, err := pgx.Connect(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) })
		return c
	}
	writer, watcher := conn(), conn()
	tx, err := writer.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `LOCK TABLE cases IN ROW EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	migrated := make(chan error, 1)
	go func() { migrated <- Migrate(t.Context(), address) }()
	comesTo(t, watcher, "one statement of it waits for longer than migrationLock", `SELECT EXISTS (SELECT FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock' AND now() - query_start > 3 * interval '`+migrationLock.String()+`')`)
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-migrated; err != nil {
		t.Fatal(err)
	}
	var invalid int
	if err := watcher.QueryRow(t.Context(), `SELECT count(*) FROM pg_index WHERE NOT indisvalid`).Scan(&invalid); err != nil || invalid > 0 {
		t.Errorf("%d indexes are not whole, %v", invalid, err)
	}
	var applied bool
	if err := watcher.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM goose_db_version WHERE version_id = $1 AND is_applied)`, concurrent).Scan(&applied); err != nil || !applied {
		t.Errorf("migration %d was not applied: %v", concurrent, err)
	}
}
