package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// with returns the url with another parameter.
func with(t *testing.T, address, name, value string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // as libpq reads it
	return u.String()
}

// run runs statements as the database's owner.
func run(t *testing.T, address string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// role makes a role of the server's that may log in, which is dropped with all it
// has in the end.
func role(t *testing.T, address, name, options string) (as string) {
	t.Helper()
	run(t, address, "CREATE ROLE "+name+" LOGIN "+options)
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), address)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP OWNED BY "+name+" CASCADE; DROP ROLE "+name, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Error(err)
		}
	})
	return with(t, address, "user", name)
}

func TestWhatIsWrongWithADatabaseIsSaidWithWhatToDo(t *testing.T) {
	fresh := pgtest.New(t, nil)
	older := pgtest.New(t, store.Migrate)
	name := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(u.Path, "/")
	}
	reader := role(t, fresh, "reads_only", "")
	run(t, fresh, "ALTER ROLE reads_only SET default_transaction_read_only = on", "GRANT CREATE ON SCHEMA public TO reads_only")
	nobody := role(t, fresh, "makes_nothing", "")
	newer := pgtest.New(t, store.Migrate)
	run(t, newer, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)", store.NewestSchema()+1))
	ascii := "ascii_" + name(fresh)
	run(t, fresh, "CREATE DATABASE "+ascii+" ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), fresh)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP DATABASE "+ascii); err != nil {
			t.Error(err)
		}
	})
	other := func(database string) string {
		u, err := url.Parse(fresh)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + database
		return u.String()
	}
	for _, tt := range []struct{ what, address, kind, zh, en string }{
		{"no such database", other("nowhere"), "UNAVAILABLE", "没有这个数据库", "no such database"},
		{"no such user", with(t, fresh, "user", "nobody_at_all"), "UNAVAILABLE", "拒绝登录", "refuses the login"},
		{"nobody listens", "postgres://u@127.0.0.1:1/d", "UNAVAILABLE", "连不上", "cannot be reached"},
		{"no such host", "postgres://u@no-such-host.invalid/d", "UNAVAILABLE", "主机", "host"},
		{"a raw password", "postgres://u:a#b/c@h/d", "INVALID", "%23", "%23"},
		{"a raw percent sign", "postgres://u:50%off@h/d", "INVALID", "%25", "%25"},
		{"no address", "postgres://u@h:port/d", "INVALID", "无法识别", "cannot be read"},
		{"another encoding", other(ascii), "INVALID", "UTF8", "has to be UTF8"},
		{"no right to create", nobody, "INVALID", "GRANT CREATE", "may not make tables in schema public"},
		{"no such schema", with(t, fresh, "search_path", "nowhere"), "INVALID", "search_path", "no schema of search_path exists"},
		{"read-only transactions", reader, "INVALID", "default_transaction_read_only", "read-only by default"},
		{"a newer jisi", newer, "INVALID", "更新的 jisi", "of a newer jisi"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			err := store.Migrate(t.Context(), tt.address)
			var told *catalog.Error
			if !errors.As(err, &told) {
				t.Fatalf("no sentence: %v", err)
			}
			if string(told.Kind) != tt.kind || !strings.Contains(told.Zh, tt.zh) || !strings.Contains(told.En, tt.en) {
				t.Errorf("%s: %s | %s; want %s with %q and %q: %v", told.Kind, told.En, told.Zh, tt.kind, tt.en, tt.zh, told.Err)
			}
			if strings.Contains(told.Error(), "a#b") || strings.Contains(told.Error(), "50%off") {
				t.Errorf("the password is shown: %v", told)
			}
		})
	}
	if err := store.Migrate(t.Context(), older); err != nil {
		t.Errorf("one that is up to date: %v", err)
	}
}

