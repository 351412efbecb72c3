package conformance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/server"
)

// What is past a limit is told to whoever asks, by name and in both languages, and
// nothing of it is run: the database is not asked.
func TestAQueryPastALimitIsNotRun(t *testing.T) {
	site := sitetest.Open(t)
	l := server.DefaultLimits
	parents := func(n int) string {
		return "{ cases(first: 1) { nodes { committee " + strings.Repeat("{ parent ", n-4) + "{ name }" + strings.Repeat(" }", n-4) + " } } }"
	}
	aliases := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d: __typename", i)
		}
		return "{ ...f } fragment f on Query {" + b.String() + " }"
	}
	// Each committee's page of cases costs 1 + cases × (1 + 2): see server/gqlhttp/cost.go.
	pages := func(cases int) string {
		return fmt.Sprintf("{ committees(first: 100) { nodes { cases(first: %d) { nodes { title year }}}}}", cases)
	}
	for _, tt := range []struct{ limit, at, past string }{
		{"depth", parents(l.Depth), parents(l.Depth + 1)},
		{"aliases", aliases(l.Aliases), aliases(l.Aliases + 1)},
		{"repeats", "{" + strings.Repeat("__typename ", l.Repeats) + "}", "{" + strings.Repeat("__typename ", l.Repeats+1) + "}"},
		{"cost", pages(100), "{ cases(first: 100) { nodes { committee { cases(first: 100) { nodes { committee { cases(first: 100) { nodes { title } } } } } } } } }"},
		{"queryBytes", "{ __typename } #" + strings.Repeat("x", l.QueryBytes-16), "{ __typename } #" + strings.Repeat("x", l.QueryBytes-15)},
	} {
		t.Run(tt.limit, func(t *testing.T) {
			for _, h := range []http.Handler{site.Handler, site.Production} {
				if a := ask(t, h, tt.at); len(a.Errors) > 0 {
					t.Errorf("at the limit: %+v", a.Errors)
				}
				before := site.Statements.Count()
				refusedFor(t, tt.limit, h, tt.past)
				if n := site.Statements.Count() - before; n > 0 {
					t.Errorf("past the limit: %d statements", n)
				}
			}
		})
	}
}

// refusedFor asks by POST and wants the whole answer to be a refusal.
func refusedFor(t *testing.T, limit string, h http.Handler, query string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var answer struct {
		Data   *json.RawMessage
		Errors []struct {
			Extensions struct {
				Code, Limit string
				Max         int
				Message     struct{ En, Zh string }
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if answer.Data != nil || len(answer.Errors) != 1 {
		t.Fatalf("past the limit: %s", w.Body)
	}
	e := answer.Errors[0].Extensions
	// What is past it, and after that what to do.
	if e.Code != "LIMIT" || e.Limit != limit || e.Max == 0 || !strings.Contains(e.Message.En, "; ") || !strings.Contains(e.Message.Zh, "，") {
		t.Errorf("past the limit: %+v", e)
	}
}
