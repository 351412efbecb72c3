//go:build emulated

package e2e

import (
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/internal/localpg"
)

// installed is a root that dpkg installs a package for arm64 into, without touching the
// machine's own packages. The package's scripts run in it as they are, in a chroot, for
// which it has the programs of this machine that they call; so it needs to be root.
type installed struct{ root string }

// newInstalled makes the root. What the package depends on is there in the versions that
// qemu runs it with: those of Debian's cross compiler.
func newInstalled(t *testing.T, root string) installed {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("dpkg installs as root only")
	}
	i := installed{root}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // others look things up in it
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil { //nolint:gosec // the same, and programs are run
			t.Fatal(err)
		}
	}
	var status strings.Builder
	for _, name := range []string{"libc6", "libgcc-s1", "libstdc++6"} {
		version := tool(t, "dpkg-query", "--show", "--showformat=${Version}", name+"-arm64-cross")
		fmt.Fprintf(&status, "Package: %s\nStatus: install ok installed\nArchitecture: arm64\nMulti-Arch: same\nMaintainer: nobody <nobody@localhost>\nVersion: %s\nDescription: stands for %s-arm64-cross\n\n", name, version, name)
		write("var/lib/dpkg/info/"+name+":arm64.list", "")
	}
	write("var/lib/dpkg/status", status.String())
	write("var/lib/dpkg/info/format", "1\n")
	write("var/lib/dpkg/updates/.keep", "")
	write("dev/null", "") // a file will do: nobody reads what is written there
	write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
	write("etc/group", "root:x:0:\n")
	for _, name := range []string{"sh", "getent", "useradd", "chown"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{"usr/bin/" + name: path}
		for _, word := range strings.Fields(tool(t, "ldd", path)) {
			if filepath.IsAbs(word) {
				files[word] = word
			}
		}
		for to, from := range files {
			content, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			write(to, string(content))
		}
	}
	if err := os.Symlink("usr/bin", filepath.Join(root, "bin")); err != nil {
		t.Fatal(err)
	}
	tool(t, "dpkg", "--admindir="+filepath.Join(root, "var/lib/dpkg"), "--add-architecture", "arm64")
	return i
}

func (i installed) dpkg(t *testing.T, args ...string) string {
	t.Helper()
	return tool(t, "dpkg", append([]string{"--root=" + i.root}, args...)...)
}

// state returns what dpkg says of the package.
func (i installed) state(t *testing.T) string {
	t.Helper()
	return tool(t, "dpkg-query", "--admindir="+filepath.Join(i.root, "var/lib/dpkg"), "--show", "--showformat=${Status}, ${Architecture}", "jisi")
}

// prepared checks what the package's script has done: a user of jisi's own, who alone
// besides root reads the settings.
func (i installed) prepared(t *testing.T) {
	t.Helper()
	users, err := os.ReadFile(filepath.Join(i.root, "etc/passwd"))
	if err != nil {
		t.Fatal(err)
	}
	var group string
	for line := range strings.Lines(string(users)) {
		if f := strings.Split(strings.TrimSpace(line), ":"); f[0] == "jisi" && f[5] == "/var/lib/jisi" && f[6] == "/usr/sbin/nologin" {
			group = f[3]
		}
	}
	settings := tool(t, "stat", "--format=%a %u %g", filepath.Join(i.root, "etc/jisi/jisi.env"))
	if group == "" || strings.TrimSpace(settings) != "640 0 "+group {
		t.Errorf("the settings are %s, and the users\n%s", settings, users)
	}
}

