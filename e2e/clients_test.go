//go:build clients

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheClients tries the clients whose programs `make test` does not ask for:
// R, pandas and Jupyter from Debian, TypeScript's compiler from npm. `make
// test-clients` installs these and runs it.
func TestTheClients(t *testing.T) {
	t.Setenv("LC_ALL", "C.UTF-8")
	p := newPlace(t)
	s := p.serve(t)
	clients := filepath.Join("..", "clients")
	t.Run("R", func(t *testing.T) { runClient(t, filepath.Join(clients, "r"), s, "Rscript", "--vanilla", "test.R") })
	t.Run("Python with pandas", func(t *testing.T) {
		python := debianPython(t)
		runClient(t, filepath.Join(clients, "python"), s, python, "-B", "-c", "import pandas")
		runClient(t, filepath.Join(clients, "python"), s, python, "-B", "-m", "unittest", "discover", "-s", "tests")
	})
	t.Run("notebooks", func(t *testing.T) { testNotebooks(t, filepath.Join(clients, "notebooks"), s) })
	t.Run("TypeScript", func(t *testing.T) { testTypeScript(t, filepath.Join(clients, "typescript"), p, s) })
}

// testTypeScript works on a copy, since npm and tsc write beside what they read.
func testTypeScript(t *testing.T, dir string, p place, s *server) {
	copied := filepath.Join(t.TempDir(), "typescript")
	if err := os.Mkdir(copied, 0o700); err != nil {
		t.Fatal(err)
	}
	runClient(t, dir, s, "cp", "-r", ".npmrc", "package.json", "package-lock.json", "tsconfig.json", "codegen.mjs", "src", "test", copied)
	const generated = "src/generated/graphql.ts"
	committed, err := os.ReadFile(filepath.Join(dir, generated))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := filepath.Abs(filepath.Join("..", "schema"))
	if err != nil {
		t.Fatal(err)
	}
	runClient(t, copied, s, "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit")
	runClient(t, copied, s, "env", "JISI_SCHEMA="+schema, "npm", "run", "generate")
	fresh, err := os.ReadFile(filepath.Join(copied, generated))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), string(fresh)); diff != "" {
		t.Errorf("src/generated is stale: run npm run generate in clients/typescript and commit (-committed +fresh):\n%s", diff)
	}
	token := strings.TrimSpace(p.must(t, nil, "token", "create", "-role", "admin", "-name", "clients").out)
	runClient(t, copied, s, "env", "JISI_TOKEN="+token, "npm", "test")
}

// debianPython returns the system's own Python, which has Debian's packages, where
// another stands before it on PATH.
func debianPython(t *testing.T) string {
	t.Helper()
	const system = "/usr/bin/python3"
	if _, err := os.Stat(system); err == nil {
		return system
	}
	return "python3"
}
