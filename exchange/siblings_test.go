package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jisiguangyi/jisi/exchange/office"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// TestSiblingsOfOfficeFiles reads files of the same kinds as those of
// testdata/office in other words, other places and other combinations, and of more that
// offices have. What comes of each stands in siblings.txt, which was read through; UPDATE_GOLDEN=1 writes it.
// Those of older formats are passed over where there is no LibreOffice.
func TestSiblingsOfOfficeFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/siblings/*.*")
	if err != nil || len(names) < 140 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	golden := "testdata/siblings.txt"
	said, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		cases, told := readOffice(t, reading.File{Name: filepath.Base(name), Reader: f})
		_ = f.Close() // it was only read
		left := ""    // what is not looked at here
		if office.Find() == "" && len(cases) == 0 && len(told) == 1 && strings.Contains(told[0], "要靠 LibreOffice 读取") {
			_, rest, _ := strings.Cut("\n"+string(said), "\n"+filepath.Base(name)+"\n")
			cases, told = nil, nil
			for line := range strings.Lines(rest) {
				if !strings.HasPrefix(line, "\t") {
					break
				}
				left += line
			}
		}
		b.WriteString(filepath.Base(name) + "\n" + left)
		for _, c := range cases {
			b.WriteString("\t" + strings.ReplaceAll(c, "\t", "→") + "\n")
		}
		for _, line := range told {
			b.WriteString("\t- " + line + "\n")
		}
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(string(said), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("%s: read the difference, then UPDATE_GOLDEN=1 writes it (-want +got):\n%s", golden, diff)
	}
}
