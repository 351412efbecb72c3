package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/internal/localpg"
)

// ownPostgreSQL starts a PostgreSQL that the test stops and kills, and that jisi
// is given by its address.
func ownPostgreSQL(t *testing.T, dir string) *localpg.Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := localpg.Start(ctx, localpg.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopPostgreSQL(t, c) })
	return c
}

func stopPostgreSQL(t *testing.T, c *localpg.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.Close(ctx); err != nil {
		t.Error(err)
	}
}

// recovers waits until a load is answered well again, many times in a row.
func recovers(t *testing.T, s *server, l *load) {
	t.Helper()
	eventually(t, "it says that it is ready", func() bool { status, _ := s.get(t, "/readyz"); return status == http.StatusOK })
	eventually(t, "100 answers in a row are well", func() bool {
		seen, _ := l.take()
		if len(only(seen, "ok", "unavailable")) > 0 {
			t.Fatalf("while it came back: %v; its log:\n%s", seen, s.log)
		}
		eventually(t, "more answers", func() bool { return l.count("ok") >= 100 || l.count("unavailable") > 0 })
		return l.count("unavailable") == 0
	})
}

func TestAnOutageOfPostgreSQLIsToldAndOver(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	dir := filepath.Join(filepath.Dir(p.cwd), "given")
	cluster := ownPostgreSQL(t, dir)
	s := p.serve(t, "-database-url", cluster.URL())
	before := s.counts(t)
	l := startLoad(t, s, 6)
	eventually(t, "the load runs", func() bool { return l.count("ok") >= 100 })

	whole := t // whose end is the end of all
	t.Run("stopped", func(t *testing.T) {
		stopPostgreSQL(t, cluster)
		eventually(t, "reads are refused", func() bool { return l.count("unavailable") >= 200 })
		if status, _ := s.get(t, "/healthz"); status != http.StatusOK {
			t.Errorf("/healthz: status %d, want 200: the process lives", status)
		}
		for _, path := range []string{"/readyz", "/brands"} {
			if status, _ := s.get(t, path); status != http.StatusServiceUnavailable {
				t.Errorf("%s: status %d, want 503", path, status)
			}
		}
		seen, slow := l.take()
		if others := only(seen, "ok", "unavailable"); len(others) > 0 {
			t.Errorf("besides what was well or told: %v; its log:\n%s", others, s.log)
		}
		t.Logf("%v, the longest in %v", seen, slow.Round(time.Millisecond))
		cluster = ownPostgreSQL(whole, dir)
		recovers(t, s, l)
	})
	t.Run("killed", func(t *testing.T) {
		pidFile := filepath.Join(dir, "postgres", "data", "postmaster.pid")
		first := postmaster(t, pidFile)
		if first == 0 { // a signal to 0 would be for ourselves
			t.Fatalf("no process in %s", pidFile)
		}
		if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "another runs", func() bool { pid := postmaster(t, pidFile); return pid != 0 && pid != first })
		recovers(t, s, l)
	})
	t.Run("afterwards", func(t *testing.T) {
		if after := s.counts(t); after != before {
			t.Errorf("%+v, want %+v", after, before)
		}
		// The index follows again: what comes in is found.
		file := filepath.Join(t.TempDir(), "one.jsonl")
		line := `{"type":"case","slug":"after-the-outage","title":"停电之后的协商","origin":"SYNTHETIC"}` + "\n"
		if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		p.must(t, nil, "import", file, "-database-url", cluster.URL())
		eventually(t, "the new record is found", func() bool { return strings.Contains(fmt.Sprint(s.found(t, "停电")), "after-the-outage") })
	})
	s.stop(t)
}
