package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestQueryAndThePythonClient tries jisi query and the client for Python against one
// server.
func TestQueryAndThePythonClient(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	t.Run("query", func(t *testing.T) { testQuery(t, p, s) })
	t.Run("Python", func(t *testing.T) { testPython(t, s) })
}

// testPython runs the tests of the client for Python.
func testPython(t *testing.T, s *server) {
	dir := filepath.Join("..", "clients", "python")
	runClient(t, dir, s, "python3", "-B", "-m", "unittest", "discover", "-s", "tests")
}

// runClient runs a client's own tests, which find the server in JISI_SERVER.
func runClient(t *testing.T, dir string, s *server, name string, args ...string) {
	t.Helper()
	runClientFor(t, patience, dir, s, name, args...)
}

func runClientFor(t *testing.T, most time.Duration, dir string, s *server, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "JISI_SERVER="+s.url, "PYTHONPATH=src", "PYTHONWARNINGS=error")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%s %q: %v\n%s", name, args, err, out)
	}
}
