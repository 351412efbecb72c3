// Package highlight finds the fragments of a document that say best why it was found,
// and the ranges in them to mark.
//
// The package reads stored documents and knows no index. Package indexer calls it for
// the hits of a page.
package highlight
