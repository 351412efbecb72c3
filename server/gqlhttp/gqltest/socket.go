package gqltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
)

// Patience bounds what is waited for; on an idle machine it comes at once.
const Patience = 30 * time.Second

// Client is the other end of a WebSocket.
type Client struct {
	t    *testing.T
	Conn *websocket.Conn
}

// Dial opens a WebSocket to /graphql of the server, nil where the answer is another.
func Dial(t *testing.T, s *httptest.Server, header http.Header, protocols ...string) (*Client, *http.Response) {
	t.Helper()
	conn, response, err := websocket.Dial(t.Context(), s.URL+"/graphql", &websocket.DialOptions{Subprotocols: protocols, HTTPHeader: header})
	if err != nil {
		return nil, response
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &Client{t, conn}, response
}

// Send sends a message.
func (c *Client) Send(text string) {
	c.t.Helper()
	if err := c.Conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// Subscribe sends an operation.
func (c *Client) Subscribe(id, query string) {
	c.t.Helper()
	c.Send(fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":{"query":%q}}`, id, query))
}

// Read returns the next message.
func (c *Client) Read() (string, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), Patience)
	defer cancel()
	_, text, err := c.Conn.Read(ctx)
	return string(text), err
}

// Want reads the next message, which must be the text.
func (c *Client) Want(want string) {
	c.t.Helper()
	got, err := c.Read()
	if err != nil {
		c.t.Fatalf("%v instead of %s", err, want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("(-want +got):\n%s", diff)
	}
}

// Closed reads until the server closes, and returns its code and reason.
func (c *Client) Closed() (websocket.StatusCode, string) {
	c.t.Helper()
	for {
		_, err := c.Read()
		var closing websocket.CloseError
		if errors.As(err, &closing) {
			return closing.Code, closing.Reason
		}
		if err != nil {
			c.t.Fatalf("the socket ended without a code: %v", err)
		}
	}
}

// Failure reads an error message and returns its code.
func (c *Client) Failure(id string) string {
	c.t.Helper()
	text, err := c.Read()
	if err != nil {
		c.t.Fatal(err)
	}
	var m struct {
		ID, Type string
		Payload  []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.ID != id || m.Type != "error" || len(m.Payload) != 1 {
		c.t.Fatalf("%s is not the error of %s (%v)", text, id, err)
	}
	return m.Payload[0].Extensions.Code
}

// Eventually waits until the condition holds.
func Eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not in %v: %s", Patience, what)
		}
	}
}
