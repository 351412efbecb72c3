package indexer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/jisiguangyi/jisi/catalog"
)

// segmentFiles returns the files of the index in use.
func segmentFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, generationPrefix+"*", "*.zap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of the index in %s: %v", dir, err)
	}
	return files
}

// builtOfOneSegment builds an index of one segment in dir. Two would be merged once they
// are opened, and a file whose segment was merged into another is no part of the index
// any more: nobody has to find that it is damaged.
func builtOfOneSegment(t *testing.T, dir string, src Source) {
	t.Helper()
	x := openIndexWith(t, dir, Options{Workers: 1})
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if files := segmentFiles(t, dir); len(files) != 1 {
		t.Fatalf("the index has the files %v, not one", files)
	}
}

// cutOff shortens a file by its last byte; wrongSum writes another sum to its end.
func cutOff(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, info.Size()-1)
	}
	if err != nil {
		t.Fatal(err)
	}
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

func TestADamagedIndexIsNotOpenedButSetAsideAndBuiltAnew(t *testing.T) {
	for name, damage := range map[string]func(*testing.T, string){"cut off": cutOff, "another sum": wrongSum} {
		t.Run(name, func(t *testing.T) {
			dir, src := t.TempDir(), newMemory(fewCases()...)
			x := openIndex(t, dir)
			if err := x.CatchUp(t.Context(), src); err != nil {
				t.Fatal(err)
			}
			want := total(x, "协商")
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			for _, file := range segmentFiles(t, dir) {
				damage(t, file)
			}
			x = openIndex(t, dir)
			if x.State().Ready {
				t.Error("a damaged index is ready")
			}
			if _, err := os.Stat(filepath.Join(dir, damagedFolder)); err != nil {
				t.Errorf("it was not set aside: %v", err)
			}
			if err := x.CatchUp(t.Context(), src); err != nil {
				t.Fatal(err)
			}
			if got := total(x, "协商"); got != want || want == 0 {
				t.Errorf("built anew it finds %d, before %d", got, want)
			}
		})
	}
}

// What is damaged while it is served is found, says UNAVAILABLE instead of INTERNAL or
// anything wrong, and is built anew by its follower.
func TestAnIndexThatIsDamagedWhileItIsServedHeals(t *testing.T) {
	dir, src := t.TempDir(), newMemory(fewCases()...)
	// What is in use may be in memory still; opened again it is on the disk.
	builtOfOneSegment(t, dir, src)
	x := openIndex(t, dir)
	want := total(x, "协商")
	wrongSum(t, segmentFiles(t, dir)[0])
	search := func(fails func()) (err error) {
		defer x.guarded(t.Context(), "search", &err)()
		fails()
		return errors.New("the disk was read, and there is no sense in it")
	}
	x.sound.took = 0 // it may be checked again at once
	if err := search(func() { panic("index out of range") }); catalog.ErrorKindOf(err) != catalog.KindUnavailable {
		t.Errorf("a panic over a damaged file: %v", err)
	}
	for name, ask := range map[string]func(context.Context) error{
		"search": func(ctx context.Context) error {
			_, err := x.Search(ctx, catalog.SearchQuery{Query: "协商"})
			return err
		},
		"suggest": func(ctx context.Context) error { _, err := x.Suggest(ctx, "商", nil, 5); return err },
		"peers": func(ctx context.Context) error {
			_, err := x.Peers(ctx, catalog.PeerQuery{Problem: "老旧小区改造"})
			return err
		},
		"keywords": func(ctx context.Context) error { _, err := x.Keywords(ctx, catalog.KeywordQuery{First: 5}); return err },
		"concordance": func(ctx context.Context) error {
			_, err := x.Concordance(ctx, catalog.ConcordanceQuery{Term: "协商"})
			return err
		},
	} {
		if err := ask(t.Context()); catalog.ErrorKindOf(err) != catalog.KindUnavailable {
			t.Errorf("%s of an index that is set aside: %v", name, err)
		}
	}
	if s := x.State(); s.Ready || s.LastError == nil || !strings.Contains(s.LastError.Error(), "damaged") {
		t.Errorf("its state is %+v", s)
	}
	keepUp(t, x, src)
	eventually(t, "it has been built anew", func() bool { return total(x, "协商") == want && x.State().LastError == nil })
	if s := x.State(); !s.Ready || s.LastError != nil {
		t.Errorf("its state is then %+v", s)
	}
}

// Nobody has to complain: an answer that is wrong without a word lasts no longer than
// until the next check.
func TestDamageIsFoundWithoutAnybodyComplaining(t *testing.T) {
	dir, src := t.TempDir(), newMemory(fewCases()...)
	builtOfOneSegment(t, dir, src)
	x := openIndexWith(t, dir, Options{CheckEvery: 20 * time.Millisecond})
	want, before := total(x, "协商"), x.State().DataVersion
	keepUp(t, x, src)
	wrongSum(t, segmentFiles(t, dir)[0])
	eventually(t, "another index is in use", func() bool { return x.State().DataVersion > before })
	if got := total(x, "协商"); got != want || want == 0 {
		t.Errorf("built anew it finds %d, before %d", got, want)
	}
}

// What is wrong with root.bolt alone is nothing that an answer is made of: it goes on
// answering while another index is built.
func TestAnIndexWhoseStateIsDamagedGoesOnAnsweringAndIsReplaced(t *testing.T) {
	dir, src := t.TempDir(), newMemory(fewCases()...)
	x := openIndexWith(t, dir, Options{CheckEvery: 20 * time.Millisecond})
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	want, before := total(x, "协商"), x.State().DataVersion
	roots, err := filepath.Glob(filepath.Join(dir, generationPrefix+"*", "root.bolt"))
	if err != nil || len(roots) != 1 {
		t.Fatal(roots, err)
	}
	if err := os.Truncate(roots[0], 0); err != nil {
		t.Fatal(err)
	}
	keepUp(t, x, src)
	eventually(t, "another index is in use", func() bool {
		if got := total(x, "协商"); got != want {
			t.Fatalf("meanwhile it finds %d, before %d", got, want)
		}
		return x.State().DataVersion > before
	})
	if err := x.State().LastError; err != nil {
		t.Error(err)
	}
}

// A goroutine of bleve's that has ended applies nothing any more: who waits for it is
// told, and another index is built.
func TestAnIndexThatCanBeWrittenNoLongerIsReplaced(t *testing.T) {
	dir, src := t.TempDir(), newMemory(fewCases()...)
	x := openIndex(t, dir)
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	before := x.State().DataVersion
	writeErrorListener.tell(scorch.NewScorchError("introducer", "panic: as asked", scorch.ErrAsyncPanic), x.gen.path)
	src.put(fewCases()[0])
	keepUp(t, x, src)
	eventually(t, "another index is in use", func() bool { return x.State().DataVersion > before && x.State().LastError == nil })
}

// Where the files are whole, an error is what it was.
func TestAFailureOverWholeFilesIsNoDamage(t *testing.T) {
	x := openIndex(t, t.TempDir())
	if err := x.CatchUp(t.Context(), newMemory(fewCases()...)); err != nil {
		t.Fatal(err)
	}
	search := func() (err error) {
		defer x.guarded(t.Context(), "search", &err)()
		panic("a fault of the code")
	}
	if err := search(); catalog.ErrorKindOf(err) != catalog.KindInternal || !x.State().Ready {
		t.Errorf("%v; ready: %v", err, x.State().Ready)
	}
}
