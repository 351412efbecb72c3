package store

import (
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
}

// Store is a database of records. It is safe for concurrent use.
type Store struct {
	pool *pool
	log  *slog.Logger
	tree regionTree
}

// Open connects to the database at url, whose schema Migrate has brought up to
// date. It fails with UNAVAILABLE where the database does not answer.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	var extra [][2]string
	if o.LockTimeout > 0 {
		extra = append(extra, [2]string{"lock_timeout", strconv.FormatInt(o.LockTimeout.Milliseconds(), 10)})
	}
	config, err := parseURL(url, "jisi", extra...)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	limit, err := limitOf(ctx, config.ConnConfig)
	if err != nil {
		return nil, refused(err)
	}
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	if most := int32(limit) - 1; config.MaxConns > most { // one listens
		config.MaxConns = max(1, most)
		// Other servers and commands share what there is.
		config.MaxConnIdleTime, config.HealthCheckPeriod = time.Second, time.Second
	}
	config.MinConns, config.MinIdleConns = min(config.MinConns, config.MaxConns), min(config.MinIdleConns, config.MaxConns)
	config.ConnConfig.Tracer = o.Tracer
	primary, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, refused(err)
	}
	s := &Store{pool: &pool{primary: primary, config: config.ConnConfig}, log: o.Log}
	if err := s.pool.Ping(ctx); err != nil {
		s.pool.Close()
		return nil, refused(err)
	}
	return s, nil
}

// Close waits for the connections in use and closes all.
func (s *Store) Close() {
	s.pool.Close()
}

// Ping reports whether the database answers.
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
	return wrap("transaction", pgx.BeginTxFunc(ctx, s.pool, o, f))
}

// wrap returns an error the operation's name, and those that a caller can act on
// their kind: a database that is gone is UNAVAILABLE.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *catalog.Error
	if errors.As(err, &known) {
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
