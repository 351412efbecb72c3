package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pages returns a PDF of that many pages, each of many lines.
func pages(n int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	object := func(text string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := make([]string, n)
	for i := range kids {
		kids[i] = fmt.Sprintf("%d 0 R", 4+2*i)
	}
	object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", n, strings.Join(kids, " ")))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	for i := range n {
		var text strings.Builder
		text.WriteString("BT /F1 8 Tf 12 TL 40 800 Td\n")
		for line := range 60 {
			fmt.Fprintf(&text, "(page %d line %d of a manual that nobody would bring in as a case, in small print) Tj T*\n", i+1, line+1)
		}
		text.WriteString("ET")
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i))
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()))
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// A file that would take long interpreted is read compiled, from the page on where that
// is seen; what was compiled stays for the next process. One that does not take long
// compiles nothing.
func TestALongFileIsReadCompiled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pdfium")
	t.Cleanup(func() { forProcess.Store(nil) })
	begun := 0
	process := func() *compiler {
		Compile(Compiling{Dir: dir, Begun: func() { begun++ }, Told: func(err error) { t.Error(err) }})
		return forProcess.Load()
	}
	read := func(n int) [][]string {
		t.Helper()
		got, more, err := Text(t.Context(), pages(n))
		if err != nil || more != 0 || len(got) != n {
			t.Fatalf("%d pages and %d more, %v", len(got), more, err)
		}
		return got
	}
	c := process()
	one := read(1)
	left := func() bool { _, ok := loaded(dir); return ok }
	if c.begun.Load() || left() {
		t.Error("a page alone had PDFium compiled")
	}
	const many = 25
	got := read(many)
	if begun != 1 || c.ready.Load() == nil || !left() {
		t.Errorf("%d pages: begun %d times, ready %v, left %v", many, begun, c.ready.Load() != nil, left())
	}
	if d := cmp.Diff(one[0], got[0]); d != "" {
		t.Errorf("the first page (-alone +with others):\n%s", d)
	}
	for i, lines := range got {
		if len(lines) != 60 || lines[0] != strings.ReplaceAll(one[0][0], "page 1 ", fmt.Sprintf("page %d ", i+1)) {
			t.Fatalf("page %d has %d lines, the first %q", i+1, len(lines), lines[0])
		}
	}
	if c = process(); cmp.Diff(one, read(1)) != "" || c.ready.Load() == nil || begun != 1 {
		t.Errorf("a later process: ready %v, begun %d times", c.ready.Load() != nil, begun)
	}
	testWhatWasMade(t, dir, one)
}

// testWhatWasMade has files read with what was compiled into a folder elsewhere, which
// is only looked at, and not used where it is not whole, for another machine, or where
// others could have written it. It spoils the folder.
func testWhatWasMade(t *testing.T, made string, one [][]string) {
	compiled, err := filepath.Glob(filepath.Join(made, "*", "*"))
	if err != nil || len(compiled) != 1 {
		t.Fatalf("%q, %v", compiled, err)
	}
	code, sums := compiled[0], filepath.Join(made, sumsName)
	rename := func(from, to string) func() error {
		return func() error {
			if err := os.Rename(from, to); err != nil {
				return err
			}
			return seal(made)
		}
	}
	flip := func(at int64) func() error {
		return func() error {
			content, err := os.ReadFile(code)
			if err != nil {
				return err
			}
			content[at] ^= 1
			return os.WriteFile(code, content, 0o644)
		}
	}
	elsewhere := filepath.Join(filepath.Dir(code), strings.Repeat("0", 64))
	older := filepath.Join(made, "wazero-v0-amd64-linux")
	for _, tt := range []struct {
		name   string
		before func() error
		used   bool
	}{
		{"as it was made", nil, true},
		{"nobody may write there", func() error { return os.Chmod(made, 0o555) }, true},
		{"everybody may write there", func() error { return os.Chmod(made, 0o777) }, false},
		{"everybody may write the code", func() error { return errors.Join(os.Chmod(made, 0o755), os.Chmod(code, 0o646)) }, false},
		{"where a function begins is damaged", func() error { return errors.Join(os.Chmod(code, 0o644), flip(40)()) }, false},
		{"that is mended", flip(40), true},
		{"the head is damaged", flip(0), false},
		{"for another processor", func() error { return errors.Join(flip(0)(), rename(code, elsewhere)()) }, false},
		{"by another version of wazero", rename(filepath.Dir(code), older), false},
		{"half of it", func() error {
			return errors.Join(rename(older, filepath.Dir(code))(), rename(elsewhere, code)(), os.Truncate(code, 10<<20))
		}, false},
		{"no sums", func() error { return os.Remove(sums) }, false},
		{"nothing", func() error { return os.RemoveAll(made) }, false},
	} {
		if tt.before != nil {
			if err := tt.before(); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
		}
		before := listed(t, made)
		Compile(Compiling{Made: []string{filepath.Join(made, "not there"), made}, Dir: filepath.Join(t.TempDir(), "pdfium"), Told: func(err error) { t.Error(err) }})
		c := forProcess.Load()
		if _, used := c.config(); used != tt.used {
			t.Errorf("%s: used %v, want %v", tt.name, used, tt.used)
		}
		if tt.used {
			if got, _, err := Text(t.Context(), pages(1)); err != nil || cmp.Diff(one, got) != "" {
				t.Errorf("%s: the page is another, %v", tt.name, err)
			}
		}
		if d := cmp.Diff(before, listed(t, made)); d != "" {
			t.Errorf("%s: something was written (-before +after):\n%s", tt.name, d)
		}
		if _, err := os.Stat(c.Dir); err == nil {
			t.Errorf("%s: a page alone was compiled for", tt.name)
		}
	}
}

