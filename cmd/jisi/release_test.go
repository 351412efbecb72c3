package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// releaseFixture is a database with a folder for releases.
type releaseFixture struct {
	*releases
	d   *database
	out bytes.Buffer
}

func newReleaseFixture(t *testing.T) *releaseFixture {
	t.Helper()
	k := &releaseFixture{d: &database{store: storetest.Seeded(t)}}
	k.releases = &releases{
		app: &app{stdout: &k.out, stderr: io.Discard, hurry: t.Context()}, dir: filepath.Join(t.TempDir(), "releases"),
		flags: &releaseFlags{name: "2026-11"}, address: "https://example.org",
	}
	return k
}

func (k *releaseFixture) edit(t *testing.T) {
	t.Helper()
	w, err := k.d.store.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	written, err := w.Put(t.Context(), []catalog.Input{&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "new"}, Title: "新案例"}})
	if err != nil || written[0].Err != nil {
		t.Fatal(err, written)
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		sum := sha256.Sum256(b)
		all[strings.TrimPrefix(path, dir)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAReleaseStaysAsItWasMade(t *testing.T) {
	k := newReleaseFixture(t)
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	made := sums(t, filepath.Join(k.dir, "2026-11"))
	if len(made) < 70 {
		t.Errorf("only %d files", len(made))
	}
	if err := k.create(t.Context(), k.d); err != nil || !strings.Contains(k.out.String(), "各字节相同") {
		t.Errorf("made again of the same records: %v, %s", err, k.out.String())
	}
	k.flags.output = t.TempDir()
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	for name, sum := range sums(t, k.flags.output) {
		if made[name] != sum {
			t.Errorf("%s is not the same when it is written elsewhere", name)
		}
	}
	k.flags.output = ""

	k.edit(t)
	if err := k.create(t.Context(), k.d); catalog.ErrorKindOf(err) != catalog.KindConflict {
		t.Errorf("made again of other records: %v, want CONFLICT", err)
	}
	for name, sum := range sums(t, filepath.Join(k.dir, "2026-11")) {
		if made[name] != sum {
			t.Errorf("%s changed with the records", name)
		}
	}
	k.flags.name = "2026-12"
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	changes, err := os.ReadFile(filepath.Join(k.dir, "2026-12", "changes.csv"))
	if want := "change,kind,slug,versionBefore,versionAfter\nadded,CASE,new,,1\n"; err != nil || string(changes) != want {
		t.Errorf("%v, changes %q, want %q", err, changes, want)
	}
	if err := k.verify(t.Context(), k.d, ""); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(k.dir); err != nil || len(entries) != 2 {
		t.Errorf("%v: %v is left in the folder, want the two releases", err, entries)
	}
}

func TestAChangedByteOfAReleaseIsFoundAndNamed(t *testing.T) {
	k := newReleaseFixture(t)
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(k.dir, "2026-11", "jsonl", "cases.jsonl")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := k.verify(t.Context(), k.d, "2026-11"); err == nil || !strings.Contains(k.out.String(), "RELEASE 2026-11: jsonl/cases.jsonl its checksum is another") {
		t.Errorf("%v, %s", err, k.out.String())
	}
}

func TestTheServerOpensFilesOfReleasesOnly(t *testing.T) {
	k := newReleaseFixture(t)
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(k.dir, "2026-11", "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &releaseFiles{store: k.d.store, dir: k.dir}
	file, known, err := f.ReleaseFile(t.Context(), "2026-11", "csv/cases.csv")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(file)
	if sum := sha256.Sum256(b); err != nil || file.Close() != nil || hex.EncodeToString(sum[:]) != known.SHA256 {
		t.Errorf("%v, %d bytes, another checksum than %+v", err, len(b), known)
	}
	for _, names := range [][2]string{
		{"2026-11", "secret"}, {"2026-11", "../../x"}, {"2026-11", "csv"}, {"..", "x"}, {"2026-10", "README.md"}, {"2026-11", "/etc/passwd"}, {"2026-11", ""},
	} {
		if _, _, err := f.ReleaseFile(t.Context(), names[0], names[1]); catalog.ErrorKindOf(err) != catalog.KindNotFound {
			t.Errorf("%q: %v, want NOT_FOUND", names, err)
		}
	}
}
