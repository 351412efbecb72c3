// Package docset holds sets of documents: bitmaps, the posting lists of terms, and
// the cache of what was read from segments.
//
// A posting list (postings.go) is an array of document numbers, or a bitmap where a
// good part of the segment is on it. A Reader reads it from a segment of bleve's: from
// its file, where it has one, counts and all (file.go), and else by way of bleve
// (read.go). Searches borrow their bitmaps from a Workspace (bitmap.go).
//
// The package knows neither what terms mean nor what is searched for. Package indexer
// calls it.
package docset
