package text

import (
	"os"
	"sync"
	"testing"
)

// testWords are loaded once for all tests: it takes a second or two.
var testWords = sync.OnceValue(func() *Words {
	dir, err := os.MkdirTemp("", "jisi-words-")
	if err != nil {
		panic(err)
	}
	w, err := Load(dir)
	if err != nil {
		panic(err)
	}
	_ = os.RemoveAll(dir) // jieba has read them
	return w
})

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
