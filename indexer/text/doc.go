// Package text folds texts and cuts them into terms: for the index and for queries
// alike, so that one finds the other.
//
// How texts are folded is package script's; here it is called. Segmentation (words.go,
// cut.go) is jieba's, with the domain's dictionary, whose words are folded too
// (home.go); names of letters and digits are one word (names.go). Grams (grams.go) are
// characters and bigrams. Synonyms (synonyms.go) and automata over readings
// (automaton.go) say by what else a word may be found.
//
// The package knows no documents, no index and no queries, and not bleve. It is the
// only one that imports jieba. The packages beside it call it, and through package
// indexer the commands.
package text
