package gqlhttp

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

// events asks for an event stream.
func events(t *testing.T, s *httptest.Server, method, query string) *http.Response {
	t.Helper()
	target, body := s.URL+"/graphql", ""
	if method == http.MethodGet {
		target += "?query=" + url.QueryEscape(query)
	} else {
		body = `{"query":"` + query + `"}`
	}
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", mediaEvents)
	r.Header.Set("Content-Type", mediaJSON)
	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// lines returns what an event stream says until its end, without the comments.
func lines(t *testing.T, response *http.Response) []string {
	t.Helper()
	var all []string
	scanner := bufio.NewScanner(response.Body)
	for scanner.Scan() {
		if line := scanner.Text(); line != "" && !strings.HasPrefix(line, ":") {
			all = append(all, line)
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestOperationsAsEventStreams(t *testing.T) {
	s := listening(t, fakeOptions())
	complete := []string{"event: complete", "data: "}
	next := func(data string) []string { return []string{"event: next", "data: " + data} }
	join := func(parts ...[]string) (all []string) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for _, tt := range []struct {
		method, query string
		want          []string
	}{
		{http.MethodPost, "subscription { count(to: 2) }", join(next(`{"data":{"count":1}}`), next(`{"data":{"count":2}}`), complete)},
		{http.MethodGet, "subscription { count(to: 1) }", join(next(`{"data":{"count":1}}`), complete)},
		{http.MethodPost, "{ hello }", join(next(`{"data":{"hello":"world"}}`), complete)},
		{http.MethodPost, "mutation { change }", join(next(`{"data":{"change":"world"}}`), complete)},
	} {
		response := events(t, s, tt.method, tt.query)
		if media := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || media != "text/event-stream; charset=utf-8" {
			t.Errorf("%s: status %d, media type %q", tt.query, response.StatusCode, media)
		}
		if diff := cmp.Diff(tt.want, lines(t, response)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.query, diff)
		}
	}
}

func TestWhatIsWrongWithAnOperationComesAsAnEvent(t *testing.T) {
	s := listening(t, fakeOptions())
	got := lines(t, events(t, s, http.MethodPost, "{ nothing }"))
	if len(got) != 4 || got[0] != "event: next" || !strings.Contains(got[1], "GRAPHQL_VALIDATION_FAILED") || strings.Contains(got[1], `"data"`) || got[2] != "event: complete" {
		t.Errorf("%q", got)
	}
	if response := events(t, s, http.MethodGet, "mutation { change }"); response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a mutation by GET: status %d", response.StatusCode)
	}
}

func TestAnEventStreamOutlastsTheTimesOfARequest(t *testing.T) {
	o := fakeOptions()
	o.Streams = NewStreams()
	s := httptest.NewUnstartedServer(nil)
	s.Config = &http.Server{Handler: New(o), WriteTimeout: time.Minute}
	s.Config.ReadTimeout, s.Config.WriteTimeout = 20*time.Millisecond, 20*time.Millisecond
	s.Start()
	t.Cleanup(s.Close)
	response := events(t, s, http.MethodPost, "subscription { silence }")
	gone := make(chan struct{})
	go func() { defer close(gone); lines(t, response) }()
	beyond := time.NewTimer(10 * s.Config.WriteTimeout)
	defer beyond.Stop()
	select {
	case <-gone:
		t.Error("the stream was cut")
	case <-beyond.C:
	}
	if err := o.Streams.Close(t.Context()); err != nil {
		t.Error(err)
	}
	<-gone
}

func TestAnEventStreamIsCompletedWhenTheServerStops(t *testing.T) {
	o := fakeOptions()
	o.Streams = NewStreams()
	response := events(t, listening(t, o), http.MethodPost, "subscription { silence }")
	if err := o.Streams.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"event: complete", "data: "}, lines(t, response)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnEventStreamEndsWithItsClient(t *testing.T) {
	o := fakeOptions()
	o.Streams = NewStreams()
	response := events(t, listening(t, o), http.MethodPost, "subscription { silence }")
	if n := o.Streams.Open(); n != 1 {
		t.Errorf("%d streams are open", n)
	}
	response.Body.Close()
	gqltest.Eventually(t, "the stream has ended", func() bool { return o.Streams.Open() == 0 })
}

func TestAPanicInAnEventStreamIsAnEvent(t *testing.T) {
	got := strings.Join(lines(t, events(t, listening(t, fakeOptions()), http.MethodPost, "{ panic }")), "\n")
	if !strings.Contains(got, `"code":"INTERNAL"`) || strings.Contains(got, "as asked") || !strings.Contains(got, "event: complete") {
		t.Errorf("got %s", got)
	}
}
