package store

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// Writable reports whether the database takes writes, as far as is known without
// asking: of several servers, whether there is a primary; of one, whether it has
// refused a write, or PingPrimary's question, a moment ago.
func (s *Store) Writable() bool {
	return (s.pool.watch == nil || s.pool.watch.present() != nil) && !s.pool.refusal.recent()
}

// PingPrimary reports whether there is a server that takes writes from us. Its error
// says why not: nobody answers, transactions are read-only, the user may not write
// into our tables, or it has refused a write a moment ago, as a full disk makes it.
func (s *Store) PingPrimary(ctx context.Context) error {
	if err := s.pool.pingPrimary(ctx); err != nil {
		var known *catalog.Error
		if errors.As(err, &known) && !errors.Is(err, errNoneFree) {
			return known
		}
		return unavailable(err)
	}
	return nil
}

// refusedFor is how long a refused write tells of the next ones: by then somebody has
// tried again, or it is tried again.
const refusedFor = 10 * time.Second

// refusal is the last write that the database refused for a reason that all writes
// meet. The zero value is none; it is safe for concurrent use.
type refusal struct {
	last atomic.Pointer[refusedWrite]
}

type refusedWrite struct {
	at  time.Time
	why error
}

// note remembers what became of a transaction that writes, or of a question whether
// one could: nil is that it was committed. A nil refusal takes no notes.
func (r *refusal) note(err error) {
	if r == nil {
		return
	}
	if err == nil {
		if r.last.Load() != nil {
			r.last.Store(nil)
		}
		return
	}
	switch code, _ := sqlState(err); code {
	case diskFull, ioError, readOnlyTransaction, insufficientPrivilege:
		r.last.Store(&refusedWrite{time.Now(), err})
	}
}

func (r *refusal) recent() bool { return r.why() != nil }

// why returns the error of a write that was refused a moment ago, nil for none.
func (r *refusal) why() error {
	if last := r.last.Load(); last != nil && time.Since(last.at) < refusedFor {
		return last.why
	}
	return nil
}

// barredSelect returns the rights to the tables of every write that are lacking, as
// GRANT has them. What was written is read again, cases are changed, and foreign keys lock
// rows of records, which PostgreSQL does in the name of the table's owner. Nothing else is
// changed there: that revisions cannot be may be somebody's wish.
const barredSelect = `coalesce((SELECT string_agg(lacking, '; ' ORDER BY lacking) FROM (
	SELECT a.right || ' ON ' || string_agg(c.relname, ', ' ORDER BY c.relname) AS lacking FROM pg_class c, unnest(ARRAY['INSERT', 'SELECT', 'UPDATE']) a ("right")
	WHERE c.oid = ANY (ARRAY[to_regclass('records'), to_regclass('revisions'), to_regclass('outbox'), to_regclass('cases')]::regclass[])
		AND CASE WHEN a.right <> 'UPDATE' OR c.oid = to_regclass('cases') THEN NOT has_table_privilege(c.oid, a.right)
			ELSE c.oid = to_regclass('records') AND NOT has_table_privilege(c.relowner, c.oid, a.right) END
	GROUP BY a.right) s), '')`

// writableSelect asks a connection what would keep it from writing: a server in recovery
// or a transaction that is read-only by default, and rights.
const writableSelect = `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean, ` + barredSelect

// pingPrimary asks whether there is a server to write to.
func (p *pool) pingPrimary(ctx context.Context) error {
	var readOnly bool
	var barred string
	err := p.writing(ctx, func(on *pgxpool.Pool) error {
		return on.QueryRow(ctx, writableSelect).Scan(&readOnly, &barred)
	})
	switch {
	case err != nil:
		return err
	case readOnly:
		return readOnlyNow(&pgconn.PgError{Code: readOnlyTransaction, Message: "transactions are read-only"})
	case barred != "":
		return barredFrom(barred)
	}
	// It may be that only what the disk has no room for is refused, which no question shows.
	if why := p.refusal.why(); why != nil {
		if code, _ := sqlState(why); code == diskFull || code == ioError {
			return unavailable(why)
		}
		p.refusal.note(nil)
	}
	return nil
}

// readOnlyNow is what whoever writes is told while the database takes no writes; the
// cause has what an operator can do.
func readOnlyNow(err error) error {
	return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库现在只接受读取，请稍后再写", En: "the database takes no writes just now: reading goes on, and writing has to wait; try again later", Err: refused(err)}
}

func barredFrom(rights string) error {
	return &catalog.Error{
		Kind: catalog.KindUnavailable,
		Zh:   "jisi 的数据库用户没有写入权限，请由库的所有者授予：" + rights, En: "the database's user of jisi may not write into its tables; have the owner grant " + rights,
	}
}
