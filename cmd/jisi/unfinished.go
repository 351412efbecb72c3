package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// What a command makes bit by bit has another name until it is whole. Killed in
// the middle, it leaves that behind; who comes next takes it away. What is still
// being made is locked.

// makeUnfinished makes a folder below dir for a release that is being made, which
// is locked until the file is closed.
func makeUnfinished(dir string) (path string, held *os.File, err error) {
	if path, err = os.MkdirTemp(dir, unfinished); err != nil {
		return "", nil, err
	}
	held, err = os.Open(path)
	if err == nil {
		err = syscall.Flock(int(held.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(path))
	}
	return path, held, nil
}

// unfinished is how the names of folders begin of which nobody has the whole yet.
const unfinished = ".making-"

// part is what stands between a file's name and some letters while it is written.
const part = ".jisi-part-"

// clearUnfinished removes what commands that were killed have left in dir, which
// need not be there.
func clearUnfinished(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, unfinished) || strings.HasPrefix(name, ".") && strings.Contains(name, part) {
			err = errors.Join(err, clearIfLeft(filepath.Join(dir, name)))
		}
	}
	return err
}

// writeFile writes a file through a temporary one beside it, so that a file of
// the name is either what it was or whole.
func writeFile(name string, write func(io.Writer) error) (err error) {
	dir, base := filepath.Split(name)
	dir = filepath.Clean(dir) // "" is "."
	failed := func(err error) error { return &sentence{"无法写入 " + name, "the file cannot be written", err} }
	if err := clearUnfinished(dir); err != nil {
		return failed(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "."+base+part+rand.Text()[:8]), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // as the umask says
	if err != nil {
		return failed(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.Join(failed(err), f.Close())
	}
	if err := write(f); err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", name, err), f.Close())
	}
	if err := errors.Join(f.Sync(), os.Rename(f.Name(), name)); err != nil {
		return errors.Join(failed(err), f.Close())
	}
	return f.Close()
}

// clearIfLeft removes a file or folder unless somebody is at work on it.
func clearIfLeft(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil
	case err != nil:
		return err
	}
	return os.RemoveAll(path)
}
