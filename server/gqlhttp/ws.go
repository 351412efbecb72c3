package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"github.com/jisiguangyi/jisi/catalog"
)

// subprotocol is what is spoken over a WebSocket:
// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
const subprotocol = "graphql-transport-ws"

// The codes with which the protocol closes a socket, and one for a server that
// goes away.
const (
	closeBadMessage    websocket.StatusCode = 4400
	closeUnauthorized  websocket.StatusCode = 4401
	closeForbidden     websocket.StatusCode = 4403
	closeSubprotocol   websocket.StatusCode = 4406
	closeInitTimeout   websocket.StatusCode = 4408
	closeSameID        websocket.StatusCode = 4409
	closeInitTwice     websocket.StatusCode = 4429
	closeInternalError websocket.StatusCode = 4500
)

// How long a client may take at least once, whoever it is.
const (
	initTimeout  = 10 * time.Second // to say who it is
	sendTimeout  = 10 * time.Second // to take what is sent to it
	pingInterval = 20 * time.Second // between two questions whether it is still there
)

// message is one of the protocol's.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket is a WebSocket on which operations run.
type socket struct {
	e      *Endpoint
	conn   *websocket.Conn
	cancel context.CancelFunc // ends the socket's context, and operations with it
	header http.Header        // of the request that became the socket

	operations sync.WaitGroup

	mu      sync.Mutex
	begun   bool            // connection_init has come
	known   bool            // and was acknowledged
	viewer  *catalog.Viewer // who is there, as it was known last
	over    bool            // the viewer's rights ended
	running map[string]context.CancelFunc

	// standing returns who is there, asked anew: the request's caller or, once init
	// has found one, whom the token names.
	standing func(ctx context.Context, use bool) (*catalog.Viewer, error)
}

// isWebSocket reports whether a request asks to become one.
func isWebSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// serveWebSocket runs the operations of a WebSocket until it is closed.
func (e *Endpoint) serveWebSocket(w http.ResponseWriter, r *http.Request) {
	own, allowed := fromOrigin(r, e.o.Origins)
	if !allowed {
		e.refuse(w, r, mediaJSON, refusal(http.StatusForbidden, catalog.KindForbidden, "不接受来自这个网站的连接", "connections from this web site are not taken"))
		return
	}
	leave, crowded := e.o.Streams.join(e.o.Caller(r), e.o.Limits.Connections)
	if crowded != nil {
		w.Header().Set("Retry-After", "1")
		e.refuse(w, r, mediaJSON, crowded)
		return
	}
	defer leave()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // fromOrigin has looked
	})
	if err != nil {
		return // it has been answered
	}
	conn.SetReadLimit(int64(e.o.Limits.BodyBytes))
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	if !own {
		// A page from elsewhere sends this site's cookies along: what they say of
		// its reader it may not use. A token in connection_init it may.
		ctx = catalog.WithViewer(ctx, nil)
	}
	s := &socket{
		e: e, conn: conn, cancel: cancel, header: r.Header, running: map[string]context.CancelFunc{},
		viewer: catalog.ViewerFrom(ctx), standing: e.o.Standing,
	}
	if !own {
		s.standing = func(context.Context, bool) (*catalog.Viewer, error) { return nil, nil } //nolint:nilnil // an anonymous reader
	}
	s.serve(ctx)
}

// fromOrigin reports whether a page of this server asks, or no page at all, and
// whether whoever asks may. Browsers say where a page is from; what CORS is to
// other requests, this is to WebSockets.
func fromOrigin(r *http.Request, origins []string) (own, allowed bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true, true
	}
	if u, err := url.Parse(origin); err == nil && strings.EqualFold(u.Host, r.Host) {
		return true, true
	}
	return false, slices.Contains(origins, "*") || slices.ContainsFunc(origins, func(o string) bool { return strings.EqualFold(o, origin) })
}

// serve returns when the socket is closed and its operations have ended.
func (s *socket) serve(ctx context.Context) {
	defer s.operations.Wait()
	defer func() { _ = s.conn.CloseNow() }() // where it has not been closed in good order
	defer s.cancel()
	if s.conn.Subprotocol() != subprotocol {
		s.close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	slow := time.AfterFunc(s.e.initTimeout, s.lateInit)
	defer slow.Stop()
	watched := make(chan struct{})
	go func() { defer close(watched); s.watch(ctx) }()
	defer func() { <-watched }()
	defer s.cancel() // before watch is waited for
	s.read(ctx)
}

// lateInit closes a socket that has not said who it is.
func (s *socket) lateInit() {
	s.mu.Lock()
	begun := s.begun
	s.mu.Unlock()
	if !begun {
		s.close(closeInitTimeout, "Connection initialisation timeout")
	}
}

// watch ends the socket when the server stops, when nobody is at its other end
// any more, or when the rights end by which it was opened.
func (s *socket) watch(ctx context.Context) {
	ticker := time.NewTicker(pingInterval)
	defer ticker.Stop()
	standing := time.NewTicker(StandingInterval)
	defer standing.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.e.o.Streams.stopping:
			s.completeAll(ctx)
			s.close(websocket.StatusGoingAway, "the server is stopping")
			return
		case <-standing.C:
			if !s.stands(ctx) {
				return
			}
		case <-ticker.C:
			if !s.alive(ctx) {
				s.cancel()
				_ = s.conn.CloseNow() // nobody is there to be told
				return
			}
		}
	}
}

