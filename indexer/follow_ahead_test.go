package indexer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestWhatIsReadAheadIsWrittenInOrder(t *testing.T) {
	docs := randomCases(3*changesAtOnce + 70)
	x, src := indexOf(t, docs[:10]...)
	for _, d := range docs[10:] {
		src.put(d)
	}
	for _, d := range docs[300:600] {
		later := *d
		later.Title, later.Version = "改过的"+d.Title, 2
		src.put(&later)
	}
	for _, d := range docs[550:700] {
		src.remove(d.ID)
	}
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(titles(src.docs), contentsOf(t, x)); diff != "" {
		t.Errorf("(-source +index):\n%s", diff)
	}
}

func TestWhatWasReadForAStateOfBeforeIsReadAgain(t *testing.T) {
	x, src := indexOf(t, randomCases(20)...)
	first := *src.docs[7]
	first.Title = "先改的"
	src.put(&first)
	stale, err := x.readChanges(t.Context(), src, x.State().Cursor)
	if err != nil {
		t.Fatal(err)
	}
	second := first
	second.Title = "后改的"
	src.put(&second)
	if err := x.Rebuild(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.applyNext(t.Context(), src, stale); err != nil {
		t.Fatal(err)
	}
	if got := contentsOf(t, x)[7]; got != "后改的" {
		t.Errorf("the index has the title %q of before", got)
	}
}

func titles(docs map[catalog.ID]*catalog.Document) map[catalog.ID]string {
	out := map[catalog.ID]string{}
	for id, d := range docs {
		out[id] = d.Title
	}
	return out
}

func contentsOf(t *testing.T, x *Index) map[catalog.ID]string {
	t.Helper()
	out := map[catalog.ID]string{}
	err := x.Contents(t.Context(), func(d *catalog.Document) error {
		out[d.ID] = d.Title
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
