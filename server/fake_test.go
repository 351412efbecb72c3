package server

import (
	"cmp"
	"context"
	"log/slog"

	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

// What sends requests, from the tests of the endpoint.
var (
	post   = gqltest.Post
	query  = gqltest.Query
	do     = gqltest.Do
	decode = gqltest.Decode
)

type fakeDatabase struct{ err, primary error }

func (d fakeDatabase) Ping(context.Context) error        { return d.err }
func (d fakeDatabase) PingPrimary(context.Context) error { return cmp.Or(d.primary, d.err) }
func (d fakeDatabase) Writable() bool                    { return d.primary == nil }

type fakeIndex IndexHealth

func (i fakeIndex) Health(context.Context) IndexHealth { return IndexHealth(i) }

func fakeOptions() Options {
	return Options{
		GraphQL:  gqlhttp.Options{Schema: gqltest.NewSchema(), PresentError: graph.PresentError, Recover: graph.Recover},
		SDL:      gqltest.SDL,
		Version:  "v0",
		Database: fakeDatabase{},
		Index:    fakeIndex{Ready: true, Documents: 7},
		Log:      slog.New(slog.DiscardHandler),
	}
}
