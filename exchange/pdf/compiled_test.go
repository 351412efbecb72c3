package pdf

import (
	"bytes"
	"context"
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
// is seen; what was compiled stays for the next process, and is made anew where it is
// damaged. One that does not take long compiles nothing.
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
	if c.begun.Load() || c.left() {
		t.Error("a page alone had PDFium compiled")
	}
	const many = 25
	got := read(many)
	if begun != 1 || c.ready.Load() == nil || !c.left() {
		t.Errorf("%d pages: begun %d times, ready %v, left %v", many, begun, c.ready.Load() != nil, c.left())
	}
	if d := cmp.Diff(one[0], got[0]); d != "" {
		t.Errorf("the first page (-alone +with others):\n%s", d)
	}
	for i, lines := range got {
		if len(lines) != 60 || lines[0] != strings.ReplaceAll(one[0][0], "page 1 ", fmt.Sprintf("page %d ", i+1)) {
			t.Fatalf("page %d has %d lines, the first %q", i+1, len(lines), lines[0])
		}
	}
	damaged, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(damaged) != 1 {
		t.Fatalf("%q, %v", damaged, err)
	}
	whole, err := os.ReadFile(damaged[0])
	if err != nil {
		t.Fatal(err)
	}
	if c = process(); cmp.Diff(one, read(1)) != "" || c.ready.Load() == nil || begun != 1 {
		t.Errorf("a later process: ready %v, begun %d times", c.ready.Load() != nil, begun)
	}
	if err := os.WriteFile(damaged[0], whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if c = process(); cmp.Diff(one, read(1)) != "" || c.ready.Load() == nil {
		t.Error("what was damaged was not compiled anew")
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
