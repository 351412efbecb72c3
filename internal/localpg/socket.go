package localpg

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// Which folder the socket is in must be the same for every process that uses the
// cluster, and stay so when the server is started anew, as URLs have it in them.

// socketDir returns the folder of the server's socket, or "" where none was made
// yet or it has gone.
func (p place) socketDir() string {
	noted := p.notedSocketDir()
	if noted == "" {
		noted = filepath.Join(p.home, "socket")
	}
	if p.checkPrivate(noted) != nil {
		return ""
	}
	return noted
}

// makeSocketDir returns the folder of the server's socket, made if it isn't
// there. Only the account may enter it, as whoever reaches the socket is let in.
// The caller holds the server's lock.
func (p place) makeSocketDir() (string, error) {
	dir := p.notedSocketDir()
	if dir == "" {
		dir = filepath.Join(p.home, "socket")
		if pgproc.CheckSocketDir(dir) != nil {
			return p.newSocketDir()
		}
	}
	if err := p.mkPrivate(dir); err != nil {
		if p.notedSocketDir() == "" {
			return "", fmt.Errorf("making the socket's folder: %w", err)
		}
		// The noted folder was cleared away with all that is temporary, and
		// somebody else has taken its name.
		return p.newSocketDir()
	}
	return dir, nil
}

// newSocketDir makes a folder for the socket below the one for temporary files
// and notes it in the home. Not below XDG_RUNTIME_DIR, which is removed when the
// user logs out, be the server still running or not.
func (p place) newSocketDir() (string, error) {
	var failed error
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		dir, err := os.MkdirTemp(parent, "jisi-")
		if err == nil {
			err = errors.Join(pgproc.CheckSocketDir(dir), p.account.Own(dir))
			if err == nil {
				err = p.noteSocketDir(dir)
			}
			if err == nil {
				return dir, nil
			}
			err = errors.Join(err, os.Remove(dir))
		}
		failed = errors.Join(failed, err)
	}
	return "", fmt.Errorf("making a folder for the socket, whose path would be too long in %s: %w", p.home, failed)
}

// clearSocketDir removes the socket's folder if it is among temporary files. The
// next server's has the same name, if nobody else has taken it. The server has
// ended.
func (p place) clearSocketDir() error {
	dir := p.notedSocketDir()
	if private := p.checkPrivate(dir) == nil; !private {
		return nil // none, or no longer ours
	}
	// Killed servers leave these.
	for _, file := range []string{pgproc.SocketFile(dir), pgproc.SocketFile(dir) + ".lock", dir} {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("removing the socket's folder: %w", err)
		}
	}
	return nil
}

func (p place) socketNote() string { return filepath.Join(p.home, "socket.location") }

func (p place) notedSocketDir() string {
	text, err := os.ReadFile(p.socketNote())
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func (p place) noteSocketDir(dir string) error {
	if err := os.Remove(p.socketNote()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := linkNew(p.socketNote(), dir+"\n"); err != nil {
		return err
	}
	f, err := os.OpenFile(p.socketNote(), os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	return errors.Join(inheritOwner(f), f.Close())
}

// mkPrivate makes the folder dir for the account alone, or checks that it is so.
func (p place) mkPrivate(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, os.ErrExist) {
		return p.checkPrivate(dir)
	}
	if err != nil {
		return err
	}
	return p.account.Own(dir)
}

// checkPrivate returns an error unless dir is a folder, no link to one, that the
// account owns and nobody else may enter. In a folder for everybody's temporary
// files another user might have put it there, to be taken for the server.
func (p place) checkPrivate(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || info.Mode().Perm()&0o077 != 0 || int(st.Uid) != p.account.UID {
		return fmt.Errorf("%s is not a folder of %s's alone", dir, p.account)
	}
	return nil
}
