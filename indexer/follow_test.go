package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jisiguangyi/jisi/catalog"
)

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never came true: %s", what)
		}
	}
}

// total is how many records a query finds, -1 where it fails.
func total(x *Index, query string) int {
	p, err := x.Search(context.Background(), catalog.SearchQuery{Query: query, First: 1, WantTotal: true})
	if err != nil {
		return -1
	}
	return p.Total
}

// keepUp lets the index follow the source until the test ends.
func keepUp(t *testing.T, x *Index, src Source) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- x.Follow(ctx, src, src.(Waiter)) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("follow: %v", err)
		}
	})
}

func TestFollowFindsWhatIsPublishedAndLosesWhatIsWithdrawn(t *testing.T) {
	src := newMemory(fewCases()...)
	x := openIndex(t, t.TempDir())
	keepUp(t, x, src)
	eventually(t, "the index is built", func() bool { return total(x, "黑土地") == 1 })
	version := x.State().DataVersion

	start := time.Now()
	src.put(doc(20, "长春净月黑土地论坛", ""))
	eventually(t, "a new record is found", func() bool { return total(x, "黑土地") == 2 })
	if took := time.Since(start); took > time.Second {
		t.Errorf("a new record was found after %v, want within a second", took)
	}
	src.remove(4)
	eventually(t, "a withdrawn record is gone", func() bool { return total(x, "黑土地") == 1 })
	src.put(doc(20, "改了题目", ""))
	eventually(t, "a changed record is found by its new text only", func() bool {
		return total(x, "黑土地") == 0 && total(x, "改了题目") == 1
	})
	if s := x.State(); s.DataVersion <= version || s.Documents != 6 || s.LastError != nil || s.AppliedAt.IsZero() {
		t.Errorf("state: got %+v, want a greater data version than %d, 6 documents, no error", s, version)
	}
}

func TestFollowGoesOnWhenTheSourceFails(t *testing.T) {
	src := newMemory(fewCases()...)
	x := openIndex(t, t.TempDir())
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the database is away")
	src.fail(broken)
	keepUp(t, x, src)
	eventually(t, "the error shows", func() bool { return errors.Is(x.State().LastError, broken) })
	if got := total(x, "黑土地"); got != 1 {
		t.Errorf("while the source fails a search finds %d, want 1", got)
	}
	src.fail(nil)
	src.put(doc(20, "黑土地论坛", ""))
	eventually(t, "it goes on", func() bool { return total(x, "黑土地") == 2 && x.State().LastError == nil })
}

func TestFollowRebuildsWhereTheFeedHasBeenCut(t *testing.T) {
	src := newMemory(fewCases()...)
	dir := t.TempDir()
	x := openIndex(t, dir)
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	for i := range catalog.ID(5) {
		src.put(doc(100+i, "粮食安全", ""))
	}
	src.dropped = len(src.changes) - 1
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if got := total(x, "粮食安全"); got != 5 {
		t.Errorf("after a rebuild: found %d, want 5", got)
	}
	if name, err := readCurrent(dir); err != nil || name != "gen-000002" {
		t.Errorf("current index: got %q (%v), want the second", name, err)
	}
}

func TestARequestedRebuildIsDoneByWhoeverFollows(t *testing.T) {
	src := newMemory(fewCases()...)
	dir := t.TempDir()
	x := openIndex(t, dir)
	keepUp(t, x, src)
	eventually(t, "the index is built", func() bool { return x.State().Ready })
	if _, err := Open(t.Context(), dir, testWords(), Options{}); !errors.Is(err, ErrLocked) {
		t.Fatalf("open beside the one that has it: got %v, want ErrLocked", err)
	}
	if err := RequestRebuild(dir); err != nil {
		t.Fatal(err)
	}
	src.put(doc(30, "有变动", "")) // what wakes a follower here stands for its poll
	eventually(t, "the index was built anew", func() bool {
		name, err := readCurrent(dir)
		return err == nil && name == "gen-000002" && !RebuildRequested(dir)
	})
	eventually(t, "the old index is gone", func() bool {
		_, err := os.Stat(filepath.Join(dir, "gen-000001"))
		return errors.Is(err, os.ErrNotExist)
	})
}

