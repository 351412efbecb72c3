//go:build clients

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// TestTheClients tries the clients whose programs `make test` does not ask for:
// R, pandas and Jupyter from Debian, TypeScript's compiler from npm. `make
// test-clients` installs these and runs it.
func TestTheClients(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8")
	s := newPlace(t).serve(t)
	clients := filepath.Join("..", "clients")
	t.Run("R", func(t *testing.T) { runClient(t, filepath.Join(clients, "r"), s, "Rscript", "--vanilla", "test.R") })
	t.Run("Python with pandas", func(t *testing.T) {
		python := debianPython(t)
		runClient(t, filepath.Join(clients, "python"), s, python, "-B", "-c", "import pandas")
		runClient(t, filepath.Join(clients, "python"), s, python, "-B", "-m", "unittest", "discover", "-s", "tests")
	})
}

// debianPython is the system's own Python, which has Debian's packages, where
// another stands before it on PATH.
func debianPython(t *testing.T) string {
	t.Helper()
	const system = "/usr/bin/python3"
	if _, err := os.Stat(system); err == nil {
		return system
	}
	return "python3"
}
