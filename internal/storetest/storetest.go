// Package storetest opens for tests a store of their own on a real PostgreSQL:
// migrated, and with the documented records where they want them.
package storetest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// Empty returns a store without records, closed at the test's end. The tracer,
// if any, sees each of its statements.
func Empty(t testing.TB, tracer ...pgx.QueryTracer) *store.Store {
	t.Helper()
	s, _ := EmptyAt(t, tracer...)
	return s
}

// EmptyAt is Empty with the address of the store's database, for SQL.
func EmptyAt(t testing.TB, tracer ...pgx.QueryTracer) (s *store.Store, url string) {
	t.Helper()
	url = pgtest.New(t, store.Migrate)
	return open(t, url, tracer), url
}

// Seeded returns a store with the records that come with the binary.
func Seeded(t testing.TB, tracer ...pgx.QueryTracer) *store.Store {
	t.Helper()
	s, _ := SeededAt(t, tracer...)
	return s
}

// SeededAt is Seeded with the address of the store's database, for SQL.
func SeededAt(t testing.TB, tracer ...pgx.QueryTracer) (s *store.Store, url string) {
	t.Helper()
	url = pgtest.New(t, migrateAndSeed)
	return open(t, url, tracer), url
}

// SQL runs a statement in the database at url, past the store: what only time, or
// somebody else, does to its rows.
func SQL(t testing.TB, url, statement string, arguments ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, url string, tracer []pgx.QueryTracer) *store.Store {
	t.Helper()
	o := store.Options{MaxConns: 8}
	if len(tracer) > 0 {
		o.Tracer = tracer[0]
	}
	s, err := store.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func migrateAndSeed(ctx context.Context, url string) error {
	if err := store.Migrate(ctx, url); err != nil {
		return err
	}
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = exchange.Seed(ctx, Sink{s})
	return err
}

// Sink is a store as exchange writes to it.
type Sink struct{ *store.Store }

// Begin starts a transaction in the actor's name.
func (s Sink) Begin(ctx context.Context, actor catalog.Actor) (exchange.Writer, error) {
	return s.Store.Begin(ctx, actor)
}