// A process that is killed while it does what was asked for leaves that to the next.
func TestARebuildThatWasKilledIsDoneByTheNext(t *testing.T) {
	for name, broken := range map[string]func(t *testing.T, dir string){
		"asked for, and not begun": func(t *testing.T, dir string) { must(t, RequestRebuild(dir)) },
		"begun": func(t *testing.T, dir string) {
			must(t, RequestRebuild(dir))
			must(t, (&Index{dir: dir}).takeRequest())
		},
		"begun, and asked for again": func(t *testing.T, dir string) {
			must(t, RequestRebuild(dir))
			must(t, (&Index{dir: dir}).takeRequest())
			must(t, RequestRebuild(dir))
		},
		"given up": func(t *testing.T, dir string) {
			must(t, RequestRebuild(dir))
			x := openIndex(t, dir)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := x.Rebuild(ctx, newMemory(fewCases()...)); err == nil {
				t.Error("a rebuild was done though its context had ended")
			}
			must(t, x.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			src, dir := newMemory(fewCases()...), t.TempDir()
			x := openIndex(t, dir)
			must(t, x.CatchUp(t.Context(), src))
			must(t, x.Close())
			broken(t, dir)
			keepUp(t, openIndex(t, dir), src)
			eventually(t, "the index was built anew, and nothing is asked for", func() bool {
				name, err := readCurrent(dir)
				_, begun := os.Stat(filepath.Join(dir, begunFile))
				return err == nil && name == "gen-000002" && !RebuildRequested(dir) && errors.Is(begun, os.ErrNotExist)
			})
		})
	}
}

func TestOpenAgainFindsTheSame(t *testing.T) {
	src := newMemory(fewCases()...)
	dir := t.TempDir()
	x := openIndex(t, dir)
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	src.put(doc(20, "黑土地论坛", ""))
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	again := openIndex(t, dir)
	if !again.State().Ready {
		t.Fatal("an index that was closed has to be built anew")
	}
	if err := again.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if got := total(again, "黑土地"); got != 2 {
		t.Errorf("found %d, want 2", got)
	}
}

// TestCloseKeepsWhatWasJustApplied closes right after a change, when bleve has
// it in memory only.
func TestCloseKeepsWhatWasJustApplied(t *testing.T) {
	src := newMemory(doc(1, "黑土地保护", ""))
	dir := t.TempDir()
	for i := range 20 {
		x := openIndex(t, dir)
		must(t, x.CatchUp(t.Context(), src))
		src.put(doc(catalog.ID(i+2), "夜经济", ""))
		must(t, x.CatchUp(t.Context(), src))
		want := x.State()
		must(t, x.Close())
		again := openIndex(t, dir)
		if got := again.State(); got.Cursor != want.Cursor || got.Documents != i+2 {
			t.Fatalf("round %d: %d documents up to %v after closing, %d up to %v before", i, got.Documents, got.Cursor, want.Documents, want.Cursor)
		}
		must(t, again.Close())
	}
}