// alive reports whether the other end answers.
func (s *socket) alive(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return s.conn.Ping(ctx) == nil
}

// stands reports whether whoever is there still has its rights. Where they ended it
// has ended the socket.
func (s *socket) stands(ctx context.Context) bool {
	s.mu.Lock()
	viewer, standing := s.viewer, s.standing
	s.mu.Unlock()
	if viewer == nil || StillStands(ctx, viewer, standing) == nil {
		return true
	}
	return s.forbid()
}

// forbid ends the socket of somebody who lost its rights: first what is under way,
// since a client may be long in answering that the socket is closed.
func (s *socket) forbid() bool {
	s.mu.Lock()
	s.over = true
	for _, cancel := range s.running {
		cancel()
	}
	clear(s.running)
	s.mu.Unlock()
	return s.close(closeForbidden, "Forbidden")
}

// read takes messages until the socket is closed.
func (s *socket) read(ctx context.Context) {
	for {
		kind, text, err := s.conn.Read(ctx)
		if err != nil {
			return // the other end has closed it, or this one has
		}
		var m message
		if kind != websocket.MessageText || json.Unmarshal(text, &m) != nil {
			s.close(closeBadMessage, "Invalid message received")
			return
		}
		if !s.take(ctx, m) {
			return
		}
	}
}

// take does what a message says; false where it has closed the socket for it.
func (s *socket) take(ctx context.Context, m message) bool {
	switch m.Type {
	case "connection_init":
		return s.init(ctx, m)
	case "ping":
		s.send(ctx, message{Type: "pong", Payload: m.Payload})
	case "pong":
	case "subscribe":
		return s.subscribe(ctx, m)
	case "complete":
		s.complete(m.ID)
	default:
		return s.close(closeBadMessage, "Invalid message received")
	}
	return true
}

// init acknowledges who is there: the token in the payload's Authorization, or
// whoever sent the request that became the socket.
func (s *socket) init(ctx context.Context, m message) bool {
	s.mu.Lock()
	twice := s.begun
	s.begun = true
	s.mu.Unlock()
	if twice {
		return s.close(closeInitTwice, "Too many initialisation requests")
	}
	var payload map[string]json.RawMessage
	if len(m.Payload) > 0 && json.Unmarshal(m.Payload, &payload) != nil {
		return s.close(closeBadMessage, "Invalid message received")
	}
	token := bearer(payload)
	if token != "" && s.e.o.Identify != nil {
		standing := func(ctx context.Context, _ bool) (*catalog.Viewer, error) { return s.e.o.Identify(ctx, token) }
		limited, cancel := context.WithTimeout(ctx, sendTimeout)
		v, err := standing(limited, true)
		cancel()
		switch kind := catalog.ErrorKindOf(err); {
		case kind == catalog.KindUnauthenticated || kind == catalog.KindForbidden:
			return s.close(closeForbidden, "Forbidden")
		case err != nil:
			return s.close(closeInternalError, "Internal server error")
		}
		s.mu.Lock()
		s.viewer, s.standing = v, standing
		s.mu.Unlock()
	}
	s.mu.Lock()
	s.known = true
	s.mu.Unlock()
	s.send(ctx, message{Type: "connection_ack"})
	return true
}

// bearer returns the token of a payload's Authorization, "" where there is none.
func bearer(payload map[string]json.RawMessage) string {
	for name, value := range payload {
		var text string
		if strings.EqualFold(name, "Authorization") && json.Unmarshal(value, &text) == nil {
			if scheme, token, ok := strings.Cut(text, " "); ok && strings.EqualFold(scheme, "Bearer") {
				return strings.TrimSpace(token)
			}
		}
	}
	return ""
}

