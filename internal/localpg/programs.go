package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	embedded "github.com/fergusstrange/embedded-postgres"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// findPrograms returns the programs to run the cluster with: of the version that
// made it, if it is there, downloaded if the machine has none and they can't be
// installed.
func (c *Cluster) findPrograms(ctx context.Context) (pgproc.Programs, error) {
	major, err := dataVersion(c.place.data())
	if err != nil {
		return pgproc.Programs{}, err
	}
	version, known := downloadVersion(major)
	dir := filepath.Join(c.place.programs(), string(version))
	q := pgproc.Query{Places: c.opts.places, Major: major}
	if q.Extra, err = filepath.Glob(filepath.Join(escapeGlob(c.place.programs()), "*", "bin")); err != nil {
		return pgproc.Programs{}, err
	}
	if c.opts.BinDir != "" {
		q.Places, q.Extra = []string{c.opts.BinDir}, nil
	}
	found, err := pgproc.Find(ctx, c.place.account, q)
	if !errors.Is(err, pgproc.ErrNotFound) || !known || !c.mayDownload() {
		return found, err
	}
	c.log.Info("this machine has no PostgreSQL, downloading its programs (once)", "version", string(version), "to", dir)
	if downloadErr := c.download(ctx, version, dir); downloadErr != nil {
		return pgproc.Programs{}, fmt.Errorf("%w; and downloading them failed: %w", err, downloadErr)
	}
	q.Extra = append(q.Extra, filepath.Join(dir, "bin"))
	return pgproc.Find(ctx, c.place.account, q)
}

// mayDownload reports whether programs that are not there may be downloaded:
// where the user can install them with one command, that is better, as the
// system then keeps them up to date.
func (c *Cluster) mayDownload() bool {
	switch {
	case c.opts.BinDir != "" || c.opts.Repository == NoDownload:
		return false
	case c.opts.Repository != "":
		return true
	default:
		return !pgproc.CanInstall()
	}
}

// dataVersion returns the major version of PostgreSQL that made the cluster in
// data, or 0 if there is none.
func dataVersion(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("finding the version of the database: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("finding the version of the database in %s: %w", data, err)
	}
	return major, nil
}

// downloadVersion returns the version to download for a cluster of the major
// version, or for a new one if that is 0; ok is false if there is none.
func downloadVersion(major int) (_ embedded.PostgresVersion, ok bool) {
	switch major {
	case 15:
		return embedded.V15, true
	case 16:
		return embedded.V16, true
	case 0, 17:
		return embedded.V17, true
	case 18:
		return embedded.V18, true
	default:
		return "", false
	}
}

// download puts the programs of a version into the folder dir, all of them or
// nothing.
func (c *Cluster) download(ctx context.Context, version embedded.PostgresVersion, dir string) error {
	if err := makePassable(filepath.Dir(dir)); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return err
	}
	programs := filepath.Join(tmp, "programs")
	err = fetch(ctx, c.opts.Repository, version, tmp, programs)
	if err == nil {
		err = openToAll(programs)
	}
	if err == nil {
		err = os.Rename(programs, dir)
	}
	return errors.Join(err, os.RemoveAll(tmp))
}

// openToAll lets everybody read and run what is in a folder, whatever the umask
// made of it: the account is not the owner where root has downloaded.
func openToAll(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm() | 0o444
		if entry.IsDir() || mode&0o100 != 0 {
			mode |= 0o111
		}
		return root.Chmod(path, mode)
	})
}

// fetch downloads the programs of a version and unpacks them into the folder
// programs, working in the folder tmp.
//
// The embedded-postgres module checks and unpacks, but offers that only as the
// first half of starting a server, on a network port and as its own child; so it
// is stopped in between: next it would empty the data folder, and a path ending
// in a dot is one that os.RemoveAll refuses. Nor does it heed a context: when
// ctx ends first, its goroutine goes on until its transfer ends.
func fetch(ctx context.Context, repository string, version embedded.PostgresVersion, tmp, programs string) error {
	config := embedded.DefaultConfig().
		Version(version).
		Port(0).
		CachePath(filepath.Join(tmp, "cache")).
		RuntimePath(filepath.Join(tmp, "runtime")).
		BinariesPath(programs).
		DataPath(tmp + "/data/.")
	if repository != "" {
		config = config.BinaryRepositoryURL(strings.TrimRight(repository, "/"))
	}
	server := embedded.NewDatabase(config)
	done := make(chan error, 1)
	go func() { done <- server.Start() }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err == nil {
		return errors.Join(errors.New("the module has started a server of its own"), server.Stop())
	}
	if strings.Contains(err.Error(), "unable to clean up data directory") {
		return nil // as meant
	}
	return err
}
