package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	return do(h, httptest.NewRequest(http.MethodGet, target, nil))
}

func TestEveryAddressAnswers(t *testing.T) {
	h := Handler(fakeOptions())
	tests := []struct {
		target string
		status int
		media  string
		body   string
	}{
		{"/assets/style.css", 200, "text/css", "main"},
		{"/schema.graphql", 200, "text/plain", "type Query"},
		{"/playground", 200, "text/html", "查询台"},
		{"/playground/page.js", 200, "text/javascript", "GraphiQL"},
		{"/healthz", 200, "application/json", `"ok"`},
		{"/readyz", 200, "application/json", `"ready"`},
		{"/nothing", 404, "text/html", "没有找到这一页"},
		{"/graphql/", 404, "text/html", "没有找到这一页"},
	}
	for _, tt := range tests {
		w := get(h, tt.target)
		media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		if w.Code != tt.status || media != tt.media || !strings.Contains(w.Body.String(), tt.body) {
			t.Errorf("%s: status %d, media type %q, body %.80q; want %d, %q, %q", tt.target, w.Code, media, w.Body, tt.status, tt.media, tt.body)
		}
	}
}

func TestThePlaygroundIsASwitch(t *testing.T) {
	o := fakeOptions()
	o.NoPlayground = true
	for _, target := range []string{"/playground", "/playground/page.js"} {
		if w := get(Handler(o), target); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", target, w.Code)
		}
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	h := Handler(fakeOptions())
	for _, target := range []string{"/", "/graphql", "/schema.graphql", "/playground", "/healthz", "/nothing"} {
		header := get(h, target).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
		policy := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: policy %q lacks %s", target, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "script-src 'self' '") {
			t.Errorf("%s: policy %q lets scripts in", target, policy)
		}
	}
}

