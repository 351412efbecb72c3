package store

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// Connections tells of the connections to the database: how many are open, how
// many of them in use, how many there may be, and how often a statement has had
// to wait for one since the store was opened.
func (s *Store) Connections() (open, busy, most int, waits int64) {
	for _, p := range []*pgxpool.Pool{s.pool.primary, s.pool.reads} {
		if p == nil {
			continue
		}
		stat := p.Stat()
		open, busy, most, waits = open+int(stat.TotalConns()), busy+int(stat.AcquiredConns()), most+int(stat.MaxConns()), waits+stat.EmptyAcquireCount()
	}
	return open, busy, most, waits
}

// pool is the connections to the database, as a *pgxpool.Pool is, but for two
// things. It waits where the server has no connection left for us, and uses those
// that are open meanwhile. And where there are several servers, of which one takes
// writes, it reads from another while that one is away: whatever only reads is
// begun again there, as long as nothing of an answer has come. It is safe for
// concurrent use.
type pool struct {
	primary *pgxpool.Pool
	config  *pgx.ConnConfig // of a connection to the primary, out of the pool
	reads   *pgxpool.Pool   // to any server that answers; nil where there is one only
	watch   *primaryWatch   // nil where there is one only
	open    openTxs         // transactions that write
	refusal refusal         // the last write that was refused as all are
	older   older           // servers that do not know all kinds
	// standbys says that what need not be the primary's is read from reads while that
	// is there as well, from one that has replayed what was heard of.
	standbys bool
	heard    atomic.Uint64 // the place in the WAL before which is all that was heard of
}

// readPatience is how long a read that was cut off is begun again.
const readPatience = 12 * time.Second

// reading calls f with a pool to read from, and again where the server goes away; its
// context ends with it.
func (p *pool) reading(ctx context.Context, f func(context.Context, *pgxpool.Pool) error) error {
	if p.reads == nil {
		return patiently(ctx, func() error { return f(ctx, p.primary) })
	}
	elsewhere := p.standbys && catalog.ReadsAnywhere(ctx)
	wait := 10 * time.Millisecond
	for end := time.Now().Add(readPatience); ; wait = min(2*wait, 500*time.Millisecond) {
		on, need := p.primary, uint64(0)
		during := p.watch.present()
		switch {
		case during == nil: // what this caller has written itself has to be there
			on, during, need = p.reads, context.Background(), catalog.PlaceWritten(ctx)
		case elsewhere:
			elsewhere = false // the next time it is the primary
			on, need = p.reads, max(p.heard.Load(), 1)
		}
		err := p.readOnce(ctx, during, on, need, f)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errBehind) && p.watch.present() != nil: // which is not
			continue
		case ctx.Err() != nil || !errors.Is(err, errLost) && !isUnavailable(err) && !isRecoveryConflict(err) && !errors.Is(err, errBehind) || time.Now().After(end):
			return err
		}
		if on == p.primary && isNobody(err) {
			p.watch.doubt()
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

// errLost says that the primary was given up while something was read from it.
var errLost = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库主库刚刚断开，请稍后再试", En: "the database's primary went away; try again"}

// readOnce calls f with a context that ends with during. Its error is errLost where that
// was why it failed.
func (p *pool) readOnce(ctx, during context.Context, on *pgxpool.Pool, need uint64, f func(context.Context, *pgxpool.Pool) error) error {
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(during, cancel)()
	if need > 0 {
		limited = context.WithValue(limited, replayedKey{}, need)
	}
	err := patiently(limited, func() error { return f(limited, on) })
	if err != nil && ctx.Err() == nil && during.Err() != nil {
		return errLost
	}
	return err
}

// isRecoveryConflict reports whether a standby has cancelled a read, as what it
// reads was to be removed.
func isRecoveryConflict(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == serializationFailure || pg.Code == deadlockDetected) && strings.Contains(pg.Message, "conflict with recovery")
}

// isNobody reports whether no server took the connection, as opposed to one that
// has none left.
func isNobody(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) && !isFull(err)
}

// writing calls f with the pool of the primary. Where that is known to be away it
// fails at once.
func (p *pool) writing(ctx context.Context, f func(*pgxpool.Pool) error) error {
	if p.watch != nil && p.watch.present() == nil {
		return noPrimary()
	}
	err := patiently(ctx, func() error { return f(p.primary) })
	if p.watch != nil && isNobody(err) && ctx.Err() == nil {
		p.watch.doubt()
	}
	return err
}

// Query runs a statement that only reads. Where there are several servers all of its
// rows are read first.
func (p *pool) Query(ctx context.Context, sql string, args ...any) (rows pgx.Rows, err error) {
	err = p.reading(ctx, func(ctx context.Context, on *pgxpool.Pool) error {
		if rows, err = on.Query(ctx, sql, args...); err != nil || p.reads == nil {
			return err
		}
		gathered, err := gather(rows)
		if err == nil {
			rows = gathered
		}
		return err
	})
	return rows, err
}

// QueryRow runs a statement that only reads, and returns one row.
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
	err = p.writing(ctx, func(on *pgxpool.Pool) error {
		conn, err := on.Acquire(ctx)
		if err != nil {
			return err
		}
		defer conn.Release()
		waited := watchCommit(conn.Conn())
		tag, err = conn.Exec(ctx, sql, args...)
		p.refusal.note(err)
		if err != nil {
			return err
		}
		return waited()
	})
	return tag, err
}

// note runs a statement that writes something that nobody needs: where there is no
// primary it does nothing.
func (p *pool) note(ctx context.Context, sql string, args ...any) error {
	_, err := p.Exec(ctx, sql, args...)
	if p.watch != nil && isUnavailable(err) {
		return nil
	}
	return err
}

