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
	p.must(t, nil, "release", "create", "-name", "2026-11") // of which a notebook makes the figures of /research anew
	clients := filepath.Join("..", "clients")
	t.Run("R", func(t *testing.T) { runClient(t, filepath.Join(clients, "r"), s, "Rscript", "--vanilla", "test.R") })
	t.Run("Python with pandas", func(t *testing.T) {
		python := debianPython(t)
		runClient(t, filepath.Join(clients, "python"), s, python, "-B", "-c", "import pandas")
		runClient(t, filepath.Join(clients, "python"), s, python, "-B", "-m", "unittest", "discover", "-s", "tests")
	})
	t.Run("notebooks", func(t *testing.T) { testNotebooks(t, filepath.Join(clients, "notebooks"), s) })
	t.Run("TypeScript", func(t *testing.T) { testTypeScript(t, filepath.Join(clients, "typescript"), p, s) })
	t.Run("packages", func(t *testing.T) { testPackages(t, clients, s) })
}

// testPackages makes what would be published, installs each as its users would, and asks
// the server with it, far from the sources.
func testPackages(t *testing.T, clients string, s *server) {
	out, away := t.TempDir(), t.TempDir()
	script, err := filepath.Abs(filepath.Join(clients, "package.sh"))
	if err != nil {
		t.Fatal(err)
	}
	runClientFor(t, 5*patience, away, s, script, out) // npm asks its registry, and R checks its package
	made, err := filepath.Glob(filepath.Join(out, "jisi*"))
	if err != nil || len(made) != 3 {
		t.Fatalf("%v, %v; want a tarball, a wheel and an R package", made, err)
	}
	t.Run("npm", func(t *testing.T) {
		dir := filepath.Join(away, "npm")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string]string{
			"package.json": `{"private":true,"type":"module"}`,
			"ask.mjs": `import { CasesDocument, Client } from 'jisi-client';
const { cases } = await new Client({ url: process.env.JISI_SERVER }).request(CasesDocument, { first: 1 });
if (!(cases.totalCount > 0)) throw new Error('no cases');
`,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		runClient(t, dir, s, "npm", "install", "--no-fund", "--no-audit", filepath.Join(out, "jisi-client-0.1.0.tgz"))
		runClient(t, dir, s, "node", "ask.mjs")
	})
	t.Run("wheel", func(t *testing.T) {
		python := debianPython(t)
		dir := filepath.Join(away, "python")
		runClient(t, away, s, "env", "PYTHONWARNINGS=default", "PIP_ROOT_USER_ACTION=ignore", python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", dir, filepath.Join(out, "jisi-0.1.0-py3-none-any.whl"))
		runClient(t, away, s, "env", "PYTHONPATH="+dir, python, "-B", "-c", `
import os, jisi
assert jisi.__file__.startswith(os.environ["PYTHONPATH"]), jisi.__file__
kb = jisi.Client(os.environ["JISI_SERVER"])
assert len(list(kb.cases(fields="slug"))) == kb.query("{ cases { totalCount } }")["cases"]["totalCount"] > 0
`)
	})
	t.Run("R", func(t *testing.T) {
		dir := filepath.Join(away, "r")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		runClient(t, away, s, "R", "CMD", "INSTALL", "--library="+dir, filepath.Join(out, "jisi_0.1.0.tar.gz"))
		runClient(t, away, s, "env", "R_LIBS="+dir, "Rscript", "--vanilla", "-e", `library(jisi)
kb <- jisi(Sys.getenv("JISI_SERVER"))
stopifnot(nrow(jisi_frame(jisi_cases(kb))) == jisi_query(kb, "{ cases { totalCount } }")$cases$totalCount)`)
	})
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
	runClientFor(t, 3*patience, copied, s, "npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit")
	runClientFor(t, 3*patience, copied, s, "env", "JISI_SCHEMA="+schema, "npm", "run", "generate")
	fresh, err := os.ReadFile(filepath.Join(copied, generated))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), string(fresh)); diff != "" {
		t.Errorf("src/generated is stale: run npm run generate in clients/typescript and commit (-committed +fresh):\n%s", diff)
	}
	token := strings.TrimSpace(p.must(t, nil, "token", "create", "-role", "admin", "-name", "clients").out)
	runClientFor(t, 3*patience, copied, s, "env", "JISI_TOKEN="+token, "npm", "test")
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
