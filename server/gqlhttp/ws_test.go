package gqlhttp

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

// listening serves the options at an address of its own.
func listening(t *testing.T, o Options) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config = &http.Server{Handler: New(o), WriteTimeout: time.Minute}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// connected returns a client that the server has acknowledged.
func connected(t *testing.T, o Options) *gqltest.Client {
	t.Helper()
	c, _ := gqltest.Dial(t, listening(t, o), nil, subprotocol)
	c.Send(`{"type":"connection_init"}`)
	c.Want(`{"type":"connection_ack"}`)
	return c
}

func TestTheSocketIsClosedWithTheProtocolsCodes(t *testing.T) {
	const initialise = `{"type":"connection_init"}`
	const silence = `{"id":"1","type":"subscribe","payload":{"query":"subscription { silence }"}}`
	tests := []struct {
		name string
		send []string
		code websocket.StatusCode
		why  string
	}{
		{"no JSON", []string{"x"}, 4400, "Invalid message received"},
		{"no object", []string{"[]"}, 4400, "Invalid message received"},
		{"null", []string{"null"}, 4400, "Invalid message received"},
		{"no type", []string{"{}"}, 4400, "Invalid message received"},
		{"an unknown type", []string{`{"type":"start"}`}, 4400, "Invalid message received"},
		{"a server's type", []string{initialise, `{"id":"1","type":"next","payload":{}}`}, 4400, "Invalid message received"},
		{"a payload of init that is no object", []string{`{"type":"connection_init","payload":"x"}`}, 4400, "Invalid message received"},
		{"subscribe without an id", []string{initialise, `{"type":"subscribe","payload":{"query":"{ hello }"}}`}, 4400, "Invalid message received"},
		{"an id that is no string", []string{initialise, `{"id":1,"type":"subscribe","payload":{"query":"{ hello }"}}`}, 4400, "Invalid message received"},
		{"subscribe without a payload", []string{initialise, `{"id":"1","type":"subscribe"}`}, 4400, "Invalid message received"},
		{"subscribe without a query", []string{initialise, `{"id":"1","type":"subscribe","payload":{}}`}, 4400, "Invalid message received"},
		{"variables that are no object", []string{initialise, `{"id":"1","type":"subscribe","payload":{"query":"{ hello }","variables":[]}}`}, 4400, "Invalid message received"},
		{"subscribe before the acknowledgement", []string{silence}, 4401, "Unauthorized"},
		{"init twice", []string{initialise, initialise}, 4429, "Too many initialisation requests"},
		{"an id in use", []string{initialise, silence, silence}, 4409, "Subscriber for 1 already exists"},
		{"a message past the limit", []string{`{"type":"` + strings.Repeat("x", 2000) + `"}`}, websocket.StatusMessageTooBig, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := fakeOptions()
			o.Limits.BodyBytes = 1000
			c, _ := gqltest.Dial(t, listening(t, o), nil, subprotocol)
			for _, text := range tt.send {
				c.Send(text)
			}
			code, why := c.Closed()
			if code != tt.code || tt.why != "" && why != tt.why {
				t.Errorf("closed with %d %q, want %d %q", code, why, tt.code, tt.why)
			}
		})
	}
}

func TestASocketOfAnotherProtocolIsClosed(t *testing.T) {
	s := listening(t, fakeOptions())
	for _, protocols := range [][]string{nil, {"graphql-ws"}} {
		c, _ := gqltest.Dial(t, s, nil, protocols...)
		if code, why := c.Closed(); code != 4406 || why != "Subprotocol not acceptable" {
			t.Errorf("%q: closed with %d %q", protocols, code, why)
		}
	}
}

func TestASocketThatDoesNotSayWhoItIsIsClosed(t *testing.T) {
	o := fakeOptions()
	o.Streams, o.Limits = NewStreams(), o.Limits.withDefaults()
	e := New(o)
	e.initTimeout = time.Millisecond
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	c, _ := gqltest.Dial(t, s, nil, subprotocol)
	if code, why := c.Closed(); code != 4408 || why != "Connection initialisation timeout" {
		t.Errorf("closed with %d %q", code, why)
	}
}

