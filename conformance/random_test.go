package conformance_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/schema"
)

var (
	randomQueries = flag.Int("random.queries", 300, "how many random queries to ask")
	randomSeed    = flag.Uint64("random.seed", 1, "of the first of them")
)

// TestRandomValidQueriesNeverFailInside asks valid queries that are made from
// the schema. They may be refused for what they ask (INVALID, NOT_FOUND, LIMIT),
// but nothing breaks, and the database is asked in proportion to the query's
// text, not to what comes out of it.
func TestRandomValidQueriesNeverFailInside(t *testing.T) {
	site := sitetest.Open(t)
	loaded, err := gqlparser.LoadSchema(&ast.Source{Input: schema.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	ids := someIDs(t, site.Handler)
	codes := map[string]int{}
	failed := 0
	for i := range *randomQueries {
		g := newGenerator(loaded, *randomSeed+uint64(i), ids)
		text := g.query()
		if _, err := gqlparser.LoadQueryWithRules(loaded, text, nil); err != nil {
			t.Fatalf("seed %d: the query is not valid: %v\n%s", *randomSeed+uint64(i), err, text)
		}
		before := site.Statements.Count()
		answer := ask(t, site.Handler, text)
		asked := site.Statements.Count() - before
		for _, e := range answer.Errors {
			codes[e.Extensions.Code]++
			if e.Extensions.Code == "INTERNAL" || e.Extensions.Code == "UNAVAILABLE" || strings.HasPrefix(e.Extensions.Code, "GRAPHQL") {
				failed++
				t.Errorf("seed %d: %s at %v: %s\n%s", *randomSeed+uint64(i), e.Extensions.Code, e.Path, e.Message, text)
			}
		}
		if len(answer.Errors) == 0 {
			codes["OK"]++
		}
		// A field may need a list and its length, or a record and its links.
		if most := int64(2*g.fields + 10); asked > most {
			failed++
			t.Errorf("seed %d: %d statements for %d fields\n%s", *randomSeed+uint64(i), asked, g.fields, text)
		}
		if failed > 10 {
			t.Fatal("that is enough")
		}
	}
	t.Logf("%d queries: %v", *randomQueries, codes)
	if codes["OK"] < *randomQueries/10 {
		t.Errorf("only %d of %d queries were answered without an error, which tests little", codes["OK"], *randomQueries)
	}
}

type answered struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code string }
	}
}

func ask(t *testing.T, h http.Handler, query string) answered {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var a answered
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return a
}

// someIDs returns ids of records of several kinds.
func someIDs(t *testing.T, h http.Handler) []string {
	t.Helper()
	const list = " { nodes { id } } "
	var data map[string]struct{ Nodes []struct{ ID string } }
	a := ask(t, h, "{ cases(first: 3)"+list+"brands(first: 2)"+list+"committees(first: 3)"+list+"proposals(first: 2)"+list+"practices(first: 2)"+list+"sources(first: 1)"+list+"}")
	if err := json.Unmarshal(a.Data, &data); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, name := range []string{"cases", "brands", "committees", "proposals", "practices", "sources"} {
		for _, n := range data[name].Nodes {
			ids = append(ids, n.ID)
		}
	}
	if len(ids) < 10 {
		t.Fatalf("only %d ids", len(ids))
	}
	return ids
}
