package server

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// production is the profile of a public server; cmd/jisi's -production sets it.
func production() http.Handler {
	o := fakeOptions()
	o.GraphQL.NoIntrospection, o.NoPlayground, o.GraphQL.NoSuggestions = true, true, true
	return Handler(o)
}

// TestWhatGraphQLCopLooksForIsNotThere makes the twelve checks of graphql-cop
// (https://github.com/dolevf/graphql-cop), written anew from its descriptions:
// the program itself is Python that no package index has. What it calls “GET
// method query support” is left out: queries by GET are part of GraphQL over
// HTTP, and cacheable; mutations by GET are refused.
func TestWhatGraphQLCopLooksForIsNotThere(t *testing.T) {
	h := production()
	body := func(text string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	ask := func(query string) *http.Request { return body(`{"query":` + quoted(query) + `}`) }
	form := func(query string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(url.Values{"query": {query}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	aliases := "query {"
	for range 101 {
		aliases += " a" + strings.Repeat("x", len(aliases)%50) + ": hello"
	}
	const typeRef = "ofType { kind name "
	circular := "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"

	for _, tt := range []struct {
		name   string
		r      *http.Request
		refuse string // what the answer must have
		never  string // what it must not have
	}{
		{"alias overloading", ask(aliases + " }"), `"LIMIT"`, `"data"`},
		{"batches", body("[" + strings.Repeat(`{"query":"{ __typename }"},`, 9) + `{"query":"{ __typename }"}]`), `"LIMIT"`, `"data"`},
		{"directive overloading", ask("query { __typename" + strings.Repeat(" @aa", 10) + " }"), `"LIMIT"`, "Unknown directive"},
		{"circular introspection", ask(circular), `"errors"`, `"types"`},
		{"field duplication", ask("query { " + strings.Repeat("__typename ", 500) + "}"), `"LIMIT"`, `"data"`},
		{"field suggestions", ask("query { hallo }"), `"errors"`, "Did you mean"},
		{"mutations by GET", httptest.NewRequest(http.MethodGet, "/graphql?query="+url.QueryEscape("mutation { change }"), nil), `"errors"`, `"data"`},
		{"forms, as other sites can send them", form("query { __typename }"), `"errors"`, `"data"`},
		{"GraphiQL", htmlFrom("/playground"), "没有找到这一页", "graphiql"},
		{"GraphiQL at the endpoint", htmlFrom("/graphql"), `"errors"`, "graphiql"},
		{"introspection", ask("{ __schema { queryType { name } } }"), `"FORBIDDEN"`, "queryType\":"},
		{"introspection of a type", ask(`{ ... on Query { __type(name: "Query") { name ` + typeRef + "} } } }"), `"FORBIDDEN"`, `"__type":{`},
		{"introspection in a fragment", ask("{ ...f } fragment f on Query { __schema { queryType { name } } }"), `"FORBIDDEN"`, "queryType\":"},
		{"tracing", ask("{ hello }"), `"data"`, "tracing"},
		{"errors with what is inside", ask("{ fail }"), `"INTERNAL"`, "secret"},
		{"panics with what is inside", ask("{ panic }"), `"errors"`, "goroutine"},
		{"a body that is no JSON", body("{'query': secret}"), `"errors"`, "secret"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := do(h, tt.r).Body.String()
			if !strings.Contains(got, tt.refuse) {
				t.Errorf("%.200q has no %s", got, tt.refuse)
			}
			if strings.Contains(strings.ToLower(got), strings.ToLower(tt.never)) {
				t.Errorf("%.200q has %s", got, tt.never)
			}
		})
	}
}

func htmlFrom(target string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept", "text/html")
	return r
}
