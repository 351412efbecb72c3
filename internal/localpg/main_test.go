package localpg

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// deadline bounds every wait for a condition. It fails a test, and says nothing
// of how fast things are.
const deadline = time.Minute

// holdKey is the environment variable that makes the test binary a process that
// holds a cluster, with its options in JSON, in place of running tests.
const holdKey = "LOCALPG_TEST_HOLD"

func TestMain(m *testing.M) {
	if text := os.Getenv(holdKey); text != "" {
		if err := hold(text); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// hold starts a cluster, says its URL, waits for the end of its input, and
// closes the cluster.
func hold(text string) error {
	o := Options{Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	c, err := Start(context.Background(), o)
	if err != nil {
		return err
	}
	fmt.Println("url:", c.URL())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return c.Close(context.Background())
}

// holder is another process that holds a cluster.
type holder struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
	over  bool
}

// newHolder starts a process of the account's that starts the cluster in dir; it
// doesn't wait until the process has. The zero account is the test's own.
func newHolder(t *testing.T, dir string, account pgproc.Account) *holder {
	t.Helper()
	text, err := json.Marshal(map[string]string{"Dir": dir})
	if err != nil {
		t.Fatal(err)
	}
	h := &holder{cmd: exec.Command(os.Args[0])}
	h.cmd.Env = append(os.Environ(), holdKey+"="+string(text))
	h.cmd.Stderr = t.Output()
	if account.Switched() {
		h.cmd.Path = copyBinary(t)
		h.cmd.Dir = "/"
		h.cmd.SysProcAttr = &syscall.SysProcAttr{
			Credential: &syscall.Credential{Uid: uint32(account.UID), Gid: uint32(account.GID)},
		}
	}
	stdout, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.lines = bufio.NewScanner(stdout)
	if h.stdin, err = h.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.kill(t) })
	return h
}

// copyBinary returns a copy of the test binary that every user can run; go test
// keeps the original in a folder of its own user's. Another program makes it: a
// parallel test's child may inherit a file that we write, and one that somebody
// writes can't be run.
func copyBinary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(openTempDir(t), "localpg.test")
	if out, err := exec.Command("cp", os.Args[0], path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// url waits until the process holds the cluster and returns its URL.
func (h *holder) url(t *testing.T) string {
	t.Helper()
	if !h.lines.Scan() {
		t.Fatalf("the holder ended before it said anything: %v", h.lines.Err())
	}
	url, ok := strings.CutPrefix(h.lines.Text(), "url: ")
	if !ok {
		t.Fatalf("the holder said: %s", h.lines.Text())
	}
	return url
}

// close lets the process close its cluster and waits for its end.
func (h *holder) close(t *testing.T) {
	t.Helper()
	h.over = true
	if err := errors.Join(h.stdin.Close(), h.cmd.Wait()); err != nil {
		t.Errorf("closing the holder: %v", err)
	}
}

// kill kills the process, as kill -9 does, if it is still there.
func (h *holder) kill(t *testing.T) {
	t.Helper()
	if h.over {
		return
	}
	h.over = true
	if err := h.cmd.Process.Kill(); err != nil {
		t.Errorf("killing the holder: %v", err)
	}
	if err := h.cmd.Wait(); h.cmd.ProcessState == nil {
		t.Errorf("waiting for the holder: %v", err)
	}
}

// openTempDir returns a new folder that other users can enter, which those of
// t.TempDir are not.
func openTempDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
		t.Fatal(err)
	}
	// As Start will see it: macOS has links above.
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// newDataDir returns a data directory, not made yet, whose server is stopped at
// the end of the test whoever has started it.
func newDataDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(openTempDir(t), "jisi")
	t.Cleanup(func() { endServer(t, dir) })
	return dir
}

// endServer stops the server that a test may have left, after its holders.
func endServer(t *testing.T, dir string) {
	t.Helper()
	pid, err := readPID(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return
	}
	if cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil && cwd != filepath.Join(dir, "postgres", "data") {
		return
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return
	}
	eventually(t, "the server's end", func() error {
		_, err := os.Stat(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
		if err == nil && syscall.Kill(pid, 0) == nil {
			return errors.New("it is still there")
		}
		return nil
	})
}

// start starts a cluster that is closed at the end of the test.
func start(t *testing.T, o Options) *Cluster {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	began := time.Now()
	c, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(began))
	t.Cleanup(func() { closeCluster(t, c) })
	return c
}

func closeCluster(t *testing.T, c *Cluster) {
	t.Helper()
	began := time.Now()
	if err := c.Close(context.Background()); err != nil {
		t.Error(err)
	}
	t.Logf("closed in %v", time.Since(began))
}

// eventually waits until the condition returns no error.
func eventually(t *testing.T, what string, condition func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for {
		err := condition()
		if err == nil {
			return
		}
		if pause(ctx, 5*time.Millisecond) != nil {
			t.Fatalf("waited %v for %s: %v", deadline, what, err)
		}
	}
}

// try runs a statement on the database at url and returns what its first column
// says in its first row, or "" if there is none.
func try(url, sql string, args ...any) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	var said string
	err = conn.QueryRow(ctx, sql, args...).Scan(&said)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return said, errors.Join(err, conn.Close(ctx))
}

// ask runs try on a statement that must work.
func ask(t *testing.T, url, sql string, args ...any) string {
	t.Helper()
	said, err := try(url, sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return said
}

// postmaster returns the process number of the server in dir.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	pid, err := readPID(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

const (
	since    = `SELECT pg_postmaster_start_time()::text`
	remember = `CREATE TABLE memory AS SELECT $1::text AS word`
	recall   = `SELECT word FROM memory`
)

// wantEnded fails the test unless all of the server in dir has ended.
func wantEnded(t *testing.T, dir string) {
	t.Helper()
	f, err := openLock(filepath.Join(dir, "postgres", "server.lock"))
	if err != nil {
		t.Fatal(err)
	}
	free, err := tryLock(f, syscall.LOCK_EX)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if !free {
		t.Error("a process of the server still lives")
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres", "data", "postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the server did not end in good order: postmaster.pid: %v", err)
	}
}

// wantWord fails the test unless the database at url remembers word.
func wantWord(t *testing.T, url, word string) {
	t.Helper()
	if got := ask(t, url, recall); got != word {
		t.Errorf("the database remembers %q, want %q", got, word)
	}
}
