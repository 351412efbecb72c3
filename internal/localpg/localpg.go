package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// Database is the name of the database in the cluster.
const Database = "jisi"

// NoDownload as Options.Repository forbids to download programs.
const NoDownload = "off"

// cleanUp bounds what must still be done when the caller's context has ended.
const cleanUp = 30 * time.Second

// Options say which cluster to start, and with what. Only Dir must be set.
type Options struct {
	// Dir is the data directory, made if it is not there.
	Dir string
	// Log gets a line for what the user may want to know; nil means none.
	Log *slog.Logger
	// BinDir, if set, is the only folder to look for the server's programs in.
	BinDir string
	// Repository is the base URL of the Maven repository to download programs
	// from, where the machine has none: "" for the usual one and NoDownload for
	// none. If it is a URL, it is used even where the programs could be
	// installed.
	Repository string

	system string   // in place of systemDir
	places []string // in place of the machine's folders of programs
}

// Cluster is a running private PostgreSQL, held by this process until Close. Its
// methods are safe for concurrent use.
type Cluster struct {
	place place
	opts  Options
	log   *slog.Logger
	url   string

	use *os.File // use.lock, shared: somebody uses the server

	child *os.Process // the server, if this Cluster has started it; guarded by start.lock

	stopWatching context.CancelFunc
	watching     sync.WaitGroup

	closeOnce sync.Once
	closeErr  error
}

// Start returns the cluster of the data directory with its server running and
// its database there: made, if there was none; started, if it did not run; and
// adopted if it does. Other processes may use the same cluster at the same time.
//
// ctx bounds the start alone, which waits as long as the server takes to recover
// from a crash. The error, where there is one, is a sentence for the user.
// Nothing is left running or locked after an error, save a server that another
// process uses.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if o.system == "" {
		o.system = systemDir
	}
	p, err := findPlace(ctx, o.Dir, o.system, log)
	if err != nil {
		return nil, fmt.Errorf("preparing the private database: %w", err)
	}
	c := &Cluster{place: p, opts: o, log: log}
	if err := c.start(ctx); err != nil {
		return nil, fmt.Errorf("starting the private database: %w", err)
	}
	c.watch()
	return c, nil
}

// URL returns the connection string of the database, for libpq and pgx. It stays
// the same when the server is started again, and is meant for this machine.
func (c *Cluster) URL() string { return c.url }

// Home returns the folder that the cluster is in: below the data directory, unless
// its user cannot get there.
func (c *Cluster) Home() string { return c.place.home }

// Close releases the cluster, and stops the server if nobody else uses it,
// disconnecting who is still connected. It returns when the server has ended.
// Once ctx is done it no longer waits for an orderly end: the server then stops
// at once, which loses nothing but costs a recovery at the next start.
//
// Closing again returns the first result.
func (c *Cluster) Close(ctx context.Context) error {
	c.closeOnce.Do(func() {
		c.stopWatching()
		c.watching.Wait()
		if err := c.release(ctx); err != nil {
			c.closeErr = fmt.Errorf("closing the private database: %w", err)
		}
	})
	return c.closeErr
}

// start takes the use lock and gets the server running.
func (c *Cluster) start(ctx context.Context) error {
	turn, err := c.turn(ctx)
	if err != nil {
		return err
	}
	defer turn.Close()
	if c.use, err = openLock(filepath.Join(c.place.home, "use.lock")); err != nil {
		return err
	}
	ok, err := tryLock(c.use, syscall.LOCK_SH)
	if err == nil && !ok {
		// Only who stops the server has it alone, and it is our turn.
		err = fmt.Errorf("%s is held by another program", c.use.Name())
	}
	if err != nil {
		return errors.Join(err, c.use.Close())
	}
	err = c.ensure(ctx)
	if err == nil {
		c.url = pgproc.URL(c.place.socketDir(), Database)
		return nil
	}
	// The caller's context may be the very reason.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer cancel()
	return errors.Join(err, c.leave(after))
}

// turn waits until no other process starts or stops the server; closing the file
// ends the turn.
func (c *Cluster) turn(ctx context.Context) (*os.File, error) {
	return lock(ctx, filepath.Join(c.place.home, "start.lock"))
}

// release drops the use lock and stops the server if nobody else has it.
func (c *Cluster) release(ctx context.Context) error {
	// Even if ctx is done already: a turn that nobody else has is had at once,
	// and another's is short, unless it waits for a server that recovers.
	waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer cancel()
	turn, err := c.turn(waiting)
	if err != nil {
		return errors.Join(err, c.use.Close())
	}
	defer turn.Close()
	return c.leave(ctx)
}

// leave does release's work; it is this process's turn.
func (c *Cluster) leave(ctx context.Context) error {
	last, err := tryLock(c.use, syscall.LOCK_EX)
	switch {
	case err == nil && last:
		if err = c.stop(ctx); err == nil {
			err = c.place.clearSocketDir()
		}
	case c.child != nil:
		// It lives on without us. When it dies before we do, it stays in the
		// system's table of processes until we do too, which misleads nobody
		// here: see mayServe.
		err = errors.Join(err, c.child.Release())
	}
	return errors.Join(err, c.use.Close())
}
