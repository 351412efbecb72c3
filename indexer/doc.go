// Package indexer finds records: it keeps a search index beside the database
// and answers searches, completions and questions for like cases from it.
//
// The index is derived. A Source (the store implements it) gives snapshots of
// documents and the feed of changes; the follower applies them; nobody else
// writes. The cursor of the feed is kept in the index, in the same batch as what
// it stands for, so that a crash at any moment leaves an index that is behind,
// never one that is wrong.
//
// How a search is answered, with the file that each step is in:
//
//	fold.go       text is folded: width, case, traditional to simplified, with a map back
//	words.go      and cut into words by jieba, with the domain's dictionary
//	parse.go      what was typed becomes words, phrases, exclusions and fields
//	plan.go       and these the terms that are scored and the units that must be there
//	view.go       one state of the index, its documents numbered through
//	bits.go       sets of documents
//	postings.go   the lists of a term's documents, read from bleve once and kept
//	lists.go      (how they are read and put together; warm.go reads long ones ahead)
//	match.go      who counts as found
//	covering.go   by which words together are enough
//	filter.go     exact totals and facets, counted over sets
//	score.go      BM25 over words, characters and bigrams
//	skip.go       without the lists that can change nothing
//	rerank.go     a second look at the best hits (features.go, weights.go), over
//	              the texts as readable.go keeps them
//	highlight.go  the fragments of the page that is returned
//	correct.go    what was meant, where nothing is found as typed
//
// suggest.go completes what is being typed, peers.go finds the cases to learn
// from, and follow.go, rebuild.go and generation.go keep the index right.
//
// Of bleve, its segments are used: their dictionaries, lists, stored values,
// merges and crash safety. Its mappings, analyzers, queries, scores and
// highlighter are not; each was measured to be slower or worse than what stands
// here (see bench/search and bench/relevance).
//
// The package knows nothing of SQL, HTTP or GraphQL. It is the only one that
// imports bleve, jieba and the script converter. graph calls it for searches,
// cmd opens it and lets it follow the store.
package indexer
