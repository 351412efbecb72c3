package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// receiver takes spans as an OpenTelemetry collector does, by OTLP over HTTP.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	spans    []*traces.Span
	services []string
	raw      bytes.Buffer // all that came, as text that can be searched
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	c := &receiver{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			http.Error(w, "no collector takes this", http.StatusBadRequest)
			return
		}
		if err := c.take(r); err != nil {
			t.Errorf("what was sent cannot be read: %v", err)
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *receiver) take(r *http.Request) error {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(r.Body); err != nil {
			return err
		}
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	var sent collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(content, &sent); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw.Write(content)
	for _, resource := range sent.ResourceSpans {
		for _, a := range resource.Resource.Attributes {
			if a.Key == "service.name" {
				c.services = append(c.services, a.Value.GetStringValue())
			}
		}
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
	return nil
}

// path returns the names of the spans of a trace from the one whose name is asked
// for up to the root.
func (c *receiver) path(trace []byte, from string) []string {
	at := slices.IndexFunc(c.spans, func(s *traces.Span) bool { return bytes.Equal(s.TraceId, trace) && s.Name == from })
	var names []string
	for at >= 0 {
		s := c.spans[at]
		names = append(names, s.Name)
		at = slices.IndexFunc(c.spans, func(other *traces.Span) bool { return bytes.Equal(other.SpanId, s.ParentSpanId) })
	}
	return names
}

func TestATraceLeadsFromTheRequestToTheStatement(t *testing.T) {
	c := newReceiver(t)
	p := newStartedPlace(t)
	p.environment = []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + c.URL, "OTEL_SERVICE_NAME=jisi-under-test", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}
	s := p.serve(t, "-log-format", "json")

	const secret = "not-for-the-collector"
	const caller, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	traced(t, s, http.MethodPost, "/graphql", `{"query":"query Look($q: String!) { search(query: $q, first: 3) { totalCount edges { node { __typename } } } }","variables":{"q":"`+secret+`"}}`, "00-"+caller+"-"+parent+"-01")
	traced(t, s, http.MethodGet, "/graphql?query="+url.QueryEscape(`{ cases(first: 2, filter: {brands: ["`+secret+`"]}) { nodes { title } } }`), "", "")
	traced(t, s, http.MethodGet, "/graphql?query="+url.QueryEscape(`{ cases(first: 2) { nodes { title committee { name } } } }`), "", "")
	traced(t, s, http.MethodGet, "/healthz", "", "")
	s.stop(t) // sends what is left

	trace, err := hex.DecodeString(caller)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Between them is a span of the root's field where its resolver answers.
	if got := c.path(trace, "index.search"); len(got) < 3 || got[0] != "index.search" || !slices.Equal(got[len(got)-2:], []string{"query", "POST /graphql"}) {
		t.Errorf("the search's spans are %q, want them to lead to an operation and its request", got)
	}
	root := c.spans[slices.IndexFunc(c.spans, func(s *traces.Span) bool { return s.Name == "POST /graphql" })]
	if got := hex.EncodeToString(root.ParentSpanId); got != parent {
		t.Errorf("the request's span hangs on %s, want the caller's %s", got, parent)
	}
	statements := 0
	for _, span := range c.spans {
		if span.Name != "SELECT" && span.Name != "WITH" {
			continue
		}
		statements++
		path := c.path(span.TraceId, span.Name)
		if len(path) < 3 || path[len(path)-2] != "query" || !strings.HasSuffix(path[len(path)-1], "/graphql") {
			t.Errorf("a statement's spans are %q, want them to lead to an operation and its request", path)
		}
	}
	if statements == 0 {
		t.Errorf("no statement has a span")
	}
	if slices.ContainsFunc(c.spans, func(s *traces.Span) bool { return strings.Contains(s.Name, "healthz") }) {
		t.Error("a probe has a span")
	}
	if bytes.Contains(c.raw.Bytes(), []byte(secret)) || bytes.Contains(c.raw.Bytes(), []byte("$q: String")) {
		t.Error("a variable or a query's text went to the collector")
	}
	if len(c.services) == 0 || c.services[0] != "jisi-under-test" {
		t.Errorf("the service is %q", c.services)
	}
	if !requestLine(s.log.String(), caller) {
		t.Errorf("no line of the log names the trace %s:\n%s", caller, s.log)
	}
}

// requestLine reports whether a request's line of the log names the trace, once.
func requestLine(log, trace string) bool {
	for line := range strings.Lines(log) {
		var entry struct {
			Msg   string `json:"msg"`
			Trace string `json:"trace_id"`
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "request" && entry.Trace == trace {
			return strings.Count(line, "trace_id") == 1
		}
	}
	return false
}

// traced sends a request, below a span of the caller's where parent names one.
func traced(t *testing.T, s *server, method, path, body, parent string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if parent != "" {
		r.Header.Set("Traceparent", parent)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`)) {
		t.Fatalf("%s %s: %d %v %s", method, path, response.StatusCode, err, answer)
	}
}

// A collector that is not there costs traces and nothing else; settings that
// nothing can be done with are told before anything starts.
func TestTracingHarmsNobodyWhereItCannotWork(t *testing.T) {
	p := newStartedPlace(t)
	p.environment = []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9"}
	s := p.serve(t)
	s.counts(t)
	s.stop(t)

	p.environment = []string{"OTEL_TRACES_EXPORTER=zipkin", "OTEL_EXPORTER_OTLP_ENDPOINT=nowhere", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}
	if r := p.run(t, nil, "serve"); r.code != 2 || !strings.Contains(r.err, "OTEL_TRACES_EXPORTER") {
		t.Errorf("exit code %d: %s", r.code, r.err)
	}
	p.environment = []string{"OTEL_EXPORTER_OTLP_ENDPOINT=nowhere", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}
	if r := p.run(t, nil, "serve"); r.code != 2 || !strings.Contains(r.err, "_PROTOCOL") || !strings.Contains(r.err, "_ENDPOINT") {
		t.Errorf("exit code %d: %s", r.code, r.err)
	}
}
