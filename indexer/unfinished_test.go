package indexer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// openSmall opens an index whose builds write batches of a few documents.
func openSmall(t *testing.T, dir string, o Options) *Index {
	t.Helper()
	x := openIndexWith(t, dir, o)
	x.batchBytes = 3000
	return x
}

// stopped leaves a build of the source's documents that was stopped at the nth one.
func stopped(t *testing.T, dir string, src *memory, n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	x := openSmall(t, dir, Options{Building: func(records int) {
		if records >= n {
			cancel()
		}
	}})
	if err := x.Rebuild(ctx, src); !errors.Is(err, context.Canceled) {
		t.Fatalf("a build that was stopped: %v", err)
	}
	must(t, x.Close())
}

func TestABuildThatWasStoppedGoesOnWhereItWas(t *testing.T) {
	src, dir := newMemory(randomCases(300)...), t.TempDir()
	stopped(t, dir, src, 150)
	// Of those that are in it and of those that are not: changed, removed, and new.
	for _, id := range []catalog.ID{3, 140, 149, 151, 290} {
		later := *src.docs[id]
		later.Title = fmt.Sprint("改过的", id)
		src.put(&later)
	}
	for _, id := range []catalog.ID{4, 148, 150, 280} {
		src.remove(id)
	}
	src.put(doc(1000, "新来的", ""))
	stopped(t, dir, src, 220)
	src.put(doc(1001, "后来的", ""))
	src.remove(5)

	x := openSmall(t, dir, Options{})
	must(t, x.CatchUp(t.Context(), src)) // there is none to search
	if diff := cmp.Diff(titles(src.docs), contentsOf(t, x)); diff != "" {
		t.Errorf("(-source +index):\n%s", diff)
	}
	if s := src.snapshots; len(s) != 3 || s[0] != 0 || s[1] < 100 || s[2] <= s[1] {
		t.Errorf("snapshots past %v, want three, each past more", s)
	}
	if name, err := readCurrent(dir); err != nil || name != "gen-000001" {
		t.Errorf("the index in use is %q, %v", name, err)
	}
	if name, err := readName(dir, unfinishedFile); err != nil || name != "" {
		t.Errorf("%q is left unfinished, %v", name, err)
	}
	fresh := openIndex(t, t.TempDir())
	must(t, fresh.Rebuild(t.Context(), src))
	for _, q := range []string{"改过的", "协商", "新来的", "社区"} {
		if got, want := total(x, q), total(fresh, q); got != want {
			t.Errorf("%q finds %d, and %d in one built at once", q, got, want)
		}
	}
}

// A source that fails, as when the database is taken over by another server, is as good a
// reason to go on later as being stopped.
func TestABuildWhoseSourceFailedGoesOn(t *testing.T) {
	src, dir := newMemory(randomCases(200)...), t.TempDir()
	failing := &failsAt{memory: src, id: 120}
	x := openSmall(t, dir, Options{})
	if err := x.Rebuild(t.Context(), failing); !errors.Is(err, errAway) {
		t.Fatal(err)
	}
	must(t, x.Rebuild(t.Context(), src))
	if diff := cmp.Diff(titles(src.docs), contentsOf(t, x)); diff != "" {
		t.Errorf("(-source +index):\n%s", diff)
	}
	if last := src.snapshots[len(src.snapshots)-1]; last < 80 {
		t.Errorf("the second build began past %d", last)
	}
}

var errAway = errors.New("the database is away")

// failsAt is a source whose snapshots break off at an id.
type failsAt struct {
	*memory
	id catalog.ID
}

func (f *failsAt) Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	return f.memory.Snapshot(ctx, after, begin, func(d *catalog.Document) error {
		if d.ID == f.id {
			return errAway
		}
		return yield(d)
	})
}

