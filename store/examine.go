package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// Examination is what a database server tells of itself and of our tables.
type Examination struct {
	Version   int    // of the server, as in 150004
	Encoding  string // of the database, as in UTF8
	Answer    time.Duration
	Skew      time.Duration // the server's clock less ours
	Other     string        // what it is if not PostgreSQL, with its version, as far as that is known
	Standby   bool          // it takes no writes
	ReadOnly  bool          // transactions are read-only unless they say otherwise
	Durable   bool          // fsync, full_page_writes and synchronous_commit are on
	Pooled    bool          // a pooler answers for it
	User      string        // who has connected
	Database  string        // its name
	Schema    string        // where our tables are or, where there are none, would be; "" for none
	MayCreate bool          // the user may make tables there
	Barred    string        // rights that writes need and lack; "" for none
	// Connections that are open, and that the server allows at most; of our user,
	// and that the user and the database are allowed, -1 without a limit.
	Connections, MaxConnections              int
	OurConnections, RoleLimit, DatabaseLimit int
	// Holding is the transaction that holds back the feed of changes; nil for none
	// that is as old as HoldingLong.
	Holding *Holder
	// Migrations that were applied last, 0 for a new database, and that this
	// program knows.
	Applied, Known int64
	Skipped        int64 // a migration of a lower number than Applied that was never applied; 0 for none
	// Chinese says that names are ordered as a Chinese dictionary orders them;
	// StaleOrder that the server's library of orders has changed since the
	// indexes were built by it.
	Chinese, StaleOrder bool
}

// Examine asks the database at url how it does. It changes nothing, and works
// with a database that has no tables yet. It fails where it cannot connect, with
// UNAVAILABLE and the reason.
func Examine(ctx context.Context, url string) (*Examination, error) {
	config, err := parseURL(url, "jisi doctor")
	if err != nil {
		return nil, err
	}
	if err := refusePooling(ctx, config.ConnConfig); err != nil {
		return nil, refused(err)
	}
	conn, err := connect(ctx, config.ConnConfig)
	if err != nil {
		return nil, refused(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // nothing is left to lose
	e := &Examination{Known: knownMigration()}
	if err := e.server(ctx, conn); err != nil {
		return nil, wrap("examine", err)
	}
	if err := e.tables(ctx, conn); err != nil {
		return nil, wrap("examine", err)
	}
	if e.Holding, err = holder(ctx, conn); err != nil {
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
	var pid uint32
	var said string
	err := conn.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, version(), pg_backend_pid(),
			pg_encoding_to_char(d.encoding),
			pg_is_in_recovery(),
			current_setting('default_transaction_read_only') = 'on',
			current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
				AND current_setting('synchronous_commit') <> 'off',
			current_user, d.datname, coalesce(`+ourSchema+`, ''),
			coalesce(has_schema_privilege(`+ourSchema+`, 'CREATE'), false),
			(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
			current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
			(SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND backend_type = 'client backend'),
			(SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), d.datconnlimit
		FROM pg_database d WHERE d.datname = current_database()`).
		Scan(&e.Version, &said, &pid, &e.Encoding, &e.Standby, &e.ReadOnly, &e.Durable, &e.User, &e.Database, &e.Schema, &e.MayCreate,
			&e.Connections, &e.MaxConnections, &e.OurConnections, &e.RoleLimit, &e.DatabaseLimit)
	e.Pooled = pid != conn.PgConn().PID()
	e.Other = otherServer(said)
	return err
}

// ourSchema is the name of the schema that serving uses: where search_path finds
// our tables or, where there are none, where new ones are made; null for none.
const ourSchema = `coalesce((SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('goose_db_version')), current_schema())`

// otherServer returns the version of a server that is one of those made from
// PostgreSQL, "" where it is PostgreSQL itself. What they call themselves is
// from their documentation; jisi was never run on one.
func otherServer(said string) string {
	for _, name := range []string{"openGauss", "GaussDB", "Kingbase"} {
		if strings.Contains(strings.ToLower(said), strings.ToLower(name)) {
			return strings.Trim(said, "()")
		}
	}
	return ""
}

// tables asks what migrations have made, where there are any.
func (e *Examination) tables(ctx context.Context, conn *pgx.Conn) error {
	var applied []int64
	err := conn.QueryRow(ctx, `SELECT coalesce(array_agg(version_id ORDER BY version_id) FILTER (WHERE is_applied), '{0}') FROM goose_db_version`).Scan(&applied)
	if code, _ := sqlState(err); code == undefinedTable || code == undefinedColumn { // a new database, or a table of that name that is not goose's
		return nil
	}
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	e.Applied = applied[len(applied)-1]
	for _, n := range knownMigrations() {
		if n < e.Applied && !slices.Contains(applied, n) {
			e.Skipped = n
			break
		}
	}
	if err := conn.QueryRow(ctx, `SELECT `+barredSelect).Scan(&e.Barred); err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	err = conn.QueryRow(ctx, `
		SELECT collprovider = 'i', coalesce(collversion <> pg_collation_actual_version(oid), false)
		FROM pg_collation WHERE collname = 'jisi_zh' AND collnamespace = to_regnamespace(quote_ident($1))`, e.Schema).Scan(&e.Chinese, &e.StaleOrder)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("collation: %w", err)
	}
	return nil
}

// knownMigration returns the number of the newest migration of this program.
func knownMigration() int64 { return slices.Max(knownMigrations()) }

// knownMigrations returns the numbers of this program's migrations: of files, and of those
// that are code.
func knownMigrations() []int64 {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		panic(fmt.Errorf("store: the embedded migrations: %w", err))
	}
	var known []int64
	for _, m := range codeMigrations() {
		known = append(known, m.Version)
	}
	for _, f := range files {
		if n, err := goose.NumericComponent(f.Name()); err == nil {
			known = append(known, n)
		}
	}
	return known
}
