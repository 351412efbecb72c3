package localpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

const (
	// patience is how long a server may neither take connections nor end. It
	// takes none while it recovers from a crash, which reads at most
	// max_wal_size twice.
	patience = 5 * time.Minute
	// attempts is how often a server is started that ends before it is ready. One
	// time is too few, as it may have been killed.
	attempts = 3
	// gentle is how long the server may take to end in good order: it writes out
	// what it has in memory.
	gentle = time.Minute
	// rough is how long it may take to end at once.
	rough = 10 * time.Second
)

// ensure returns when the server takes connections and has the database. It is
// this process's turn.
//
// Three things can be the case, again and again until the first is: the server
// takes connections; it doesn't, but server.lock is held, so something of it
// still lives (it comes up, goes down or recovers, or backends have outlived
// their postmaster, or another process's initdb has outlived that); or nothing
// lives, and it may be started.
func (c *Cluster) ensure(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience,
		fmt.Errorf("the server neither came up nor ended within %v", patience))
	defer cancel()
	launches := 0
	for {
		refused := c.connect(ctx)
		if refused == nil {
			return nil
		}
		held, err := c.serverLock()
		if err != nil {
			return err
		}
		switch {
		case held != nil && launches == attempts:
			return errors.Join(c.ended(), held.Close())
		case held != nil:
			launches++
			// Only our descriptor is closed here: the server has inherited it.
			if err := errors.Join(c.launch(ctx, held), held.Close()); err != nil {
				return err
			}
		}
		if err := pause(ctx, tick); err != nil {
			return fmt.Errorf("%w: %w", err, refused)
		}
	}
}

// serverLock returns the lock of server processes, had alone, or nil while there
// are any.
func (c *Cluster) serverLock() (*os.File, error) {
	f, err := openLock(filepath.Join(c.place.home, "server.lock"))
	if err != nil {
		return nil, err
	}
	ok, err := tryLock(f, syscall.LOCK_EX)
	if ok {
		return f, nil
	}
	return nil, errors.Join(err, f.Close())
}

// launch starts the server, on a new cluster if there is none, with the lock
// that all its processes are to hold.
func (c *Cluster) launch(ctx context.Context, held *os.File) error {
	began := time.Now()
	c.reap()
	programs, err := c.findPrograms(ctx)
	if err != nil {
		return err
	}
	r := pgproc.Runner{Programs: programs, Account: c.place.account, Dir: c.place.home, Held: held}
	if err := c.create(ctx, r); err != nil {
		return err
	}
	sockets, err := c.place.makeSocketDir()
	if err != nil {
		return err
	}
	for _, file := range []string{filepath.Join(c.place.data(), "postmaster.pid"), pgproc.SocketFile(sockets) + ".lock"} {
		if err := removeStale(file, c.place.data()); err != nil {
			return err
		}
	}
	log, err := openLog(c.place.log())
	if err != nil {
		return err
	}
	defer log.Close()
	if c.child, err = r.Postgres(c.place.data(), sockets, settings(memory()), log); err != nil {
		return err
	}
	c.log.Info("started PostgreSQL", "version", programs.Major, "programs", programs.Dir,
		"database_dir", c.place.data(), "user", c.place.account.String(), "after", time.Since(began))
	return nil
}

// create makes the cluster if there is none. It gets its name when it is
// complete, so that a kill leaves either all of it or nothing that counts.
func (c *Cluster) create(ctx context.Context, r pgproc.Runner) error {
	if _, err := os.Stat(c.place.data()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// What earlier attempts left. Nobody is at work on it: their initdb would
	// hold the lock that we have.
	const prefix = "data.new-"
	left, err := filepath.Glob(filepath.Join(escapeGlob(c.place.home), prefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("removing an unfinished database: %w", err)
		}
	}
	c.log.Info("making a new database", "database_dir", c.place.data(), "user", r.Account.String())
	tmp, err := os.MkdirTemp(c.place.home, prefix)
	if err != nil {
		return fmt.Errorf("making a folder for the database: %w", err)
	}
	err = r.Account.Own(tmp)
	if err == nil {
		err = r.Initdb(ctx, tmp, true)
	}
	if err == nil {
		err = os.Rename(tmp, c.place.data())
	}
	if err == nil {
		return syncDir(c.place.home)
	}
	return errors.Join(err, os.RemoveAll(tmp))
}

// escapeGlob makes a path match only itself in a pattern.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// syncDir flushes the names in a folder to disk.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// connect returns nil if the server takes connections to the database, which it
// makes if it is not there yet.
func (c *Cluster) connect(ctx context.Context) error {
	sockets := c.place.socketDir()
	if sockets == "" {
		return errors.New("the server has no socket")
	}
	err := run(ctx, pgproc.URL(sockets, Database), "")
	if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) && refusal.Code == "3D000" { // no such database
		err = run(ctx, pgproc.URL(sockets, "postgres"), "CREATE DATABASE "+Database+" TEMPLATE template0")
	}
	return err
}