func TestWhatCannotBeGoneOnWithIsBuiltFromTheBeginning(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string, src *memory){
		"the feed was cut": func(_ *testing.T, _ string, src *memory) {
			src.put(doc(500, "又一件", ""))
			src.dropped = len(src.changes)
		},
		"a segment is damaged": func(t *testing.T, dir string, _ *memory) {
			files, err := filepath.Glob(filepath.Join(dir, "gen-*", "*.zap"))
			if err != nil || len(files) == 0 {
				t.Fatal(files, err)
			}
			for _, f := range files {
				must(t, os.Truncate(f, 100))
			}
		},
		"it is gone": func(t *testing.T, dir string, _ *memory) {
			must(t, os.RemoveAll(filepath.Join(dir, "gen-000001")))
		},
		"other words made it": func(t *testing.T, dir string, _ *memory) {
			x := openIndex(t, dir)
			g, m, err := x.openUnfinished(filepath.Join(dir, "gen-000001"))
			must(t, err)
			m.print = "another"
			x.leave(&begun{generation: g, name: "gen-000001", marks: m}, true)
			must(t, x.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			src, dir := newMemory(randomCases(200)...), t.TempDir()
			stopped(t, dir, src, 150)
			spoil(t, dir, src)
			x := openSmall(t, dir, Options{})
			must(t, x.Rebuild(t.Context(), src))
			if diff := cmp.Diff(titles(src.docs), contentsOf(t, x)); diff != "" {
				t.Errorf("(-source +index):\n%s", diff)
			}
			if !slices.Equal(src.snapshots, []catalog.ID{0, 0}) {
				t.Errorf("snapshots past %v, want two from the beginning", src.snapshots)
			}
			must(t, x.Close())
			if left, _ := filepath.Glob(filepath.Join(dir, "gen-*")); len(left) != 1 {
				t.Errorf("left are %v", left)
			}
		})
	}
}

// A database that has taken over may lack what the second snapshot had, though it has all
// that the first one had.
func TestALostSnapshotIsSeenInAnIndexThatWasBuiltOn(t *testing.T) {
	src, dir := newMemory(randomCases(200)...), t.TempDir()
	stopped(t, dir, src, 100)
	src.put(doc(600, "还要丢的", ""))
	x := openSmall(t, dir, Options{})
	must(t, x.Rebuild(t.Context(), &losing{memory: src}))
	if diff := cmp.Diff(titles(src.docs), contentsOf(t, x)); diff != "" {
		t.Errorf("(-source +index):\n%s", diff)
	}
	if s := src.snapshots; len(s) != 3 || s[1] == 0 || s[2] != 0 {
		t.Errorf("snapshots past %v, want the last from the beginning", s)
	}
}

// losing is a source that, once a snapshot has been read to its end, has never had its
// last change, and does not know the place that this had.
type losing struct {
	*memory
	lost bool
}

func (l *losing) Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	err := l.memory.Snapshot(ctx, after, begin, yield)
	if !l.lost {
		l.lost = true
		l.mu.Lock()
		delete(l.docs, 600)
		l.changes = l.changes[:len(l.changes)-1]
		l.mu.Unlock()
	}
	return err
}

func (l *losing) Changes(ctx context.Context, after catalog.Cursor, limit int) ([]catalog.Change, bool, error) {
	l.mu.Lock()
	unknown := int(after.Seq) > len(l.changes)
	l.mu.Unlock()
	if unknown {
		return nil, true, nil
	}
	return l.memory.Changes(ctx, after, limit)
}

// An index that is followed as it is needs no other beside it.
func TestWhatNobodyAskedToFinishIsRemoved(t *testing.T) {
	src, dir := newMemory(randomCases(200)...), t.TempDir()
	x := openSmall(t, dir, Options{})
	must(t, x.CatchUp(t.Context(), src))
	must(t, x.Close())
	stopped(t, dir, src, 150)
	if _, err := os.Stat(filepath.Join(dir, "gen-000002")); err != nil {
		t.Fatalf("the one that was stopped: %v", err)
	}
	x = openSmall(t, dir, Options{})
	must(t, x.CatchUp(t.Context(), src))
	for _, name := range []string{"gen-000002", unfinishedFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there (%v)", name, err)
		}
	}
	// The same where a rebuild was asked for, which then goes on.
	must(t, x.Close())
	stopped(t, dir, src, 150)
	must(t, RequestRebuild(dir))
	x = openSmall(t, dir, Options{})
	must(t, x.CatchUp(t.Context(), src))
	if last := src.snapshots[len(src.snapshots)-1]; last < 100 {
		t.Errorf("the rebuild that was asked for began past %d", last)
	}
}

