package graph_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/store"
)

// broken is a store that panics where loaders read committees, which they do in a
// goroutine of their own.
type broken struct{ *store.Store }

func (broken) CommitteesByID(context.Context, []catalog.ID) (map[catalog.ID]*catalog.Committee, error) {
	panic("no committees today")
}

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// TestAPanicInAGoroutineOfARequestIsInternal asks for what panics in a loader's
// goroutine, by way of one of a resolver's, and then for something else.
func TestAPanicInAGoroutineOfARequestIsInternal(t *testing.T) {
	s := storetest.Seeded(t)
	var log safeBuffer
	errors := graph.Errors{Log: slog.New(slog.NewTextHandler(&log, nil))}
	server := handler.New(graph.NewSchema(&graph.Resolver{Store: s}))
	server.AddTransport(transport.POST{})
	server.SetErrorPresenter(errors.Present)
	server.SetRecoverFunc(errors.Recover)
	a := &api{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(loaders.NewContext(r.Context(), loaders.New(broken{s}, testWait))))
	})}
	id := catalog.EncodeID(catalog.KindCommittee, committeeID(t, s, "changchun"))
	for _, query := range []string{`{ node(id: "` + id + `") { id } }`, `{ nodes(ids: ["` + id + `"]) { id } }`, `{ cases(first: 3) { nodes { committee { name } } } }`} {
		log.Reset()
		got := a.ask(t, query, nil)
		if len(got.Errors) == 0 || got.Errors[0].Extensions["code"] != "INTERNAL" || strings.Contains(got.Errors[0].Message, "committees today") {
			t.Errorf("%s: %+v, want INTERNAL and no word of the cause", query, got.Errors)
		}
		if said := log.String(); !strings.Contains(said, "no committees today") || !strings.Contains(said, "CommitteesByID") {
			t.Errorf("%s: the log has %q, want the panic and its stack", query, said)
		}
	}
	log.Reset()
	a.ask(t, `{ `+strings.Repeat("a", 5000)+`: node(id: "`+id+`") { id } }`, nil)
	if said := log.String(); !strings.Contains(said, "no committees today") || strings.Contains(said, strings.Repeat("a", 101)) {
		t.Errorf("of a long alias the log has %.300q, want its begin", said)
	}
	if got := a.ask(t, `{ cases { totalCount } }`, nil); len(got.Errors) > 0 {
		t.Errorf("asked afterwards: %+v", got.Errors)
	}
}
