// Package script knows how Chinese is written and read: it folds what reads the same
// into one text, with a map to the places of the text as given (fold.go, variants.go,
// numbers.go), and says how characters are read, a word at a time (readings.go).
//
// Index, queries, completions, concordances and permalinks all fold by it, so that each
// finds what another wrote. It knows no documents and cuts no words. It is the only
// package that imports OpenCC and go-pinyin.
package script
