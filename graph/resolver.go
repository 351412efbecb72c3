// Package graph answers the GraphQL schema. Its resolvers are thin: they turn
// arguments into the domain's types, ask a loader or the reader for records
// and the searcher for hits, and hand them on. SQL is the store's, ranking the
// indexer's. Code in graph/generated is gqlgen's output and is never edited.
package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

// Resolver answers the schema. Its parts must be set; it is safe for
// concurrent use where they are. Each request's context must carry a fresh set
// of loaders (loaders.NewContext).
type Resolver struct {
	Store  Reader
	Search Searcher
}

// Reader gives the lists that are not below another record, and records by
// their slugs; what hangs on a record comes from the loaders.
type Reader interface {
}

// Searcher finds records in the full-text index.
type Searcher interface {
	Search(ctx context.Context, q catalog.SearchQuery) (*catalog.SearchPage, error)
	Analyze(text string) []catalog.Token
}
