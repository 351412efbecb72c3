package gqlhttp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRequestsAreAnsweredByTheRulesOfGraphQLOverHTTP(t *testing.T) {
	h := New(fakeOptions())
	get := func(params string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/graphql?"+params, nil)
	}
	body := func(media, text string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(text))
		r.Header.Set("Content-Type", media)
		return r
	}
	accepting := func(r *http.Request, accept string) *http.Request {
		r.Header.Set("Accept", accept)
		return r
	}
	encoded := func(r *http.Request, encoding string) *http.Request {
		r.Header.Set("Content-Encoding", encoding)
		return r
	}
	const hello = `{"query":"{ hello }"}`
	tests := []struct {
		name   string
		r      *http.Request
		status int
		media  string
		body   string // a part of it
	}{
		{"a query by POST", body("application/json", hello), 200, mediaJSON, `{"data":{"hello":"world"}}`},
		{"its charset said", body("application/json; charset=UTF-8", hello), 200, mediaJSON, `"world"`},
		{"another charset", body("application/json; charset=gbk", hello), 415, mediaJSON, "UTF-8"},
		{"another media type", body("text/plain", hello), 415, mediaJSON, "application/json"},
		{"no media type", body("", hello), 415, mediaJSON, "application/json"},
		{"a query by GET", get("query=" + url.QueryEscape("{ hello }")), 200, mediaJSON, `"world"`},
		{"variables by GET", get("query=" + url.QueryEscape("query($n: Int!) { echo(n: $n) }") + "&variables=" + url.QueryEscape(`{"n":7}`)), 200, mediaJSON, `{"echo":7}`},
		{"a mutation by GET", get("query=" + url.QueryEscape("mutation { change }")), 405, mediaJSON, "POST"},
		{"a mutation by POST", body("application/json", `{"query":"mutation { change }"}`), 200, mediaJSON, `"world"`},
		{"nothing by GET", get(""), 400, mediaJSON, "query"},
		{"DELETE", httptest.NewRequest(http.MethodDelete, "/graphql", nil), 405, mediaJSON, "POST"},
		{"OPTIONS", httptest.NewRequest(http.MethodOptions, "/graphql", nil), 204, "", ""},
		{"the newer media type", accepting(body("application/json", hello), mediaResponse), 200, mediaResponse, `"world"`},
		{"both, weighed", accepting(body("application/json", hello), "application/json;q=0.5, "+mediaResponse), 200, mediaResponse, `"world"`},
		{"anything", accepting(body("application/json", hello), "*/*"), 200, mediaJSON, `"world"`},
		{"neither", accepting(body("application/json", hello), "text/html"), 406, mediaJSON, "application/json"},
		{"none of it", accepting(body("application/json", hello), "application/json;q=0"), 406, mediaJSON, "application/json"},
		{"anything but JSON", accepting(body("application/json", hello), "*/*;q=0.5, application/json;q=0"), 200, mediaResponse, `"world"`},
		{"a weight that is none", accepting(body("application/json", hello), "application/json;q=7"), 406, mediaJSON, "application/json"},
		{"a compressed body", encoded(body("application/json", hello), "gzip"), 415, mediaJSON, "compressed"},
		{"a body that is not compressed", encoded(body("application/json", hello), "identity"), 200, mediaJSON, `"world"`},
		{"what is not UTF-8", body("application/json", "{\"query\":\"{ hello } # \xff\"}"), 400, mediaJSON, "byte 23 is not UTF-8"},
		{"what is not UTF-8 by GET", get("query=%7B%20hello%20%7D%23%ff"), 400, mediaJSON, "byte 11 is not UTF-8"},
		{"an unknown field", body("application/json", `{"query":"{ nothing }"}`), 200, mediaJSON, "GRAPHQL_VALIDATION_FAILED"},
		{"the same in the newer media type", accepting(body("application/json", `{"query":"{ nothing }"}`), mediaResponse), 400, mediaResponse, "GRAPHQL_VALIDATION_FAILED"},
		{"a syntax error", accepting(body("application/json", `{"query":"{ hello"}`), mediaResponse), 400, mediaResponse, "GRAPHQL_PARSE_FAILED"},
		{"no JSON", body("application/json", `{"query`), 400, mediaJSON, "JSON"},
		{"nothing", body("application/json", ``), 400, mediaJSON, "JSON"},
		{"a batch", body("application/json", "["+hello+"]"), 400, mediaJSON, "LIMIT"},
		{"a query that is a number", body("application/json", `{"query":1}`), 400, mediaJSON, "query"},
		{"variables that are text", body("application/json", `{"query":"{ hello }","variables":"x"}`), 400, mediaJSON, "variables"},
		{"variables that are null", body("application/json", `{"query":"{ hello }","variables":null}`), 200, mediaJSON, "world"},
		{"extensions that are a list", body("application/json", `{"query":"{ hello }","extensions":[]}`), 400, mediaJSON, "extensions"},
		{"an operation by its name", body("application/json", `{"query":"query a { hello } query b { x: hello }","operationName":"b"}`), 200, mediaJSON, `{"x":"world"}`},
		{"an operation that is not there", body("application/json", `{"query":"query a { hello }","operationName":"b"}`), 200, mediaJSON, "GRAPHQL_VALIDATION_FAILED"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := do(h, tt.r)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
			if media != tt.media {
				t.Errorf("media type %q, want %q", media, tt.media)
			}
			if !strings.Contains(w.Body.String(), tt.body) {
				t.Errorf("body %s, want %s in it", w.Body, tt.body)
			}
			if strings.Contains(w.Body.String(), `"data":null`) {
				t.Errorf("body %s: a request that can't be run has no data", w.Body)
			}
		})
	}
}

