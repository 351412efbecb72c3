package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// BackupLeavesOut are the tables whose rows a backup does not take: who was
// signed in is not signed in again, and what followed the feed of changes cannot
// follow it in another database. What readers asked is gone after the time that they
// were told, from backups too.
var BackupLeavesOut = []string{"asked", "outbox", "sessions"}

// Freeze calls f with the database as it is at one moment, which others can see
// by its snapshot for as long as f runs. Others may go on to write. It works on a
// standby too.
func (s *Store) Freeze(ctx context.Context, f func(catalog.Frozen) error) error {
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		frozen := catalog.Frozen{Rows: map[string]int{}}
		var server string
		err := tx.QueryRow(ctx, `SELECT pg_export_snapshot(), (SELECT max(version_id) FROM goose_db_version WHERE is_applied), current_setting('server_version_num'), `+ourSchema).
			Scan(&frozen.Snapshot, &frozen.Schema, &server, &frozen.Namespace)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(server)
		if err != nil {
			return err
		}
		frozen.Server = number / 10_000
		if err := countRows(ctx, tx, frozen.Namespace, frozen.Rows); err != nil {
			return err
		}
		if frozen.Others, err = othersTables(ctx, tx, frozen.Namespace); err != nil {
			return err
		}
		return f(frozen)
	})
	return wrap("freeze", err)
}

// othersTables returns what holds rows in the schema and is not ours: another program's
// rows are not for our backup, and often not even ours to read.
func othersTables(ctx context.Context, tx pgx.Tx, schema string) ([]string, error) {
	found, err := tx.Query(ctx, `SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relname <> ALL ($2)
			AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
				WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
					AND t.relnamespace = n.oid AND t.relname = ANY ($2))
		ORDER BY c.relname`, schema, objects["TABLE"])
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[string])
}

// countRows counts the rows of our tables in the schema.
func countRows(ctx context.Context, tx pgx.Tx, schema string, rows map[string]int) error {
	found, err := tx.Query(ctx, `SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2) AND tablename <> ALL ($3) ORDER BY tablename`,
		schema, objects["TABLE"], BackupLeavesOut)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM `+pgx.Identifier{schema, name}.Sanitize()).Scan(&n); err != nil {
			return fmt.Errorf("count %s: %w", name, err)
		}
		rows[name] = n
	}
	return nil
}

// Ground looks at the database at url, into which a backup is to be restored, and
// changes nothing. It fails with CONFLICT where something stands in the schema
// that is not jisi's, or its tables are another user's, and with INVALID where the database is of a newer jisi or
// cannot hold one.
func Ground(ctx context.Context, url string) (*catalog.Ground, error) {
	config, err := parseURL(url, "jisi restore")
	if err != nil {
		return nil, err
	}
	if several(config.ConnConfig) {
		dial := newDialer()
		defer dial.close()
		toPrimary(config.ConnConfig, dial)
	}
	if err := refusePooling(ctx, config.ConnConfig); err != nil {
		return nil, refused(err)
	}
	conn, err := connect(ctx, config.ConnConfig)
	if err != nil {
		return nil, refused(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it was only asked
	e := &Examination{Known: knownMigration()}
	if err := e.server(ctx, conn); err != nil {
		return nil, wrap("ground", err)
	}
	if err := e.tables(ctx, conn); err != nil {
		return nil, wrap("ground", err)
	}
	if e.Applied > 0 && e.Applied <= e.Known { // older tables go whole, and need not be brought up to date
		e.Applied, e.Skipped = e.Known, 0
	}
	if err := e.fit(); err != nil {
		return nil, err
	}
	if err := e.writable(); err != nil { // tables that are up to date are fit where nothing can be written
		return nil, err
	}
	g := &catalog.Ground{Server: e.Version / 10_000, Unused: true}
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		inv, err := takeInventory(ctx, tx)
		if err != nil {
			return err
		}
		if err := inv.unknown(); err != nil {
			return err
		}
		g.Namespace, g.Clear = e.Schema, inv.drop()
		if len(inv.own) == 0 {
			return nil
		}
		if err := ownedByUs(ctx, tx, inv.schema); err != nil {
			return err
		}
		if g.Keep, g.Kept, err = keepSQL(ctx, tx, inv.schema); err != nil {
			return err
		}
		g.Unused, err = unused(ctx, tx)
		return err
	})
	return g, wrap("ground", err)
}

// unused reports whether nothing would be lost with the tables: they have never
// held a record, and no token was given out.
func unused(ctx context.Context, tx pgx.Tx) (unused bool, err error) {
	var tables bool // an interrupted first migration may have made some only
	if err := tx.QueryRow(ctx, `SELECT to_regclass('records') IS NOT NULL AND to_regclass('access_tokens') IS NOT NULL`).Scan(&tables); err != nil || !tables {
		return err == nil, err
	}
	err = tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM records) AND NOT EXISTS (SELECT FROM access_tokens)`).Scan(&unused)
	return unused, err
}

// Keep runs what restores to others, after a restore and the migrations behind it, what they were
// granted on the ground that it was made on.
func (s *Store) Keep(ctx context.Context, g *catalog.Ground) error {
	if g.Keep == "" {
		return nil
	}
	_, err := s.pool.Exec(ctx, g.Keep)
	return wrap("keep", err)
}

// DisconnectOthers ends the connections that other jisi of the same user have to the
// database, who connect again by themselves: after a restore, what they remember
// of its types is no longer so.
func (s *Store) DisconnectOthers(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name LIKE 'jisi%'`)
	return wrap("disconnect others", err)
}

// NewestSchema is the last migration that this version knows.
func NewestSchema() int64 { return knownMigration() }
