package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// pollInterval is how long a listener waits at most for a notification: one may
// be lost with its connection, and a standby has none.
const pollInterval = 500 * time.Millisecond

// Latest is the place in the feed from which what changes now is followed: every
// change of a transaction that had ended stands before it.
func (s *Store) Latest(ctx context.Context) (cursor catalog.Cursor, err error) {
	err = s.InTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		cursor, err = snapshotCursor(ctx, tx)
		return err
	})
	return cursor, wrap("latest", err)
}

// Listener hears of changes on a connection of its own, out of the pool.
type Listener struct {
	config *pgx.ConnConfig
	pool   *pool
	mu     sync.Mutex
	conn   *pgx.Conn
	newest int64 // the number of the newest change that Heard knows of
}

// Listen returns a listener; Close it at the end. It connects when it first waits.
func (s *Store) Listen() *Listener { return &Listener{config: s.pool.config, pool: s.pool} }

// Heard waits as hear does, and notes before it reports a change how far a standby has
// to have come to have it.
func (l *Listener) Heard(ctx context.Context) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard, err := l.hear(ctx)
	if err != nil || !heard || !l.pool.standbys || ctx.Err() != nil {
		return heard, err
	}
	limited, cancel := context.WithTimeout(ctx, pollInterval)
	defer cancel()
	var place uint64
	if err := l.conn.QueryRow(limited, `SELECT `+walPlace).Scan(&place); err != nil {
		l.close()
		return false, fmt.Errorf("store: listen: %w", err)
	}
	l.pool.heard.Store(place)
	return true, nil
}

// hear waits for a notification, or for pollInterval, and reports whether a change
// may have come: at each notification, and where it has just connected. Where there
// was none it looks itself, in case the connection is one that only seems to be
// there. An error says that changes may come of which it does not hear.
// Notifications gather between two calls; a lost connection is made anew. One
// goroutine waits at a time; others stand in line.
func (l *Listener) hear(ctx context.Context) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, pollInterval)
	defer cancel()
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

// Close closes the connection; another Heard would make a new one.
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
