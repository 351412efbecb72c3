package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a turn may take past its end, until the last answer is
// there.
const patience = time.Minute

// load has the clients ask for a while, one variant after the other, and returns
// how long each answer took. Each client has a connection of its own, on which
// it writes requests that were made ready before: what a client of net/http does
// besides takes more processor time than a server that has the answer at hand,
// on the same cores. All that is asked is answered before it returns, so that
// the servers' time is for the answers that are counted.
func load(ctx context.Context, c *contender, bodies [][]byte, clients int, during time.Duration) ([]time.Duration, error) {
	address, requests, err := c.prepared(bodies)
	if err != nil {
		return nil, err
	}
	var (
		next   atomic.Int64
		mu     sync.Mutex
		all    []time.Duration
		failed error
		wait   sync.WaitGroup
	)
	end := time.Now().Add(during)
	for range clients {
		wait.Go(func() {
			took, err := askUntil(ctx, end, address, func() []byte { return requests[int(next.Add(1))%len(requests)] })
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil {
				failed = fmt.Errorf("%s: %w", c.name, err)
			}
		})
	}
	wait.Wait()
	return all, failed
}

// prepared writes requests as they go over the line, and says where to.
func (c *contender) prepared(bodies [][]byte) (address string, requests [][]byte, err error) {
	u, err := url.Parse(c.url)
	if err != nil {
		return "", nil, err
	}
	for _, body := range bodies {
		head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", u.Path, u.Host, len(body))
		requests = append(requests, append([]byte(head), body...))
	}
	return u.Host, requests, nil
}

// askUntil asks on a connection of its own, one request after the other.
func askUntil(ctx context.Context, end time.Time, address string, next func() []byte) (took []time.Duration, err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(end.Add(patience)); err != nil {
		return nil, err
	}
	answers := bufio.NewReaderSize(conn, 64<<10)
	for began := time.Now(); began.Before(end) && ctx.Err() == nil; {
		if _, err := conn.Write(next()); err != nil {
			return took, err
		}
		if err := readAnswer(answers); err != nil {
			return took, err
		}
		now := time.Now()
		took = append(took, now.Sub(began))
		began = now
	}
	return took, nil
}

// readAnswer reads an answer to its end. What it says has been compared before.
func readAnswer(from *bufio.Reader) error {
	if n, ok := plainAnswer(from); ok {
		_, err := from.Discard(n)
		return err
	}
	r, err := http.ReadResponse(from, nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return err
	}
	if r.StatusCode != http.StatusOK || r.Close {
		return fmt.Errorf("answered %s, closing %t", r.Status, r.Close)
	}
	return nil
}

// plainAnswer returns the length of an answer of the usual kind, which is 200 and
// says how long its body is; false where it is another. http.ReadResponse takes
// more processor time than a server that has the answer at hand.
func plainAnswer(from *bufio.Reader) (length int, ok bool) {
	if _, err := from.Peek(1); err != nil {
		return 0, false
	}
	got, err := from.Peek(from.Buffered())
	if err != nil || !bytes.HasPrefix(got, []byte("HTTP/1.1 200 ")) {
		return 0, false
	}
	head := bytes.Index(got, []byte("\r\n\r\n"))
	if head < 0 || bytes.Contains(got[:head], []byte("\r\nConnection: close")) {
		return 0, false
	}
	_, value, ok := bytes.Cut(got[:head], []byte("\r\nContent-Length: "))
	if !ok {
		return 0, false
	}
	digits, _, _ := bytes.Cut(value, []byte("\r\n"))
	body, err := strconv.Atoi(string(digits))
	return head + len("\r\n\r\n") + body, err == nil
}

// sum is what came of a contender's turns at a question.
type sum struct {
	took          []time.Duration // each request
	lasted        time.Duration
	server, store time.Duration // CPU
}

// add runs a contender's turn, after a fifth of it that does not count.
func (u *sum) add(ctx context.Context, c *contender, bodies [][]byte, s setup, postmaster int) error {
	if _, err := load(ctx, c, bodies, s.clients, s.time/5); err != nil {
		return err
	}
	server, store, began := cpu(c.cmd.Process.Pid), cpu(postmaster), time.Now()
	took, err := load(ctx, c, bodies, s.clients, s.time)
	u.lasted += time.Since(began)
	u.server += cpu(c.cmd.Process.Pid) - server
	u.store += cpu(postmaster) - store
	u.took = append(u.took, took...)
	return err
}

// row writes a row of the README's table.
func (u *sum) row(question, heat, server string) string {
	slices.Sort(u.took)
	at := func(p int) float64 { return float64(u.took[(len(u.took)-1)*p/100].Microseconds()) / 1000 }
	n := time.Duration(len(u.took))
	if server == jisi || server == jisiHot {
		server = "**jisi**"
	}
	return fmt.Sprintf("| %s | %s | %s | %.0f | %.2f | %.2f | %d | %d |", question, heat, server,
		float64(n)/u.lasted.Seconds(), at(50), at(99), ((u.server + u.store) / n).Microseconds(), (u.store / n).Microseconds())
}
