package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// TestSiblingsOfOfficeFiles reads files of the same kinds as those of
// testdata/office in other words, other places and other combinations, and of more that
// offices have. What comes of each stands in siblings.txt, which was read through; UPDATE_GOLDEN=1 writes it.
func TestSiblingsOfOfficeFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/siblings/*.*")
	if err != nil || len(names) < 140 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	var b strings.Builder
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		cases, told := readOffice(t, reading.File{Name: filepath.Base(name), Reader: f})
		_ = f.Close() // it was only read
		b.WriteString(filepath.Base(name) + "\n")
		for _, c := range cases {
			b.WriteString("\t" + strings.ReplaceAll(c, "\t", "→") + "\n")
		}
		for _, line := range told {
			b.WriteString("\t- " + line + "\n")
		}
	}
	golden := "testdata/siblings.txt"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("%s: read the difference, then UPDATE_GOLDEN=1 writes it (-want +got):\n%s", golden, diff)
	}
}