func TestAnIndexOfOtherDictionariesOrDamagedIsBuiltAnew(t *testing.T) {
	damages := map[string]func(t *testing.T, generation string){
		"other fingerprint": func(*testing.T, string) {},
		"folder gone":       func(t *testing.T, g string) { must(t, os.RemoveAll(g)) },
		"root cut short":    func(t *testing.T, g string) { must(t, os.Truncate(filepath.Join(g, "root.bolt"), 100)) },
		"segments emptied": func(t *testing.T, g string) {
			files, err := filepath.Glob(filepath.Join(g, "*.zap"))
			if err != nil || len(files) == 0 {
				t.Fatalf("segments: %v, %v", files, err)
			}
			for _, f := range files {
				must(t, os.Truncate(f, 0))
			}
		},
		"current names nothing": func(t *testing.T, g string) {
			must(t, os.WriteFile(filepath.Join(filepath.Dir(g), currentFile), []byte("../x"), 0o600))
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			src := newMemory(fewCases()...)
			dir := t.TempDir()
			x := openIndex(t, dir)
			if name == "other fingerprint" {
				other := *x.words
				other.Print = "something else"
				x.words = &other
			}
			must(t, x.CatchUp(t.Context(), src))
			must(t, x.Close())
			damage(t, filepath.Join(dir, "gen-000001"))
			again := openIndex(t, dir)
			if again.State().Ready {
				t.Error("the index is used as it is")
			}
			must(t, again.CatchUp(t.Context(), src))
			if got := total(again, "黑土地"); got != 1 {
				t.Errorf("found %d, want 1", got)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// killed is the environment variable that makes a test process follow changes
// in the folder that it names until it is killed.
const killed = "JISI_TEST_KILLED_INDEX"

func TestKilledAtAnyMomentNothingIsLost(t *testing.T) {
	if dir := os.Getenv(killed); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	for round := range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledAtAnyMomentNothingIsLost$")
		cmd.Env = append(os.Environ(), killed+"="+dir)
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		// The child says so when it writes; each round kills it a little later.
		buf := make([]byte, 1)
		for range 1 + 3*round {
			if _, err := out.Read(buf); err != nil {
				t.Fatalf("round %d: the writer ended by itself: %v", round, err)
			}
		}
		must(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed, and says so
		src := killedSource()
		x, err := Open(t.Context(), dir, testWords(), Options{Logger: quiet})
		must(t, err)
		must(t, x.CatchUp(t.Context(), src))
		if got := total(x, "黑土地"); got != killedRecords {
			t.Errorf("round %d: found %d, want %d", round, got, killedRecords)
		}
		must(t, x.Close())
	}
}

const (
	killedRecords = 300
	killedChanges = 2000
)

// killedSource is the same in both processes: records, and changes to them.
func killedSource() *memory {
	src := newMemory()
	for i := range catalog.ID(killedRecords + killedChanges) {
		src.put(doc(i%killedRecords+1, fmt.Sprintf("第%d号黑土地", i), strings.Repeat("保护黑土地。", 20)))
	}
	return src
}

// writeUntilKilled builds the index and follows changes that come few by few,
// again and again.
func writeUntilKilled(t *testing.T, dir string) {
	for {
		src := killedSource()
		x, err := Open(t.Context(), dir, testWords(), Options{Logger: quiet})
		must(t, err)
		src.hidden = killedChanges
		must(t, x.Rebuild(t.Context(), src))
		for ; src.hidden > 0; src.hidden -= 10 {
			fmt.Print(".")
			must(t, x.CatchUp(t.Context(), src))
		}
		must(t, x.Close())
	}
}

func TestSearchesRunWhileTheIndexIsSwapped(t *testing.T) {
	const swaps = 100
	src := newMemory(fewCases()...)
	x := openIndex(t, t.TempDir())
	must(t, x.CatchUp(t.Context(), src))
	var stop atomic.Bool
	var searches atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				p, err := x.Search(context.Background(), catalog.SearchQuery{
					Query: "黑土地", First: 5, WantTotal: true, WantFacets: true, WantHighlights: true,
				})
				if err != nil || p.Total != 1 || len(p.Hits) != 1 || len(p.Hits[0].Highlights) == 0 {
					t.Errorf("a search beside a swap: %+v, %v", p, err)
					return
				}
				searches.Add(1)
			}
		})
	}
	for i := range swaps {
		if err := x.Rebuild(t.Context(), src); err != nil {
			t.Fatalf("swap %d: %v", i, err)
		}
	}
	stop.Store(true)
	wg.Wait()
	if n := searches.Load(); n < swaps {
		t.Errorf("only %d searches ran beside %d swaps", n, swaps)
	}
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	x, err := Open(t.Context(), t.TempDir(), testWords(), Options{Logger: quiet})
	must(t, err)
	src := newMemory(fewCases()...)
	must(t, x.CatchUp(t.Context(), src))
	must(t, x.Rebuild(t.Context(), src))
	must(t, x.Close())
	must(t, x.Close())
	goleak.VerifyNone(t, before)
}