// listed returns what is in a folder, with the sizes and times of files.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	_ = filepath.WalkDir(dir, func(path string, at os.DirEntry, err error) error {
		if err != nil {
			return err // there is no folder
		}
		info, err := at.Info()
		list = append(list, fmt.Sprint(path, info.Size(), info.ModTime(), err))
		return nil
	})
	return list
}

// A file waits for compiling where interpreting the rest of it would take longer.
func TestWhetherAFileWaitsForCompiling(t *testing.T) {
	c := &compiler{done: make(chan struct{})}
	for _, tt := range []struct {
		spent       time.Duration
		pages, rest int
		want        bool
	}{
		{time.Second, 0, 1, false},
		{time.Second, 0, 2, false},
		{time.Second, 0, 3, true},
		{1500 * time.Millisecond, 1, 2, false},
		{3 * time.Second, 1, 1, true},
		{3 * time.Second, 2, 0, false},
	} {
		if got := c.better(time.Second, tt.spent, tt.pages, tt.rest); got != tt.want {
			t.Errorf("%d pages in %v and %d more: %v, want %v", tt.pages, tt.spent, tt.rest, got, tt.want)
		}
	}
	c.spent = time.Minute // on the files before
	if !c.better(time.Second, time.Second, 0, 1) {
		t.Error("the last of many files is interpreted, too")
	}
	close(c.done)
	if c.better(time.Second, time.Second, 0, 10) {
		t.Error("what could not be compiled is waited for")
	}
}

// Somebody who is about to bring files in has PDFium compiled, once, where the process
// stays behind them.
func TestWhoOpensThePageHasPDFiumCompiled(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { forProcess.Store(nil) })
	forProcess.Store(nil)
	Prepare() // nobody has said where
	for _, stays := range []bool{false, true} {
		told := make(chan error, 2)
		Compile(Compiling{Dir: filepath.Join(taken, "below it"), Stays: stays, Told: func(err error) { told <- err }})
		Prepare()
		Prepare()
		if !stays {
			if c := forProcess.Load(); c.asked.Load() || c.begun.Load() {
				t.Error("a command has it compiled before it has read anything")
			}
			continue
		}
		<-forProcess.Load().done
		if err := <-told; err == nil || len(told) > 0 {
			t.Errorf("told of %v, and %d times more", err, len(told))
		}
	}
}

// Where PDFium cannot be compiled, files are read all the same.
func TestAFileIsReadWherePDFiumCannotBeCompiled(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	why := make(chan error, 1)
	Compile(Compiling{Dir: filepath.Join(taken, "below it"), Stays: true, Told: func(err error) { why <- err }})
	t.Cleanup(func() { forProcess.Store(nil) })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for range 2 { // before anybody has tried, and behind that
		got, _, err := Text(ctx, pages(2))
		if err != nil || len(got) != 2 || strings.TrimSpace(got[0][0]) == "" {
			t.Errorf("%d pages, %v", len(got), err)
		}
	}
	select {
	case err := <-why:
		if err == nil {
			t.Error("told of no error")
		}
	case <-ctx.Done():
		t.Error("nobody was told why it was not compiled")
	}
}
