package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// pollInterval is how long a follower waits at most for a notification: one may
// be lost with its connection, and a standby gives none.
const pollInterval = 500 * time.Millisecond

// Wait returns when a change may have come, or after pollInterval. Its error is
// the context's. It is for one follower, the index; another one has a Listener
// of its own.
func (s *Store) Wait(ctx context.Context) error { return s.listener.Wait(ctx) }

// Latest is the place in the feed from which what changes now is followed: every
// change of a transaction that had ended stands before it.
func (s *Store) Latest(ctx context.Context) (cursor catalog.Cursor, err error) {
	err = s.InTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		cursor, err = snapshotCursor(ctx, tx)
		return err
	})
	return cursor, wrap("latest", err)
}

// Listener waits for changes for one follower, on a connection of its own: two
// that shared one would each miss what the other has heard.
type Listener struct {
	config *pgx.ConnConfig
	mu     sync.Mutex
	conn   *pgx.Conn
	newest int64 // the number of the newest change that Heard knows of
}

// Listen gives a listener for a follower; Close it at the end. It connects when
// it first waits.
func (s *Store) Listen() *Listener { return &Listener{config: s.pool.Config().ConnConfig} }

// Wait returns when a change may have come: at a notification, or after
// pollInterval. Its error is the context's. Notifications gather between two
// calls; a lost connection is made anew. One goroutine waits at a time; others
// stand in line.
func (l *Listener) Wait(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, pollInterval)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.wait(limited); err != nil {
		<-limited.Done() // the database is gone, or is a standby: let the interval pass
	}
	if ctx.Err() != nil {
		return fmt.Errorf("store: wait: %w", ctx.Err())
	}
	return nil
}

// Heard waits as Wait does, and reports whether a change may have come: at each
// notification, and where it has just connected. Where there was none it looks
// itself, in case the connection is one that only seems to be there. An error
// says that changes may come of which it does not hear.
func (l *Listener) Heard(ctx context.Context) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, pollInterval)
	defer cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.wait(limited); err != nil {
		<-limited.Done()
		return false, fmt.Errorf("store: listen: %w", err)
	}
	if limited.Err() == nil || ctx.Err() != nil {
		return true, ctx.Err()
	}
	limited, cancel = context.WithTimeout(ctx, pollInterval)
	defer cancel()
	var newest int64
	if err := l.conn.QueryRow(limited, `SELECT coalesce(max(seq), 0) FROM outbox`).Scan(&newest); err != nil {
		l.close()
		return false, fmt.Errorf("store: listen: %w", err)
	}
	heard := newest != l.newest
	l.newest = newest
	return heard, nil
}

// Close closes the connection; another Wait would make a new one.
func (l *Listener) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.close()
}

// wait returns nil at a notification or when ctx has ended, an error where no
// notification can be had.
func (l *Listener) wait(ctx context.Context) error {
	if l.conn == nil {
		conn, err := pgx.ConnectConfig(ctx, l.config)
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `LISTEN jisi_outbox`); err != nil {
			_ = conn.Close(context.WithoutCancel(ctx)) // it is of no use any more
			return err
		}
		l.conn = conn
		return nil // a change may have come before anybody listened
	}
	_, err := l.conn.WaitForNotification(ctx)
	if err == nil || ctx.Err() != nil && !l.conn.IsClosed() {
		return nil
	}
	l.close()
	return err
}

func (l *Listener) close() {
	if l.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx) // nothing is left to lose
	l.conn = nil
}
