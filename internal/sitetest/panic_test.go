package sitetest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// panicking is a context that panics where a goroutine of an analysis asks it, and
// only there.
type panicking struct{ context.Context }

func (p panicking) Err() error {
	if strings.Contains(string(debug.Stack()), "corpus.inParallel.func") {
		panic("asked in a goroutine of the index")
	}
	return p.Context.Err()
}

// unlucky is an index of which one analysis panics in a goroutine of its own.
type unlucky struct{ *indexer.Index }

func (u unlucky) Cooccurrence(ctx context.Context, q catalog.KeywordQuery) ([]catalog.KeywordPair, error) {
	return u.Index.Cooccurrence(panicking{ctx}, q)
}

// ask sends a query over HTTP and returns the code of its first error, empty where it
// has none.
func ask(t *testing.T, url, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(url, "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Errors []struct {
			Extensions struct{ Code string }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Errors) == 0 {
		return ""
	}
	return answer.Errors[0].Extensions.Code
}

// A goroutine of the index that panics within a request ends neither the process nor
// the next request.
func TestAPanicInAGoroutineOfTheIndexIsAnsweredOverHTTP(t *testing.T) {
	site := sitetest.OpenSearching(t, func(index *indexer.Index) graph.Searcher { return unlucky{index} })
	server := httptest.NewServer(site.Handler)
	t.Cleanup(server.Close)
	for range 2 {
		if code := ask(t, server.URL+"/graphql", "{ cooccurrence(first: 5) { a b } }"); code != "INTERNAL" {
			t.Errorf("the analysis that panics answers %q, want INTERNAL", code)
		}
		if code := ask(t, server.URL+"/graphql", "{ keywords(first: 5) { text } search(query: \"协商\") { totalCount } }"); code != "" {
			t.Errorf("asked afterwards: %s", code)
		}
	}
}
