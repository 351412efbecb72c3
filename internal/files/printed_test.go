package files

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestABookIsPrintedOnceADay(t *testing.T) {
	p := printed{filepath.Join(t.TempDir(), "books")}
	n := 0
	printing := func(text string) func(context.Context) ([]byte, error) {
		return func(context.Context) ([]byte, error) { n++; return []byte(text), nil }
	}
	age := func(document string, by time.Duration) {
		t.Helper()
		at := time.Now().Add(-by)
		if err := os.Chtimes(p.path([]byte(document)), at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, document, as string
		before             func()
		want               string
		prints             int
	}{
		{"the first time", "one", "A", nil, "A", 1},
		{"again", "one", "B", nil, "A", 0},
		{"another document", "two", "C", nil, "C", 1},
		{"the first beside it", "one", "B", nil, "A", 0},
		{"after a day", "one", "D", func() { age("one", 25*time.Hour) }, "D", 1},
		{"again after that", "one", "E", nil, "D", 0},
		{"where it was removed", "two", "F", func() { _ = os.Remove(p.path([]byte("two"))) }, "F", 1},
	} {
		if test.before != nil {
			test.before()
		}
		n = 0
		got, err := p.of(t.Context(), []byte(test.document), printing(test.as))
		if err != nil || string(got) != test.want || n != test.prints {
			t.Errorf("%s: %q, %v, printed %d times; want %q, %d times", test.name, got, err, n, test.want, test.prints)
		}
	}
	broken := errors.New("no paper")
	if _, err := p.of(t.Context(), []byte("three"), func(context.Context) ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("what fails is told as %v", err)
	}
	if got, err := p.of(t.Context(), []byte("three"), printing("G")); err != nil || string(got) != "G" {
		t.Errorf("after what failed: %q, %v", got, err)
	}
	if got, err := (printed{}).of(t.Context(), []byte("one"), printing("H")); err != nil || string(got) != "H" {
		t.Errorf("without a folder: %q, %v", got, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := (printed{file}).of(t.Context(), []byte("one"), printing("I")); err != nil || string(got) != "I" {
		t.Errorf("where the folder cannot be made: %q, %v", got, err)
	}
}

func TestPrintedBooksAreBounded(t *testing.T) {
	p := printed{t.TempDir()}
	for i := range printedBooks + 5 {
		document := []byte{byte(i)}
		if _, err := p.of(t.Context(), document, func(context.Context) ([]byte, error) { return []byte("pdf"), nil }); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(time.Duration(i-100) * time.Minute)
		if err := os.Chtimes(p.path(document), at, at); err != nil {
			t.Fatal(err)
		}
	}
	half, others := filepath.Join(p.dir, "printing-1"), filepath.Join(p.dir, "notes.txt")
	for _, name := range []string{half, others} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, time.Now().Add(-48*time.Hour), time.Now().Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	Files{Printed: p.dir}.Tidy()
	found, err := filepath.Glob(filepath.Join(p.dir, "*.pdf"))
	if err != nil || len(found) != printedBooks {
		t.Errorf("%d books are there, %v; want %d", len(found), err, printedBooks)
	}
	if _, err := os.Stat(p.path([]byte{0})); err == nil {
		t.Error("the oldest is still there")
	}
	if _, err := os.Stat(p.path([]byte{printedBooks + 4})); err != nil {
		t.Error("the newest is gone")
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("what was left half written is still there")
	}
	if _, err := os.Stat(others); err != nil {
		t.Error("what is not the cache's was removed")
	}
}