// subscribe starts an operation. It has been registered for what it watches
// when the next message is read, so that whoever gets the answer to a ping knows
// that what was asked for before it is watched.
func (s *socket) subscribe(ctx context.Context, m message) bool {
	if m.ID == "" || len(m.Payload) == 0 {
		return s.close(closeBadMessage, "Invalid message received")
	}
	s.mu.Lock()
	known, running, viewer, standing := s.known, len(s.running), s.viewer, s.standing
	_, same := s.running[m.ID]
	s.mu.Unlock()
	switch {
	case !known:
		return s.close(closeUnauthorized, "Unauthorized")
	case same:
		return s.close(closeSameID, "Subscriber for "+short(m.ID)+" already exists")
	case running >= s.e.o.Limits.Subscriptions:
		s.fail(ctx, m.ID, s.e.refused(ctx, limitError{"subscriptions", s.e.o.Limits.Subscriptions, "同一连接上同时进行的操作数", "the number of operations under way on one connection", "请先结束一些", "end some of them first"}.gql()))
		return true
	}
	if err := s.e.o.Admit(ctx); err != nil {
		s.fail(ctx, m.ID, s.e.refused(ctx, raised(err)))
		return true
	}
	if viewer != nil {
		limited, cancel := context.WithTimeout(ctx, sendTimeout)
		now, err := standing(limited, true)
		cancel()
		switch kind := catalog.ErrorKindOf(err); {
		case kind == catalog.KindUnauthenticated || kind == catalog.KindForbidden || err == nil && lostRights(viewer, now):
			return s.forbid()
		case err != nil:
			s.fail(ctx, m.ID, s.e.refused(ctx, raised(err)))
			return true
		}
		viewer = now
	}
	ctx = catalog.WithViewer(ctx, viewer)
	var raw rawRequest
	if json.Unmarshal(m.Payload, &raw) != nil {
		return s.close(closeBadMessage, "Invalid message received")
	}
	params, wrong := raw.params(s.header)
	if wrong != nil {
		return s.close(closeBadMessage, "Invalid message received")
	}
	s.start(ctx, m.ID, params)
	return true
}

// short keeps what a client chose within what a close frame holds.
func short(id string) string {
	const most = 64
	if len(id) > most {
		id = strings.ToValidUTF8(id[:most], "") + "…"
	}
	return id
}

// start runs an operation until it ends, the client completes it, or the socket
// ends.
func (s *socket) start(ctx context.Context, id string, params *graphql.RawParams) {
	whole, cancel := context.WithCancel(ctx)
	running, x, refused := s.e.stream(whole, params)
	if refused != nil {
		cancel()
		s.fail(ctx, id, refused)
		return
	}
	s.mu.Lock()
	s.running[id] = cancel
	if s.over {
		cancel()
	}
	s.mu.Unlock()
	s.operations.Go(func() {
		defer x.end(running)
		defer cancel()
		s.answer(ctx, running, id, x)
	})
}

// answer sends the responses of an operation, which ends with running; ctx is the
// socket's. Nothing is sent of one that has been completed.
func (s *socket) answer(ctx, running context.Context, id string, x *streamed) {
	for {
		response := x.next(running)
		if running.Err() != nil {
			return
		}
		switch {
		case response == nil:
			if s.forget(id) {
				s.send(ctx, message{ID: id, Type: "complete"})
			}
			return
		case len(response.Data) == 0 && len(response.Errors) > 0:
			if s.forget(id) {
				s.fail(ctx, id, response)
			}
			return
		}
		s.send(ctx, message{ID: id, Type: "next", Payload: encode(response)})
	}
}

// forget takes an operation off the socket, so that its id can be used again;
// false where that has been done.
func (s *socket) forget(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.running[id]
	delete(s.running, id)
	return ok
}

// complete ends an operation that its client wants no more of.
func (s *socket) complete(id string) {
	s.mu.Lock()
	cancel := s.running[id]
	delete(s.running, id)
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// completeAll tells of every operation that no more will come of it.
func (s *socket) completeAll(ctx context.Context) {
	s.mu.Lock()
	ids := make([]string, 0, len(s.running))
	for id := range s.running {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	for _, id := range ids {
		s.complete(id)
		s.send(ctx, message{ID: id, Type: "complete"})
	}
}

// fail says that an operation came to nothing, and ends it.
func (s *socket) fail(ctx context.Context, id string, response *graphql.Response) {
	list, err := json.Marshal(response.Errors)
	if err != nil {
		panic(err) // the same as in encode
	}
	s.send(ctx, message{ID: id, Type: "error", Payload: list})
}

// send sends a message; a client that does not take it in time loses the socket.
func (s *socket) send(ctx context.Context, m message) {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // it is made of strings, and of JSON
	}
	limited, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := s.conn.Write(limited, websocket.MessageText, text); err != nil && !errors.Is(err, context.Canceled) {
		s.cancel()
	}
}

// close closes the socket with a code and its reason, and returns false for those
// who stop after that.
func (s *socket) close(code websocket.StatusCode, reason string) bool {
	_ = s.conn.Close(code, reason) // it may be closed already
	return false
}