// Begin begins a transaction that writes.
func (p *pool) Begin(ctx context.Context) (pgx.Tx, error) { return p.BeginTx(ctx, pgx.TxOptions{}) }

// BeginTx begins a transaction: one that only reads wherever that can be done.
func (p *pool) BeginTx(ctx context.Context, o pgx.TxOptions) (tx pgx.Tx, err error) {
	if o.AccessMode != pgx.ReadOnly {
		err = p.writing(ctx, func(on *pgxpool.Pool) error {
			tx, err = on.BeginTx(ctx, o)
			return err
		})
		if err != nil {
			return nil, err
		}
		return p.open.add(tx, &p.older), nil
	}
	// The context is for BEGIN alone.
	err = p.reading(ctx, func(ctx context.Context, on *pgxpool.Pool) (err error) {
		tx, err = on.BeginTx(ctx, o)
		return err
	})
	return tx, err
}

// Ping reports whether there is a server to read from.
func (p *pool) Ping(ctx context.Context) error {
	return p.reading(ctx, func(ctx context.Context, on *pgxpool.Pool) error { return on.Ping(ctx) })
}

// Close waits for the connections in use and closes all.
func (p *pool) Close() {
	p.older.close()
	if p.watch != nil {
		p.watch.close()
	}
	p.primary.Close()
	if p.reads != nil {
		p.reads.Close()
		p.watch.dialer.close()
	}
}

// written notes for whoever a context is of how far a server has to have come to have
// what they have written: where the primary goes away before they read it, it is read
// from such a standby only.
func (p *pool) written(ctx context.Context) {
	if p.reads == nil || !catalog.WritesNoted(ctx) {
		return
	}
	limited, cancel := context.WithTimeout(ctx, placePatience)
	defer cancel()
	var place uint64
	if err := p.primary.QueryRow(limited, `SELECT `+walPlace).Scan(&place); err != nil {
		place = math.MaxUint64 // nobody can tell: a primary has it
	}
	catalog.NotePlaceWritten(ctx, place)
}

// placePatience is how long whoever has written waits to be told how far a server has
// to have come to have it.
const placePatience = time.Second

// How long, and at what intervals, a statement waits for a connection that the
// server may have for it, beside those of the pool.
const (
	connectionPatience = 10 * time.Second
	connectionInterval = 20 * time.Millisecond
)

// patiently calls f again while the server has no connection left, as far as that
// is worth waiting for: another statement may end, and its connection be free. A
// pool returns an error at once where it cannot make the connection that it may make.
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

// connect makes a connection out of the pools, and waits for it as patiently does; but
// where a pooler had none to give for firstAnswer, that was patience enough.
func connect(ctx context.Context, config *pgx.ConnConfig) (conn *pgx.Conn, err error) {
	var none error
	err = patiently(ctx, func() error {
		conn, err = pgx.ConnectConfig(ctx, config)
		if errors.Is(err, errNoneFree) {
			none = err
			return nil
		}
		return err
	})
	return conn, errors.Join(err, none)
}

// How long, and at what intervals, a start waits for a database that will take
// connections by itself: PgBouncer rests for 15 s unless it is told otherwise, and
// PostgreSQL recovers from a crash.
const (
	startPatience = 30 * time.Second
	startInterval = 250 * time.Millisecond
)

// untilReady calls f again while the database says that it takes no connection just
// now, but will: a program that starts beside it need not be started again.
func untilReady(ctx context.Context, f func() error) error {
	err := f()
	for end := time.Now().Add(startPatience); willBeReady(err) && time.Now().Before(end); err = f() {
		select {
		case <-ctx.Done():
			return err
		case <-time.After(startInterval):
		}
	}
	return err
}

// willBeReady reports whether PostgreSQL starts, or a pooler rests before it tries
// again to reach it.
func willBeReady(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == cannotConnectNow || strings.Contains(pg.Message, poolerRetries))
}

// isFull reports whether a server, or a pooler, has refused another connection, or has
// taken it and had nothing to answer it with.
func isFull(err error) bool {
	var connect *pgconn.ConnectError
	code, _ := sqlState(err)
	return errors.As(err, &connect) && (code == tooManyConnections || errors.Is(err, errNoneFree))
}

// limitOf returns how many connections our user may have to the database, by its own
// limit, the database's and the server's, and whether a pooler stands before it.
func limitOf(ctx context.Context, config *pgx.ConnConfig) (limit int, pooled bool, err error) {
	var conn *pgx.Conn
	err = untilReady(ctx, func() error {
		conn, err = connect(ctx, config)
		return err
	})
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it was only asked
	var pid uint32
	err = conn.QueryRow(ctx, `
		SELECT pg_backend_pid(), least(nullif(r.rolconnlimit, -1), nullif(d.datconnlimit, -1), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int)
		FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`).Scan(&pid, &limit)
	return limit, err == nil && pid != conn.PgConn().PID(), err
}

// RoomToListen fails with UNAVAILABLE, and what to do, where the database has not two
// connections for us at once, within the seconds that are waited for one: a server reads
// and writes on one, and hears of changes on another.
func (s *Store) RoomToListen(ctx context.Context) error {
	held, err := s.pool.primary.Acquire(ctx)
	if err != nil {
		return nil //nolint:nilerr // whatever keeps us from reading is told by reading
	}
	defer held.Release()
	conn, err := connect(ctx, s.pool.config)
	if err != nil {
		if errors.Is(err, errNoneFree) {
			return errNoneFree
		}
		return nil // the listener tries again
	}
	_ = conn.Close(context.WithoutCancel(ctx)) // it was only a try
	return nil
}
