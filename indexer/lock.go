//go:build unix

package indexer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrLocked says that another process has the index open. RequestRebuild is
// what can be done beside it.
var ErrLocked = errors.New("indexer: another process has the index open")

// takeLock makes this process the one that has dir open. The lock ends with
// the file's closing or with the process, however that ends.
func takeLock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("indexer: open the lock of %s: %w", dir, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		_ = f.Close()
		return nil, ErrLocked
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("indexer: lock %s: %w", dir, err)
	}
	return f, nil
}

// RequestRebuild asks the process that has the index at dir open to build it
// anew; its follower sees this within its poll interval. Where no process has
// it open, the next one to follow will do it.
func RequestRebuild(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("indexer: ask for a rebuild: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, rebuildFile), nil, 0o600); err != nil {
		return fmt.Errorf("indexer: ask for a rebuild: %w", err)
	}
	return nil
}

// RebuildRequested reports whether a rebuild was asked for at dir and has not
// begun.
func RebuildRequested(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, rebuildFile))
	return err == nil
}

// Built reports whether a folder has an index, of whatever making.
func Built(dir string) bool {
	name, err := readCurrent(dir)
	return err == nil && name != ""
}