// TestThePackagesForArm64Run installs the Debian package, and unpacks the tarball, for
// arm64 that are in the folder that JISI_DIST names, and has qemu run what is in them:
// version, made-up records, and a server that cuts, indexes and finds Chinese.
func TestThePackagesForArm64Run(t *testing.T) {
	dist := os.Getenv("JISI_DIST")
	one := func(pattern string) string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(dist, pattern))
		if err != nil || len(found) != 1 {
			t.Fatalf("%q for %s in %q (%v): make test-arm64", found, pattern, dist, err)
		}
		return found[0]
	}
	root := filepath.Dir(newPlace(t).data)
	deb := newInstalled(t, filepath.Join(root, "deb"))
	deb.dpkg(t, "--install", one("jisi_*_arm64.deb"))
	if state := deb.state(t); state != "install ok installed, arm64" {
		t.Errorf("the package is %q", state)
	}
	deb.prepared(t)
	if differ := deb.dpkg(t, "--verify", "jisi"); differ != "" {
		t.Errorf("what was installed is not what was packed:\n%s", differ)
	}
	tool(t, "tar", "-xzf", one("jisi-*-linux-arm64.tar.gz"), "--strip-components=1", "--one-top-level="+filepath.Join(root, "tarball"))
	if control := tool(t, "dpkg-deb", "--field", one("jisi_*_arm64.deb"), "Architecture", "Depends"); !strings.Contains(control, "Architecture: arm64") || !strings.Contains(control, "libc6 (>= 2.") {
		t.Errorf("the package says\n%s", control)
	}
	emulated := func(name, program string) place {
		t.Helper()
		file, err := elf.Open(program)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if file.Machine != elf.EM_AARCH64 {
			t.Errorf("%s is for %v", program, file.Machine)
		}
		wrapper := filepath.Join(root, name)
		if err := os.WriteFile(wrapper, []byte("#!/bin/sh\nexec qemu-aarch64 -L /usr/aarch64-linux-gnu "+program+" \"$@\"\n"), 0o755); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
		p := newPlace(t)
		p.program = wrapper
		return p
	}
	tarball := emulated("from-tarball", filepath.Join(root, "tarball", "jisi"))
	if said := tarball.must(t, nil, "version").out; !strings.HasPrefix(said, "jisi ") || !strings.Contains(said, "linux/arm64") {
		t.Errorf("version: %q", said)
	}
	p := emulated("from-package", filepath.Join(root, "deb/usr/bin/jisi"))
	made := p.must(t, nil, "generate", "-cases", "5").out
	for line := range strings.Lines(made) {
		var record struct{ Type, Origin string }
		if err := json.Unmarshal([]byte(line), &record); err != nil || record.Origin != "SYNTHETIC" {
			t.Errorf("%v: %s", err, line)
		}
	}
	if again := tarball.must(t, nil, "generate", "-cases", "5").out; again != made {
		t.Error("the tarball's makes others up than the package's")
	}

	database, err := localpg.Start(t.Context(), localpg.Options{Dir: p.data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	p.database = database.URL()
	s := p.serve(t)
	before := s.counts(t).Cases.TotalCount
	p.must(t, strings.NewReader(twoCases), "import", "-")
	s.shows(t, before+2)
	eventually(t, "the search finds what came in", func() bool { return slices.Contains(s.found(t, "粮食烘干点"), "case e2e-liangshi") })
	if status, body := s.get(t, "/search?q=%E5%A4%9C%E9%97%B4%E5%85%AC%E4%BA%A4"); status != 200 || !strings.Contains(body, "e2e-gongjiao") {
		t.Errorf("the page of a search: status %d", status)
	}
	s.stop(t)

	deb.dpkg(t, "--install", one("jisi_*_arm64.deb")) // over itself, as an upgrade
	deb.prepared(t)
	deb.dpkg(t, "--remove", "jisi")
	if state := deb.state(t); state != "deinstall ok config-files, arm64" {
		t.Errorf("the removed package is %q", state)
	}
	if _, err := os.Stat(filepath.Join(deb.root, "usr/bin/jisi")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the removed program: %v", err)
	}
	if _, err := os.Stat(filepath.Join(deb.root, "etc/jisi/jisi.env")); err != nil {
		t.Errorf("the settings went with the program: %v", err)
	}
}
