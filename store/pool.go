package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Connections tells of the connections to the database: how many are open, how
// many of them in use, how many there may be, and how often a statement has had
// to wait for one since the store was opened.
func (s *Store) Connections() (open, busy, most int, waits int64) {
	stat := s.pool.primary.Stat()
	return int(stat.TotalConns()), int(stat.AcquiredConns()), int(stat.MaxConns()), stat.EmptyAcquireCount()
}

// pool is the connections to the database, as a *pgxpool.Pool is, but that it
// waits where the server has no connection left for us, and uses those that are
// open meanwhile. It is safe for concurrent use.
type pool struct {
	primary *pgxpool.Pool
	config  *pgx.ConnConfig // of a connection to the primary, out of the pool
}

// Query runs a statement that only reads.
func (p *pool) Query(ctx context.Context, sql string, args ...any) (rows pgx.Rows, err error) {
	err = patiently(ctx, func() error {
		rows, err = p.primary.Query(ctx, sql, args...)
		return err
	})
	return rows, err
}

// QueryRow runs a statement that only reads, and gives one row.
func (p *pool) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := p.Query(ctx, sql, args...)
	return oneRow{rows, err}
}

// oneRow is the first row of several, as pgx has it.
type oneRow struct {
	rows pgx.Rows
	err  error
}

// Scan reads the row and ends the statement; without a row it is pgx.ErrNoRows.
func (r oneRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}

// Exec runs a statement that writes.
func (p *pool) Exec(ctx context.Context, sql string, args ...any) (tag pgconn.CommandTag, err error) {
	err = patiently(ctx, func() error {
		tag, err = p.primary.Exec(ctx, sql, args...)
		return err
	})
	return tag, err
}

// Begin begins a transaction that writes.
func (p *pool) Begin(ctx context.Context) (pgx.Tx, error) { return p.BeginTx(ctx, pgx.TxOptions{}) }

// BeginTx begins a transaction.
func (p *pool) BeginTx(ctx context.Context, o pgx.TxOptions) (tx pgx.Tx, err error) {
	err = patiently(ctx, func() error {
		tx, err = p.primary.BeginTx(ctx, o)
		return err
	})
	return tx, err
}

// Ping reports whether the database answers.
func (p *pool) Ping(ctx context.Context) error {
	return patiently(ctx, func() error { return p.primary.Ping(ctx) })
}

// Close waits for the connections in use and closes all.
func (p *pool) Close() { p.primary.Close() }

// How long, and at what intervals, a statement waits for a connection that the
// server may have for it, beside those of the pool.
const (
	connectionPatience = 10 * time.Second
	connectionInterval = 20 * time.Millisecond
)

// patiently calls f again while the server has no connection left, as far as that
// is worth waiting for: another statement may end, and its connection be free. A
// pool gives up at once where it cannot make the connection that it may make.
func patiently(ctx context.Context, f func() error) error {
	err := f()
	for end := time.Now().Add(connectionPatience); isFull(err) && time.Now().Before(end); err = f() {
		select {
		case <-ctx.Done():
			return err
		case <-time.After(connectionInterval):
		}
	}
	return err
}

// isFull reports whether a server, or a pooler, has refused another connection.
func isFull(err error) bool {
	var connect *pgconn.ConnectError
	code, _ := sqlState(err)
	return errors.As(err, &connect) && code == tooManyConnections
}

// limitOf gives how many connections our user may have to the database, by its own
// limit, the database's and the server's.
func limitOf(ctx context.Context, config *pgx.ConnConfig) (limit int, err error) {
	var conn *pgx.Conn
	err = patiently(ctx, func() error {
		conn, err = pgx.ConnectConfig(ctx, config)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it was only asked
	err = conn.QueryRow(ctx, `
		SELECT least(nullif(r.rolconnlimit, -1), nullif(d.datconnlimit, -1), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int)
		FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`).Scan(&limit)
	return limit, err
}
