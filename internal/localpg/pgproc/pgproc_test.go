package pgproc

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// fakePrograms makes a folder with programs that only say their version.
func fakePrograms(t *testing.T, dir, version string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"initdb", "postgres"} {
		script := "#!/bin/sh\necho '" + name + " (PostgreSQL) " + version + "'\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// openTempDir returns a new folder that other users can enter, by its real path.
func openTempDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func serverAccount(t *testing.T) Account {
	t.Helper()
	account, err := AccountFor("")
	if err != nil {
		t.Fatal(err)
	}
	return account
}

func TestFindTakesTheFirstThatFits(t *testing.T) {
	dir := openTempDir(t)
	old := fakePrograms(t, filepath.Join(dir, "14"), "14.9")
	v15 := fakePrograms(t, filepath.Join(dir, "15"), "15.18 (Debian 15.18-0+deb12u1)")
	v16 := fakePrograms(t, filepath.Join(dir, "16"), "16beta2")
	half := fakePrograms(t, filepath.Join(dir, "half"), "17.1")
	if err := os.Remove(filepath.Join(half, "postgres")); err != nil {
		t.Fatal(err)
	}
	links := filepath.Join(dir, "links")
	if err := os.Mkdir(links, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(v16, "initdb"), filepath.Join(links, "initdb")); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		query Query
		want  Programs
	}{
		"the first":              {Query{Places: []string{v15, v16}}, Programs{v15, 15}},
		"not an old one":         {Query{Places: []string{old, v16}}, Programs{v16, 16}},
		"that of the data":       {Query{Places: []string{v15, v16}, Major: 16}, Programs{v16, 16}},
		"an old one of the data": {Query{Places: []string{v15, old}, Major: 14}, Programs{old, 14}},
		"not a half one":         {Query{Places: []string{half, v15}}, Programs{v15, 15}},
		"behind a link":          {Query{Places: []string{links}}, Programs{v16, 16}},
		"an extra one":           {Query{Places: []string{old}, Extra: []string{v15}}, Programs{v15, 15}},
		"none":                   {Query{Places: []string{old, half, filepath.Join(dir, "none")}}, Programs{}},
		"none of the data":       {Query{Places: []string{v15}, Major: 16}, Programs{}},
		"nowhere to look":        {Query{Places: []string{}}, Programs{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Find(t.Context(), serverAccount(t), test.query)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Find (-want +got):\n%s", diff)
			}
			if found := test.want.Dir != ""; errors.Is(err, ErrNotFound) == found || found && err != nil {
				t.Errorf("Find's error is %v, want one of programs not found: %v", err, !found)
			}
		})
	}
}

func TestNotFoundSaysWhatWasFoundAndWhatToDo(t *testing.T) {
	old := fakePrograms(t, openTempDir(t), "14.9")
	_, err := Find(t.Context(), serverAccount(t), Query{Places: []string{old}})
	if err == nil {
		t.Fatal("Find took version 14")
	}
	for _, want := range []string{"version 15 or newer", "only version 14 in " + old, InstallHint(0), "DATABASE_URL"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %q, want %q in it", err, want)
		}
	}
}

