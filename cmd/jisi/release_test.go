package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/server"
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

// A damaged file under a good sum would stay with its readers for a year. Its sum is
// worked out once, and again when the file is another.
func TestTheServerServesNoDamagedFileOfARelease(t *testing.T) {
	k := newReleaseFixture(t)
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(k.dir, "2026-11", "csv", "cases.csv")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := &releaseFiles{store: k.d.store, dir: k.dir}
	open := func() error {
		file, _, err := f.ReleaseFile(t.Context(), "2026-11", "csv/cases.csv")
		if err != nil {
			return err
		}
		defer file.Close()
		if b, err := io.ReadAll(file); err != nil || string(b) != string(whole) {
			t.Errorf("%v, %d bytes, want %d", err, len(b), len(whole))
		}
		return nil
	}
	other := bytes.Clone(whole)
	other[len(other)/2] ^= 1
	later := time.Now()
	for _, step := range []struct {
		name string
		file []byte
		good bool
	}{
		{"as it was made", whole, true}, {"cut", whole[:len(whole)-1], false}, {"another byte", other, false}, {"longer", append(bytes.Clone(whole), ' '), false}, {"as it was", whole, true},
	} {
		later = later.Add(time.Minute)
		if err := errors.Join(os.WriteFile(path, step.file, 0o600), os.Chtimes(path, later, later)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := open(); (err == nil) != step.good || catalog.ErrorKindOf(err) == catalog.KindNotFound {
				t.Errorf("%s: %v", step.name, err)
			}
		}
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

// The archive of a release has all its files, each as it was recorded, and is the
// same for whoever asks.
func TestAReleaseIsOneArchiveToo(t *testing.T) {
	k := newReleaseFixture(t)
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	none := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	h := server.ReleaseFiles(&releaseFiles{store: k.d.store, dir: k.dir}, none, slog.New(slog.DiscardHandler))
	ask := func(name, file string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/releases/"+name+"/"+file, nil)
		r.SetPathValue("name", name)
		r.SetPathValue("file", file)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	first, second := ask("2026-11", "jisi-2026-11.zip"), ask("2026-11", "jisi-2026-11.zip")
	if first.Code != http.StatusOK || !bytes.Equal(first.Body.Bytes(), second.Body.Bytes()) || first.Header().Get("Content-Type") != "application/zip" {
		t.Fatalf("status %d, %s, twice the same: %t", first.Code, first.Header().Get("Content-Type"), bytes.Equal(first.Body.Bytes(), second.Body.Bytes()))
	}
	archive, err := zip.NewReader(bytes.NewReader(first.Body.Bytes()), int64(first.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	known, err := k.d.store.Release(t.Context(), "2026-11")
	if err != nil || len(archive.File) != len(known.Files) {
		t.Fatalf("%d files of %d, %v", len(archive.File), len(known.Files), err)
	}
	for i, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, r); err != nil || f.Name != "jisi-2026-11/"+known.Files[i].Name || hex.EncodeToString(sum.Sum(nil)) != known.Files[i].SHA256 {
			t.Errorf("%s: %v; is not as recorded: %+v", f.Name, err, known.Files[i])
		}
	}
	for _, names := range [][2]string{{"2026-10", "jisi-2026-10.zip"}, {"2026-11", "jisi-2026-10.zip"}, {"..", "jisi-...zip"}} {
		if got := ask(names[0], names[1]); got.Code != http.StatusTeapot {
			t.Errorf("%v: status %d, want that of a page that is not there", names, got.Code)
		}
	}
	func() {
		defer func() {
			if recover() != http.ErrAbortHandler { //nolint:errorlint // it is the very value
				t.Error("an archive of which a file is damaged meanwhile ends as if it were whole")
			}
		}()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/releases/2026-11/jisi-2026-11.zip", nil)
		r.SetPathValue("name", "2026-11")
		r.SetPathValue("file", "jisi-2026-11.zip")
		server.ReleaseFiles(&spoilt{releaseFiles: &releaseFiles{store: k.d.store, dir: k.dir}, after: len(known.Files) + 3}, none, slog.New(slog.DiscardHandler)).ServeHTTP(httptest.NewRecorder(), r)
	}()
	path := filepath.Join(k.dir, "2026-11", "csv", "cases.csv")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(whole)
	other[len(other)/2] ^= 1
	later := time.Now()
	for what, now := range map[string][]byte{"cut": whole[:1], "another byte": other, "longer": append(bytes.Clone(whole), ' '), "empty": {}, "gone": nil} {
		later = later.Add(time.Minute)
		if now == nil {
			err = os.Remove(path)
		} else {
			err = errors.Join(os.WriteFile(path, now, 0o600), os.Chtimes(path, later, later))
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := ask("2026-11", "jisi-2026-11.zip"); got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), "csv/cases.csv") || strings.Contains(got.Body.String(), "PK") {
			t.Errorf("a file that is %s: status %d, %.100q", what, got.Code, got.Body)
		}
	}
}

// spoilt is releases of which no file can be opened after so many.
type spoilt struct {
	*releaseFiles
	after int
}

func (s *spoilt) ReleaseFile(ctx context.Context, name, path string) (*os.File, *catalog.ReleaseFile, error) {
	if s.after--; s.after < 0 {
		return nil, nil, errors.New("damaged")
	}
	return s.releaseFiles.ReleaseFile(ctx, name, path)
}

// What differs between two releases is a file, whichever two they are, and the same page
// by page; where the files of one are damaged or not here, nobody is told half of it.
func TestTwoReleasesAreComparedAsAFileAndInPages(t *testing.T) {
	k := newReleaseFixture(t)
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	k.edit(t)
	k.flags.name = "2026-12"
	if err := k.create(t.Context(), k.d); err != nil {
		t.Fatal(err)
	}
	none := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	files := &releaseFiles{store: k.d.store, dir: k.dir}
	h := server.ReleaseFiles(files, none, slog.New(slog.DiscardHandler))
	ask := func(name, file string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/releases/"+name+"/"+file, nil)
		r.SetPathValue("name", name)
		r.SetPathValue("file", file)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	told := ask("2026-12", "changes-since-2026-11.jsonl")
	kept, err := os.ReadFile(filepath.Join(k.dir, "2026-12", "changes.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if told.Code != http.StatusOK || told.Header().Get("Content-Type") != "application/x-ndjson" || told.Body.String() != string(kept) || !strings.Contains(string(kept), `"change":"added"`) {
		t.Errorf("status %d, %s:\n%s\nwant what the release has:\n%s", told.Code, told.Header().Get("Content-Type"), told.Body, kept)
	}
	if back := ask("2026-11", "changes-since-2026-12.jsonl"); back.Code != http.StatusOK || strings.Count(back.Body.String(), "\n") != strings.Count(string(kept), "\n") {
		t.Errorf("the other way: status %d, %s", back.Code, back.Body)
	}
	if same := ask("2026-11", "changes-since-2026-11.jsonl"); same.Code != http.StatusOK || same.Body.Len() > 0 {
		t.Errorf("of a release and itself: status %d, %s", same.Code, same.Body)
	}
	changes, total, err := files.ReleaseChanges(t.Context(), "2026-11", "2026-12", 0, 100)
	if err != nil || total == 0 || len(changes) != total || total != strings.Count(string(kept), "\n") || len(changes[0].Fields) == 0 {
		t.Errorf("in pages: %d of %d, %v", len(changes), total, err)
	}
	var logged bytes.Buffer
	h = server.ReleaseFiles(files, none, slog.New(slog.NewTextHandler(&logged, nil)))
	for _, file := range []string{"changes-since-2026-11.jsonl", "jisi-2026-12.zip"} {
		if !leaves(t, h, "2026-12", file) || logged.Len() > 0 {
			t.Errorf("a reader who leaves %s is a failure: %s", file, &logged)
		}
	}
	for _, names := range [][2]string{{"2026-12", "changes-since-2026-10.jsonl"}, {"2026-10", "changes-since-2026-11.jsonl"}, {"2026-12", "changes-since-...jsonl"}, {"2026-12", "changes-since-2026-11.csv"}} {
		if got := ask(names[0], names[1]); got.Code != http.StatusTeapot {
			t.Errorf("%v: status %d, want that of a page that is not there", names, got.Code)
		}
	}
	if err := os.WriteFile(filepath.Join(k.dir, "2026-11", "records.csv"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ask("2026-12", "changes-since-2026-11.jsonl"); got.Code != http.StatusServiceUnavailable || strings.Contains(got.Body.String(), "{") {
		t.Errorf("of a damaged release: status %d, %s", got.Code, got.Body)
	}
}

// gone is the connection of a reader who has left.
type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// leaves asks for a file of a release without waiting for it, and reports whether the
// answer was broken off.
func leaves(t *testing.T, h http.Handler, name, file string) (brokenOff bool) {
	t.Helper()
	defer func() { brokenOff = recover() == http.ErrAbortHandler }()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/releases/"+name+"/"+file, nil)
	r.SetPathValue("name", name)
	r.SetPathValue("file", file)
	h.ServeHTTP(gone{httptest.NewRecorder()}, r)
	return false
}
