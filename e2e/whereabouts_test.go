package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// besides are commands that are run beside a server, or without one.
var besides = [][]string{{"token", "list"}, {"export"}, {"verify"}, {"release", "list"}, {"remove", "-synthetic"}, {"backup", "x.backup"}, {"reindex"}}

// Of two databases it is never the wrong one that is worked in, and none is made
// by whoever only wants to work in one.
func TestACommandWorksInTheDatabaseThatIsMeant(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, c := range besides {
		r := p.run(t, nil, c...)
		if r.code != 1 || !strings.Contains(r.err, "no database") || !strings.Contains(r.err, p.data) {
			t.Errorf("%v where there is none: exit code %d, %s%s", c, r.code, r.out, r.err)
		}
	}
	empty := newPlace(t)
	empty.database = pgtest.New(t, nil)
	for _, c := range besides {
		if r := empty.run(t, nil, c...); r.code != 1 || !strings.Contains(r.err, "no database") {
			t.Errorf("%v in an empty database: exit code %d, %s%s", c, r.code, r.out, r.err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(p.data, "*")); err != nil || len(left) > 0 {
		t.Errorf("made %v %v", left, err)
	}

	// A server with another data directory than the user's: its is meant.
	s := p.servesAlone(t)
	for _, c := range besides {
		r := s.beside.run(t, nil, c...)
		if r.code != 0 || !strings.Contains(r.err, p.data) {
			t.Errorf("%v beside a server: exit code %d, %s%s", c, r.code, r.out, r.err)
		}
	}
	// What they write goes where the server looks for it.
	s.beside.must(t, nil, "release", "create", "-name", "beside")
	if code, _ := s.get(t, "/releases/beside/SHA256SUMS"); code != 200 {
		t.Errorf("the release's files: %d", code)
	}
	if _, err := os.Stat(filepath.Join(p.cwd, ".local")); err == nil {
		t.Error("a second data directory was made")
	}
	s.kill(t) // and leaves its note
	for _, c := range besides {
		if r := s.beside.run(t, nil, c...); r.code != 1 || !strings.Contains(r.err, "no database") {
			t.Errorf("%v after the server: exit code %d, %s%s", c, r.code, r.out, r.err)
		}
	}

	// Two, one of them with somebody else's database.
	first := p.servesAlone(t)
	other := newPlace(t)
	other.database, other.environment = pgtest.New(t, nil), first.beside.environment[:2]
	second := other.serve(t)
	for _, c := range besides {
		if r := first.beside.run(t, nil, c...); r.code != 1 || !strings.Contains(r.err, p.data) || !strings.Contains(r.err, other.data) {
			t.Errorf("%v beside two: exit code %d, %s%s", c, r.code, r.out, r.err)
		}
	}
	first.stop(t)
	if r := first.beside.run(t, nil, "token", "list"); r.code != 1 || !strings.Contains(r.err, "DATABASE_URL") {
		t.Errorf("beside a server with another's database: exit code %d, %s%s", r.code, r.out, r.err)
	}
	first.beside.database = other.database
	if r := first.beside.run(t, nil, "token", "list"); r.code != 0 || !strings.Contains(r.err, other.data) {
		t.Errorf("with its address: exit code %d, %s%s", r.code, r.out, r.err)
	}
	second.stop(t)
}

// alone is a server, and the place of whoever works beside it, who names no data
// directory.
type alone struct {
	*server
	beside place
}

// servesAlone runs a server that leaves its note where no other test's does.
func (p place) servesAlone(t *testing.T) alone {
	t.Helper()
	notes := []string{"TMPDIR=" + p.cwd, "XDG_RUNTIME_DIR=" + p.cwd}
	p.environment = notes
	s := p.serve(t)
	p.environment = append(notes[:2:2], "JISI_DATA_DIR=")
	return alone{s, p}
}

func TestPostgreSQLsVariablesDoNotReachThePrivateOne(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.environment = []string{
		"PGOPTIONS=-c search_path=nowhere -c default_transaction_read_only=on", "PGHOST=nowhere.invalid", "PGPORT=1", "PGUSER=nobody", "PGDATABASE=nothing",
		"PGSERVICE=missing", "PGSSLMODE=verify-full", "PGTARGETSESSIONATTRS=standby", "PGCLIENTENCODING=SQL_ASCII", "PGPASSFILE=/nowhere", "PGTZ=Asia/Shanghai",
	}
	s := p.serve(t)
	if s.counts(t).Cases.TotalCount == 0 {
		t.Error("no cases")
	}
	file := filepath.Join(p.cwd, "x.backup")
	p.must(t, nil, "backup", file)
	p.must(t, strings.NewReader(twoCases), "import", "-")
	p.must(t, nil, "restore", "-force", file)
	p.must(t, nil, "verify")
	eventually(t, "the index has followed the restore, and the doctor finds all well", func() bool {
		return p.run(t, nil, "doctor", "-listen", strings.TrimPrefix(s.url, "http://")).code == 0
	})
}

func TestWhatAKilledCommandLeavesIsClearedByTheNext(t *testing.T) {
	t.Parallel()
	p := newMigratedPlace(t)
	releases := filepath.Join(p.data, "releases")
	for _, left := range []string{filepath.Join(releases, ".making-123", "data"), filepath.Join(p.cwd, ".old.backup.jisi-part-ABCDEFGH")} {
		if err := os.MkdirAll(filepath.Dir(left), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	theirs := writeFile(t, p, "download.part", "theirs")
	p.must(t, nil, "backup", "new.backup")
	p.serve(t)
	hidden, err := filepath.Glob(filepath.Join(p.cwd, ".*jisi-part*"))
	making, err2 := filepath.Glob(filepath.Join(releases, ".making-*"))
	if err != nil || err2 != nil || len(hidden)+len(making) > 0 {
		t.Errorf("left: %v %v %v %v", hidden, making, err, err2)
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Errorf("another program's file is gone: %v", err)
	}
}
