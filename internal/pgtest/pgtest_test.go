package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

func TestMain(m *testing.M) {
	if end := os.Getenv(endKey); end != "" {
		fmt.Println(useAndEnd(end))
		os.Exit(2)
	}
	Main(m)
}

// connect returns a connection that is closed at the end of the test.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func count(t testing.TB, conn *pgx.Conn, what string) int {
	t.Helper()
	var n int
	if err := conn.QueryRow(context.Background(), `SELECT count(*) FROM `+what).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func migrate(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE TABLE note (id int PRIMARY KEY, text text NOT NULL)`)
	return errors.Join(err, conn.Close(ctx))
}

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	one, two := connect(t, New(t, migrate)), connect(t, New(t, migrate))
	if _, err := one.Exec(t.Context(), `INSERT INTO note VALUES (1, '一')`); err != nil {
		t.Fatal(err)
	}
	if n := count(t, two, "note"); n != 0 {
		t.Errorf("the second database has %d notes of the first's, want none", n)
	}
	if n := count(t, connect(t, New(t, migrate)), "note"); n != 0 {
		t.Errorf("the template has %d notes of the first's, want none", n)
	}
}

func TestWithoutMigrationsTheDatabaseIsEmpty(t *testing.T) {
	t.Parallel()
	conn := connect(t, New(t, nil))
	if n := count(t, conn, "pg_class WHERE relnamespace = 'public'::regnamespace"); n != 0 {
		t.Errorf("the database has %d tables, want none", n)
	}
}

// newServer returns a server apart from the shared one, which knows a migration
// of this test from an earlier run of it.
func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestMigrationRunsOnceForParallelTests(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	counted := func(ctx context.Context, url string) error {
		runs.Add(1)
		return migrate(ctx, url)
	}
	s := newServer(t)
	t.Run("all", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				c, name, err := s.clone(t.Context(), counted)
				if err != nil {
					t.Fatal(err)
				}
				if n := count(t, connect(t, c.url(name)), "note"); n != 0 {
					t.Errorf("the database has %d notes, want none", n)
				}
			})
		}
	})
	if got := runs.Load(); got != 1 {
		t.Errorf("the migration ran %d times, want once", got)
	}
}

func TestDatabaseIsDroppedWithTheTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("test", func(t *testing.T) {
		// Left open, as by a test that forgets its pool.
		conn, err := pgx.Connect(t.Context(), New(t, migrate))
		if err != nil {
			t.Fatal(err)
		}
		name = conn.Config().Database
	})
	if n := count(t, connect(t, New(t, nil)), "pg_database WHERE datname = '"+name+"'"); n != 0 {
		t.Errorf("the database %s is still there", name)
	}
}

func TestFailedMigrationFailsEveryTest(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such table")
	runs := 0
	fail := func(context.Context, string) error { runs++; return broken }
	s := newServer(t)
	for range 2 {
		if _, _, err := s.clone(t.Context(), fail); !errors.Is(err, broken) {
			t.Errorf("the error is %v, want %v", err, broken)
		}
	}
	if runs != 1 {
		t.Errorf("the migration ran %d times, want once", runs)
	}
}

func TestServerKeepsNothingOfOursBusy(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("test", func(t *testing.T) { connect(t, New(t, migrate)) })
	goleak.VerifyNone(t, before)
}

func TestServerStartsAgainAfterItWasStopped(t *testing.T) {
	t.Parallel()
	var s server
	for range 2 {
		c, name, err := s.clone(t.Context(), migrate)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.exec(t.Context(), "COMMENT ON DATABASE "+name+" IS 'in use'"); err != nil {
			t.Error(err)
		}
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the cluster's folder is left: %v", err)
		}
	}
	if err := s.stop(); err != nil {
		t.Errorf("stopping a server that does not run: %v", err)
	}
}

func TestServerThatCannotStart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var s server
	for range 2 {
		if _, _, err := s.clone(ctx, migrate); err == nil {
			t.Error("a server started in a context that has ended")
		}
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

func TestDataDirCanBeEnteredByTheServer(t *testing.T) {
	t.Parallel()
	account, err := pgproc.AccountFor("")
	if err != nil {
		t.Fatal(err)
	}
	var dir string
	t.Run("test", func(t *testing.T) {
		dir = DataDir(t)
		if err := account.CanEnter(t.Context(), dir); err != nil {
			t.Error(err)
		}
	})
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
}

// BenchmarkNew measures what a test pays for its database.
func BenchmarkNew(b *testing.B) {
	New(b, migrate) // the server's start is not a test's
	for b.Loop() {
		New(b, migrate)
	}
}

// endKey is the environment variable that makes the test binary one that uses a
// database and then ends in the way that it names.
const endKey = "PGTEST_END"

// useAndEnd starts the server, says where it is, waits for the end of the input,
// and ends the process.
func useAndEnd(how string) error {
	if how == "early" {
		fmt.Println("dir: started") // the parent looks for the folder itself
	}
	c, _, err := shared.clone(context.Background(), migrate)
	if err != nil {
		return err
	}
	fmt.Println("dir:", c.dir)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	switch how {
	case "panic":
		panic("as a test may")
	case "exit":
		os.Exit(3)
	}
	return errors.New("unknown end: " + strings.TrimSpace(how))
}

// Where there is no room in memory, or no such folder, what tests throw away is where
// it always was; and where TMPDIR says.
func TestThereIsRoomInMemoryOrNot(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{t.TempDir() + "/that is not there", "/proc", "/sys"} {
		if fits(dir) {
			t.Errorf("%s fits", dir)
		}
	}
	if available() == 0 {
		t.Error("the kernel says of no memory")
	}
	if dir := TempDir(); dir != memory && dir != os.TempDir() {
		t.Errorf("the folder is %s", dir)
	}
}
