package indexer

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestWhoeverAsksBeforeTheWordsAreLoadedIsAnsweredWithAllThatIsThere(t *testing.T) {
	dir := t.TempDir()
	src := newMemory(randomCases(40)...)
	before, err := Open(t.Context(), dir, testWords(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := before.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	later := randomCases(41)[40]
	later.Title = "梅花鹿养殖"
	src.put(later)

	words, err := BeginWords(filepath.Join(t.TempDir(), "words"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if words.Loaded() {
		t.Fatal("the words are loaded at once: there is nothing to wait for")
	}
	x, err := Open(t.Context(), dir, words, Options{From: src})
	if err != nil {
		t.Fatal(err)
	}
	if x.Opened() || x.State().Ready {
		t.Error("the index is open before its words are loaded")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ended, catalog.SearchQuery{Query: "养殖", First: 5}); err == nil {
		t.Error("a search that has ended before it began is answered")
	}
	page, err := x.Search(t.Context(), catalog.SearchQuery{Query: "梅花鹿养殖", First: 5, WantTotal: true})
	if err != nil || len(page.Hits) == 0 || page.Hits[0].ID != later.ID {
		t.Errorf("what came while the index was closed: got %+v, %v", page, err)
	}
	if s := x.State(); !s.Ready || s.Documents != 41 || !x.Opened() {
		t.Errorf("after the first answer the state is %+v", s)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}

	loading, err := BeginWords(filepath.Join(t.TempDir(), "words"), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), dir, loading, Options{From: src})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Errorf("close before it is open: %v", err)
	}
}

// Where loading the words is put off, so are searches, and nothing else.
func TestWordsThatAreToBeLoadedLaterAreWaitedFor(t *testing.T) {
	dir, src := t.TempDir(), newMemory(randomCases(10)...)
	x, err := Open(t.Context(), dir, testWords(), Options{Logger: quiet})
	must(t, err)
	must(t, x.CatchUp(t.Context(), src))
	must(t, x.Close())

	when := make(chan struct{})
	words, err := BeginWords(filepath.Join(t.TempDir(), "words"), when)
	must(t, err)
	if x, err = Open(t.Context(), dir, words, Options{From: src, Logger: quiet}); err != nil {
		t.Fatal(err)
	}
	if got := words.Fold("協商").String(); got != "协商" {
		t.Errorf("folded %q before the words are loaded", got)
	}
	found := make(chan error, 1)
	go func() {
		_, err := x.Search(t.Context(), catalog.SearchQuery{Query: "协商", First: 5})
		found <- err
	}()
	select {
	case <-found:
		t.Error("a search was answered without words")
	case <-time.After(2 * time.Second): // loading takes less where nothing holds it back
		if words.Loaded() {
			t.Error("the words were loaded before it was time")
		}
	}
	close(when)
	if err := <-found; err != nil {
		t.Error(err)
	}
	must(t, x.Close())
}
