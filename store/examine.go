package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// Examination is what a database server tells of itself and of our tables.
type Examination struct {
	Version   int    // of the server, as in 150004
	Encoding  string // of the database, as in UTF8
	Answer    time.Duration
	Skew      time.Duration // the server's clock less ours
	Standby   bool          // it takes no writes
	Durable   bool          // fsync, full_page_writes and synchronous_commit are on
	MayCreate bool          // the user may make tables
	// Connections that are open, and that the server allows at most.
	Connections, MaxConnections int
	// Migrations that were applied last, 0 for a new database, and that this
	// program knows.
	Applied, Known int64
	// Chinese says that names are ordered as a Chinese dictionary orders them;
	// StaleOrder that the server's library of orders has changed since the
	// indexes were built by it.
	Chinese, StaleOrder bool
}

// Examine asks the database at url how it does. It changes nothing, and works
// with a database that has no tables yet. It fails where it cannot connect, with
// UNAVAILABLE and the reason.
func Examine(ctx context.Context, url string) (*Examination, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, wrap("examine", hidePassword(err))
	}
	config.RuntimeParams["application_name"] = "jisi doctor"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, unavailable(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // nothing is left to lose
	e := &Examination{Known: knownMigration()}
	if err := e.server(ctx, conn); err != nil {
		return nil, wrap("examine", err)
	}
	if err := e.tables(ctx, conn); err != nil {
		return nil, wrap("examine", err)
	}
	return e, nil
}

// server asks what does not hang on our tables.
func (e *Examination) server(ctx context.Context, conn *pgx.Conn) error {
	var clock time.Time
	before := time.Now()
	if err := conn.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&clock); err != nil {
		return err
	}
	e.Answer = time.Since(before)
	e.Skew = clock.Sub(before.Add(e.Answer / 2))
	return conn.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int,
			pg_encoding_to_char(encoding),
			pg_is_in_recovery(),
			current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
				AND current_setting('synchronous_commit') <> 'off',
			has_schema_privilege(current_schema(), 'CREATE'),
			(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
			current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
		FROM pg_database WHERE datname = current_database()`).
		Scan(&e.Version, &e.Encoding, &e.Standby, &e.Durable, &e.MayCreate, &e.Connections, &e.MaxConnections)
}

// tables asks what migrations have made, where there are any.
func (e *Examination) tables(ctx context.Context, conn *pgx.Conn) error {
	err := conn.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&e.Applied)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == undefinedTable { // there is no such table: it is a new database
		return nil
	}
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	err = conn.QueryRow(ctx, `
		SELECT collprovider = 'i', coalesce(collversion <> pg_collation_actual_version(oid), false)
		FROM pg_collation WHERE collname = 'jisi_zh'`).Scan(&e.Chinese, &e.StaleOrder)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("collation: %w", err)
	}
	return nil
}

// knownMigration gives the number of the newest migration of this program.
func knownMigration() int64 {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		panic(fmt.Errorf("store: the embedded migrations: %w", err))
	}
	newest := int64(0)
	for _, f := range files {
		if n, err := goose.NumericComponent(f.Name()); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}
