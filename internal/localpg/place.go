package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// systemDir is where the home of a cluster goes that can't be in its data
// directory.
const systemDir = "/var/lib/jisi"

// place is where a data directory's cluster is, and who runs it.
type place struct {
	dir     string // the data directory, absolute, without symbolic links
	home    string // the folder of all that is the cluster's but its log
	account pgproc.Account
}

func (p place) data() string     { return filepath.Join(p.home, "data") }
func (p place) log() string      { return filepath.Join(p.dir, "postgres.log") }
func (p place) programs() string { return filepath.Join(p.home, "programs") }

// findPlace returns the place of dir's cluster, and makes its home if this is
// the first time. It is safe to run in several processes at once.
func findPlace(ctx context.Context, dir, system string, log *slog.Logger) (place, error) {
	p, err := openDir(dir)
	if err != nil {
		return place{}, err
	}
	// Of two processes the one that comes second must see what the first has made
	// as a whole: a folder that is still being opened looks like one that cannot be.
	alone, err := lockFolder(ctx, p.dir)
	if err != nil {
		return place{}, err
	}
	defer alone.Close()
	location := filepath.Join(p.dir, "postgres.location")
	if p.home, err = readLocation(location); err != nil {
		return place{}, err
	}
	if p.home == "" {
		p.home = filepath.Join(p.dir, "postgres")
	}
	if p.account, err = chooseAccount(p.data(), p.dir); err != nil {
		return place{}, err
	}
	if _, err := os.Lstat(p.home); err == nil {
		return p, p.enterable(ctx)
	}
	if !p.reachable(ctx) {
		if p.home, err = moveOut(p, system, location); err != nil {
			return place{}, err
		}
		log.Info("keeping the database outside of the data directory, as its user can't enter that",
			"user", p.account.String(), "data_dir", p.dir, "database_dir", p.home)
	}
	if err := p.makeHome(); err != nil {
		return place{}, err
	}
	return p, p.enterable(ctx)
}

// openDir makes the data directory if it is not there.
func openDir(dir string) (place, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return place{}, fmt.Errorf("finding the data directory %s: %w", dir, err)
	}
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711 // whoever root runs the server as must get to its folder
	}
	if err := os.MkdirAll(abs, mode); err != nil {
		return place{}, fmt.Errorf("making the data directory: %w", err)
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return place{}, fmt.Errorf("finding the data directory: %w", err)
	}
	return place{dir: abs}, nil
}

// chooseAccount returns who runs the cluster in data, which may not exist yet,
// in the data directory dir: the user who owns them, if that is an ordinary one.
func chooseAccount(data, dir string) (pgproc.Account, error) {
	if _, err := os.Stat(data); err == nil {
		return pgproc.AccountFor(data)
	}
	// A data directory may belong to a number without a name, as a container's
	// volume does, and initdb would refuse that.
	if a, err := pgproc.AccountFor(dir); err != nil || a.Name != "" || !a.Switched() {
		return a, err
	}
	return pgproc.AccountFor("")
}

// reachable reports whether the account gets to the data directory, which it
// opens for passing through if it is a new one of root's.
func (p place) reachable(ctx context.Context) bool {
	if !p.account.Switched() {
		return true
	}
	if p.account.CanEnter(ctx, p.dir) == nil {
		return true
	}
	// With an umask of 077, say, or as a volume in a container. Only the data
	// directory itself may be changed, and only while it holds nothing: it might
	// be somebody's home.
	entries, err := os.ReadDir(p.dir)
	if err != nil || len(entries) > 0 || p.account.CanEnter(ctx, filepath.Dir(p.dir)) != nil {
		return false
	}
	return os.Chmod(p.dir, 0o711) == nil && p.account.CanEnter(ctx, p.dir) == nil //nolint:gosec // entering is the point
}

