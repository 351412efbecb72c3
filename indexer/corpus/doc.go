// Package corpus reads the records as a body of texts: keywords by TF-IDF and by
// TextRank, words that stand together, and concordances.
//
// The words of a segment are read once, as numbers of a vocabulary (Cache), when an
// analysis first asks for them. A Corpus is what one state of the index has of them.
// Which documents an analysis is of is a set that the index works out; the package
// knows no filters, and of bleve only a segment's stored values.
//
// Every figure is exact. Work is spread over all processors, and ends with its
// context.
package corpus
