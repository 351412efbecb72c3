// Package wordstest lends tests the dictionaries that the index cuts texts by: loaded
// once a process, since that takes a second or two. Tests of the packages above
// indexer/text call it.
package wordstest

import (
	"os"
	"sync"

	"github.com/jisiguangyi/jisi/indexer/text"
)

// Load returns the words. It panics where they cannot be loaded.
var Load = sync.OnceValue(func() *text.Words {
	dir, err := os.MkdirTemp("", "jisi-words-")
	if err != nil {
		panic(err)
	}
	w, err := text.Load(dir)
	if err != nil {
		panic(err)
	}
	_ = os.RemoveAll(dir) // jieba has read them
	return w
})
