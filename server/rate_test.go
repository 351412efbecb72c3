package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always can be
	return string(text)
}

// asking returns a request from an address. Rates in these tests are such that
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
		if code := decode(t, w.Body).Code(t); code != "LIMIT" {
			t.Errorf("code %q, want LIMIT", code)
		}
		return n
	}
	return 1000
}

func getting(path, address string) func() *http.Request {
	return func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = address + ":1"
		return r
	}
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
		{"a proxy on this machine, behind an empty line of the caller's", func() *http.Request {
			r := asking("127.0.0.1", "{ hello }")
			r.Header["X-Forwarded-For"] = []string{"", "192.0.2.7"}
			return r
		}, 0}, // they are one address, since no proxy is named
		{"readiness", getting("/readyz", "192.0.2.8"), 5},
		{"the schema", getting("/schema.graphql", "192.0.2.9"), 5},
		{"a form to sign in", func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("token=x"))
			r.RemoteAddr = "192.0.2.10:1"
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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
	site := httptest.NewServer(Handler(o))
	t.Cleanup(site.Close)
	c, _ := gqltest.Dial(t, site, http.Header{"X-Forwarded-For": {"192.0.2.1"}}, "graphql-transport-ws")
	c.Send(`{"type":"connection_init"}`)
	c.Want(`{"type":"connection_ack"}`)
	for _, id := range []string{"1", "2"} {
		c.Subscribe(id, "{ hello }")
		c.Want(`{"id":"` + id + `","type":"next","payload":{"data":{"hello":"world"}}}`)
		c.Want(`{"id":"` + id + `","type":"complete"}`)
	}
	c.Subscribe("3", "{ hello }")
	if code := c.Failure("3"); code != "LIMIT" {
		t.Errorf("the third: %s, want LIMIT", code)
	}
	if err := c.Conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
}
