package sitetest

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/store"
)

// words are loaded once for all tests of a binary: it takes a second or two.
var words = sync.OnceValues(func() (*indexer.Words, error) {
	dir, err := os.MkdirTemp("", "jisi-words-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // jieba has read them
	return indexer.LoadWords(dir)
})

// built is the index of the documented records as the first test that wanted one has
// built it. Their stores are clones of one database, with the feed's numbers, so that
// the others begin with its files and read what is new in the feed, which is nothing.
var built struct {
	sync.Mutex
	files fstest.MapFS
}

func openIndex(t testing.TB, s *store.Store, meaning indexer.Meaning) *indexer.Index {
	t.Helper()
	words, err := words()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	begin(t, s, dir, words)
	index, err := indexer.Open(t.Context(), dir, words, indexer.Options{Meaning: meaning, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := index.CatchUp(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return index
}

// begin puts the files of the index into dir.
func begin(t testing.TB, s *store.Store, dir string, words *indexer.Words) {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if built.files == nil {
		first := filepath.Join(t.TempDir(), "index")
		index, err := indexer.Open(t.Context(), first, words, indexer.Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if err := index.CatchUp(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if err := index.Close(); err != nil {
			t.Fatal(err)
		}
		if built.files, err = inMemory(first); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(dir, built.files); err != nil {
		t.Fatal(err)
	}
}

// inMemory returns the files below dir.
func inMemory(dir string) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = &fstest.MapFile{Data: content, Mode: 0o600}
		return err
	})
	return files, err
}
