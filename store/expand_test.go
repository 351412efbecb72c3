package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// firstHeld is the first migration that is held to the rule: those before it ran
// when nobody had a server that went on meanwhile.
const firstHeld = 11

// breaking is what a server of before the migration would not survive, or would be
// kept waiting for: CONTRIBUTING.md has the rule.
var breaking = []struct {
	what string
	sql  *regexp.Regexp
}{
	{"takes away what an older server reads", regexp.MustCompile(`(?i)\bDROP\s+(TABLE|COLUMN|TYPE|DOMAIN|FUNCTION|VIEW)\b`)},
	{"renames what an older server reads", regexp.MustCompile(`(?i)\bRENAME\s+(TO|COLUMN|CONSTRAINT)\b`)},
	{"changes a type that an older server reads, and writes the table anew under a lock", regexp.MustCompile(`(?i)\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b`)},
	{"wants what an older server does not write", regexp.MustCompile(`(?i)\bSET\s+NOT\s+NULL\b`)},
	{"truncates", regexp.MustCompile(`(?i)\bTRUNCATE\b`)},
}

// newColumn is a column that an existing table gets, with all that is said of it.
var newColumn = regexp.MustCompile(`(?is)\bADD\s+COLUMN\s+(IF\s+NOT\s+EXISTS\s+)?(\w+)\s+([^,;]*(\([^)]*\)[^,;]*)*)`)

var comment = regexp.MustCompile(`--[^\n]*`)

// offends says what is wrong with a migration's way up, "" where nothing is.
func offends(up string) string {
	up = comment.ReplaceAllString(up, "")
	for _, b := range breaking {
		if found := b.sql.FindString(up); found != "" {
			return b.what + ": " + found
		}
	}
	for _, column := range newColumn.FindAllStringSubmatch(up, -1) {
		said := strings.ToUpper(column[3])
		if strings.Contains(said, "NOT NULL") && !strings.Contains(said, "DEFAULT") && !strings.Contains(said, "GENERATED") {
			return "wants a value of column " + column[2] + ", which an older server does not write"
		}
	}
	return ""
}

func TestMigrationsLeaveOlderServersRunning(t *testing.T) {
	held := 0
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if number, err := goose.NumericComponent(f.Name()); err != nil || number < firstHeld {
			continue
		}
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		if why := offends(up); why != "" {
			t.Errorf("%s %s", f.Name(), why)
		}
		held++
	}
	if newest := knownMigration(); newest >= firstHeld && held == 0 {
		t.Errorf("none was held to the rule, and the newest is %d", newest)
	}
}

func TestWhatBreaksOlderServersIsSeen(t *testing.T) {
	for up, want := range map[string]bool{
		"ALTER TABLE cases ADD COLUMN tags text[]":                                   false,
		"ALTER TABLE cases ADD COLUMN tags text[] NOT NULL DEFAULT '{}'":             false,
		"ALTER TABLE cases ADD COLUMN n int NOT NULL":                                true,
		"ALTER TABLE cases ADD COLUMN n int GENERATED ALWAYS AS (1) STORED NOT NULL": false,
		"ALTER TABLE cases DROP COLUMN year":                                         true,
		"ALTER TABLE cases RENAME COLUMN year TO y":                                  true,
		"ALTER TABLE cases RENAME TO things":                                         true,
		"ALTER TABLE cases ALTER COLUMN year TYPE bigint":                            true,
		"ALTER TABLE cases ALTER year SET NOT NULL":                                  true,
		"DROP TABLE cases": true,
		"DROP INDEX cases_year; CREATE TABLE a (n int NOT NULL)":                                 false,
		"-- DROP TABLE cases\nCREATE INDEX x ON cases (year)":                                    false,
		"CREATE TABLE ratings (id bigint PRIMARY KEY, case_id bigint NOT NULL REFERENCES cases)": false,
	} {
		if got := offends(up); (got != "") != want {
			t.Errorf("%s: %q", up, got)
		}
	}
}

// A migration that needs a table which a server writes to gives way: who comes after
// it waits no longer than that, and it is applied once the table is free.
func TestAMigrationGivesWayToServersThatWrite(t *testing.T) {
	address := pgtest.New(t, nil)
	const before = 40 // the next one wants outcomes for itself
	if err := migrate(t.Context(), address, func(_ context.Context, p *goose.Provider, _ *pgx.ConnConfig) error {
		_, err := p.UpTo(t.Context(), before)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	connect := func() *pgx.Conn {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
		return conn
	}
	writer, reader := connect(), connect()
	tx, err := writer.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `LOCK TABLE outcomes IN ROW EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	migrated := make(chan error)
	go func() { migrated <- Migrate(t.Context(), address) }()
	waiting := func() bool {
		var n int
		err := reader.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'outcomes' AND NOT l.granted`).Scan(&n)
		return err == nil && n > 0
	}
	for end := time.Now().Add(time.Minute); !waiting(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no migration wants the table")
		}
	}
	began := time.Now()
	if _, err := reader.Exec(t.Context(), `SELECT count(*) FROM outcomes`); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > migrationLock+10*time.Second {
		t.Errorf("a read waited for %v", took)
	}
	select {
	case err := <-migrated:
		t.Fatalf("it ended with the table taken: %v", err)
	default:
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-migrated; err != nil {
		t.Error(err)
	}
}

// A number below those that a database has got already would never be applied there, while
// every test, whose databases are new, would pass.
func TestAMigrationThatADatabaseHasSkippedIsTold(t *testing.T) {
	address := pgtest.New(t, Migrate)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, skipped := range []int64{1, readingsVersion, 179} { // files, and one that is code
		if _, err := conn.Exec(t.Context(), "UPDATE goose_db_version SET version_id = 0 WHERE version_id = $1", skipped); err != nil {
			t.Fatal(err)
		}
		if err := Migrate(t.Context(), address); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("migration %d was never applied", skipped)) {
			t.Errorf("%d: %v", skipped, err)
		}
		if _, err := conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)", skipped); err != nil {
			t.Fatal(err)
		}
		if err := Migrate(t.Context(), address); err != nil {
			t.Errorf("with %d: %v", skipped, err)
		}
	}
}
