package store

import (
	"context"
	"errors"
	"log/slog"
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
func toPrimary(config *pgx.ConnConfig, d *dialer) {
	if config.ValidateConnect == nil {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	d.serve(config)
}

// toAny has them made to whichever answers.
func toAny(config *pgx.ConnConfig, d *dialer) {
	config.ValidateConnect = nil
	d.serve(config)
}

// noPrimary is what whoever writes is told while there is none.
func noPrimary() error {
	return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库主库暂时不可用，现在只能查阅，请稍后再写", En: "the database's primary is away: reading goes on, and writing has to wait; try again later"}
}

// primaryWatch knows whether there is a primary, by asking it on a connection of
// its own. It is safe for concurrent use.
type primaryWatch struct {
	hosts  []*pgx.ConnConfig // one a server
	dialer *dialer
	pool   *pgxpool.Pool // of the primary, whose connections go with it
	open   *openTxs      // transactions on them
	log    *slog.Logger
	kick   chan struct{} // somebody doubts that there is one

	mu      sync.Mutex
	during  context.Context // of one presence of the primary, which many calls share: it ends when the primary is lost; nil while it is
	lost    context.CancelFunc
	host    *pgx.ConnConfig // of the primary; nil as long as it was never found
	address string          // at which it was found

	stop context.CancelFunc
	done chan struct{}
}

func newWatch(config *pgx.ConnConfig, d *dialer, open *openTxs, log *slog.Logger) *primaryWatch {
	w := &primaryWatch{hosts: eachHost(config), dialer: d, open: open, log: log, kick: make(chan struct{}, 1), done: make(chan struct{})}
	w.during, w.lost = context.WithCancel(context.Background())
	return w
}

// start has it watch for the pool of the primary.
func (w *primaryWatch) start(pool *pgxpool.Pool) {
	ctx, stop := context.WithCancel(context.Background())
	w.pool, w.stop = pool, stop
	go w.run(ctx)
}

// eachHost returns an address of several servers as one address each. An address with
// and without TLS is one server.
func eachHost(config *pgx.ConnConfig) []*pgx.ConnConfig {
	var hosts []*pgx.ConnConfig
	for _, f := range append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...) {
		if n := len(hosts); n > 0 && hosts[n-1].Host == f.Host && hosts[n-1].Port == f.Port {
			hosts[n-1].Fallbacks = append(hosts[n-1].Fallbacks, f)
			continue
		}
		one := config.Copy()
		one.Host, one.Port, one.TLSConfig, one.Fallbacks = f.Host, f.Port, f.TLSConfig, nil
		one.ValidateConnect = nil
		one.Tracer = nil // nobody has asked for what is asked here
		hosts = append(hosts, one)
	}
	return hosts
}

// direct has a connection that is to be made to the primary made to where that was
// found, past those that would refuse.
func (w *primaryWatch) direct(_ context.Context, config *pgx.ConnConfig) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.host != nil && w.during != nil {
		config.Host, config.Port, config.TLSConfig, config.Fallbacks = w.host.Host, w.host.Port, w.host.TLSConfig, w.host.Fallbacks
	}
	return nil
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

// doubt has the primary asked now, as somebody could not connect to it.
func (w *primaryWatch) doubt() {
	select {
	case w.kick <- struct{}{}:
	default: // it is about to be
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
	w.open.cut()
	w.pool.Reset()
	w.dialer.giveUp(w.address)
	w.log.Warn("the database has no primary: reading goes on, writing waits", "error", hidePassword(why))
}

func (w *primaryWatch) back(found *foundPrimary) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.host, w.address = found.host, addressOf(found.conn)
	if w.during != nil {
		return
	}
	w.during, w.lost = context.WithCancel(context.Background())
	w.log.Info("the database has a primary again")
}

// How often the primary is asked whether it is one, and how long it may take; and how
// often each server is, while there is none.
const (
	askPrimary    = 500 * time.Millisecond
	primaryAnswer = 2 * time.Second
	seekPrimary   = 100 * time.Millisecond
)

func (w *primaryWatch) run(ctx context.Context) {
	defer close(w.done)
	for ctx.Err() == nil {
		found := w.seek(ctx)
		if found == nil {
			return
		}
		w.back(found)
		if err := w.hold(ctx, found.conn); ctx.Err() == nil {
			w.away(err)
		}
	}
}

// hold asks the primary until it fails to answer that it is one, and returns why.
func (w *primaryWatch) hold(ctx context.Context, conn *pgx.Conn) error {
	defer closeNow(conn)
	ticker := time.NewTicker(askPrimary)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		case <-w.kick:
		}
		if err := takesWrites(ctx, conn); err != nil {
			return err
		}
	}
}

// takesWrites returns nil where the server of a connection says that it is a primary.
func takesWrites(ctx context.Context, conn *pgx.Conn) error {
	asking, cancel := context.WithTimeout(ctx, primaryAnswer)
	defer cancel()
	var not bool
	err := conn.QueryRow(asking, `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean`).Scan(&not)
	if err == nil && not {
		return errStandby
	}
	return err
}

// foundPrimary is a server that has said that it is the primary.
type foundPrimary struct {
	host *pgx.ConnConfig
	conn *pgx.Conn
}

// seek asks all servers, each on a connection that is kept meanwhile, until one says
// that it is the primary; nil where ctx has ended. Once each has had its chance, it is
// known that there is none.
func (w *primaryWatch) seek(ctx context.Context) *foundPrimary {
	ctx, stop := context.WithCancel(ctx)
	found := make(chan *foundPrimary)
	failed := make(chan error)
	var asking sync.WaitGroup
	for _, host := range w.hosts {
		asking.Go(func() { w.ask(ctx, host, found, failed) })
	}
	var first *foundPrimary
	var last error
	for left := len(w.hosts); first == nil && ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case first = <-found:
		case err := <-failed:
			if left--; err != nil {
				last = err
			}
			if left == 0 && last != nil {
				w.away(last)
			}
		}
	}
	stop()
	asking.Wait()
	return first
}

// ask asks one server until it is the primary or ctx ends. It sends what came of the
// first time to failed, nil where the server had no connection left to ask on.
func (w *primaryWatch) ask(ctx context.Context, host *pgx.ConnConfig, found chan<- *foundPrimary, failed chan<- error) {
	var conn *pgx.Conn
	defer func() { closeNow(conn) }()
	for first := true; ctx.Err() == nil; first = false {
		pause := seekPrimary
		var err error
		if conn == nil {
			connecting, cancel := context.WithTimeout(ctx, 2*primaryAnswer)
			conn, err = pgx.ConnectConfig(connecting, host)
			cancel()
		}
		if err == nil {
			if err = takesWrites(ctx, conn); err == nil {
				select {
				case found <- &foundPrimary{host, conn}:
					conn = nil
				case <-ctx.Done():
				}
				return
			}
			if !errors.Is(err, errStandby) {
				closeNow(conn)
				conn = nil
			}
		}
		if conn == nil {
			pause = askPrimary
		}
		if isFull(err) { // it may be the primary
			err = nil
		}
		if first {
			select {
			case failed <- err:
			case <-ctx.Done():
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

var errStandby error = standbyError{}

type standbyError struct{}

func (standbyError) Error() string { return "it is a standby" }

// closeNow closes a connection, which may be nil, without waiting for its server.
func closeNow(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_ = conn.Close(ctx) // nothing is left to lose
}
