package pdf

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Compiling takes longer than a test may; what is compiled is tried by hand, and with
// `jisi serve`. Where it cannot be done, and until it is, files are read all the same.
func TestAFileIsReadWherePDFiumCannotBeCompiled(t *testing.T) {
	names, err := filepath.Glob("../testdata/formats/*.pdf")
	if err != nil || len(names) == 0 {
		t.Fatalf("%v, %v", names, err)
	}
	content, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	why := make(chan error, 1)
	CompileInto(filepath.Join(taken, "below it"), func(err error) { why <- err })
	t.Cleanup(func() { forServer.Store(nil) })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	pages, _, err := Text(ctx, content)
	if err != nil || len(pages) == 0 || strings.TrimSpace(strings.Join(pages[0], "")) == "" {
		t.Errorf("%d pages, %v", len(pages), err)
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
