//go:build emulated

package e2e

import (
	"context"
	"debug/elf"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/internal/localpg"
)

// TestThePackagesForArm64Run unpacks the Debian package and the tarball for arm64 that
// are in the folder that JISI_DIST names, and has qemu run what is in them: version,
// made-up records, and a server that cuts, indexes and finds Chinese.
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
	tool(t, "dpkg-deb", "--extract", one("jisi_*_arm64.deb"), filepath.Join(root, "deb"))
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
}
