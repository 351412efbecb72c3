package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A start takes a second or two: making the cluster, the tables, the records,
// the index. Killed at any moment of it, the next one makes the whole.
func TestKilledWhileItStartsForTheFirstTime(t *testing.T) {
	t.Parallel()
	want := newStartedPlace(t).serve(t).counts(t)
	for _, ms := range []int{100, 400, 800, 1000, 1200, 1400, 1600, 2000} {
		after := time.Duration(ms) * time.Millisecond
		t.Run(after.String(), func(t *testing.T) {
			p := newPlace(t)
			s, lines := p.launch(t)
			select {
			case <-lines: // it serves already; killed all the same
			case <-time.After(after):
			}
			s.kill(t)
			s = p.serve(t)
			if diff := cmp.Diff(want, s.counts(t)); diff != "" {
				t.Errorf("(-whole +got):\n%s", diff)
			}
			if hits := s.found(t, "三点半"); len(hits) == 0 {
				t.Error("the search finds nothing")
			}
		})
	}
}

func TestKilledWhileItServesAndWhileRecordsComeIn(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	file := filepath.Join(p.cwd, "cases.jsonl")
	p.must(t, nil, "generate", "-cases", "400", "-seed", "3", "-o", file)
	before := s.counts(t).Cases.TotalCount

	importing := p.command(t.Context(), "import", file)
	if err := importing.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first records are in", func() bool { return s.counts(t).Cases.TotalCount > before })
	s.kill(t)
	if err := importing.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = importing.Wait() // it was killed

	s = p.serve(t)
	if n := s.counts(t).Cases.TotalCount; n <= before {
		t.Errorf("%d cases, want more than the %d from before the import: what was committed stays", n, before)
	}
	p.must(t, nil, "import", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("0 new, 0 changed, %d same, 0 refused", bytes.Count(text, []byte("\n")))
	if out := p.must(t, nil, "import", file).out; !strings.Contains(out, want) {
		t.Errorf("after the import was run again, a third one says %q, want %s", out, want)
	}
}

func TestThePrivatePostgreSQLIsKilled(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	want := s.counts(t)
	pidFile := p.pidFile()
	first := postmaster(t, pidFile)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// All that it is asked, not only what it has kept: the pool's other connections
	// are found to be gone one by one.
	var got counts
	eventually(t, "it answers again", func() bool {
		return s.try(t.Context(), countsQuery, nil, &got) == nil && postmaster(t, pidFile) != first
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	s.stop(t)
}

func TestBothAreKilled(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	want := s.counts(t)
	pid := postmaster(t, p.pidFile())
	s.kill(t)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, p.serve(t).counts(t)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// pidFile returns the file in which the private PostgreSQL says which process it is.
func (p place) pidFile() string { return filepath.Join(p.data, "postgres", "data", "postmaster.pid") }

// postmaster returns the process of a PostgreSQL by its file, 0 where there is
// none.
func postmaster(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0
	}
	return pid
}
