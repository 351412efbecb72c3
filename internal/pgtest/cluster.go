package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// keeper is the script of the process that outlives the test binary and clears
// up after it. The binary may be killed at any moment, by go test's time limit
// for one, and so can't be relied on to do it.
//
// The keeper reads a pipe whose other end only the binary holds: it ends when
// the binary closes it or is gone. All of the server's processes are in the
// keeper's process group, those of an initdb under way too, and get a SIGQUIT,
// at which PostgreSQL ends without writing anything. (Linux's parent death
// signal would not do: it comes when the *thread* that started the child ends,
// and doesn't pass through a change of user.) Folders are removed until it
// succeeds, as a dying server may still be making files.
const keeper = `
trap '' HUP INT QUIT TERM
while read -r line; do :; done
kill -s QUIT -- -$$
tries=0
until rm -rf -- "$1" 2>/dev/null && [ ! -e "$1" ]; do
	tries=$((tries + 1))
	[ $tries -lt 200 ] || exit 1
	sleep 0.05
done
`

// settings trade all durability for speed; the cluster never outlives a crash.
func settings() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"synchronous_commit": "off",
		"full_page_writes":   "off",
		"wal_level":          "minimal",
		"max_wal_senders":    "0",
		"max_wal_size":       "1GB",
		"checkpoint_timeout": "1h",
		"autovacuum":         "off",
		"shared_buffers":     "64MB",
		"max_connections":    "200", // parallel tests, each with a pool
		"jit":                "off",
		"timezone":           "UTC",
		"log_timezone":       "UTC",
		"random_page_cost":   "1.1",
	}
}

// cluster is a running throw-away server. Its folder is also its socket's.
type cluster struct {
	dir    string
	server *os.Process
	keeper *exec.Cmd
	alive  io.Closer // closing it makes the keeper clear up
}

// start makes a cluster and returns when it takes connections.
func start(ctx context.Context) (*cluster, error) {
	account, err := pgproc.AccountFor("")
	if err != nil {
		return nil, err
	}
	programs, err := pgproc.Find(ctx, account, pgproc.Query{})
	if err != nil {
		return nil, err
	}
	dir, err := tempDir(ctx, account)
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir}
	if err := c.keep(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.run(ctx, pgproc.Runner{Programs: programs, Account: account, Dir: dir, Group: c.keeper.Process.Pid}); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// tempDir makes a folder that the account owns and can enter, with a path short
// enough for a socket in it.
func tempDir(ctx context.Context, account pgproc.Account) (string, error) {
	var failed error
	for _, parent := range []string{TempDir(), "/tmp"} {
		dir, err := os.MkdirTemp(parent, "pgtest-")
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		err = account.Own(dir)
		if err == nil {
			err = account.CanEnter(ctx, dir)
		}
		if err == nil {
			err = pgproc.CheckSocketDir(dir)
		}
		if err == nil {
			return dir, nil
		}
		failed = errors.Join(failed, err, os.Remove(dir))
	}
	return "", fmt.Errorf("making a folder for the test database: %w", failed)
}

// keep starts the keeper.
func (c *cluster) keep() error {
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("making the keeper's pipe: %w", err)
	}
	// Its output is not ours: go test waits for whoever holds that.
	c.keeper = exec.CommandContext(context.Background(), "/bin/sh", "-c", keeper, "sh", c.dir)
	c.keeper.Stdin = read
	c.keeper.Dir = "/"
	c.keeper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.alive = write
	if err := errors.Join(c.keeper.Start(), read.Close()); err != nil {
		return errors.Join(fmt.Errorf("starting the keeper: %w", err), write.Close())
	}
	return nil
}

// run makes the cluster's files and starts the server on them.
func (c *cluster) run(ctx context.Context, r pgproc.Runner) error {
	data := filepath.Join(c.dir, "data")
	if err := r.Initdb(ctx, data, false); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.server, err = r.Postgres(data, c.dir, settings(), log)
	if err != nil {
		return err
	}
	return c.wait(ctx, log.Name())
}

// wait returns when the server takes connections, or with what it said when it
// does not.
func (c *cluster) wait(ctx context.Context, log string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		if c.exited() {
			return fmt.Errorf("the test server ended at once: %s", pgproc.LogTail(log, 2000))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("the test server did not come up: %w: %s", err, pgproc.LogTail(log, 2000))
		}
	}
}

// exited reports whether the server's process has ended, and if so reaps it.
func (c *cluster) exited() bool {
	pid, err := syscall.Wait4(c.server.Pid, nil, syscall.WNOHANG, nil)
	if pid != c.server.Pid || err != nil {
		return false
	}
	c.server = nil
	return true
}

// stop ends the server and returns when its files are gone.
func (c *cluster) stop() error {
	err := c.alive.Close()
	if waitErr := c.keeper.Wait(); waitErr != nil {
		err = errors.Join(err, fmt.Errorf("clearing %s up: %w", c.dir, waitErr))
	}
	if c.server != nil {
		// Killed by a signal, as it should be: only its being gone counts.
		_, waitErr := c.server.Wait()
		err = errors.Join(err, waitErr)
	}
	return err
}
