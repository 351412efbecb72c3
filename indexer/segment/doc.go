// Package segment builds segments of bleve's index from documents that were cut into
// terms elsewhere.
//
// A Builder numbers the terms of a batch, each once, counts them a document, and
// inverts them by a counting sort; write.go then writes the form that zap, bleve's
// segment format, has (its zap.md says which). zap makes the same segment of maps from
// strings, one a document and field, in which each term is hashed five times: 31 to
// 44 percent of what building an index cost. Opening, reading and merging stay zap's.
//
// The package knows neither texts nor what terms mean. Package indexer calls it, and
// bleve, with which it is registered, calls its Plugin.
package segment
