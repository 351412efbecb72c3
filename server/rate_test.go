package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always can be
	return string(text)
}

// asking gives a request from an address. Rates in these tests are such that
// nothing comes back into a bucket while a test runs.
func asking(address, query string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":`+quoted(query)+`}`))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = address + ":1"
	return r
}

// until429 counts the requests that are answered before one is refused.
func until429(t *testing.T, h http.Handler, r func() *http.Request) int {
	t.Helper()
	for n := range 1000 {
		w := do(h, r())
		if w.Code != http.StatusTooManyRequests {
			continue
		}
		if after, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || after < 1 {
			t.Errorf("Retry-After: %q", w.Header().Get("Retry-After"))
		}
		if code := decode(t, w.Body).code(t); code != "LIMIT" {
			t.Errorf("code %q, want LIMIT", code)
		}
		return n
	}
	return 1000
}

func TestACallerIsHeldToItsRate(t *testing.T) {
	o := fakeOptions()
	o.Limits.Rate, o.Limits.Burst = 1e-6, 5
	h := Handler(o)
	from := func(address, query string) func() *http.Request {
		return func() *http.Request { return asking(address, query) }
	}
	for _, tt := range []struct {
		name string
		r    func() *http.Request
		want int
	}{
		{"an address", from("192.0.2.1", "{ hello }"), 5},
		{"the same again", from("192.0.2.1", "{ hello }"), 0},
		{"another", from("192.0.2.2", "{ hello }"), 5},
		{"a dear query, which counts for three more", from("192.0.2.3", "{ cases(first: 100) { nodes { peers(first: 30) { nodes { title } } } } }"), 2},
		{"a query that is not valid", from("192.0.2.4", "{ nothing }"), 5},
		{"a page", func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, "/nothing", nil)
			r.RemoteAddr = "192.0.2.5:1"
			return r
		}, 5},
		{"what a page is made of", func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, "/assets/style.css", nil)
			r.RemoteAddr = "192.0.2.6:1"
			return r
		}, 1000},
		{"this machine", from("127.0.0.1", "{ hello }"), 1000},
		{"a proxy on this machine", func() *http.Request {
			r := asking("127.0.0.1", "{ hello }")
			r.Header.Set("X-Forwarded-For", "192.0.2.7")
			return r
		}, 5},
	} {
		if got := until429(t, h, tt.r); got != tt.want {
			t.Errorf("%s: %d requests, want %d", tt.name, got, tt.want)
		}
	}
}

func TestTheRateHoldsOverASocket(t *testing.T) {
	o := fakeOptions()
	o.Limits.Rate, o.Limits.Burst = 1e-6, 3 // one for the socket itself
	c, _ := dial(t, listening(t, o), http.Header{"X-Forwarded-For": {"192.0.2.1"}}, subprotocol)
	c.send(`{"type":"connection_init"}`)
	c.want(`{"type":"connection_ack"}`)
	for _, id := range []string{"1", "2"} {
		c.subscribe(id, "{ hello }")
		c.want(`{"id":"` + id + `","type":"next","payload":{"data":{"hello":"world"}}}`)
		c.want(`{"id":"` + id + `","type":"complete"}`)
	}
	c.subscribe("3", "{ hello }")
	if code := c.failure("3"); code != "LIMIT" {
		t.Errorf("the third: %s, want LIMIT", code)
	}
	if err := c.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
}

func TestOnlyRegisteredQueriesAreRun(t *testing.T) {
	const text = "{ hello }"
	folder := fstest.MapFS{
		"a.graphql":   {Data: []byte(text + "\n")},
		"relay.json":  {Data: []byte(`{"r1":"query R { echo(n: 1) }"}`)},
		"apollo.json": {Data: []byte(`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a1","name":"A","type":"query","body":"query A { echo(n: 2) }"}]}`)},
		"README.md":   {Data: []byte("not read")},
	}
	o := fakeOptions()
	var err error
	if o.Persisted, err = ReadPersisted(folder, fakeSDL); err != nil {
		t.Fatal(err)
	}
	h := Handler(o)
	id := func(id string) string {
		return `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + id + `"}}}`
	}
	for _, tt := range []struct{ name, body, data, code string }{
		{"a registered text", `{"query":"{ hello }"}`, `{"hello":"world"}`, ""},
		{"its hash", id(hashOf(text)), `{"hello":"world"}`, ""},
		{"an id of Relay's", id("r1"), `{"echo":1}`, ""},
		{"an id of Apollo's", id("a1"), `{"echo":2}`, ""},
		{"any other text", `{"query":"{ tags { title } }"}`, "", "PERSISTED_QUERY_REQUIRED"},
		{"any other text with a registered hash", `{"query":"{ tags { title } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hashOf(text) + `"}}}`, "", "PERSISTED_QUERY_REQUIRED"},
		{"an unknown hash", id(hashOf("{ tags }")), "", "PERSISTED_QUERY_REQUIRED"},
	} {
		a := decode(t, post(t, h, tt.body).Body)
		if diff := cmp.Diff([]string{tt.data, tt.code}, []string{string(a.Data), a.code(t)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	o.Limits = o.Limits.withDefaults()
	o.Streams = NewStreams()
	if _, problems := newEndpoint(o).Query(context.Background(), "{ tags { title } }", "", nil); len(problems) != 0 {
		t.Errorf("the server's own pages: %v", problems)
	}
}

func TestWhatIsWrongWithRegisteredQueriesIsToldAtOnce(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"none":                 {},
		"a field that is none": {"a.graphql": {Data: []byte("{ nothing }")}},
		"no JSON":              {"a.json": {Data: []byte("{")}},
	} {
		if p, err := ReadPersisted(folder, fakeSDL); err == nil {
			t.Errorf("%s: %v", name, p)
		}
	}
	_, err := ReadPersisted(fstest.MapFS{"a.graphql": {Data: []byte("{ one }")}, "b.graphql": {Data: []byte("{ two }")}}, fakeSDL)
	if err == nil || !strings.Contains(err.Error(), "a.graphql") || !strings.Contains(err.Error(), "b.graphql") {
		t.Errorf("%v does not name both", err)
	}
	if kind := catalog.ErrorKindOf(err); kind != catalog.KindInternal {
		t.Errorf("it is %s, as if a user had done it", kind)
	}
}
