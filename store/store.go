package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

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
}

// Store is a database of records. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
	log  *slog.Logger
	tree regionTree
}

// Open connects to the database at url, whose schema Migrate has brought up to
// date. It fails with UNAVAILABLE where the database does not answer.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Zh: "数据库地址无法识别", En: "the database url cannot be read", Err: hidePassword(err)}
	}
	if o.MaxConns > 0 {
		config.MaxConns = o.MaxConns
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.ConnConfig.Tracer = o.Tracer
	for name, value := range session {
		if _, given := config.ConnConfig.RuntimeParams[name]; !given { // by the url, that is
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unavailable(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	return &Store{pool: pool, log: o.Log}, nil
}

// session is what each connection sets, unless the url says otherwise: above all
// how statements are planned. The private PostgreSQL is told some of it for itself
// (internal/localpg), for whoever else connects to it.
var session = map[string]string{
	"application_name": "jisi",
	// Once. By itself PostgreSQL plans a statement anew at each call where the
	// values seem to allow a cheaper plan, and for ours planning takes longer than
	// running.
	"plan_cache_mode": "force_generic_plan",
	// For records that are in memory, or on a disk without an arm to move. By
	// itself PostgreSQL reads all of a small table, as that of topics, for each
	// record of a page, and takes 1.7 times as long.
	"random_page_cost": "1.1",
	"jit":              "off", // our statements are short, and compiling one takes longer
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

// wrap gives an error the operation's name, and those that a caller can act on
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

func unavailable(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == diskFull {
		return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库所在的磁盘已满，请清理后再试", En: "the database's disk is full; make room and try again", Err: err}
	}
	return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库暂时无法使用，请稍后再试", En: "the database is not available; try again later", Err: hidePassword(err)}
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
