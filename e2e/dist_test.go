package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// dist packs the binary under test, and returns the folder and the checksums.
func dist(t *testing.T) (dir, sums string) {
	t.Helper()
	dir = t.TempDir()
	tool(t, "env", "DIST_LEVEL=1", "SOURCE_DATE_EPOCH=1577836800", filepath.Join("..", "scripts", "dist.sh"), binary, "v1.2-3-gabc", dir)
	text, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	return dir, string(text)
}

// tool runs a program of the machine's and returns what it wrote.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func TestWhatIsGivenOutIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	compiled := filepath.Join(filepath.Dir(binary), "jisi-pdfium")
	tool(t, binary, "pdfium", compiled)
	dir, first := dist(t)
	// Another time for whatever looks at the clock or at the files' own times.
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(binary, later, later); err != nil {
		t.Fatal(err)
	}
	if _, second := dist(t); second != first {
		t.Errorf("the same files make\n%sand\n%s", first, second)
	}
	packs, err := filepath.Glob(filepath.Join(dir, "jisi-v1.2-3-gabc-*.tar.gz"))
	if err != nil || len(packs) != 1 {
		t.Fatalf("%d tarballs, want 1 (%v)", len(packs), err)
	}
	tool(t, "tar", "-xzf", packs[0], "-C", dir)
	unpacked := strings.TrimSuffix(packs[0], ".tar.gz")
	if said := tool(t, filepath.Join(unpacked, "jisi"), "version"); !strings.HasPrefix(said, "jisi e2e ") {
		t.Errorf("the binary of the tarball says %q", said)
	}
	for _, name := range []string{"LICENSE", "README.zh-CN.md", "docs/settings.md", "deploy/jisi.service", "clients/python/src/jisi/client.py", "clients/r/jisi.R"} {
		if _, err := os.Stat(filepath.Join(unpacked, name)); err != nil {
			t.Error(err)
		}
	}
	readyForPDF(t, filepath.Join(unpacked, "jisi"), filepath.Join(unpacked, "jisi-pdfium"))
	if _, err := exec.LookPath("dpkg-deb"); err == nil {
		checkDebian(t, dir)
	}
}

// readyForPDF checks that a program finds what reads PDF files compiled in a folder.
func readyForPDF(t *testing.T, program, folder string) {
	t.Helper()
	if said := tool(t, program, "pdfium", folder); !strings.Contains(said, "up to date") {
		t.Errorf("of %s it is said: %s", folder, said)
	}
}

// checkDebian looks into the Debian package, and runs what is in it.
func checkDebian(t *testing.T, dir string) {
	t.Helper()
	debs, err := filepath.Glob(filepath.Join(dir, "jisi_1.2+3+gabc_*.deb"))
	if err != nil || len(debs) != 1 {
		t.Fatalf("%d packages, want 1 (%v)", len(debs), err)
	}
	root := filepath.Join(dir, "root")
	tool(t, "dpkg-deb", "--raw-extract", debs[0], root)
	if said := tool(t, filepath.Join(root, "usr/bin/jisi"), "version"); !strings.HasPrefix(said, "jisi e2e ") {
		t.Errorf("the package's binary says %q", said)
	}
	readyForPDF(t, filepath.Join(root, "usr/bin/jisi"), filepath.Join(root, "usr/lib/jisi/pdfium"))
	for _, script := range []string{"postinst", "prerm"} {
		tool(t, "sh", "-n", filepath.Join(root, "DEBIAN", script))
	}
	if owners := tool(t, "dpkg-deb", "--contents", debs[0]); strings.Count(owners, "root/root") != strings.Count(owners, "\n") {
		t.Errorf("some files are not root's:\n%s", owners)
	}
	unit, err := os.ReadFile(filepath.Join(root, "usr/lib/systemd/system/jisi.service"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		return
	}
	// The unit's program has to be there to be found right.
	here := filepath.Join(dir, "jisi.service")
	if err := os.WriteFile(here, []byte(strings.Replace(string(unit), "/usr/bin/jisi", binary, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := tool(t, "systemd-analyze", "verify", here); said != "" {
		t.Errorf("systemd says of the unit: %s", said)
	}
}

func TestTheUnitsSettingsAreJisis(t *testing.T) {
	t.Parallel()
	help := newPlace(t).must(t, nil, "help", "serve").out
	var named []string
	for _, file := range []string{"jisi.service", "jisi.env", "Dockerfile", "compose.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "deploy", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range strings.FieldsFunc(string(text), func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }) {
			if strings.HasPrefix(word, "JISI_") || word == "DATABASE_URL" {
				named = append(named, word)
			}
		}
	}
	slices.Sort(named)
	named = slices.Compact(named)
	if len(named) < 6 {
		t.Errorf("only %q were found", named)
	}
	for _, name := range named {
		if !strings.Contains(help, "("+name+")") {
			t.Errorf("deploy names %s, which jisi does not know", name)
		}
	}
}