// killedBuilding is the environment variable by which the test runs itself as the process
// to be killed.
const killedBuilding = "JISI_TEST_KILLED_BUILDING"

func TestABuildThatIsKilledGoesOn(t *testing.T) {
	src := newMemory(randomCases(1500)...)
	if dir := os.Getenv(killedBuilding); dir != "" {
		x, err := Open(t.Context(), dir, testWords(), Options{Logger: quiet, Building: func(records int) {
			if records%100 == 0 {
				fmt.Print(".")
			}
		}})
		must(t, err)
		x.batchBytes = 20000
		must(t, x.Rebuild(t.Context(), src))
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
		return
	}
	dir := t.TempDir()
	for round, hundreds := range []int{8, 3, 2} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestABuildThatIsKilledGoesOn$")
		cmd.Env = append(os.Environ(), killedBuilding+"="+dir)
		out, err := cmd.StdoutPipe()
		must(t, err)
		_, err = cmd.StdinPipe()
		must(t, err)
		must(t, cmd.Start())
		buf := make([]byte, 1)
		for range hundreds {
			if _, err := out.Read(buf); err != nil {
				t.Fatalf("round %d: the build ended by itself: %v", round, err)
			}
		}
		must(t, cmd.Process.Kill())
		_ = cmd.Wait()
	}
	if current, err := readCurrent(dir); err != nil || current != "" {
		t.Fatalf("there is an index to use, %q, though each build was killed (%v)", current, err)
	}
	src.snapshots = nil
	x := openSmall(t, dir, Options{})
	must(t, x.CatchUp(t.Context(), src))
	if diff := cmp.Diff(titles(src.docs), contentsOf(t, x)); diff != "" {
		t.Errorf("(-source +index):\n%s", diff)
	}
	if src.snapshots[0] == 0 {
		t.Error("nothing of three builds that were killed was gone on with")
	}
	t.Logf("gone on with past %d of 1500", src.snapshots[0])
}

// Following costs more a document than building: what came while nobody followed is built
// beside where it is more than what there is.
func TestMuchThatIsPendingIsBuiltBesideAndLittleFollowed(t *testing.T) {
	short := func(from, to catalog.ID) (docs []*catalog.Document) {
		for id := from; id < to; id++ {
			docs = append(docs, doc(id, fmt.Sprintf("第%d件", id), ""))
		}
		return docs
	}
	for name, of := range map[string]struct {
		there, pending catalog.ID
		want           string
	}{
		"few":                      {10, leastForBuild - 10, "gen-000001"},
		"more than there are":      {10, leastForBuild + 10, "gen-000002"},
		"many, of many":            {leastForBuild + 500, leastForBuild + 10, "gen-000001"},
		"as many as there are":     {leastForBuild + 500, leastForBuild + 500, "gen-000002"},
		"those of an empty one":    {0, leastForBuild, "gen-000002"},
		"one of an empty one, say": {0, 1, "gen-000001"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			x, src := openIndex(t, dir), newMemory(short(1, of.there+1)...)
			must(t, x.CatchUp(t.Context(), src))
			for _, d := range short(of.there+1, of.there+of.pending+1) {
				src.put(d)
			}
			must(t, x.CatchUp(t.Context(), src))
			if got := x.State().Documents; got != int(of.there+of.pending) {
				t.Errorf("%d documents", got)
			}
			if name, err := readCurrent(dir); err != nil || name != of.want {
				t.Errorf("the index in use is %s, want %s (%v)", name, of.want, err)
			}
		})
	}
}

func TestUnwrittenTellsUpToWhereAllIsWritten(t *testing.T) {
	u := &unwritten{upTo: 5}
	for _, id := range []catalog.ID{7, 9, 10, 20, 21} {
		u.hand(id)
	}
	var got strings.Builder
	step := func(ids ...catalog.ID) {
		fmt.Fprint(&got, u.with(ids), " ")
		u.wrote(ids)
	}
	step(9, 21)
	step(10)
	step(7)
	step()
	step(20)
	u.hand(30)
	step()
	if want := "5 5 10 10 21 21 "; got.String() != want {
		t.Errorf("up to %s, want %s", got.String(), want)
	}
}
