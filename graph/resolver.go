// Package graph answers the GraphQL schema. Its resolvers are thin: they turn
// arguments into the domain's types, ask a loader or the reader for records
// and the searcher for hits, and hand them on. SQL is the store's, ranking the
// indexer's. Code in graph/generated is gqlgen's output and is never edited.
package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/generated"
)

// Resolver answers the schema. Its parts must be set; it is safe for
// concurrent use where they are. Each request's context must carry a fresh set
// of loaders (loaders.NewContext).
type Resolver struct {
	Store  Reader
	Writer Writer
	Search Searcher
	Feed   Feed // of changes; it may be left out where nobody subscribes
	// Spell makes the slug of a title that brings none: its pinyin.
	Spell func(title string) string
	// Address is where the public finds the knowledge base, as in
	// https://example.org, for citations; "" where nobody has said.
	Address string

	// Releases compares the files of two releases; nil where none are here.
	Releases Releases

	// Mail says that e-mail is sent.
	Mail bool
	// Reachable checks where a webhook leads before it is kept; nil checks nothing.
	Reachable func(ctx context.Context, address string) error

	names names // of what searches are counted by
}

// Releases compares the files of releases.
type Releases interface {
	// ReleaseChanges returns what differs between two releases, from the change number
	// from (counted from 0) to just before number to, and how many changes there are; an
	// error of the kind NOT_FOUND where the files of either are not here.
	ReleaseChanges(ctx context.Context, before, after string, from, to int) ([]*catalog.ReleaseChange, int, error)
}

// Reader returns the lists that hang on no other record; all else comes from the
// request's loaders.
type Reader interface {
	Regions(ctx context.Context, level *catalog.Level, parent *string) ([]*catalog.Region, error)
	Topics(ctx context.Context, parent *string) ([]*catalog.Topic, error)
	Sources(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Source], error)
	CountSources(ctx context.Context) (int, error)
	Persons(ctx context.Context, f catalog.PersonFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Person], error)
	CountPersons(ctx context.Context, f catalog.PersonFilter) (int, error)
	Practices(ctx context.Context, f catalog.PracticeFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Practice], error)
	CountPractices(ctx context.Context, f catalog.PracticeFilter) (int, error)
	Indicators(ctx context.Context, subject *string, page catalog.PageArgs) (*catalog.Page[*catalog.Indicator], error)
	CountIndicators(ctx context.Context, subject *string) (int, error)
	EvaluationRounds(ctx context.Context, f catalog.EvaluationRoundFilter, page catalog.PageArgs) (*catalog.Page[*catalog.EvaluationRound], error)
	CountEvaluationRounds(ctx context.Context, f catalog.EvaluationRoundFilter) (int, error)
	ActivityFigures(ctx context.Context, f catalog.ActivityFilter) ([]*catalog.ActivityFigures, error)
	Needs(ctx context.Context, f catalog.NeedFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Need], error)
	CountNeeds(ctx context.Context, f catalog.NeedFilter) (int, error)
	Reports(ctx context.Context, f catalog.ReportFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Report], error)
	CountReports(ctx context.Context, f catalog.ReportFilter) (int, error)
	Calls(ctx context.Context, f catalog.CallFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Call], error)
	CountCalls(ctx context.Context, f catalog.CallFilter) (int, error)
	Submissions(ctx context.Context, call catalog.ID, states []catalog.SubmissionState, orderBy *catalog.SubmissionOrder, page catalog.PageArgs) (*catalog.Page[*catalog.Submission], error)
	CountSubmissions(ctx context.Context, call catalog.ID, states []catalog.SubmissionState) (int, error)
	CallProgress(ctx context.Context, call catalog.ID, missing *bool, page catalog.PageArgs) (*catalog.Page[*catalog.CallProgress], error)
	CountCallProgress(ctx context.Context, call catalog.ID, missing *bool) (int, error)
	CallReviewers(ctx context.Context, call catalog.ID) ([]*catalog.CallReviewer, error)
	Judges(ctx context.Context, call catalog.ID) (bool, error)
	SubmissionChecks(ctx context.Context, call, of catalog.ID) ([]catalog.CallCheck, error)
	Collections(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Collection], error)
	CountCollections(ctx context.Context) (int, error)
	Notices(ctx context.Context, unread *bool, page catalog.PageArgs) (*catalog.Page[*catalog.Notice], error)
	CountNotices(ctx context.Context, unread *bool) (int, error)
	Follows(ctx context.Context) ([]*catalog.Follow, error)
	Writings(ctx context.Context, of *catalog.RecordKind, record *catalog.ID, name *string) ([]*catalog.Writing, error)
	Ledger(ctx context.Context) ([]*catalog.LedgerLine, error)
	CaseMatrix(ctx context.Context, rows catalog.Dimension, columns *catalog.Dimension, f catalog.CaseFilter) (*catalog.CaseMatrix, error)
	AdoptionGraph(ctx context.Context, f catalog.CaseFilter) (*catalog.AdoptionGraph, error)
	Releases(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Release], error)
	CountReleases(ctx context.Context) (int, error)
	Release(ctx context.Context, name string) (*catalog.Release, error)
	Tombstone(ctx context.Context, kind catalog.RecordKind, slug string) (*catalog.Tombstone, error)
	AdoptionTree(ctx context.Context, root catalog.ID) ([]*catalog.AdoptionBranch, error)
	AccountReader
	DeliveryReader
}

// Searcher finds records in the full-text index.
type Searcher interface {
	Search(ctx context.Context, q catalog.SearchQuery) (*catalog.SearchPage, error)
	Analyze(text string) []catalog.Token
	Suggest(ctx context.Context, prefix string, kinds []catalog.RecordKind, first int) ([]catalog.Suggestion, error)
	Peers(ctx context.Context, q catalog.PeerQuery) ([]catalog.PeerHit, error)
	Keywords(ctx context.Context, q catalog.KeywordQuery) ([]catalog.Keyword, error)
	Cooccurrence(ctx context.Context, q catalog.KeywordQuery) ([]catalog.KeywordPair, error)
	Concordance(ctx context.Context, q catalog.ConcordanceQuery) (*catalog.ConcordancePage, error)
}

// NewSchema makes the schema that a GraphQL server executes.
func NewSchema(r *Resolver) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: r})
}
