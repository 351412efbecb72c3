//go:build clients

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testNotebooks runs each notebook anew: what it finds must be what is committed.
func testNotebooks(t *testing.T, dir string, s *server) {
	notebooks, err := filepath.Glob(filepath.Join(dir, "*.ipynb"))
	if err != nil || len(notebooks) != 4 {
		t.Fatalf("%d notebooks, want 4 (%v)", len(notebooks), err)
	}
	library, err := filepath.Abs(filepath.Join("..", "clients", "python", "src"))
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	for _, notebook := range notebooks {
		name := filepath.Base(notebook)
		runClient(t, dir, s, "env", "PYTHONPATH="+library, "PYTHONWARNINGS=default", "HOME="+out, "PYDEVD_DISABLE_FILE_VALIDATION=1",
			"jupyter-nbconvert", "--to", "notebook", "--execute", "--output-dir", out, name)
		committed, fresh := said(t, notebook), said(t, filepath.Join(out, name))
		if diff := cmp.Diff(committed, fresh); diff != "" || len(committed) < 3 {
			t.Errorf("%s says something else than what is committed (-committed +fresh):\n%s", name, diff)
		}
	}
}

// said returns all that the cells of a notebook wrote.
func said(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Outputs []struct{ Text []string }
		}
	}
	if err := json.Unmarshal(text, &notebook); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var lines []string
	for _, cell := range notebook.Cells {
		for _, output := range cell.Outputs {
			lines = append(lines, output.Text...)
		}
	}
	return lines
}
