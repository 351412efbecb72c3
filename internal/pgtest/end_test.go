package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// However a test binary ends, its server and its files go.
func TestNothingIsLeftOfABinary(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		how string
		end func(*exec.Cmd) error
	}{
		"that is killed":              {"kill", func(cmd *exec.Cmd) error { return cmd.Process.Kill() }},
		"that is interrupted":         {"kill", func(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }},
		"that panics":                 {"panic", func(*exec.Cmd) error { return nil }},
		"that exits":                  {"exit", func(*exec.Cmd) error { return nil }},
		"that is killed while initdb": {"early", func(cmd *exec.Cmd) error { return cmd.Process.Kill() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temp := shortTempDir(t)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), endKey+"="+test.how, "TMPDIR="+temp)
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(stdout)
			if !lines.Scan() || !strings.HasPrefix(lines.Text(), "dir: ") {
				t.Fatalf("the binary said %q: %v", lines.Text(), lines.Err())
			}
			dir := strings.TrimPrefix(lines.Text(), "dir: ")
			if test.how == "early" {
				dir = underConstruction(t, temp)
			}
			if err := errors.Join(test.end(cmd), stdin.Close()); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err == nil {
				t.Error("the binary ended well")
			}
			eventually(t, "the folder's end", func() error {
				left, err := filepath.Glob(filepath.Join(temp, "*"))
				if err == nil && len(left) > 0 {
					err = fmt.Errorf("%q is left", left)
				}
				return err
			})
			if conn, err := net.Dial("unix", pgproc.SocketFile(dir)); err == nil {
				t.Errorf("the server still listens: %v", conn.Close())
			}
			// Sooner than a server ends by itself, which looks once a minute whether
			// its files are still there.
			within(t, 20*time.Second, "the processes' end", func() error { return noneWorksIn(dir) })
		})
	}
}

// shortTempDir returns a folder that other users can enter and with a name short
// enough for a socket in it.
func shortTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// underConstruction waits until initdb is at work below temp and returns the
// cluster's folder.
func underConstruction(t *testing.T, temp string) (dir string) {
	t.Helper()
	eventually(t, "initdb's first files", func() error {
		found, err := filepath.Glob(filepath.Join(temp, "*", "data", "PG_VERSION"))
		if err == nil && len(found) == 0 {
			err = errors.New("none yet")
		}
		if err == nil {
			dir = filepath.Dir(filepath.Dir(found[0]))
		}
		return err
	})
	return dir
}

// noneWorksIn returns an error if a process has its working directory in dir, as
// far as the system shows it.
func noneWorksIn(dir string) error {
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return err
	}
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && strings.HasPrefix(cwd, dir) {
			return fmt.Errorf("%s is %s", link, cwd)
		}
	}
	return nil
}

// eventually waits until the condition returns no error.
func eventually(t *testing.T, what string, condition func() error) {
	t.Helper()
	within(t, patience, what, condition)
}

func within(t *testing.T, limit time.Duration, what string, condition func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := condition()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited %v for %s: %v", limit, what, err)
		}
	}
}
