package gqlhttp

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
)

// Streams are the connections that stay open: WebSockets and event streams. It
// counts them by caller, and ends them in good order when the server stops. It
// is safe for concurrent use; NewStreams makes one.
type Streams struct {
	stopping chan struct{} // closed when it does
	open     sync.WaitGroup

	mu       sync.Mutex
	stopped  bool
	byCaller map[string]int
	total    int
}

// NewStreams returns Streams without any connection.
func NewStreams() *Streams {
	return &Streams{stopping: make(chan struct{}), byCaller: map[string]int{}}
}

// Open is how many connections there are.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// Close lets no more connections in and tells those that are open that the
// server goes away. It returns when they have ended, or with ctx's error where
// they did not in time.
func (s *Streams) Close(ctx context.Context) error {
	s.mu.Lock()
	if !s.stopped {
		s.stopped = true
		close(s.stopping)
	}
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() { s.open.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("server: %d streams are still open: %w", s.Open(), ctx.Err())
	}
}

// join counts a caller's connection in; leave counts it out again. Past most of
// them, or when the server stops, it says so instead.
func (s *Streams) join(caller string, most int) (leave func(), refused *problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, refusal(http.StatusServiceUnavailable, catalog.KindUnavailable, "服务正在停止，请稍后再连接", "the server is stopping; connect again in a while")
	}
	if s.byCaller[caller] >= most {
		return nil, &problem{http.StatusTooManyRequests, limitError{"connections", most, "同时保持的连接数", "the number of open connections", "请先关闭一些", "close some of them first"}.gql()}
	}
	s.byCaller[caller]++
	s.total++
	s.open.Add(1)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.total--
		if s.byCaller[caller]--; s.byCaller[caller] == 0 {
			delete(s.byCaller, caller)
		}
		s.open.Done()
	}, nil
}
