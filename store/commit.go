package store

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
)

// Where replication is synchronous, a commit returns when a standby has it too, and
// nothing that was acknowledged is lost with the primary's machine. PostgreSQL ends
// that wait early where it is cancelled, by a client that gave up or an administrator's
// pg_cancel_backend: the commit then stands on the primary alone, others see it, and
// COMMIT succeeds with a warning. It must not count as acknowledged: not by that
// commit, which is why the warning is an error here, and not by another that finds
// what it has written, which is why claimKey locks the row that it answers from.
// Whatever writes WAL waits for all WAL before its own.

// commitWatch is the key of a connection's custom data for the watch of the commit
// that is under way.
const commitWatch = "jisi.commit"

// watchCommit has the next commit of a connection watched. waited returns nil where
// it waited for what it was to wait for.
func watchCommit(conn *pgx.Conn) (waited func() error) {
	early := &atomic.Bool{} // its own, as the connection is another's when waited is called
	conn.PgConn().CustomData()[commitWatch] = early
	return func() error {
		if early.Load() {
			return notReplicated()
		}
		return nil
	}
}

// heedCommit notes the warning of a commit that waited for no standby. The routine is
// PostgreSQL's own name, which is in no language.
func heedCommit(conn *pgconn.PgConn, n *pgconn.Notice) {
	if early, ok := conn.CustomData()[commitWatch].(*atomic.Bool); ok && n.Routine == "SyncRepWaitForLSN" {
		early.Store(true)
	}
}

// notReplicated is what whoever writes is told of a commit that stands on the
// primary only: asked again with the same key it is acknowledged once it does not.
func notReplicated() error {
	return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "备库暂未收到这次写入，尚不能确认，请稍后重试", En: "no standby has this write yet, so that it is not certain; try again later"}
}

// openTxs are the transactions that write. It is safe for concurrent use.
type openTxs struct {
	mu  sync.Mutex
	all map[*writingTx]net.Conn
}

// writingTx is a transaction whose commit fails where it waited for no standby.
type writingTx struct {
	pgx.Tx
	of    *openTxs
	older *older
	cut   atomic.Bool
}

func (o *openTxs) add(tx pgx.Tx, older *older) pgx.Tx {
	t := &writingTx{Tx: tx, of: o, older: older}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all == nil {
		o.all = map[*writingTx]net.Conn{}
	}
	o.all[t] = tx.Conn().PgConn().Conn()
	return t
}

func (o *openTxs) remove(t *writingTx) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, t)
}

// cut has whoever waits for the primary in a transaction wait no longer: a machine
// that hangs answers nothing, and does not end its connections either.
func (o *openTxs) cut() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for t, conn := range o.all {
		t.cut.Store(true)
		_ = conn.SetDeadline(time.Now()) // one that is closed waits for nothing
	}
}

// Commit commits. It fails with UNAVAILABLE where the commit stands on the primary,
// but did not wait for the standby that it was to wait for.
func (t *writingTx) Commit(ctx context.Context) error {
	waited := watchCommit(t.Conn())
	err := t.Tx.Commit(ctx)
	t.of.remove(t) // when the connection is free: cut at worst ends one that is made anew
	if err != nil {
		return err
	}
	return waited()
}

// Rollback takes all back.
func (t *writingTx) Rollback(ctx context.Context) error {
	defer t.of.remove(t)
	return t.Tx.Rollback(ctx)
}
