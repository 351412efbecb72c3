package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"
)

// reads are what a load asks: of the database alone, by the index, and in depth.
var reads = []string{
	`{ cases(first: 5) { nodes { slug title committee { name } topics { name } } } }`,
	`{ search(query: "协商", first: 5) { totalCount edges { node { ... on Record { slug } } } } }`,
	`{ committees(first: 5) { nodes { name cases(first: 3) { nodes { title citations { quote } } } } } }`,
}

// load asks a server without a pause, and counts what it answers.
type load struct {
	url    string
	client *http.Client
	cancel context.CancelFunc
	wait   sync.WaitGroup

	mu   sync.Mutex
	seen map[string]int // by what it was: "ok", "unavailable", or what else it said
	slow time.Duration  // the longest that any took
}

// startLoad begins a load of some clients, which ends with the test.
func startLoad(t *testing.T, s *server, clients int) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{url: s.url, cancel: cancel, seen: map[string]int{}, client: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}}
	for i := range clients {
		l.wait.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				// Each under a name of its own, so that none is answered from what is kept.
				l.ask(ctx, fmt.Sprintf("query C%dN%d %s", i, n, reads[(i+n)%len(reads)]))
			}
		})
	}
	t.Cleanup(l.stop)
	return l
}

func (l *load) stop() {
	l.cancel()
	l.wait.Wait()
	l.client.CloseIdleConnections()
}

// ask sends one query and notes what came of it.
func (l *load) ask(ctx context.Context, query string) {
	start := time.Now()
	what := l.outcome(ctx, query)
	if ctx.Err() != nil {
		return // the load's end has cut it
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[what]++
	l.slow = max(l.slow, time.Since(start))
}

func (l *load) outcome(ctx context.Context, query string) string {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return err.Error()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := l.client.Do(r)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	var answer struct {
		Data   map[string]any
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Sprintf("HTTP %d, %v", response.StatusCode, err)
	}
	switch {
	case response.StatusCode == http.StatusOK && len(answer.Errors) == 0 && len(answer.Data) > 0:
		return "ok"
	case response.StatusCode == http.StatusServiceUnavailable && len(answer.Errors) > 0 && answer.Errors[0].Extensions.Code == "UNAVAILABLE" && response.Header.Get("Retry-After") != "":
		return "unavailable"
	}
	return fmt.Sprintf("HTTP %d, Retry-After %q, errors %v", response.StatusCode, response.Header.Get("Retry-After"), answer.Errors)
}

// take returns what was seen since the last time, and the longest answer.
func (l *load) take() (seen map[string]int, slow time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen, slow = l.seen, l.slow
	l.seen, l.slow = map[string]int{}, 0
	return seen, slow
}

// count returns how often something was seen since take.
func (l *load) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen[what]
}

// only reports what was seen that is none of these.
func only(seen map[string]int, allowed ...string) map[string]int {
	others := maps.Clone(seen)
	for _, what := range allowed {
		delete(others, what)
	}
	return others
}
