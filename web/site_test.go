package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/schema"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
	"github.com/jisiguangyi/jisi/web"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// statements counts what the database is asked.
type statements struct{ n atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}
func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// healthy is a server's index that is ready.
type healthy struct{}

func (healthy) Health(context.Context) server.IndexHealth { return server.IndexHealth{Ready: true} }

// open gives the whole server over a store with the documented records and an
// index of them.
func open(t *testing.T) (http.Handler, *statements) {
	t.Helper()
	count := &statements{}
	s := storetest.Seeded(t, count)
	return serverOver(s, indexOf(t, s)), count
}

func indexOf(t *testing.T, s *store.Store) *indexer.Index {
	t.Helper()
	words, err := indexer.LoadWords(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	index, err := indexer.Open(t.Context(), t.TempDir(), words, indexer.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := index.CatchUp(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return index
}

func serverOver(s *store.Store, index *indexer.Index) http.Handler {
	return server.Handler(server.Options{
		Schema:       graph.NewSchema(&graph.Resolver{Store: s, Search: index}),
		PresentError: graph.PresentError,
		Recover:      graph.Recover,
		Loaders: func(ctx context.Context) context.Context {
			return loaders.NewContext(ctx, loaders.New(s, 10*time.Millisecond))
		},
		SDL:      schema.SDL(),
		Database: s,
		Index:    healthy{},
		Log:      slog.New(slog.DiscardHandler),
	})
}

func get(t *testing.T, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	return w
}

// page gets a page and parses it; any status but 200 ends the test.
func page(t *testing.T, h http.Handler, target string) *html.Node {
	t.Helper()
	w := get(t, h, target)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", target, w.Code, textOf(parse(t, w.Body.String())))
	}
	return parse(t, w.Body.String())
}

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// all gives the elements of a name, every element where it is "".
func all(tree *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range tree.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// byID gives the element with an id, nil where there is none.
func byID(tree *html.Node, id string) *html.Node {
	for _, n := range all(tree, "") {
		if attribute(n, "id") == id {
			return n
		}
	}
	return nil
}

// withClass gives the elements of a class.
func withClass(tree *html.Node, class string) []*html.Node {
	var found []*html.Node
	for _, n := range all(tree, "") {
		for c := range strings.FieldsSeq(attribute(n, "class")) {
			if c == class {
				found = append(found, n)
			}
		}
	}
	return found
}

// textOf is all text below a node.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// links are the addresses on this server that a page leads to, without what
// stands behind #.
func links(tree *html.Node) []string {
	var found []string
	for _, n := range all(tree, "") {
		for _, name := range []string{"href", "src", "data-suggest", "hx-get"} {
			target, _, _ := strings.Cut(attribute(n, name), "#")
			if strings.HasPrefix(target, "/") {
				found = append(found, target)
			}
		}
		if action := attribute(n, "action"); action != "" && n.Data == "form" {
			found = append(found, action)
		}
	}
	return found
}

// overHTTP is a Querier that asks a server's API as any client does, and gives
// what change makes of the answer.
type overHTTP struct {
	server http.Handler
	change func(any) any
}

func (q overHTTP) Query(ctx context.Context, document, _ string, variables map[string]any) (json.RawMessage, []web.GraphQLError) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	q.server.ServeHTTP(w, r)
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Extensions map[string]any
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		panic(err)
	}
	var problems []web.GraphQLError
	for _, e := range answer.Errors {
		problems = append(problems, web.GraphQLError{Code: fmt.Sprint(e.Extensions["code"]), Message: e.Message})
	}
	data, err := json.Marshal(q.change(answer.Data))
	if err != nil {
		panic(err)
	}
	return data, problems
}

// seeds are addresses of every kind of page; crawls begin with them.
var seeds = []string{
	"/", "/search", "/search?q=" + url.QueryEscape("三点半"), "/search?q=zzzz&kind=CASE&sort=newest",
	"/search?q=" + url.QueryEscape("协商") + "&kind=CASE&kind=BRAND&level=PROVINCE&region=220000&topic=jingji&origin=DOCUMENTED",
	"/learn", "/learn?problem=" + url.QueryEscape("老旧小区改造，居民停车难"), "/compare",
	"/compare?cases=siping-haodi-zhong-haoliang,heitudi-baohu&cases=qianyi-jin-liang-gongcheng",
	"/brands", "/proposals", "/practices", "/committees", "/topics", "/developers", "/suggest?q=guil",
}