// enterable returns an error if the account can't get into the home.
func (p place) enterable(ctx context.Context) error {
	if err := p.account.CanEnter(ctx, p.home); err != nil {
		return fmt.Errorf("the database in %s can't be run by its user, who must be let through all the folders above: %w", p.home, err)
	}
	return nil
}

// makeHome makes the home, unless it is there. It gets its name when it is ready
// for use.
func (p place) makeHome() error {
	if _, err := os.Lstat(p.home); err == nil {
		return nil
	}
	tmp, err := os.MkdirTemp(p.dir, "postgres.new-")
	if err != nil {
		return fmt.Errorf("making the database's folder: %w", err)
	}
	err = p.admit(tmp)
	if err == nil {
		err = os.Rename(tmp, p.home)
	}
	if err == nil {
		return nil
	}
	if removeErr := os.Remove(tmp); removeErr != nil || !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("making the database's folder: %w", errors.Join(err, removeErr))
	}
	return nil
}

// admit lets the account into the new home. Root keeps its own homes for itself
// and only lets the unprivileged user pass, lest that put symbolic links where
// root makes files; a home in a user's data directory is that user's.
func (p place) admit(home string) error {
	if !p.account.Switched() {
		return nil
	}
	info, err := os.Stat(p.dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) == p.account.UID {
		return p.account.Own(home)
	}
	return os.Chmod(home, 0o711) //nolint:gosec // the account must pass; what is inside is closed
}

// moveOut makes a home for p in the folder system and notes it in the file
// location. Its name is a new one every time: a cluster whose data directory was
// deleted does not come back by itself with the next of that name.
func moveOut(p place, system, location string) (string, error) {
	home, err := newSystemHome(p, system)
	if err != nil {
		return "", fmt.Errorf("making a folder for the database, which %s can't have below %s: %w", p.account, p.dir, err)
	}
	// A link fails where the name is taken, so that of two processes the second
	// uses the home of the first.
	err = linkNew(location, home+"\n")
	if err == nil {
		return home, nil
	}
	if removeErr := os.RemoveAll(home); removeErr != nil {
		return "", errors.Join(err, removeErr)
	}
	if errors.Is(err, os.ErrExist) {
		return readLocation(location)
	}
	return "", fmt.Errorf("noting the database's folder: %w", err)
}

func newSystemHome(p place, system string) (string, error) {
	if err := makePassable(system); err != nil {
		return "", err
	}
	home, err := os.MkdirTemp(system, "cluster-")
	if err != nil {
		return "", err
	}
	// For whoever finds the folder and asks whose it is.
	err = os.WriteFile(filepath.Join(home, "data-directory"), []byte(p.dir+"\n"), 0o600)
	return home, errors.Join(err, os.Chmod(home, 0o711)) //nolint:gosec // as above
}

// makePassable makes a folder that everybody may pass through, whatever the
// umask. One that is there already keeps its permissions.
func makePassable(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil { //nolint:gosec // as /var/lib is
		return err
	}
	err := os.Mkdir(dir, 0o711) //nolint:gosec // passing is the point
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err == nil {
		err = os.Chmod(dir, 0o711) //nolint:gosec // as above
	}
	return err
}

// linkNew writes a new file in one step; its error is os.ErrExist where there is
// one already.
func linkNew(path, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-")
	if err != nil {
		return err
	}
	_, err = tmp.WriteString(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Link(tmp.Name(), path)
	}
	return errors.Join(err, os.Remove(tmp.Name()))
}

// readLocation returns the home that the file at path names, or "" where there
// is no such file.
func readLocation(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("finding the database: %w", err)
	}
	home := strings.TrimSpace(string(text))
	if _, err := os.Stat(home); err != nil { //nolint:gosec // who may write the note may as well write the database
		// Beginning with an empty one would hide that the old one is missing.
		return "", fmt.Errorf("%s says that the database is in %s, and it is not there: bring it back, or remove %s to begin with an empty database: %w", path, home, path, err)
	}
	return home, nil
}
