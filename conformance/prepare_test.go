package conformance_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// prepared is the Node package, ready to run.
type prepared struct {
	node string // the program
	dir  string // the package, with its libraries and the schema
}

// oldest is the oldest Node that the libraries run on, and newer what is taken
// from npm where the machine's own is older, as Debian 12's is.
const (
	oldest = 20
	newer  = "22.23.3"
)

// prepare copies the package out of the project, so that nothing is left in it,
// and fetches its libraries where they have not been fetched before.
func prepare(ctx context.Context, t *testing.T) prepared {
	t.Helper()
	p := prepared{node: node(ctx, t), dir: t.TempDir()}
	for _, name := range []string{"package.json", "package-lock.json", ".npmrc", "eslint.config.js", "relay.config.json", "accepted.json", "released.graphql"} {
		copyFile(t, name, filepath.Join(p.dir, name))
	}
	for from, to := range map[string]string{"tests": "tests", "relay": "relay"} {
		if err := os.CopyFS(filepath.Join(p.dir, to), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob("../schema/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of the schema, %v", len(files), err)
	}
	if err := os.Mkdir(filepath.Join(p.dir, "schema"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		copyFile(t, file, filepath.Join(p.dir, "schema", filepath.Base(file)))
	}
	if err := os.Symlink(filepath.Join(libraries(ctx, t), "node_modules"), filepath.Join(p.dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return p
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// libraries returns the folder with the libraries of the lock file.
func libraries(ctx context.Context, t *testing.T) string {
	t.Helper()
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	return cached(t, "conformance-"+hex.EncodeToString(sum[:8]), func(dir string) {
		for _, name := range []string{"package.json", "package-lock.json", ".npmrc"} {
			copyFile(t, name, filepath.Join(dir, name))
		}
		npm(ctx, t, dir, "ci")
	})
}

// node returns a Node that is new enough.
func node(ctx context.Context, t *testing.T) string {
	t.Helper()
	said, err := exec.CommandContext(ctx, "node", "--version").Output()
	var major int
	if _, scan := fmt.Sscanf(string(said), "v%d.", &major); err == nil && scan == nil && major >= oldest {
		return "node"
	}
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	name := "node-" + runtime.GOOS + "-" + arch
	dir := cached(t, name+"-"+newer, func(dir string) {
		npm(ctx, t, dir, "install", "--prefix", ".", name+"@"+newer)
	})
	return filepath.Join(dir, "node_modules", name, "bin", "node")
}

// npm runs npm, without the scripts that packages bring.
func npm(ctx context.Context, t *testing.T, dir string, args ...string) {
	t.Helper()
	c := exec.CommandContext(ctx, "npm", append(args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("npm %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// cached returns a folder of the user's cache, filled once. It is filled aside and
// then named, so that one that is there is whole.
func cached(t *testing.T, name string, fill func(dir string)) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // there is no home
	}
	cache = filepath.Join(cache, "jisi")
	dir := filepath.Join(cache, name)
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	aside, err := os.MkdirTemp(cache, name+"-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(aside)
	fill(aside)
	if err := os.Rename(aside, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // another test has been faster
			t.Fatal(err)
		}
	}
	return dir
}
