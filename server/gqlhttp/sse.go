package gqlhttp

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
)

// mediaEvents is the media type of server-sent events.
const mediaEvents = "text/event-stream"

// serveEvents answers one operation by an event stream of its own, “distinct
// connections mode” of
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. What is
// wrong with the operation comes as an event, too: a browser shows a page's
// script nothing of an answer that is no event stream.
func (e *Endpoint) serveEvents(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	leave, crowded := e.o.Streams.join(e.o.Caller(r), e.o.Limits.Connections)
	if crowded != nil {
		w.Header().Set("Retry-After", "1")
		e.refuse(w, r, mediaJSON, crowded)
		return
	}
	defer leave()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	ctx, x, refused := e.stream(ctx, params)
	if refused == nil {
		defer x.end(ctx)
		if r.Method != http.MethodPost && x.is(ast.Mutation) {
			w.Header().Set("Allow", "POST, OPTIONS")
			e.refuse(w, r, mediaJSON, onlyQueries())
			return
		}
	}
	stream := newEventStream(w)
	defer stream.close()
	if refused != nil {
		stream.send("next", encode(refused))
		stream.send("complete", nil)
		return
	}
	ended := make(chan struct{})
	go func() { defer close(ended); e.watchEvents(ctx, cancel) }()
	defer func() { cancel(nil); <-ended }()
	for {
		response := x.next(ctx)
		if response == nil {
			break
		}
		if !stream.send("next", encode(response)) || len(response.Data) == 0 {
			break
		}
	}
	if err := context.Cause(ctx); catalog.ErrorKindOf(err) == catalog.KindUnauthenticated || catalog.ErrorKindOf(err) == catalog.KindForbidden {
		stream.send("next", encode(e.refused(r.Context(), raised(err))))
	}
	stream.send("complete", nil)
}

// watchEvents ends what is under way on an event stream, which then is completed,
// when the server stops or the rights end by which it was opened. That is the
// context's cause.
func (e *Endpoint) watchEvents(ctx context.Context, cancel context.CancelCauseFunc) {
	standing := time.NewTicker(StandingInterval)
	defer standing.Stop()
	viewer := catalog.ViewerFrom(ctx)
	for {
		select {
		case <-e.o.Streams.stopping:
			cancel(nil)
			return
		case <-ctx.Done():
			return
		case <-standing.C:
			if viewer == nil {
				continue
			}
			if err := StillStands(ctx, viewer, e.o.Standing); err != nil {
				cancel(err)
				return
			}
		}
	}
}

func onlyQueries() *problem {
	return refusal(http.StatusMethodNotAllowed, catalog.KindInvalid, "GET 只能用于查询，请用 POST", "by GET there are queries only; use POST")
}

// keepAlive is how often an event stream says that it is still there, so that
// nobody in between takes it for dead.
const keepAlive = 12 * time.Second

// eventStream writes server-sent events. Each has its own time to be taken,
// since the server's for a whole answer would end the stream.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController

	mu     sync.Mutex
	failed bool
	ticker *time.Ticker
	done   chan struct{}
	beat   sync.WaitGroup
}

// newEventStream sends the headers and keeps the stream alive until it is
// closed.
func newEventStream(w http.ResponseWriter) *eventStream {
	s := &eventStream{w: w, control: http.NewResponseController(w), ticker: time.NewTicker(keepAlive), done: make(chan struct{})}
	header := w.Header()
	header.Set("Content-Type", mediaEvents+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx passes events on as they come
	header.Add("Vary", "Accept")
	// The request has been read; its deadline would end the stream.
	_ = s.control.SetReadDeadline(time.Time{}) // a recorder in a test has none
	w.WriteHeader(http.StatusOK)
	s.write([]byte(":\n\n")) // so that the client knows at once that it is connected
	s.beat.Go(s.keepAlive)
	return s
}

func (s *eventStream) keepAlive() {
	for {
		select {
		case <-s.done:
			return
		case <-s.ticker.C:
			s.write([]byte(":\n\n"))
		}
	}
}

// close stops keeping the stream alive; nothing is written afterwards.
func (s *eventStream) close() {
	s.ticker.Stop()
	close(s.done)
	s.beat.Wait()
}

// send writes an event. Data is JSON, which has no line breaks outside of
// strings when it is written by encode. It returns false where the client has
// gone or does not take it in time.
func (s *eventStream) send(event string, data []byte) bool {
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", event, data)
	return s.write(b.Bytes())
}

func (s *eventStream) write(text []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed {
		return false
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(sendTimeout)) // a recorder in a test has none
	_, err := s.w.Write(text)
	if err == nil {
		err = s.control.Flush()
	}
	s.failed = err != nil
	return !s.failed
}