// PostgreSQL 15 lets a plain user make nothing in public; a schema of its own is
// then the usual place, by its name or by search_path.
func TestTablesStandInTheSchemaThatTheAddressLeadsTo(t *testing.T) {
	for _, where := range []string{"$user", "search_path", "options", "a name with blanks"} {
		t.Run(where, func(t *testing.T) {
			address := pgtest.New(t, nil)
			schema := "elsewhere"
			switch where {
			case "$user":
				schema = "dweller"
				as := role(t, address, schema, "")
				run(t, address, "CREATE SCHEMA dweller AUTHORIZATION dweller")
				address = as
			case "search_path":
				run(t, address, "CREATE SCHEMA elsewhere")
				address = with(t, address, "search_path", "elsewhere")
			case "options":
				run(t, address, "CREATE SCHEMA elsewhere")
				address = with(t, address, "options", "-c search_path=elsewhere,public")
			default:
				schema = `My "own" place`
				run(t, address, `CREATE SCHEMA "My ""own"" place"`)
				address = with(t, address, "search_path", `"My ""own"" place"`)
			}
			for range 2 { // again where it is there
				if err := store.Migrate(t.Context(), address); err != nil {
					t.Fatal(err)
				}
			}
			x, err := store.Examine(t.Context(), address)
			if err != nil || x.Schema != schema || x.Applied != store.NewestSchema() || !x.Chinese {
				t.Fatalf("%+v, %v; want the schema %q", x, err, schema)
			}
			s, err := store.Open(t.Context(), address, store.Options{MaxConns: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Freeze(t.Context(), func(f catalog.Frozen) error {
				if f.Namespace != schema || f.Rows["goose_db_version"] == 0 {
					t.Errorf("frozen in %q, %v", f.Namespace, f.Rows)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			g, err := store.Ground(t.Context(), address)
			if err != nil || g.Namespace != schema || !g.Unused || !strings.Contains(g.Clear, "cases") {
				t.Errorf("ground %+v, %v", g, err)
			}
		})
	}
}

func TestFewConnectionsAreWaitedFor(t *testing.T) {
	for _, limit := range []int{1, 2, 4} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			address := pgtest.New(t, store.Migrate)
			few := role(t, address, fmt.Sprintf("has_%d", limit), fmt.Sprintf("CONNECTION LIMIT %d", limit))
			run(t, address, fmt.Sprintf("GRANT ALL ON ALL TABLES IN SCHEMA public TO has_%d", limit))
			var failed sync.Map
			var together sync.WaitGroup
			for server := range 2 { // two of them share the limit
				s, err := store.Open(t.Context(), few, store.Options{MaxConns: 8})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				l := s.Listen()
				defer l.Close()
				together.Go(func() { _, _ = l.Heard(t.Context()) })
				for i := range 30 {
					together.Go(func() {
						if _, err := s.CountReleases(t.Context()); err != nil {
							failed.Store(fmt.Sprint(server, i), err)
						}
					})
				}
			}
			together.Wait()
			failed.Range(func(which, err any) bool { t.Errorf("query %v: %v", which, err); return true })
		})
	}
}

func TestWhoeverAsksOnceWaitsForAConnectionToo(t *testing.T) {
	address := pgtest.New(t, store.Migrate)
	one := role(t, address, "has_one", "CONNECTION LIMIT 1")
	run(t, address, "GRANT ALL ON ALL TABLES IN SCHEMA public TO has_one", "GRANT CREATE ON SCHEMA public TO has_one", "GRANT jisi TO has_one")
	owner := with(t, one, "options", "-crole=jisi") // whoever restores must own the tables
	for what, ask := range map[string]func() error{
		"doctor":  func() error { _, err := store.Examine(t.Context(), one); return err },
		"restore": func() error { _, err := store.Ground(t.Context(), owner); return err },
		"migrate": func() error { return store.Migrate(t.Context(), one) },
		"made":    func() error { _, err := store.Made(t.Context(), one); return err },
		"serve": func() error {
			s, err := store.Open(t.Context(), one, store.Options{MaxConns: 1})
			if err == nil {
				s.Close()
			}
			return err
		},
	} {
		var held *pgx.Conn
		for end := time.Now().Add(10 * time.Second); held == nil; { // the one before may still be closing
			conn, err := pgx.Connect(t.Context(), one)
			if err != nil && time.Now().After(end) {
				t.Fatal(err)
			}
			held = conn
		}
		var asked error
		done := make(chan struct{})
		go func() { defer close(done); asked = ask() }()
		select {
		case <-done:
			t.Errorf("%s did not wait: %v", what, asked)
		case <-time.After(100 * time.Millisecond):
		}
		if err := held.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if <-done; asked != nil {
			t.Errorf("%s: %v", what, asked)
		}
	}
}

func TestALockedTableIsOursToMend(t *testing.T) {
	address := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), address, store.Options{MaxConns: 2, LockTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, table := range []string{"releases", "cases", "access_tokens"} {
		tx, err := conn.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			t.Fatal(err)
		}
		switch table {
		case "releases":
			_, err = s.CountReleases(t.Context())
		case "cases":
			_, err = s.CaseMatrix(t.Context(), catalog.ByYear, nil, catalog.CaseFilter{})
		default:
			_, err = s.Tokens(t.Context())
		}
		if got := catalog.ErrorKindOf(err); got != catalog.KindUnavailable || !strings.Contains(err.Error(), "locked") {
			t.Errorf("%s: %s, %v", table, got, err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheTransactionThatHoldsTheFeedBackIsNamed(t *testing.T) {
	s := storetest.Empty(t)
	if h, err := s.Holder(t.Context()); err != nil || h != nil && h.Age > time.Minute {
		t.Fatalf("%v, %v", h, err)
	}
	elsewhere := pgtest.New(t, nil) // another database of the same server
	run(t, elsewhere, "CREATE TABLE theirs (n int)")
	conn, err := pgx.Connect(t.Context(), elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "INSERT INTO theirs VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	h, err := s.Holder(t.Context())
	if err != nil || h == nil || h.PID != int(conn.PgConn().PID()) || h.State != "idle in transaction" || !strings.HasSuffix(elsewhere[:strings.IndexByte(elsewhere+"?", '?')], "/"+h.Database) {
		t.Errorf("%+v, %v; want pid %d of %s", h, err, conn.PgConn().PID(), elsewhere)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h, err := s.Holder(t.Context()); err != nil || h != nil && h.PID == int(conn.PgConn().PID()) {
		t.Errorf("ended, and still named: %+v, %v", h, err)
	}
}
