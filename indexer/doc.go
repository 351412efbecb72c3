// Package indexer finds records: it keeps a search index beside the database
// and answers searches, completions and questions for like cases from it.
//
// The index is derived. A Source (the store implements it) returns snapshots of
// documents and the feed of changes; the follower applies them; nobody else
// writes. The cursor of the feed is kept in the index, in the same batch as what
// it stands for, so that a crash at any moment leaves an index that is behind,
// never one that is wrong.
//
// How a search is answered, with the package or file that each step is in:
//
//	text                     text is folded and cut into words and grams
//	query                    what was typed is parsed, and planned
//	view.go                  a snapshot of the index, its documents numbered through
//	docset, terms.go         posting lists, found in the files of segments and cached
//	(read_ahead.go           reads long ones before anybody asks)
//	match.go                 who counts as found
//	minimum_should_match.go  by which words together are enough
//	filter.go                exact totals and facets, counted over bitmaps
//	score.go                 BM25 over words, characters and bigrams
//	maxscore.go              without the lists that can change nothing
//	rerank                   a second look at the best hits, over the stored texts
//	highlight                the fragments of the page that is returned
//	correct.go               what was meant, where nothing is found as typed
//
// Beside searches, package suggest completes what is being typed, peers judges the
// cases to learn from (peers.go finds them), and corpus analyses the texts (analysis.go
// chooses the documents). follow.go, rebuild.go and generation.go keep the index right.
//
// Of bleve, its segments are used: their dictionaries, lists, stored values,
// merges and crash safety. Its mappings, analyzers, queries, scores and
// highlighter are not; each was measured to be slower or worse than what stands
// here (see bench/search and bench/relevance).
//
// The package knows nothing of SQL, HTTP or GraphQL. Only it, corpus,
// docset, integrity, segment and suggest import bleve. graph calls it for searches, cmd
// opens it and lets it follow the store.
package indexer
