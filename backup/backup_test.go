package backup

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
	"github.com/jisiguangyi/jisi/store/verify"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// database is a store with its address.
type database struct {
	*store.Store
	url string
}

func newDatabase(t *testing.T) database {
	t.Helper()
	d := database{url: pgtest.New(t, store.Migrate)}
	s, err := store.Open(t.Context(), d.url, store.Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d.Store = s
	return d
}

func (d database) seed(t *testing.T) {
	t.Helper()
	if _, err := exchange.Seed(t.Context(), storetest.Sink{Store: d.Store}); err != nil {
		t.Fatal(err)
	}
}

func (d database) rows(t *testing.T) map[string]int {
	t.Helper()
	var rows map[string]int
	if err := d.Freeze(t.Context(), func(f catalog.Frozen) error { rows = f.Rows; return nil }); err != nil {
		t.Fatal(err)
	}
	return rows
}

// write backs a database up into a file.
func (d database) write(t *testing.T) (name string, m *Manifest) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "x.backup")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err = Write(t.Context(), f, d, Options{URL: d.url, Version: "test", LeaveOut: store.BackupLeavesOut})
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return name, m
}

func open(t *testing.T, name string) *File {
	t.Helper()
	f, err := Open(name, store.NewestSchema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func ground(t *testing.T, url string) *catalog.Ground {
	t.Helper()
	g, err := store.Ground(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// definitions returns all that a database is but for its rows, as pg_dump writes it.
func definitions(t *testing.T, d database) string {
	t.Helper()
	programs, err := pgproc.FindClients(t.Context(), 0, "pg_dump")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(programs.Dir, "pg_dump"), "--schema-only", "--dbname="+d.url).Output()
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^\\(un)?restrict .*$`).ReplaceAllString(string(out), "") // has a random word
}

func TestABackupComesBackWhole(t *testing.T) {
	from, into := newDatabase(t), newDatabase(t)
	from.seed(t)
	text, _, err := from.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: "管理", Role: catalog.RoleAdmin, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	token, _ := catalog.ParseCredential(catalog.TokenPrefix, text)
	session, _, err := from.BeginSession(t.Context(), catalog.SessionStart{Token: &token})
	if err != nil {
		t.Fatal(err)
	}
	name, m := from.write(t)
	if m.Rows["cases"] < 20 || m.Rows["access_tokens"] != 1 || m.Total() < 1000 || m.Schema != store.NewestSchema() {
		t.Errorf("manifest %+v", m)
	}
	old, err := from.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := definitions(t, from)
	if err := open(t, name).Restore(t.Context(), into.url, ground(t, into.url)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(from.rows(t), into.rows(t)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, definitions(t, into)); diff != "" {
		t.Errorf("definitions (-want +got):\n%s", diff)
	}
	v, err := verify.Database(t.Context(), into.Store)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Checks {
		if c.Failed > 0 {
			t.Errorf("%s: %d of %d failed", c.Name, c.Failed, c.Checked)
		}
	}
	if _, err := into.ViewerByToken(t.Context(), token); err != nil {
		t.Errorf("the token: %v", err)
	}
	signedIn, _ := catalog.ParseCredential(catalog.SessionPrefix, session)
	if _, err := into.ViewerBySession(t.Context(), signedIn); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
		t.Errorf("who was signed in is so again: %v", err)
	}
	if _, truncated, err := into.Changes(t.Context(), old, 10); err != nil || !truncated {
		t.Errorf("a place in the old feed of changes is taken for one of the new: %v", err)
	}
	again, err := into.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, truncated, err := into.Changes(t.Context(), again, 10); err != nil || truncated {
		t.Errorf("the new feed cannot be followed: %v", err)
	}
}

func TestADamagedBackupIsRefused(t *testing.T) {
	d := newDatabase(t)
	d.seed(t)
	name, _ := d.write(t)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, content []byte) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "damaged")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if f, err := Open(file, store.NewestSchema()); catalog.ErrorKindOf(err) != catalog.KindInvalid {
			t.Errorf("%s: %v", what, err)
			if f != nil {
				_ = f.Close()
			}
		}
	}
	try("empty", nil)
	try("no archive", []byte("PGDMP"))
	for i := 1; i < 40; i++ {
		try(fmt.Sprintf("cut off at %d/40", i), whole[:len(whole)*i/40])
	}
	dump := open(t, name).dump
	begins, err := dump.DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		changed := bytes.Clone(whole)
		changed[begins+int64(dump.CompressedSize64)*int64(i)/40] ^= 0x20
		try(fmt.Sprintf("a bit at %d/40 of the dump", i), changed)
	}
	for what, change := range map[string]func(*Manifest){
		"a newer schema":      func(m *Manifest) { m.Schema++ },
		"another format":      func(m *Manifest) { m.Format++ },
		"another sum":         func(m *Manifest) { m.SHA256 = strings.Repeat("0", 64) },
		"another length":      func(m *Manifest) { m.Bytes++ },
		"no rows":             func(m *Manifest) { m.Rows = nil },
		"what is no table":    func(m *Manifest) { m.Rows[`cases; DROP TABLE cases`] = 1 },
		"fewer rows than one": func(m *Manifest) { m.Rows["cases"] = -1 },
	} {
		try(what, withManifest(t, name, change))
	}
}

// withManifest returns a backup whose manifest has been changed.
func withManifest(t *testing.T, name string, change func(*Manifest)) []byte {
	t.Helper()
	f := open(t, name)
	m := f.Manifest
	change(&m)
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.Copy(f.dump); err != nil {
		t.Fatal(err)
	}
	w, err := z.Create(manifestName)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestARestoreThatFailsLeavesAllAsItWas(t *testing.T) {
	from, into := newDatabase(t), newDatabase(t)
	from.seed(t)
	name, _ := from.write(t)
	if _, _, err := into.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: "原有", Role: catalog.RoleAdmin, Life: time.Hour}); err != nil {
		t.Fatal(err)
	}
	want := into.rows(t)
	check := func(what string, err error) {
		t.Helper()
		if err == nil {
			t.Errorf("%s: no error", what)
		}
		if diff := cmp.Diff(want, into.rows(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	f := open(t, name)
	f.Manifest.Rows["cases"]++
	check("a row is missing", f.Restore(t.Context(), into.url, ground(t, into.url)))
	f.Manifest.Rows["cases"]--

	programs, err := pgproc.FindClients(t.Context(), 0, "pg_restore", "psql")
	if err != nil {
		t.Fatal(err)
	}
	dump, err := f.dump.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer dump.Close()
	check("the dump breaks off", f.load(t.Context(), programs, into.url, ground(t, into.url), io.LimitReader(dump, f.Manifest.Bytes*2/3)))

	ctx, cancel := context.WithCancel(t.Context())
	whole, err := f.dump.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	check("stopped on the way", f.load(ctx, programs, into.url, ground(t, into.url), &stopping{from: whole, after: f.Manifest.Bytes / 2, stop: cancel}))

	if err := f.Restore(t.Context(), into.url, ground(t, into.url)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(from.rows(t), into.rows(t)); diff != "" {
		t.Errorf("restored at last (-want +got):\n%s", diff)
	}
}

// stopping ends a context in the middle of what is read.
type stopping struct {
	from  io.Reader
	after int64
	stop  context.CancelFunc
}

func (s *stopping) Read(p []byte) (int, error) {
	n, err := s.from.Read(p[:min(len(p), 4096)])
	if s.after -= int64(n); s.after < 0 {
		s.stop()
	}
	return n, err
}
