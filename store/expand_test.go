package store

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
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
