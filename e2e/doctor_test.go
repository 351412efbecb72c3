package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// findings returns each check's mark by its name.
func findings(t *testing.T, r result) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(r.out), "\n") {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] != "→" {
			found[fields[1]] = fields[0]
		}
	}
	return found
}

// ill returns the checks that are not well.
func ill(found map[string]string) string {
	var names []string
	for _, name := range []string{"settings", "data-dir", "disk", "address", "postgresql", "database", "encoding", "durability", "writes", "connections", "migrations", "collation", "clock", "mail", "webhooks", "meaning", "queries", "dictionaries", "index"} {
		if mark, ok := found[name]; ok && mark != "✓" && name != "disk" { // the tester's disk may be full
			names = append(names, mark+name)
		}
	}
	return strings.Join(names, " ")
}

func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	check := func(t *testing.T, code, checks int, want string, args ...string) {
		t.Helper()
		r := p.run(t, nil, append([]string{"doctor"}, args...)...)
		// Whether LibreOffice and fonts are there is this machine's, and no fault of the place.
		found := findings(t, r)
		delete(found, "office")
		delete(found, "fonts")
		if got := ill(found); r.code != code || got != want || len(found) != checks {
			t.Errorf("exit code %d, want %d; %d checks, want %d; ill %q, want %q:\n%s%s", r.code, code, len(found), checks, got, want, r.out, r.err)
		}
	}
	elsewhere := []string{"-listen", "127.0.0.1:0"}

	check(t, 0, 10, "", elsewhere...) // nothing is there yet
	if _, err := os.Stat(p.data); err == nil {
		t.Error("it made the data directory")
	}
	s := p.serve(t)
	address := strings.TrimPrefix(s.url, "http://")
	check(t, 0, 19, "", "-listen", address)
	check(t, 0, 19, "!index", elsewhere...) // another has it open
	check(t, 1, 10, "✗database", "-listen", address, "-database-url", "postgres://nobody@127.0.0.1:1/nothing")
	s.stop(t)
	check(t, 0, 19, "", elsewhere...)

	t.Run("a new database, of a server that does not sync", func(t *testing.T) {
		check(t, 0, 16, "!durability", append(elsewhere, "-database-url", pgtest.New(t, nil))...)
	})
	t.Run("rights, dictionaries and an index that is gone", func(t *testing.T) {
		words, err := filepath.Glob(filepath.Join(p.data, "dictionaries", "words-*", "domain.utf8"))
		if err != nil || len(words) != 1 {
			t.Fatalf("%d dictionaries (%v)", len(words), err)
		}
		if err := os.WriteFile(words[0], []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(p.data, 0o755); err != nil {
			t.Fatal(err)
		}
		check(t, 1, 19, "!data-dir ✗dictionaries !index", elsewhere...)
		if err := os.RemoveAll(filepath.Dir(words[0])); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(p.data, "index")); err != nil {
			t.Fatal(err)
		}
		check(t, 0, 19, "!data-dir", elsewhere...)
	})
	t.Run("the note of a database that is gone", func(t *testing.T) {
		note := filepath.Join(p.data, "postgres.location")
		if err := os.WriteFile(note, []byte(filepath.Join(p.cwd, "gone")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		check(t, 1, 10, "!data-dir ✗postgresql", elsewhere...)
		if err := os.Remove(note); err != nil {
			t.Fatal(err)
		}
	})
}