func TestOnlyTheOriginsOfTheSettingMayAsk(t *testing.T) {
	const ours, theirs = "https://ours.example", "https://theirs.example"
	preflight := func(o Options, origin string) http.Header {
		r := httptest.NewRequest(http.MethodOptions, "/graphql", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", http.MethodPost)
		r.Header.Set("Access-Control-Request-Headers", "content-type")
		return do(Handler(o), r).Header()
	}
	some, none, all := fakeOptions(), fakeOptions(), fakeOptions()
	some.Origins = []string{ours}
	all.Origins = []string{"*"}
	tests := []struct {
		name   string
		o      Options
		origin string
		want   string
	}{
		{"one that is listed", some, ours, ours},
		{"one that is not", some, theirs, ""},
		{"any, where none is listed", none, ours, ""},
		{"any, where all are", all, theirs, "*"},
	}
	for _, tt := range tests {
		got := preflight(tt.o, tt.origin).Get("Access-Control-Allow-Origin")
		if got != tt.want {
			t.Errorf("%s: allowed origin %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := preflight(some, ours).Get("Access-Control-Allow-Credentials"); got != "" {
		t.Errorf("cookies are let through: %q", got)
	}
}

func TestReadyTellsWhatIsMissing(t *testing.T) {
	gone := errors.New("password=secret")
	tests := []struct {
		name     string
		path     string
		database fakeDatabase
		index    IndexHealth
		status   int
		want     readiness
	}{
		{"all there", "/readyz", fakeDatabase{}, IndexHealth{Ready: true, Documents: 7, Pending: 2}, 200, readiness{"ready", "read", "", "v0", databaseHealth{OK: true, Writable: true}, IndexHealth{Ready: true, Documents: 7, Pending: 2}, nil, false}},
		{"no database", "/readyz", fakeDatabase{err: gone}, IndexHealth{Ready: true}, 503, readiness{"unavailable", "read", "no database answers", "v0", databaseHealth{}, IndexHealth{Ready: true}, nil, false}},
		{"no index", "/readyz?for=read", fakeDatabase{}, IndexHealth{Rebuilding: true}, 503, readiness{"unavailable", "read", "the index is not built yet", "v0", databaseHealth{OK: true, Writable: true}, IndexHealth{Rebuilding: true}, nil, false}},
		{"no primary", "/readyz", fakeDatabase{primary: gone}, IndexHealth{Ready: true}, 200, readiness{"ready", "read", "", "v0", databaseHealth{OK: true}, IndexHealth{Ready: true}, nil, false}},
		{"no primary to write", "/readyz?for=write", fakeDatabase{primary: gone}, IndexHealth{Ready: true}, 503, readiness{"unavailable", "write", "the database has no primary that takes writes", "v0", databaseHealth{OK: true}, IndexHealth{Ready: true}, nil, false}},
		{"no index, to write", "/readyz?for=write", fakeDatabase{}, IndexHealth{}, 200, readiness{"ready", "write", "", "v0", databaseHealth{OK: true, Writable: true}, IndexHealth{}, nil, false}},
		{"search", "/readyz?for=search", fakeDatabase{primary: gone}, IndexHealth{Ready: true, LagSeconds: 59}, 200, readiness{"ready", "search", "", "v0", databaseHealth{OK: true}, IndexHealth{Ready: true, LagSeconds: 59}, nil, false}},
		{"far behind", "/readyz?for=search", fakeDatabase{}, IndexHealth{Ready: true, LagSeconds: 61}, 503, readiness{"unavailable", "search", "the index is a minute behind or more", "v0", databaseHealth{OK: true, Writable: true}, IndexHealth{Ready: true, LagSeconds: 61}, nil, false}},
		{"failing", "/readyz?for=search", fakeDatabase{}, IndexHealth{Ready: true, Failing: true}, 503, readiness{"unavailable", "search", "the index cannot follow", "v0", databaseHealth{OK: true, Writable: true}, IndexHealth{Ready: true, Failing: true}, nil, false}},
		{"words", "/readyz?for=words", fakeDatabase{}, IndexHealth{Ready: true, Rebuilding: true}, 503, readiness{"unavailable", "words", "the index is being built anew", "v0", databaseHealth{OK: true, Writable: true}, IndexHealth{Ready: true, Rebuilding: true}, nil, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := fakeOptions()
			o.Database, o.Index = tt.database, fakeIndex(tt.index)
			w := get(Handler(o), tt.path)
			if warned := w.Header().Get("Warning") != ""; warned != (tt.database.primary != nil) {
				t.Errorf("Warning: %q", w.Header().Get("Warning"))
			}
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the reason got out: %s", w.Body)
			}
			var got readiness
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheLogHasALineARequestAndNoTexts(t *testing.T) {
	var lines bytes.Buffer
	o := fakeOptions()
	o.Log = slog.New(LogHandler(slog.NewJSONHandler(&lines, nil)))
	h := Handler(o)
	post(t, h, `{"query":"query named($n: Int!) { echo(n: $n) secretField: hello }","variables":{"n":424242}}`, "X-Request-ID", "caller-1")
	get(h, "/graphql?query="+"%7Bsecret%7D")

	text := lines.String()
	for _, secret := range []string{"424242", "secret", "echo"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has %q: %s", secret, text)
		}
	}
	var first, second map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	if err := errors.Join(decoder.Decode(&first), decoder.Decode(&second)); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"msg": "request", "request_id": "caller-1", "method": "POST", "path": "/graphql", "status": 200.0, "operation": "query named", "cost": 2.0} {
		if first[key] != want {
			t.Errorf("%s is %v, want %v", key, first[key], want)
		}
	}
	if diff := cmp.Diff([]any{"GRAPHQL_VALIDATION_FAILED"}, second["errors"]); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if decoder.More() {
		t.Errorf("more than a line a request: %s", text)
	}
}

func TestARequestIDIsTakenOverOnlyWhereItIsHarmless(t *testing.T) {
	h := Handler(fakeOptions())
	for id, kept := range map[string]bool{"abc-1.2_3": true, "": false, "a b": false, "x\ty": false, strings.Repeat("x", 65): false, `"quoted"`: false} {
		r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		r.Header.Set("X-Request-ID", id)
		got := do(h, r).Header().Get("X-Request-ID")
		if got == "" || (got == id) != kept {
			t.Errorf("id %q became %q, want it kept: %v", id, got, kept)
		}
	}
}

func TestASlowClientIsCutOff(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Handler(fakeOptions()), slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Error("a timeout is missing")
	}
	s.ReadHeaderTimeout = 50 * time.Millisecond
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})

	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n"); err != nil { // and never the end of it
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the connection is still open: %v", err)
	}
}

func TestHeadersPastTheirLimitAreRefused(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.Config = New(Handler(fakeOptions()), slog.New(slog.DiscardHandler))
	s.Start()
	defer s.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Long", strings.Repeat("x", 2*maxHeaderBytes))
	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", response.StatusCode)
	}
}

func TestAPanicIsAnInternalErrorAndNoMore(t *testing.T) {
	w := query(t, Handler(fakeOptions()), "{ panic }")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "as asked") {
		t.Errorf("status %d, body %s", w.Code, w.Body)
	}
	if got := decode(t, w.Body).Code(t); got != "INTERNAL" {
		t.Errorf("code %q, want INTERNAL", got)
	}
}