// run connects, runs the statement, if there is one, and disconnects.
func run(ctx context.Context, url, sql string) error {
	// A stopped server would let us wait for ever.
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	if sql != "" {
		_, err = conn.Exec(ctx, sql)
	}
	return errors.Join(err, conn.Close(ctx))
}

// ended returns why a server that was just started is gone.
func (c *Cluster) ended() error {
	c.reap()
	return fmt.Errorf("the server ended as soon as it was started; the end of %s: %s",
		c.place.log(), pgproc.LogTail(c.place.log(), 1000))
}

// reap takes note of the end of the server that we have started, if we have.
// It must have ended, as it has where server.lock is free.
func (c *Cluster) reap() {
	if c.child == nil {
		return
	}
	// How it ended is in its log.
	if _, err := c.child.Wait(); err != nil {
		c.log.Debug("waiting for PostgreSQL's end", "error", err)
	}
	c.child = nil
}

// stop ends the server and returns when nothing of it lives. It is this
// process's turn, and nobody else uses the server.
func (c *Cluster) stop(ctx context.Context) error {
	orderly, cancel := context.WithTimeout(ctx, gentle)
	defer cancel()
	err := c.end(orderly, syscall.SIGINT)
	if orderly.Err() == nil || err == nil {
		return err
	}
	c.log.Warn("PostgreSQL does not end in good order in time, ending it at once")
	now, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), rough,
		fmt.Errorf("the server did not end within %v", rough))
	defer cancel()
	return c.end(now, syscall.SIGQUIT)
}

// end sends the server a signal and waits until nothing of it lives. Another
// process may have started it and been killed just now, so that it has no socket
// yet by which to know it: then the signal waits until it has.
func (c *Cluster) end(ctx context.Context, signal syscall.Signal) error {
	for sent := false; ; {
		var err error
		if !sent {
			if sent, err = c.signal(signal); err != nil {
				return err
			}
		}
		held, err := c.serverLock()
		if err != nil {
			return err
		}
		if held != nil {
			c.reap()
			return held.Close()
		}
		if err := pause(ctx, tick); err != nil {
			return fmt.Errorf("waiting for the end of the server on %s: %w", c.place.data(), err)
		}
	}
}

// signal sends the postmaster a signal, and reports whether it found it.
func (c *Cluster) signal(signal syscall.Signal) (sent bool, err error) {
	if c.childLives() {
		if err := c.child.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return false, fmt.Errorf("stopping the server: %w", err)
		}
		return true, nil
	}
	pid, ok := c.adoptedPID()
	if !ok {
		return false, nil
	}
	if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return false, fmt.Errorf("stopping the server, process %d: %w", pid, err)
	}
	return true, nil
}

// childLives reports whether the server that we have started is there, and takes
// note of its end if not: another process may have started one since.
func (c *Cluster) childLives() bool {
	if c.child == nil {
		return false
	}
	pid, err := syscall.Wait4(c.child.Pid, nil, syscall.WNOHANG, nil)
	if pid == 0 || errors.Is(err, syscall.EINTR) {
		return true
	}
	if err := c.child.Release(); err != nil {
		c.log.Debug("letting go of PostgreSQL's process", "error", err)
	}
	c.child = nil
	return false
}

// adoptedPID returns the process number of a postmaster that another process has
// started. The file that names it may be a dead one's, and the number another
// process's by now; but only a living postmaster listens on the socket.
func (c *Cluster) adoptedPID() (int, bool) {
	var dialer net.Dialer
	// Not the caller's context, which may have ended: this waits for nobody.
	listening, err := dialer.DialContext(context.Background(), "unix", pgproc.SocketFile(c.place.socketDir()))
	if err != nil {
		return 0, false
	}
	pid, err := readPID(filepath.Join(c.place.data(), "postmaster.pid"))
	return pid, err == nil && listening.Close() == nil
}

// readPID returns the process number in the first line of a lock file of
// PostgreSQL's.
func readPID(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err == nil && pid <= 1 {
		err = strconv.ErrRange
	}
	if err != nil {
		return 0, fmt.Errorf("reading the process number in %s: %w", path, err)
	}
	return pid, nil
}