func TestFindOnThisMachine(t *testing.T) {
	got, err := Find(t.Context(), serverAccount(t), Query{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Major < MinMajor {
		t.Errorf("Find took version %d, want %d or newer", got.Major, MinMajor)
	}
	onPath := t.TempDir()
	if err := os.Chmod(filepath.Dir(onPath), 0o711); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", fakePrograms(t, onPath, "99.1")+":"+os.Getenv("PATH"))
	if got, err = Find(t.Context(), serverAccount(t), Query{}); err != nil || got.Major != 99 {
		t.Errorf("Find took %v (%v), want what is first on PATH", got, err)
	}
}

func TestNewestFirst(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"9", "15", "16", "current"} {
		if err := os.MkdirAll(filepath.Join(dir, "pg-"+version), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := newestFirst(filepath.Join(dir, "pg-[0-9]*"))
	want := []string{filepath.Join(dir, "pg-16"), filepath.Join(dir, "pg-15"), filepath.Join(dir, "pg-9")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newestFirst (-want +got):\n%s", diff)
	}
}

func TestAccountEntersOnlyWhatIsOpen(t *testing.T) {
	account := serverAccount(t)
	dir := openTempDir(t)
	if err := account.CanEnter(t.Context(), dir); err != nil {
		t.Errorf("an open folder: %v", err)
	}
	if err := account.CanEnter(t.Context(), filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there can be entered")
	}
	closed := filepath.Join(dir, "closed")
	inside := filepath.Join(closed, "inside")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chmod(closed, 0o700); err != nil {
			t.Error(err)
		}
	})
	if err := account.CanEnter(t.Context(), inside); err == nil {
		t.Error("a folder below a closed one can be entered")
	}
}

func TestAccountIsTheOwnerOfWhatIsThere(t *testing.T) {
	usual := serverAccount(t)
	dir := openTempDir(t)
	if got, err := AccountFor(dir); err != nil || got != usual {
		t.Errorf("for a folder of this process's own the account is %v (%v), want %v", got, err, usual)
	}
	const somebody = 54321 // without an entry in the user database
	want := usual
	if usual.Switched() {
		if err := os.Chown(dir, somebody, somebody); err != nil {
			t.Fatal(err)
		}
		want = Account{UID: somebody, GID: somebody, switched: true}
	}
	if got, err := AccountFor(dir); err != nil || got != want {
		t.Errorf("for a folder of another's the account is %v (%v), want %v", got, err, want)
	}
}

func TestInitdbRefusesAUserWithoutAName(t *testing.T) {
	r := Runner{Account: Account{UID: 54321, GID: 54321}, Dir: "/"}
	err := r.Initdb(t.Context(), filepath.Join(t.TempDir(), "data"), false)
	if err == nil || !strings.Contains(err.Error(), "uid 54321") {
		t.Errorf("Initdb says %v, want it to name the user", err)
	}
}

func TestProgramsSeeLittleOfTheEnvironment(t *testing.T) {
	for _, key := range []string{"PGDATA", "PGOPTIONS", "LC_CTYPE", "LANG", "NOTIFY_SOCKET", "DATABASE_URL"} {
		t.Setenv(key, "theirs")
	}
	t.Setenv("PATH", "/bin:/usr/bin")
	t.Setenv("LD_LIBRARY_PATH", "/opt/lib")
	env := environment()
	for _, entry := range env {
		if strings.Contains(entry, "theirs") {
			t.Errorf("the programs see %s", entry)
		}
	}
	for _, want := range []string{"PATH=/bin:/usr/bin", "LD_LIBRARY_PATH=/opt/lib", "LC_ALL=C", "TZ=UTC"} {
		if !slices.Contains(env, want) {
			t.Errorf("the programs see %q, want %s among it", env, want)
		}
	}
}

func TestURLKeepsEveryPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir := "/" + rapid.String().Draw(t, "dir")
		database := rapid.StringMatching(`[a-z_0-9]{1,20}`).Draw(t, "database")
		text := URL(dir, database)
		// As libpq reads it, to whom a + is no blank.
		u, err := url.Parse(strings.ReplaceAll(text, "+", "%2B"))
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("host"); got != dir {
			t.Errorf("%s has the host %q, want %q", text, got, dir)
		}
		if got := strings.TrimPrefix(u.Path, "/"); got != database {
			t.Errorf("%s has the database %q, want %q", text, got, database)
		}
	})
}

func TestLogTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if got := LogTail(path, 10); got != "" {
		t.Errorf("the tail of no log is %q", got)
	}
	if err := os.WriteFile(path, []byte("first line\nlast but one\nlast\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int64]string{5: "last", 9: "one; last", 1000: "first line; last but one; last"} {
		if got := LogTail(path, limit); got != want {
			t.Errorf("LogTail(%d) = %q, want %q", limit, got, want)
		}
	}
}

func TestInitdbEndsWithItsContext(t *testing.T) {
	account := serverAccount(t)
	programs, err := Find(t.Context(), account, Query{})
	if err != nil {
		t.Fatal(err)
	}
	dir := openTempDir(t)
	if err := account.Own(dir); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := Runner{Programs: programs, Account: account, Dir: dir}
	if err := r.Initdb(ctx, filepath.Join(dir, "data"), true); !errors.Is(err, context.Canceled) {
		t.Errorf("Initdb says %v, want %v", err, context.Canceled)
	}
}