func TestWhatCannotBeReadIsNotEchoed(t *testing.T) {
	h := New(fakeOptions())
	const secret = "do-not-repeat-me"
	for _, body := range []string{`{"query": ` + secret, `{"query": "{ hello }", "variables": "` + secret + `"}`, secret} {
		if w := post(t, h, body); strings.Contains(w.Body.String(), secret) || w.Code != http.StatusBadRequest {
			t.Errorf("status %d, body %s", w.Code, w.Body)
		}
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	h := New(fakeOptions())
	w := post(t, h, `{"query":"query($n: Int!) { echo(n: $n) }","variables":{"n":2147483647}}`)
	if want := `{"data":{"echo":2147483647}}`; w.Body.String() != want {
		t.Errorf("got %s, want %s", w.Body, want)
	}
}

func TestAnAnswerThatTakesTooLongIsCutOff(t *testing.T) {
	o := fakeOptions()
	o.Limits.Time = 20 * time.Millisecond
	w := query(t, New(o), "{ wait }")
	a := decode(t, w.Body)
	if got := a.Code(t); got != "LIMIT" {
		t.Errorf("code %q in %v, want LIMIT", got, a.Errors)
	}
}

func TestEachRequestHasItsOwnLoaders(t *testing.T) {
	o := fakeOptions()
	calls := 0
	o.Loaders = func(ctx context.Context) context.Context { calls++; return ctx }
	h := New(o)
	query(t, h, "{ hello }")
	query(t, h, "{ hello }")
	if calls != 2 {
		t.Errorf("%d sets of loaders for 2 requests", calls)
	}
}

func TestAPersistedQueryIsKnownByItsHashOnceItWasSent(t *testing.T) {
	h := New(fakeOptions())
	const text = "{ hello }"
	sum := sha256.Sum256([]byte(text))
	extensions := fmt.Sprintf(`"extensions":{"persistedQuery":{"version":1,"sha256Hash":"%s"}}`, hex.EncodeToString(sum[:]))

	if got := decode(t, post(t, h, "{"+extensions+"}").Body).Code(t); got != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("before it was sent: code %q", got)
	}
	post(t, h, `{"query":"`+text+`",`+extensions+"}")
	if got := string(decode(t, post(t, h, "{"+extensions+"}").Body).Data); got != `{"hello":"world"}` {
		t.Errorf("after it was sent: data %s", got)
	}
}

func TestIntrospectionIsASwitch(t *testing.T) {
	const text = "{ __schema { queryType { name } } }"
	o := fakeOptions()
	o.NoIntrospection = true
	open, closed := query(t, New(fakeOptions()), text), query(t, New(o), text)
	if open.Code != http.StatusOK || closed.Code != http.StatusOK {
		t.Fatalf("status %d and %d", open.Code, closed.Code)
	}
	if diff := cmp.Diff([]bool{true, false}, []bool{decode(t, open.Body).Code(t) == "", decode(t, closed.Body).Code(t) == ""}); diff != "" {
		t.Errorf("answered when on, when off (-want +got):\n%s", diff)
	}
}

func TestSuggestionsAreASwitch(t *testing.T) {
	o := fakeOptions()
	o.NoSuggestions = true
	for _, text := range []string{"{ hallo }", "{ echo(m: 1) }"} {
		with, without := query(t, New(fakeOptions()), text).Body.String(), query(t, New(o), text).Body.String()
		if !strings.Contains(with, "Did you mean") {
			t.Errorf("%s: no suggestion in %s", text, with)
		}
		if strings.Contains(without, "Did you mean") {
			t.Errorf("%s: suggestion in %s", text, without)
		}
	}
}
