// Package rerank compares the texts of the best hits with the query once more:
// features of proximity and order (features.go, read.go) that a linear model
// (model.go) turns into a score. The weights (weights.go) are learned and written by
// bench/relevance/learn.
//
// The package knows texts and weights of terms, and no index. Package indexer calls
// it for the best hits of a search.
package rerank
