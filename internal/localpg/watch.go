package localpg

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// look is how often each process looks whether the server still lives.
	look = 200 * time.Millisecond
	// lookAtLog is how often it looks at the length of the server's log.
	lookAtLog = time.Minute
	// slowest is the longest wait before a server that won't start is tried again.
	slowest = 30 * time.Second
)

// watch begins to watch over the server, until Close.
func (c *Cluster) watch() {
	ctx, cancel := context.WithCancel(context.Background())
	c.stopWatching = cancel
	c.watching.Go(func() {
		wait, logs := look, time.Now()
		for pause(ctx, wait) == nil {
			wait = c.attend(ctx, wait)
			if time.Since(logs) > lookAtLog {
				logs = time.Now()
				c.attendLog(ctx)
			}
		}
	})
}

// attend starts the server again if it has died, and returns how long to wait
// before looking again, given how long it was this time: twice as long after a
// failure, up to a bound.
func (c *Cluster) attend(ctx context.Context, waited time.Duration) time.Duration {
	dead, err := c.dead()
	if err == nil && dead {
		err = c.revive(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return look
	}
	wait := min(2*waited, slowest)
	c.log.Error("the private database is not running", "error", err, "trying_again_in", wait)
	return wait
}

// dead reports whether no process of the server lives. While backends outlive
// their postmaster no other can be started, so that case is none of its own:
// they notice, and end.
func (c *Cluster) dead() (bool, error) {
	f, err := openLock(filepath.Join(c.place.home, "server.lock"))
	if err != nil {
		return false, err
	}
	// Shared, so that several who look don't see each other.
	free, err := tryLock(f, syscall.LOCK_SH)
	return free, errors.Join(err, f.Close())
}

// revive starts the server again, unless another process already has.
func (c *Cluster) revive(ctx context.Context) error {
	turn, err := c.turn(ctx)
	if err != nil {
		return err
	}
	defer turn.Close()
	if dead, err := c.dead(); err != nil || !dead {
		return err
	}
	c.log.Warn("the private database has ended unexpectedly, starting it again", "log", c.place.log())
	if err := c.ensure(ctx); err != nil {
		return err
	}
	c.log.Info("the private database is running again")
	return nil
}

// attendLog keeps the server's log from growing without bound.
func (c *Cluster) attendLog(ctx context.Context) {
	turn, err := c.turn(ctx) // lest two cut it at once
	if err != nil {
		return
	}
	defer turn.Close()
	log, err := openLog(c.place.log())
	if err == nil {
		err = log.Close()
	}
	if err != nil {
		c.log.Warn("the private database's log can't be kept short", "error", err)
	}
}
