package store_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// pooled starts a PgBouncer in the mode before the database, and returns the address
// through it.
func pooled(t *testing.T, address, mode string) string {
	t.Helper()
	program := "pgbouncer"
	if _, err := exec.LookPath(program); err != nil {
		program = "/usr/sbin/pgbouncer"
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	dir := pgtest.DataDir(t)
	users := filepath.Join(dir, "users")
	config := fmt.Sprintf(`[databases]
* = host=%s port=5432 user=jisi
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
auth_file = %s
pool_mode = %s
default_pool_size = 20
`, u.Query().Get("host"), port, users, mode)
	file := filepath.Join(dir, "pgbouncer.ini")
	for name, text := range map[string]string{file: config, users: `"jisi" ""` + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil { //nolint:gosec // its user reads it
			t.Fatal(err)
		}
	}
	c := exec.Command(program, "-q", file) //nolint:noctx,gosec // it ends with the test
	var said bytes.Buffer
	c.Stderr = &said
	if os.Geteuid() == 0 { // which it refuses to be
		nobody, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.ParseUint(nobody.Uid, 10, 32)
		gid, _ := strconv.ParseUint(nobody.Gid, 10, 32)
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	if err := c.Start(); err != nil {
		t.Fatalf("PgBouncer (scripts/setup.sh test installs it): %v", err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // it is only a test's
		_ = c.Wait()
	})
	through := fmt.Sprintf("postgres://jisi@127.0.0.1:%d%s?sslmode=disable", port, u.Path)
	within(t, "PgBouncer answers", func() bool {
		conn, err := pgx.Connect(context.Background(), through)
		if err != nil {
			return false
		}
		return conn.Close(context.Background()) == nil
	})
	return through
}

func TestAPoolerThatSharesConnectionsIsRefused(t *testing.T) {
	for _, mode := range []string{"session", "transaction", "statement"} {
		t.Run(mode, func(t *testing.T) {
			through := pooled(t, pgtest.New(t, store.Migrate), mode)
			err := store.Migrate(t.Context(), through)
			if mode != "session" {
				if catalog.ErrorKindOf(err) != catalog.KindUnavailable || !strings.Contains(err.Error(), "pool_mode") {
					t.Fatalf("not recognised: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			x, err := store.Examine(t.Context(), through)
			if err != nil || !x.Pooled {
				t.Errorf("%+v, %v", x, err)
			}
			s, err := store.Open(t.Context(), through, store.Options{MaxConns: 8})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			l := s.Listen()
			defer l.Close()
			var together sync.WaitGroup
			for i := range 20 {
				together.Go(func() {
					if err := write(t.Context(), s, fmt.Sprintf("pooled-%d", i), "经由连接池"); err != nil {
						t.Error(err)
					}
					if _, err := s.CountReleases(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			together.Wait()
			within(t, "the listener hears", func() bool { heard, err := l.Heard(t.Context()); return heard && err == nil })
		})
	}
}
