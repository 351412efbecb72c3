package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// tick is how often a condition of another process is looked at again: there is
// no call that waits for a lock or a process and heeds a context.
const tick = 20 * time.Millisecond

// openLock opens the lock file at path, made if it is not there. A new file
// belongs to whom its folder belongs to, so that root's visit to a user's
// cluster leaves nothing behind that the user can't open. It follows no symbolic
// link, as root may work here in a user's folder.
func openLock(path string) (*os.File, error) {
	const flags = os.O_RDWR | syscall.O_NOFOLLOW | syscall.O_CLOEXEC
	f, err := os.OpenFile(path, flags|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		f, err = os.OpenFile(path, flags, 0)
		if err != nil {
			return nil, fmt.Errorf("opening the lock file: %w", err)
		}
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("making the lock file: %w", err)
	}
	if err := inheritOwner(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// inheritOwner sets the file's owner to the owner of the folder it is in.
func inheritOwner(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return fmt.Errorf("finding the owner of the folder of %s: %w", f.Name(), err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Errorf("finding the owner of the folder of %s: the system does not tell", f.Name())
	}
	if err := f.Chown(int(st.Uid), int(st.Gid)); err != nil {
		return fmt.Errorf("giving %s its folder's owner: %w", f.Name(), err)
	}
	return nil
}

// tryLock takes the lock on f, shared (syscall.LOCK_SH) or alone
// (syscall.LOCK_EX), and reports whether it could be had. Closing f releases
// it, unless a child has inherited f.
func tryLock(f *os.File, how int) (bool, error) {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		default:
			return false, fmt.Errorf("locking %s: %w", f.Name(), err)
		}
	}
}

// lock opens the lock file at path and waits until it has it alone, or until ctx
// is done. Closing the file releases the lock.
func lock(ctx context.Context, path string) (*os.File, error) {
	f, err := openLock(path)
	if err != nil {
		return nil, err
	}
	return f, wait(ctx, f)
}

// lockFolder does the same with a folder, which needs no file in it.
func lockFolder(ctx context.Context, path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the folder %s: %w", path, err)
	}
	return f, wait(ctx, f)
}

// wait waits until it has the lock on f alone; after an error f is closed.
func wait(ctx context.Context, f *os.File) error {
	for {
		ok, err := tryLock(f, syscall.LOCK_EX)
		if ok {
			return nil
		}
		if err == nil {
			err = pause(ctx, tick)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("waiting for %s: %w", f.Name(), err), f.Close())
		}
	}
}

// pause waits for d, or returns the reason why ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