func TestOperationsOverASocket(t *testing.T) {
	c := connected(t, fakeOptions())
	c.Send(`{"type":"ping","payload":{"n":1}}`)
	c.Want(`{"type":"pong","payload":{"n":1}}`)
	c.Send(`{"type":"pong"}`)
	c.Send(`{"id":"nobody's","type":"complete"}`)

	c.Subscribe("1", "subscription { count(to: 2) }")
	c.Want(`{"id":"1","type":"next","payload":{"data":{"count":1}}}`)
	c.Want(`{"id":"1","type":"next","payload":{"data":{"count":2}}}`)
	c.Want(`{"id":"1","type":"complete"}`)
	c.Subscribe("1", "{ hello }") // the id is free again
	c.Want(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.Want(`{"id":"1","type":"complete"}`)
	c.Subscribe("2", "mutation { change }")
	c.Want(`{"id":"2","type":"next","payload":{"data":{"change":"world"}}}`)
	c.Want(`{"id":"2","type":"complete"}`)
}

func TestAnOperationThatItsClientCompletesSendsNoMore(t *testing.T) {
	c := connected(t, fakeOptions())
	c.Subscribe("1", "subscription { silence }")
	c.Send(`{"id":"1","type":"complete"}`)
	c.Subscribe("1", "subscription { silence }") // the id is free again
	c.Send(`{"id":"1","type":"complete"}`)
	c.Send(`{"type":"ping"}`)
	c.Want(`{"type":"pong"}`)
}

func TestTheLimitsOfRequestsHoldOverASocket(t *testing.T) {
	o := fakeOptions()
	o.Limits = Limits{Depth: 3, Cost: 30, Subscriptions: 2, Time: time.Millisecond}
	c := connected(t, o)
	for query, want := range map[string]string{
		"{ cases { nodes { parent { parent { title } } } } }": "LIMIT",
		"{ cases(first: 100) { nodes { title } } }":           "LIMIT",
		"{ nothing }":                           "GRAPHQL_VALIDATION_FAILED",
		"{":                                     "GRAPHQL_PARSE_FAILED",
		"subscription { count(to: 1) silence }": "GRAPHQL_VALIDATION_FAILED",
	} {
		c.Subscribe("1", query)
		if got := c.Failure("1"); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	c.Subscribe("1", "subscription { silence }") // the time is an event's, not what it is waited for
	c.Subscribe("2", "subscription { stall }")
	if got, err := c.Read(); err != nil || !strings.Contains(got, `"id":"2","type":"next"`) || !strings.Contains(got, `"LIMIT"`) {
		t.Errorf("an event that takes too long: %s, %v", got, err)
	}
	c.Subscribe("3", "{ hello }")
	for {
		got, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got, `"id":"3"`) {
			if !strings.Contains(got, `"LIMIT"`) {
				t.Errorf("one operation too many: %s", got)
			}
			return
		}
	}
}

func TestATokenSaysWhoIsThere(t *testing.T) {
	o := fakeOptions()
	var seen []string
	o.Identify = func(_ context.Context, token string) (*catalog.Viewer, error) {
		switch token {
		case "right":
			return &catalog.Viewer{Name: "her"}, nil
		case "broken":
			return nil, errors.New("the database is gone")
		}
		return nil, &catalog.Error{Kind: catalog.KindUnauthenticated}
	}
	o.Loaders = func(ctx context.Context) context.Context {
		if v := catalog.ViewerFrom(ctx); v != nil {
			seen = append(seen, v.Name)
		} else {
			seen = append(seen, "")
		}
		return ctx
	}
	s := listening(t, o)
	for token, want := range map[string]websocket.StatusCode{"wrong": 4403, "broken": 4500} {
		c, _ := gqltest.Dial(t, s, nil, subprotocol)
		c.Send(`{"type":"connection_init","payload":{"Authorization":"Bearer ` + token + `"}}`)
		if code, _ := c.Closed(); code != want {
			t.Errorf("%s: closed with %d, want %d", token, code, want)
		}
	}
	for _, payload := range []string{`{"authorization":"bearer right"}`, `{}`, `null`} {
		c, _ := gqltest.Dial(t, s, nil, subprotocol)
		c.Send(`{"type":"connection_init","payload":` + payload + `}`)
		c.Want(`{"type":"connection_ack"}`)
		c.Subscribe("1", "{ hello }")
		c.Want(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
		c.Want(`{"id":"1","type":"complete"}`)
	}
	if diff := cmp.Diff([]string{"her", "", ""}, seen); diff != "" {
		t.Errorf("who asked (-want +got):\n%s", diff)
	}
}

func TestPagesFromElsewhereConnectOnlyWhereTheyMay(t *testing.T) {
	const ours, theirs = "https://ours.example", "https://theirs.example"
	some, none, all := fakeOptions(), fakeOptions(), fakeOptions()
	some.Origins = []string{ours}
	all.Origins = []string{"*"}
	tests := []struct {
		name   string
		o      Options
		origin string
		want   int
	}{
		{"one that is listed", some, ours, http.StatusSwitchingProtocols},
		{"one that is not", some, theirs, http.StatusForbidden},
		{"any, where none is listed", none, ours, http.StatusForbidden},
		{"any, where all are", all, theirs, http.StatusSwitchingProtocols},
		{"none, as of a program", none, "", http.StatusSwitchingProtocols},
		{"null", none, "null", http.StatusForbidden},
	}
	for _, tt := range tests {
		_, response := gqltest.Dial(t, listening(t, tt.o), http.Header{"Origin": {tt.origin}}, subprotocol)
		if response.StatusCode != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, response.StatusCode, tt.want)
		}
	}
	s := listening(t, none)
	if _, response := gqltest.Dial(t, s, http.Header{"Origin": {s.URL}}, subprotocol); response.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("the server's own page: status %d", response.StatusCode)
	}
}

