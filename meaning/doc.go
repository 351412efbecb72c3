// Package meaning finds records by closeness of meaning. A server that speaks OpenAI's
// /v1/embeddings makes vectors of texts: of each public record's, which are kept by a
// store and followed by the feed of changes, and of what somebody asks. Vectors stand
// in memory as 8-bit whole numbers and are all compared; the nearest are compared once
// more by their exact ones.
//
// It declares the store that it needs and knows neither SQL nor ranking; package
// indexer asks it through an interface of its own, and cmd puts them together. What is
// sent to the server is the text of public records and what readers search for, and
// nothing else: drafts are not.
package meaning
