// Package document says how a document is kept in the index: the names of its fields
// and keys (fields.go), the stored form that searches read instead of folding again
// (codec.go, stored.go), and its content words in their order (content_words.go).
//
// The package knows neither bleve nor what is searched for. Package indexer writes
// documents by it; whoever reads one back calls it.
package document
