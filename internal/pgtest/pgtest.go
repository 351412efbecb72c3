// Package pgtest makes each database test a PostgreSQL database of its own,
// already migrated.
//
// The first test of a test binary that asks for one starts a private server
// with a throw-away cluster, reached over a unix socket and without any
// durability, and migrates one template database. Each test then gets a clone
// of it, which takes tens of milliseconds and is dropped when the test ends.
// The server goes when the binary does, however that ends.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
//	func TestPut(t *testing.T) {
//		url := pgtest.New(t, store.Migrate)
//		…
//	}
package pgtest

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// patience bounds each step of preparing a database, so that a test fails with
// a reason before go test's own time limit kills it without one. A step takes
// well under a second; where it fills the database with 10,000 cases, or on a busy
// machine, many times that.
const patience = 10 * time.Minute

// shared is the test binary's one server. New takes no handle, as any test may
// be the first, so that the server must be the package's.
var shared server

// server is a throw-away server with its template databases. Its zero value
// starts at first use. It is safe for concurrent use.
type server struct {
	mu        sync.Mutex
	running   *cluster             // nil until first use and after stop
	broken    error                // why it did not start
	templates map[uintptr]template // by the migrate function's code
	clones    int
}

type template struct {
	name string
	err  error // why the migration failed
}

// New returns the URL of a fresh database of the test's own, cloned from the
// template that migrate has made, or empty if migrate is nil. It is dropped when
// the test ends, with whatever is still connected to it. New fails the test
// where the machine has no PostgreSQL programs, and where migrate fails.
//
// migrate gets the URL of an empty database and runs once in a test binary. It
// is known by its code: closures of one func literal count as the same
// function, whatever they hold. It must leave no connection behind, as a
// database that is in use can't be cloned.
//
// New may be called several times in one test and from parallel tests.
func New(t testing.TB, migrate func(ctx context.Context, url string) error) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, name, err := shared.clone(ctx, migrate)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return c.url(name)
}

// DataDir returns the path of a new folder for the data of a whole jisi with a
// private database (localpg), removed when the test ends. Unlike t.TempDir's, the
// user that root runs a server as can enter it, and its path is short enough for
// the server's socket.
func DataDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp(TempDir(), "jisi-")
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // entering is the point
		t.Fatalf("pgtest: %v", err)
	}
	return dir
}

// Main runs a package's tests, stops the server if they have started one, and
// exits. A binary that does without it leaves nothing behind either, but does
// not wait until all is gone.
func Main(m *testing.M) {
	code := m.Run()
	if err := shared.stop(); err != nil {
		fmt.Fprintf(os.Stderr, "pgtest: %v\n", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// clone makes a database for one test and returns the cluster it is in and its
// name.
func (s *server) clone(ctx context.Context, migrate func(context.Context, string) error) (*cluster, string, error) {
	c, source, name, err := s.prepare(ctx, migrate)
	if err != nil {
		return nil, "", err
	}
	// Outside of the lock, so that parallel tests clone at the same time.
	if err := c.exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+source+" STRATEGY "+strategy); err != nil {
		return nil, "", err
	}
	return c, name, nil
}

// prepare returns the running cluster, the template to clone, made if this is
// its first use, and an unused name for the clone.
func (s *server) prepare(ctx context.Context, migrate func(context.Context, string) error) (c *cluster, source, name string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil && s.broken == nil {
		s.running, s.broken = start(ctx)
	}
	if s.broken != nil {
		return nil, "", "", s.broken
	}
	t, err := s.template(ctx, migrate)
	if err != nil {
		return nil, "", "", err
	}
	s.clones++
	return s.running, t, fmt.Sprintf("test_%d", s.clones), nil
}

// template returns the name of the database that migrate has made.
func (s *server) template(ctx context.Context, migrate func(context.Context, string) error) (string, error) {
	if migrate == nil {
		return "template1", nil
	}
	key := reflect.ValueOf(migrate).Pointer()
	t, ok := s.templates[key]
	if !ok {
		t.name = fmt.Sprintf("template_%d", len(s.templates)+2)
		t.err = s.running.exec(ctx, "CREATE DATABASE "+t.name)
		if t.err == nil {
			t.err = migrate(ctx, s.running.url(t.name))
		}
		if s.templates == nil {
			s.templates = map[uintptr]template{}
		}
		s.templates[key] = t
	}
	if t.err != nil {
		return "", fmt.Errorf("migrating the template database: %w", t.err)
	}
	return t.name, nil
}

// stop ends the server, if there is one, and returns when nothing of it is left.
func (s *server) stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.running
	s.running, s.templates, s.broken = nil, nil, nil
	if c == nil {
		return nil
	}
	return c.stop()
}

// exec runs one statement on the server's maintenance database.
func (c *cluster) exec(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return fmt.Errorf("connecting for %s: %w", sql, err)
	}
	_, err = conn.Exec(ctx, sql)
	if closeErr := conn.Close(ctx); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("running %s: %w", sql, err)
	}
	return nil
}

func (c *cluster) url(database string) string { return pgproc.URL(c.dir, database) }
