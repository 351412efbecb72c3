package integrity

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	zap "github.com/blevesearch/zapx/v17"
)

// complaints are what bleve says of the indexes of the tests.
var complaints struct {
	sync.Mutex
	of map[string][]error
}

func init() {
	scorch.RegisterSegmentPlugin(Checked(&zap.ZapPlugin{}), true)
	complaints.of = map[string][]error{}
	scorch.RegistryAsyncErrorCallbacks["integrity test"] = func(err error, path string) {
		complaints.Lock()
		defer complaints.Unlock()
		complaints.of[path] = append(complaints.of[path], err)
	}
}

func complaintsOf(path string) []error {
	complaints.Lock()
	defer complaints.Unlock()
	return slices.Clone(complaints.of[path])
}

// newIndex opens an index whose segments stay as they are until a merge is asked for.
func newIndex(t *testing.T, path string) (s *scorch.Scorch, root *Root, closed func()) {
	t.Helper()
	queue := index.NewAnalysisQueue(1)
	idx, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path": path, "numSnapshotsToKeep": 1, "asyncErrorCallbackName": "integrity test", "eventCallbackName": Events,
		// bleve would merge any two of so few documents beside the test.
		"scorchMergePlanOptions": map[string]any{"FloorSegmentSize": 1, "MaxSegmentsPerTier": 1000},
	}, queue)
	if err != nil {
		t.Fatal(err)
	}
	s, root = idx.(*scorch.Scorch), NewRoot(path) //nolint:forcetypeassert // it is one
	root.Watch(s)
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	closed = sync.OnceFunc(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		root.Forget(s)
		queue.Close()
	})
	t.Cleanup(closed)
	return s, root, closed
}

func write(t *testing.T, s *scorch.Scorch, batches int) {
	t.Helper()
	for n := range batches {
		b := index.NewBatch()
		for i := range 20 {
			d := document.NewDocument(fmt.Sprintf("%d-%d", n, i))
			d.AddField(document.NewTextField("text", nil, fmt.Appendf(nil, "第 %d 份材料，第 %d 段", n, i)))
			b.Update(d)
		}
		if err := s.Batch(b); err != nil {
			t.Fatal(err)
		}
	}
}

func segments(t *testing.T, path string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(path, "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return files
}

func wrongSum(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt([]byte("sum!"), info.Size()-4)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so in the end: %s", what)
		}
	}
}

func TestWhatWasWrittenIsWholeAndWhatWasCutOrHasAnotherSumIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	_, _, closed := newIndex(t, path)
	closed()
	if err := Folder(path); err != nil {
		t.Errorf("an index of which nothing was written: %v", err)
	}
	s, _, closed := newIndex(t, path)
	write(t, s, 2)
	closed()
	if err := Folder(path); err != nil {
		t.Fatalf("as it was written: %v", err)
	}
	file := segments(t, path)[0]
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(){
		"another sum": func() { wrongSum(t, file) },
		"cut by one":  func() { _ = os.Truncate(file, int64(len(whole)-1)) },
		"empty":       func() { _ = os.Truncate(file, 0) },
		"gone":        func() { _ = os.Remove(file) },
	} {
		damage()
		if err := Folder(path); err == nil {
			t.Errorf("%s: taken for whole", name)
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Folder(path); err != nil {
		t.Errorf("as it was: %v", err)
	}
}

// When it is opened, bleve writes the state that it finds once more.
func TestAStateThatIsWrittenOnceMoreHasTheSumThatItHad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	s, root, closed := newIndex(t, path)
	write(t, s, 2)
	closed()
	key, sum, err := root.read()
	if err != nil {
		t.Fatal(err)
	}
	s, root, closed = newIndex(t, path)
	stats := s.Stats().(*scorch.Stats) //nolint:forcetypeassert // they are
	until(t, "the state was written once more", func() bool { return atomic.LoadUint64(&stats.TotPersistLoopWait) > 0 })
	closed()
	if again, sumAgain, err := root.read(); err != nil || again != key || sumAgain != sum {
		t.Errorf("state %s with %s, and then %s with %s (%v)", key, sum, again, sumAgain, err)
	}
	if err := root.Check(); err != nil {
		t.Error(err)
	}
}

func TestTheStateHasASumOfItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	s, root, closed := newIndex(t, path)
	write(t, s, 2)
	until(t, "the state's sum is noted", func() bool {
		key, sum, err := root.read()
		root.mu.Lock()
		defer root.mu.Unlock()
		known, ok := root.find(key)
		return err == nil && ok && known == sum
	})
	closed()
	key, sum, err := root.read()
	if err != nil {
		t.Fatal(err)
	}
	sums := filepath.Join(path, sumsFile)
	for name, c := range map[string]struct {
		text  string
		whole bool
	}{
		"its own":               {key + " " + sum, true},
		"another's":             {key + " " + strings.Repeat("0", len(sum)), false},
		"of another state only": {"ff " + sum, true},
		"none":                  {"", true},
	} {
		if err := os.WriteFile(sums, []byte(c.text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Folder(path); (err == nil) != c.whole {
			t.Errorf("with the sum %s: %v", name, err)
		}
	}
	if err := os.Remove(sums); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(path, rootFile), 5000); err != nil {
		t.Fatal(err)
	}
	if err := Folder(path); err == nil {
		t.Error("cut off: taken for whole")
	}
}

// What a merge reads of a damaged segment would stand under a new and good sum.
func TestADamagedSegmentIsNotMerged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	s, _, closed := newIndex(t, path)
	write(t, s, 4)
	var before []string
	reader, err := s.Reader()
	if err != nil {
		t.Fatal(err)
	}
	for _, segment := range reader.(*scorch.IndexSnapshot).Segments() { //nolint:forcetypeassert // it is one
		if onDisk, ok := segment.Segment().(interface{ Path() string }); ok {
			before = append(before, onDisk.Path())
			wrongSum(t, onDisk.Path())
		}
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if len(before) < 2 {
		t.Fatalf("%d segments are on the disk, nothing to merge", len(before))
	}
	merging := make(chan error, 1)
	go func() { merging <- s.ForceMerge(t.Context(), nil) }()
	until(t, "bleve complains of the merge", func() bool {
		return slices.ContainsFunc(complaintsOf(path), func(err error) bool { return strings.Contains(err.Error(), "its checksum is another") })
	})
	closed()
	if err := <-merging; err != nil {
		t.Error(err)
	}
	for _, file := range segments(t, path) {
		if !slices.Contains(before, file) && File(file) == nil {
			t.Errorf("%s was made of damaged ones", filepath.Base(file))
		}
	}
}

// A merge reads copies without a name: none is left, and what a killed process has left
// goes with the next one.
func TestAMergeLeavesNoCopies(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	s, _, closed := newIndex(t, path)
	write(t, s, 4)
	before := segments(t, path)
	if len(before) < 2 {
		t.Fatalf("%d segments are on the disk, nothing to merge", len(before))
	}
	left := filepath.Join(path, "merge-left.copy")
	if err := os.WriteFile(left, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	documents := func() uint64 {
		reader, err := s.Reader()
		if err != nil {
			t.Fatal(err)
		}
		n, err := reader.DocCount()
		if err := errors.Join(err, reader.Close()); err != nil {
			t.Fatal(err)
		}
		return n
	}
	want := documents()
	if err := s.ForceMerge(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if complaints := complaintsOf(path); len(complaints) > 0 {
		t.Error(complaints)
	}
	if got := documents(); got != want || want == 0 {
		t.Errorf("%d documents became %d", want, got)
	}
	merged := slices.DeleteFunc(segments(t, path), func(file string) bool { return slices.Contains(before, file) })
	if len(merged) != 1 {
		t.Errorf("merged into %q", merged)
	}
	for _, file := range merged {
		if err := File(file); err != nil {
			t.Error(err)
		}
	}
	closed()
	if copies, err := filepath.Glob(filepath.Join(path, copyOf)); err != nil || len(copies) > 0 {
		t.Errorf("left behind: %q, %v", copies, err)
	}
}
