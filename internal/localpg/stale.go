package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// removeStale removes a lock file of PostgreSQL's at path, one with a process
// number in it, if it is left from a server that is gone and its number is now
// another program's. The caller holds the lock of the server's processes.
//
// PostgreSQL ignores such a file itself where the number is nobody's, but
// believes any process that its user might signal: after a power cut, and in a
// container, where the numbers are small and the same each time, one is easily
// met, and the server would never start again. A server that somebody has
// started by hand, without our lock, is recognised and left to PostgreSQL to
// complain of.
func removeStale(path, data string) error {
	pid, err := readPID(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	// A number that can't be read is from a power cut while it was written, and
	// PostgreSQL would refuse that too.
	if err == nil && leaveToPostgres(pid, data) {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing a stale lock file: %w", err)
	}
	return nil
}

// leaveToPostgres reports whether PostgreSQL itself will do the right thing about
// a lock file with the number pid.
func leaveToPostgres(pid int, data string) bool {
	return syscall.Kill(pid, 0) != nil || mayServe(pid, data)
}

// mayServe reports whether the process pid may be a server on the cluster data.
// A dead process whose parent has not taken note yet is none: it still answers to
// its number, but holds nothing.
func mayServe(pid int, data string) bool {
	cwd, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	if err == nil {
		return cwd == data // where a postmaster works
	}
	if _, noProc := os.Stat("/proc/self/cwd"); noProc == nil {
		return !errors.Is(err, os.ErrNotExist) // a dead process has no folder
	}
	// Without /proc we know its state and the program's name only.
	said, err := exec.CommandContext(context.Background(), "ps", "-o", "stat=,comm=", "-p", strconv.Itoa(pid)).Output()
	state := strings.TrimSpace(string(said))
	return err != nil || !strings.HasPrefix(state, "Z") && strings.Contains(state, "postgres")
}
