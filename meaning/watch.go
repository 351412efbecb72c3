package meaning

import (
	"context"
	"net"
	"net/url"
	"time"
)

// How often it is looked whether the server is there, and how long the pauses are
// between trying one that is not: they double.
const (
	lookEvery  = 2 * time.Second
	firstRetry = 500 * time.Millisecond
	lastRetry  = 30 * time.Second
	// warming is how long a server may take that loads its model first.
	warming = 30 * time.Second
)

// probeText is what a server is tried with.
const probeText = "吉林"

// Watch looks after the server until ctx ends, and returns nil then: one that is gone
// is noticed without a query, and one that failed is tried again. One goroutine runs it.
func (s *Service) Watch(ctx context.Context) error {
	pause := firstRetry
	for ctx.Err() == nil {
		if s.isUp() {
			pause = firstRetry
			s.rest(ctx, lookEvery)
			if s.isUp() && !s.reachable(ctx) {
				s.probe(ctx)
			}
			continue
		}
		wait(ctx, pause)
		pause = min(2*pause, lastRetry)
		s.probe(ctx)
	}
	return nil
}

// probe asks the server for a vector. Only one that answers within the budget counts
// as there: it is given the time to load its model, and asked once more.
func (s *Service) probe(ctx context.Context) {
	var took time.Duration
	for range 2 {
		limit, cancel := context.WithTimeout(ctx, warming)
		began := time.Now()
		at, err := s.client.Query(limit, probeText)
		took = time.Since(began)
		cancel()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.down(err)
			return
		}
		if v := s.space.Load(); v != nil && v.dimensions != len(at) {
			s.stale.Store(true) // Follow makes all anew, and says so
			return
		}
		if took <= s.client.settings.Budget {
			s.up()
			return
		}
	}
	s.down(context.DeadlineExceeded)
}

// reachable reports whether somebody listens at the server's address; true where that
// is not known, as behind a proxy.
func (s *Service) reachable(ctx context.Context) bool {
	u, err := url.Parse(s.client.address)
	if err != nil {
		return true
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme // net knows both by their names
	}
	d := net.Dialer{Timeout: lookEvery}
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// rest returns after the time, or once the server has failed.
func (s *Service) rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-s.failed:
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Check asks the server once for a vector of each kind, and returns their length.
func (c *Client) Check(ctx context.Context) (dimensions int, took time.Duration, err error) {
	if _, err := c.Passages(ctx, []string{probeText, probeText}); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	at, err := c.Query(ctx, probeText)
	return len(at), time.Since(began), err
}
