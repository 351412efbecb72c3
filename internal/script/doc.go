// Package script knows how Chinese is written and read: it folds what reads the same
// into one text, with a map to the places of the text as given (fold.go, variants.go,
// numbers.go), and says how characters are read, a word at a time (readings.go).
//
// Index, queries, completions, concordances and permalinks all fold by it, so that each
// finds what another wrote. It knows no documents and cuts no words. It is the only
// package that imports OpenCC, and with exchange/permalink the only one that imports
// go-pinyin.
package script

import "sync"

// Tables are the tables by which texts are folded and read: one set a process, since
// reading them takes a quarter of a second. They do not change and are safe for
// concurrent use.
type Tables struct {
	*Folder
	*Readings
}

// Load returns the tables, read once.
var Load = sync.OnceValues(func() (Tables, error) {
	f, err := NewFolder()
	if err != nil {
		return Tables{}, err
	}
	r, err := NewReadings()
	return Tables{f, r}, err
})
