// Package sitetest starts for tests the whole server as cmd/jisi puts it together,
// over a store of its own with the documented records and an index of them.
package sitetest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/feed"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/identity"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/files"
	"github.com/jisiguangyi/jisi/internal/follow"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/schema"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/server/oai"
	"github.com/jisiguangyi/jisi/store"
)

// Site is a server with what stands behind it, until its test ends.
type Site struct {
	Handler    http.Handler
	Production http.Handler // the same records, served as -production does
	Store      *store.Store
	Index      *indexer.Index
	Feed       *feed.Hub // tells nothing before Follow
	Statements *Statements
}

// Open returns a server over a store with the documented records.
func Open(t testing.TB) *Site {
	t.Helper()
	return OpenSearching(t, func(index *indexer.Index) graph.Searcher { return index })
}

// OpenSearching returns a server as Open does, which asks what the function makes of
// the index in its place.
func OpenSearching(t testing.TB, searcher func(*indexer.Index) graph.Searcher) *Site {
	t.Helper()
	return open(t, searcher, func(*store.Store) indexer.Meaning { return nil })
}

// OpenMeaning returns a server as Open does, whose searches go by meaning as well, as
// what the function makes of the store finds it.
func OpenMeaning(t testing.TB, meaning func(*store.Store) indexer.Meaning) *Site {
	t.Helper()
	return open(t, func(index *indexer.Index) graph.Searcher { return index }, meaning)
}

func open(t testing.TB, searcher func(*indexer.Index) graph.Searcher, meaning func(*store.Store) indexer.Meaning) *Site {
	t.Helper()
	count := &Statements{}
	s := storetest.Seeded(t, count)
	index := openIndex(t, s, meaning(s))
	hub := feed.New(s, feed.Options{Log: slog.New(slog.DiscardHandler)})
	o := options(s, searcher(index), hub)
	public := o
	public.GraphQL.NoIntrospection, public.NoPlayground, public.GraphQL.NoSuggestions = true, true, true
	return &Site{Handler: server.Handler(o), Production: server.Handler(public), Store: s, Index: index, Feed: hub, Statements: count}
}

// Follow tells subscribers of what changes until the test ends. It asks the
// database now and then, which Statements counts.
func (s *Site) Follow(t testing.TB) {
	ctx, cancel := context.WithCancel(context.Background())
	listener := s.Store.Listen()
	notifier := follow.NewNotifier(listener, slog.New(slog.DiscardHandler))
	ended := make(chan error, 2)
	go func() { ended <- notifier.Run(ctx) }()
	go func() { ended <- s.Feed.Follow(ctx, notifier.Follow()) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
		listener.Close()
	})
}

// CatchUp brings the index up to date with the store.
func (s *Site) CatchUp(t testing.TB) {
	t.Helper()
	if err := s.Index.CatchUp(t.Context(), s.Store); err != nil {
		t.Fatal(err)
	}
}

// Token issues an access token, which is good for an hour.
func (s *Site) Token(t testing.TB, name string, role catalog.Role, committee string) string {
	t.Helper()
	text, _, err := s.Store.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: name, Role: role, Committee: committee, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Statements counts what the database is asked. It is safe for concurrent use.
type Statements struct{ n atomic.Int64 }

// Count returns how many statements there have been.
func (s *Statements) Count() int64 { return s.n.Load() }

// TraceQueryStart counts a statement; pgx calls it for each.
func (s *Statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}

// TraceQueryEnd does nothing.
func (*Statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// healthy is a server's index that is ready.
type healthy struct{}

func (healthy) Health(context.Context) server.IndexHealth { return server.IndexHealth{Ready: true} }

// loaderWait is longer than a server's, so that the number of statements is the
// same on a slow machine.
const loaderWait = 10 * time.Millisecond

func options(s *store.Store, index graph.Searcher, hub *feed.Hub) server.Options {
	resolver := &graph.Resolver{Store: s, Writer: s, Search: index, Feed: hub, Spell: permalink.Spell}
	return server.Options{
		GraphQL: gqlhttp.Options{
			Schema:       graph.NewSchema(resolver),
			Weights:      graph.Weights,
			Extensions:   graph.Extensions(resolver, answer.New(s), nil, slog.New(slog.DiscardHandler)),
			PresentError: graph.PresentError,
			Recover:      graph.Recover,
			Loaders: func(ctx context.Context) context.Context {
				return loaders.NewContext(ctx, loaders.New(s, loaderWait))
			},
		},
		Identity: identity.NewAuthenticator(s, identity.Settings{}),
		Files:    files.Files{Store: s},
		Harvest:  oai.Handler(oai.Options{Source: s, Log: slog.New(slog.DiscardHandler)}),
		SDL:      schema.SDL(),
		Database: s,
		Index:    healthy{},
		Log:      slog.New(slog.DiscardHandler),
	}
}
