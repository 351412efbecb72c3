package server

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

const socketProtocol = "graphql-transport-ws"

// connection is an open connection with a subscription under way on it.
type connection struct {
	ended func(t *testing.T) string // waits for its end and returns how it ended
}

func (s *site) socket(t *testing.T, header http.Header, initialise string) connection {
	t.Helper()
	c, _ := gqltest.Dial(t, &httptest.Server{URL: s.url}, header, socketProtocol)
	if c == nil {
		t.Fatal("the socket was refused")
	}
	c.Send(initialise)
	c.Want(`{"type":"connection_ack"}`)
	c.Subscribe("1", "subscription { silence }")
	c.Send(`{"type":"ping"}`)
	c.Want(`{"type":"pong"}`)
	return connection{func(t *testing.T) string {
		code, why := c.Closed()
		if code != 4403 {
			t.Errorf("closed with %d", code)
		}
		return why
	}}
}

func (s *site) events(t *testing.T, header http.Header) connection {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/graphql?query="+url.QueryEscape("subscription { silence }"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	r.Header.Set("Accept", "text/event-stream")
	answered, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answered.Body.Close() })
	return connection{func(t *testing.T) string {
		last := ""
		for lines := bufio.NewScanner(answered.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "" {
				last = data
			}
		}
		if !strings.Contains(last, `"UNAUTHENTICATED"`) {
			t.Errorf("the last event is %q", last)
		}
		return "Forbidden"
	}}
}

// Whatever a connection was opened by, it ends within five seconds of its rights: with
// a token that is revoked or expires, with a session that is signed out of or whose
// token is revoked.
func TestWhoStaysConnectedLosesTheConnectionWithTheRights(t *testing.T) {
	s := newSite(t, nil)
	token := func(t *testing.T) (text, id string) {
		t.Helper()
		text, made, err := s.store.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: t.Name(), Role: catalog.RoleEditor, Committee: "changchun", Life: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		return text, made.ID
	}
	session := func(t *testing.T, text string) (cookie http.Header, b *http.Client) {
		t.Helper()
		b = browser(t)
		s.send(t, b, http.MethodPost, "/sign-in", url.Values{"token": {text}, "next": {"/healthz"}}.Encode())
		at, _ := url.Parse(s.url)
		cookie = http.Header{}
		for _, c := range b.Jar.Cookies(at) {
			cookie.Add("Cookie", c.Name+"="+c.Value)
		}
		if cookie.Get("Cookie") == "" {
			t.Fatal("not signed in")
		}
		return cookie, b
	}
	revoke := func(t *testing.T, id string) {
		t.Helper()
		if _, err := s.store.RevokeToken(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	const initialise = `{"type":"connection_init"}`
	byHeader := func(t *testing.T, header http.Header) connection { return s.socket(t, header, initialise) }
	byMessage := func(t *testing.T, header http.Header) connection {
		return s.socket(t, nil, `{"type":"connection_init","payload":{"Authorization":"`+header.Get("Authorization")+`"}}`)
	}
	for _, way := range []struct {
		name    string
		open    func(*testing.T, http.Header) connection
		session bool
	}{
		{"a socket by header", byHeader, false},
		{"a socket by message", byMessage, false},
		{"an event stream by header", s.events, false},
		{"a socket by cookie", byHeader, true},
		{"an event stream by cookie", s.events, true},
	} {
		ends := []string{"revoked", "expired", "of another role"}
		if way.session {
			ends = append(ends, "signed out", "idle", "at its end")
		}
		for _, end := range ends {
			t.Run(way.name+", "+end, func(t *testing.T) {
				t.Parallel()
				text, id := token(t)
				header := http.Header{"Authorization": {"Bearer " + text}}
				var b *http.Client
				if way.session {
					header, b = session(t, text)
				}
				c := way.open(t, header)
				from := time.Now()
				switch end {
				case "revoked":
					revoke(t, id)
				case "signed out":
					s.send(t, b, http.MethodPost, "/sign-out", "next=/healthz", "Origin", s.url)
				case "expired":
					storetest.SQL(t, s.database, `UPDATE access_tokens SET expires_at = now() WHERE id = $1`, id)
				case "idle":
					storetest.SQL(t, s.database, `UPDATE sessions SET seen_at = now() - interval '2 hours' WHERE token_id = $1`, id)
				case "at its end":
					storetest.SQL(t, s.database, `UPDATE sessions SET expires_at = now() WHERE token_id = $1`, id)
				case "of another role":
					storetest.SQL(t, s.database, `UPDATE access_tokens SET role = 'READER', committee_id = NULL WHERE id = $1`, id)
				}
				if why := c.ended(t); why != "Forbidden" {
					t.Errorf("ended for %q", why)
				}
				if took := time.Since(from); took > 5*time.Second {
					t.Errorf("it went on for %v", took)
				}
			})
		}
	}
}

// What is begun after the rights have ended is not done, though the connection is
// still there.
func TestAnOperationOfASocketAsksForTheRights(t *testing.T) {
	s := newSite(t, nil)
	text, made := s.token(t, catalog.RoleEditor, "changchun")
	c, _ := gqltest.Dial(t, &httptest.Server{URL: s.url}, http.Header{"Authorization": {"Bearer " + text}}, socketProtocol)
	c.Send(`{"type":"connection_init"}`)
	c.Want(`{"type":"connection_ack"}`)
	c.Subscribe("1", "{ hello }")
	c.Want(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.Want(`{"id":"1","type":"complete"}`)
	if _, err := s.store.RevokeToken(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(5 * time.Second)
	for n := 0; ; n++ {
		if err := c.Conn.Write(t.Context(), 1, []byte(`{"id":"`+strings.Repeat("x", n%60+1)+`","type":"subscribe","payload":{"query":"mutation { change }"}}`)); err != nil {
			return
		}
		if _, err := c.Read(); err != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("it writes after five seconds")
		}
	}
}
