package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// Options set a Store up; the zero value is usable.
type Options struct {
	MaxConns int32           // connections at most; 0 is pgx's own default, by the number of cores
	Log      *slog.Logger    // nil is slog.Default
	Tracer   pgx.QueryTracer // sees every statement; nil for none
	// LockTimeout is how long a statement may wait for a lock that somebody else
	// has, before it fails with UNAVAILABLE; 0 for as long as it takes.
	LockTimeout time.Duration
	// ReadURL is where records are read while the primary is away; "" is the address
	// itself, where it names several servers.
	ReadURL string
	// ReadFrom is which of several servers records are read from while the primary is
	// there; the zero value is Primary.
	ReadFrom ReadFrom
}

// Store is a database of records. It is safe for concurrent use.
type Store struct {
	pool   *pool
	log    *slog.Logger
	tree   regionTree
	proofs proofs
}

// Open connects to the database at url, whose schema Migrate has brought up to
// date. It fails with UNAVAILABLE where the database does not answer.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	var extra [][2]string
	if o.LockTimeout > 0 {
		extra = append(extra, [2]string{"lock_timeout", strconv.FormatInt(o.LockTimeout.Milliseconds(), 10)})
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	primary, err := parseURL(url, appName(), extra...)
	if err != nil {
		return nil, err
	}
	var reads *pgxpool.Config
	var dial *dialer
	if o.ReadURL != "" || several(primary.ConnConfig) {
		if reads, err = parseURL(cmp.Or(o.ReadURL, url), appName(), extra...); err != nil {
			return nil, err
		}
		dial = newDialer()
		toPrimary(primary.ConnConfig, dial)
		toAny(reads.ConnConfig, dial)
		readElsewhere(reads, o.ReadFrom)
	}
	p, err := open(ctx, o, primary, reads, dial)
	if err != nil {
		return nil, refused(err)
	}
	return &Store{pool: p, log: o.Log}, nil
}

// open opens the pools; reads and dial are nil where one server is all there is.
func open(ctx context.Context, o Options, primary, reads *pgxpool.Config, dial *dialer) (*pool, error) {
	any := primary
	if reads != nil {
		any = reads
	}
	limit, pooled, err := limitOf(ctx, any.ConnConfig)
	if err != nil {
		return nil, err
	}
	p := &pool{config: primary.ConnConfig, standbys: o.ReadFrom == PreferStandby || o.ReadFrom == Any}
	if reads != nil {
		p.watch = newWatch(primary.ConnConfig, dial, &p.open, o.Log)
		primary.BeforeConnect = p.watch.direct
	}
	for _, config := range []*pgxpool.Config{primary, reads} {
		if config == nil {
			continue
		}
		within(config, o.MaxConns, int32(limit), pooled)
		config.ConnConfig.Tracer = o.Tracer
		opened, err := pgxpool.NewWithConfig(ctx, config)
		if err != nil {
			return nil, err
		}
		if config == primary {
			p.primary = opened
		} else {
			p.reads = opened
			p.watch.start(p.primary)
		}
	}
	if err := p.Ping(ctx); err != nil {
		p.Close()
		return nil, err
	}
	p.older.watch(ctx, p)
	return p, nil
}

// within keeps a pool to what the server has for us. How many connections a pooler has
// nobody can tell, and in session mode each of ours is one that others wait for.
func within(config *pgxpool.Config, most, limit int32, pooled bool) {
	if most > 0 {
		config.MaxConns = most
	}
	left := limit - 1 // one listens
	if config.MaxConns > left || pooled {
		config.MaxConns = max(1, min(left, config.MaxConns))
		// Other servers and commands share what there is.
		config.MaxConnIdleTime, config.HealthCheckPeriod = time.Second, time.Second
	}
	config.MinConns, config.MinIdleConns = min(config.MinConns, config.MaxConns), min(config.MinIdleConns, config.MaxConns)
}

// Close waits for the connections in use and closes all.
func (s *Store) Close() {
	s.pool.Close()
}

// Ping reports whether the database answers to reading.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return unavailable(err)
	}
	return nil
}

// IsEmpty reports whether the database has never held a record.
func (s *Store) IsEmpty(ctx context.Context) (bool, error) {
	var empty bool
	err := s.pool.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM records)`).Scan(&empty)
	return empty, wrap("is empty", err)
}

// InTx runs f in a transaction, which is committed where f returns nil and
// rolled back otherwise.
func (s *Store) InTx(ctx context.Context, o pgx.TxOptions, f func(pgx.Tx) error) error {
	var held pgx.Tx
	err := pgx.BeginTxFunc(ctx, s.pool, o, func(tx pgx.Tx) error {
		held = tx
		return f(tx)
	})
	if w, ok := held.(*writingTx); ok && err != nil && w.cut.Load() { // whatever the driver says of its connection
		return noPrimary()
	}
	if o.AccessMode != pgx.ReadOnly && held != nil {
		s.pool.refusal.note(err)
		if err == nil {
			s.pool.written(ctx)
		}
	}
	return wrap("transaction", err)
}

// readStream is readAgain for an f that hands on what it reads as it comes: it is
// run again as long as begun is false, which f sets with the first that it hands on.
func (s *Store) readStream(ctx context.Context, begun *bool, f func(pgx.Tx) error) error {
	return s.readAgain(ctx, func(tx pgx.Tx) error {
		if *begun {
			return errBegun
		}
		return f(tx)
	})
}

// errBegun ends what cannot be begun again.
var errBegun = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库在读取途中断开，请重新导出", En: "the database went away in the middle; ask again"}

// readAgain runs f in a transaction that sees one moment and only reads, and again
// where its server goes away: f begins anew each time, and has given nothing away.
func (s *Store) readAgain(ctx context.Context, f func(pgx.Tx) error) error {
	o := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := s.InTx(ctx, o, f)
	wait := 20 * time.Millisecond
	for end := time.Now().Add(readPatience); s.pool.reads != nil && isGone(err) && time.Now().Before(end); wait = min(2*wait, 500*time.Millisecond) {
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		err = s.InTx(ctx, o, f)
	}
	return err
}

// isGone reports whether what reads can be begun again elsewhere.
func isGone(err error) bool {
	return catalog.ErrorKindOf(err) == catalog.KindUnavailable && !errors.Is(err, errBegun)
}

// wrap returns an error the operation's name, and those that a caller can act on
// their kind: a database that is gone is UNAVAILABLE.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *catalog.Error
	if errors.As(err, &known) && !errors.Is(err, errNoneFree) { // which tells of settings
		return err
	}
	if isUnavailable(err) {
		err = unavailable(err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == characterNotInRepertoire { // PostgreSQL's texts hold no NUL
		return &catalog.Error{Kind: catalog.KindInvalid, Zh: "文字中有不能使用的字符（NUL 或无效的 UTF-8）", En: "the text has a character that cannot be used (NUL, or invalid UTF-8)", Err: err}
	}
	return fmt.Errorf("store: %s: %w", op, err)
}

// hidePassword keeps what pgx says of a connection out of reach of logs: its
// parse errors quote the url, though with the password masked, and its connect
// errors name user and database only.
func hidePassword(err error) error {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		return errors.New("not a connection string")
	}
	return err
}
