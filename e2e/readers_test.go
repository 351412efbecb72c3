//go:build ha || rolling

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// readers ask three servers for searches, records and pages, each time another.
type readers struct {
	front        *front
	done, failed atomic.Int64
	slowest      atomic.Int64 // milliseconds
	warned       atomic.Int64 // answers that say that there is no primary

	mu  sync.Mutex
	how []string // they failed
}

var terms = []string{"养老", "停车", "夜间经济", "粮食", "河道", "供热", "教育", "医疗", "电梯", "旅游", "冰雪", "人参", "社区", "物业", "就业", "消防"}

func (r *readers) read(ctx context.Context, who int) {
	for n := 0; ctx.Err() == nil; n++ {
		base := *r.front.urls[n%len(r.front.urls)].Load()
		term := terms[(who+n)%len(terms)] + " " + terms[(who*7+n*3)%len(terms)]
		paths := []string{
			"/search?q=" + url.QueryEscape(term+strconv.Itoa(n)),
			"/graphql?query=" + url.QueryEscape(fmt.Sprintf(`{ search(query: %q, first: 5) { totalCount edges { cursor } } cases(first: %d) { totalCount nodes { slug title } } }`, term, 1+n%9)),
			"/brands", "/cases/gaoxin-qu-xiaoqu-tingche", "/export/cases.jsonl",
		}
		began := time.Now()
		why := r.once(ctx, base+paths[n%len(paths)])
		if ctx.Err() != nil {
			return
		}
		r.done.Add(1)
		if took := time.Since(began).Milliseconds(); took > r.slowest.Load() {
			r.slowest.Store(took)
		}
		if why != "" {
			r.failed.Add(1)
			r.mu.Lock()
			r.how = append(r.how, paths[n%len(paths)]+": "+why)
			r.mu.Unlock()
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// once returns why a read failed.
func (r *readers) once(ctx context.Context, address string) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Apollo-Require-Preflight", "true")
	response, err := r.front.client.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.Header.Get("Warning") != "" {
		r.warned.Add(1)
	}
	switch {
	case err != nil:
		return err.Error()
	case response.StatusCode == http.StatusNotFound && strings.Contains(address, "/cases/"):
		return "" // there is no such case; that was answered
	case response.StatusCode != http.StatusOK:
		return fmt.Sprintf("status %d: %.200s", response.StatusCode, body)
	case strings.Contains(string(body), `"errors"`):
		return fmt.Sprintf("%.200s", body)
	}
	return ""
}

// complaints returns the lines of a server's log that are no requests and answers.
func (s *server) complaints() string {
	var bad []string
	for line := range strings.Lines(s.log.String()) {
		if !strings.Contains(line, "level=INFO") && !strings.Contains(line, "primary is away") && !strings.Contains(line, "context canceled") {
			bad = append(bad, line)
		}
	}
	return lastLines(strings.Join(bad, ""), 60)
}
