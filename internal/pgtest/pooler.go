package pgtest

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
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// poolerStarts is how long a PgBouncer may take until it answers.
const poolerStarts = 30 * time.Second

// Pooled starts a PgBouncer before the database at the address, a Unix socket's as
// this package and localpg give it, and returns the address through it. The mode is a
// pool_mode of PgBouncer's: session, transaction or statement; further settings are
// lines of its configuration. The pooler ends with the test; scripts/setup.sh test
// installs it.
func Pooled(t *testing.T, address, mode string, settings ...string) string {
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
	dir := DataDir(t)
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
default_pool_size = 40
server_login_retry = 1
%s
`, u.Query().Get("host"), port, users, mode, strings.Join(settings, "\n"))
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
	for end := time.Now().Add(poolerStarts); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(context.Background(), through)
		if err == nil {
			if err = conn.Close(context.Background()); err == nil {
				return through
			}
		}
		if time.Now().After(end) {
			t.Fatalf("PgBouncer does not answer: %v\n%s", err, said.Bytes())
		}
	}
}
