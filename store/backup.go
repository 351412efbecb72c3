package store

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// BackupLeavesOut are the tables whose rows a backup does not take: who was
// signed in is not signed in again, and what followed the feed of changes cannot
// follow it in another database.
var BackupLeavesOut = []string{"outbox", "sessions"}

// Freeze calls f with the database as it is at one moment, which others can see
// by its snapshot for as long as f runs. Others may go on to write.
func (s *Store) Freeze(ctx context.Context, f func(catalog.Frozen) error) error {
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		frozen := catalog.Frozen{Rows: map[string]int{}}
		var server string
		err := tx.QueryRow(ctx, `SELECT pg_export_snapshot(), (SELECT max(version_id) FROM goose_db_version WHERE is_applied), current_setting('server_version_num')`).
			Scan(&frozen.Snapshot, &frozen.Schema, &server)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(server)
		if err != nil {
			return err
		}
		frozen.Server = number / 10_000
		if err := countRows(ctx, tx, frozen.Rows); err != nil {
			return err
		}
		return f(frozen)
	})
	return wrap("freeze", err)
}

func countRows(ctx context.Context, tx pgx.Tx, rows map[string]int) error {
	found, err := tx.Query(ctx, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL ($1) ORDER BY tablename`, BackupLeavesOut)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM `+pgx.Identifier{"public", name}.Sanitize()).Scan(&n); err != nil {
			return fmt.Errorf("count %s: %w", name, err)
		}
		rows[name] = n
	}
	return nil
}

// IsUnused reports whether nothing would be lost with the database: it has never
// held a record, and no token was given out.
func (s *Store) IsUnused(ctx context.Context) (bool, error) {
	var unused bool
	err := s.pool.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM records) AND NOT EXISTS (SELECT FROM access_tokens)`).Scan(&unused)
	return unused, wrap("is unused", err)
}

// DisconnectOthers ends the connections that others of the same user have to the
// database, who connect again by themselves: after a restore, what they remember
// of its types is no longer so.
func (s *Store) DisconnectOthers(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND backend_type = 'client backend'`)
	return wrap("disconnect others", err)
}

// NewestSchema is the last migration that this version knows.
func NewestSchema() int64 {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // only for a bad pattern
	}
	var newest int64
	for _, name := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}
