package store

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// Of several servers of a database, one takes writes: the primary. While it is
// away, until the cluster has made another one (Patroni takes some 10 to 20 s),
// reading goes on from a standby, and whoever writes is told at once.

// several reports whether an address names more than one server.
func several(config *pgx.ConnConfig) bool {
	for _, f := range config.Fallbacks {
		if f.Host != config.Host || f.Port != config.Port { // another one is the same without TLS
			return true
		}
	}
	return false
}

// toPrimary has connections of config made to the server that takes writes, unless
// the address says which it wants.
func toPrimary(config *pgx.ConnConfig) {
	if config.ValidateConnect == nil {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	heedDeath(config)
}

// toAny has them made to whichever answers.
func toAny(config *pgx.ConnConfig) {
	config.ValidateConnect = nil
	heedDeath(config)
}

// Times within which a machine that is gone, and says nothing, is given up.
const (
	dialTimeout = 2 * time.Second
	deadFor     = 3 * time.Second // it is not tried again for so long
)

// heedDeath makes connections notice a machine that is gone, and others not wait
// for it as well.
func heedDeath(config *pgx.ConnConfig) {
	d := &heedfulDialer{dead: map[string]time.Time{}}
	d.dialer.Timeout = dialTimeout
	d.dialer.KeepAliveConfig = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}
	config.DialFunc = d.dial
}

// heedfulDialer remembers who did not answer. It is safe for concurrent use.
type heedfulDialer struct {
	dialer net.Dialer
	mu     sync.Mutex
	dead   map[string]time.Time // until when an address is not tried
}

func (d *heedfulDialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	until := d.dead[address]
	d.mu.Unlock()
	if time.Now().Before(until) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errSilent}
	}
	conn, err := d.dialer.DialContext(ctx, network, address)
	d.mu.Lock()
	defer d.mu.Unlock()
	if timeout, ok := err.(net.Error); ok && timeout.Timeout() && ctx.Err() == nil { //nolint:errorlint // a dialer's own
		d.dead[address] = time.Now().Add(deadFor)
	} else {
		delete(d.dead, address)
	}
	return conn, err
}

type silentError struct{}

func (silentError) Error() string { return "it did not answer just now" }

var errSilent error = silentError{}

// noPrimary is what whoever writes is told while there is none.
func noPrimary() error {
	return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库主库暂时不可用，现在只能查阅，请稍后再写", En: "the database's primary is away: reading goes on, and writing has to wait; try again later"}
}

// primaryWatch knows whether there is a primary, by asking it on a connection of
// its own. It is safe for concurrent use.
type primaryWatch struct {
	config *pgx.ConnConfig
	pool   *pgxpool.Pool // of the primary, whose connections go with it
	open   *openTxs      // transactions on them
	log    *slog.Logger

	mu     sync.Mutex
	during context.Context // of one presence of the primary, which many calls share: it ends when the primary is lost; nil while it is
	lost   context.CancelFunc

	stop context.CancelFunc
	done chan struct{}
}

func watchPrimary(pool *pgxpool.Pool, open *openTxs, config *pgx.ConnConfig, log *slog.Logger) *primaryWatch {
	ctx, stop := context.WithCancel(context.Background())
	w := &primaryWatch{config: config, pool: pool, open: open, log: log, stop: stop, done: make(chan struct{})}
	w.during, w.lost = context.WithCancel(context.Background())
	go w.run(ctx)
	return w
}

// present returns a context that ends when the primary is lost, nil while there is
// none.
func (w *primaryWatch) present() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.during
}

func (w *primaryWatch) close() {
	w.stop()
	<-w.done
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lost != nil {
		w.lost()
	}
}

// away notes that there is no primary. What is being read from it is begun again
// elsewhere, and what is being written fails.
func (w *primaryWatch) away(why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.during == nil {
		return
	}
	w.lost()
	w.during, w.lost = nil, nil
	w.pool.Reset()
	w.open.cut()
	w.log.Warn("the database has no primary: reading goes on, writing waits", "error", hidePassword(why))
}

func (w *primaryWatch) back() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.during != nil {
		return
	}
	w.during, w.lost = context.WithCancel(context.Background())
	w.log.Info("the database has a primary again")
}

// How often the primary is asked whether it is one, and how long it may take.
const (
	askPrimary    = 500 * time.Millisecond
	primaryAnswer = 2 * time.Second
)

func (w *primaryWatch) run(ctx context.Context) {
	defer close(w.done)
	var conn *pgx.Conn
	defer func() { closeNow(conn) }()
	ticker := time.NewTicker(askPrimary)
	defer ticker.Stop()
	for {
		if next, err := w.ask(ctx, conn); err == nil {
			conn = next
			w.back()
		} else if ctx.Err() == nil {
			conn = nil
			w.away(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// ask asks the primary, on a connection that it makes where there is none, and
// closes one that fails.
func (w *primaryWatch) ask(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	if conn == nil {
		connecting, cancel := context.WithTimeout(ctx, 2*primaryAnswer)
		defer cancel()
		made, err := pgx.ConnectConfig(connecting, w.config)
		if isFull(err) {
			return nil, nil //nolint:nilnil // it is there, with no connection left for this
		}
		return made, err
	}
	asking, cancel := context.WithTimeout(ctx, primaryAnswer)
	defer cancel()
	var standby bool
	err := conn.QueryRow(asking, `SELECT pg_is_in_recovery()`).Scan(&standby)
	if err == nil && !standby {
		return conn, nil
	}
	closeNow(conn)
	if err == nil {
		err = errStandby
	}
	return nil, err
}

var errStandby error = standbyError{}

type standbyError struct{}

func (standbyError) Error() string { return "it has become a standby" }

// closeNow closes a connection, which may be nil, without waiting for its server.
func closeNow(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_ = conn.Close(ctx) // nothing is left to lose
}
