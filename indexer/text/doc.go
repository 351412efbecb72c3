// Package text folds texts and cuts them into terms: for the index and for queries
// alike, so that one finds the other.
//
// Folding (fold.go, variants.go) makes one of what reads the same: width, case,
// traditional and simplified characters; it keeps a map to the places of the text as
// given. Segmentation (words.go) is jieba's, with the domain's dictionary. Grams
// (grams.go) are characters and bigrams. Synonyms (synonyms.go), pinyin (pinyin.go)
// and automata over them (automaton.go) say by what else a word may be found.
//
// The package knows no documents, no index and no queries, and not bleve. It is the
// only one of the index that imports jieba, OpenCC and pinyin. The packages beside it
// call it, and through package indexer the commands.
package text
