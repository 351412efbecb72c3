package localpg

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// bystander starts a process of the account's that has nothing to do with
// PostgreSQL, in the folder dir, and returns its number.
func bystander(t *testing.T, account pgproc.Account, dir string) int {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	cmd.Dir = dir
	if account.Switched() {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Credential: &syscall.Credential{Uid: uint32(account.UID), Gid: uint32(account.GID)},
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); cmd.ProcessState == nil {
			t.Error(err)
		}
	})
	return cmd.Process.Pid
}

// After a power cut the number of the dead server may be another program's.
func TestStaleProcessNumber(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	c := start(t, Options{Dir: dir})
	ask(t, c.URL(), remember, "断")
	pidFile := filepath.Join(c.place.data(), "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	closeCluster(t, c)
	other := bystander(t, c.place.account, "/")
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	if err := os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s", other, rest), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.place.account.Own(pidFile); err != nil {
		t.Fatal(err)
	}
	wantWord(t, start(t, Options{Dir: dir}).URL(), "断")
}

func TestRemoveStale(t *testing.T) {
	t.Parallel()
	account, err := pgproc.AccountFor("")
	if err != nil {
		t.Fatal(err)
	}
	data := openTempDir(t)
	dead := exec.Command("true")
	if err := dead.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dead.Wait(); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "the end of true", func() error {
		if mayServe(dead.Process.Pid, data) {
			return errors.New("it still runs")
		}
		return nil
	})
	tests := map[string]struct {
		text string
		want bool // that the file stays
	}{
		"another program's":        {fmt.Sprintf("%d\n%s\n", bystander(t, account, "/"), data), false},
		"one that works in data":   {fmt.Sprintf("%d\n%s\n", bystander(t, account, data), data), hasProc()},
		"a dead one's, not reaped": {fmt.Sprintf("%d\n", dead.Process.Pid), false},
		"nobody's":                 {"2147483646\n", true}, // PostgreSQL sees to it
		"empty":                    {"", false},
		"garbled":                  {"\x00\x00\x00\n", false},
		"everybody's":              {"-1\n", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "postmaster.pid")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // a file that is not there is none to remove
				if err := removeStale(path, data); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := os.Stat(path); (err == nil) != test.want {
				t.Errorf("the file stays: %v, want %v", err == nil, test.want)
			}
		})
	}
}

// hasProc reports whether the system shows where a process works.
func hasProc() bool {
	_, err := os.Readlink("/proc/self/cwd")
	return err == nil
}