func TestACallerKeepsOnlySoManyConnections(t *testing.T) {
	o := fakeOptions()
	o.Limits.Connections = 2
	o.Streams = NewStreams()
	s := listening(t, o)
	first, _ := gqltest.Dial(t, s, nil, subprotocol)
	gqltest.Dial(t, s, nil, subprotocol)
	if _, response := gqltest.Dial(t, s, nil, subprotocol); response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("the third: status %d", response.StatusCode)
	}
	if err := first.Conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	gqltest.Eventually(t, "a place is free", func() bool { return o.Streams.Open() == 1 })
	if _, response := gqltest.Dial(t, s, nil, subprotocol); response.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("after one has gone: status %d", response.StatusCode)
	}
}

func TestWhoIsConnectedIsToldThatTheServerStops(t *testing.T) {
	o := fakeOptions()
	o.Streams = NewStreams()
	c := connected(t, o)
	c.Subscribe("1", "subscription { silence }")
	c.Send(`{"type":"ping"}`)
	c.Want(`{"type":"pong"}`)
	ended := make(chan error, 1)
	go func() { ended <- o.Streams.Close(t.Context()) }()
	c.Want(`{"id":"1","type":"complete"}`)
	if code, _ := c.Closed(); code != websocket.StatusGoingAway {
		t.Errorf("closed with %d, want 1001", code)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, problem := o.Streams.join("late", 1); problem == nil || problem.status != http.StatusServiceUnavailable {
		t.Errorf("one that comes late is let in: %v", problem)
	}
}

// eventually waits until the condition holds.

// A panic in an operation over an open connection, around which no handler of
// net/http stands, must end neither the process nor the connection.
func TestAPanicOverASocketIsAnErrorAndTheNextOperationIsAnswered(t *testing.T) {
	c := connected(t, fakeOptions())
	c.Subscribe("1", "{ panic }")
	if code := c.Failure("1"); code != "INTERNAL" {
		t.Errorf("code %s, want INTERNAL", code)
	}
	c.Subscribe("1", "{ hello }")
	c.Want(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.Want(`{"id":"1","type":"complete"}`)
}
