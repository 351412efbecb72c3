package server

import (
	"net/http"
	"strings"
	"time"
)

// cookies are the two that the server gives out. Both are out of reach of
// scripts, and are sent along only where the reader follows a link or uses our
// own pages. Where the public address is https they are sent over https only,
// and their name has the prefix that keeps other hosts of the domain from
// setting them.
type cookies struct{ secure bool }

func newCookies(publicURL string) cookies {
	return cookies{secure: strings.HasPrefix(publicURL, "https://")}
}

const (
	sessionCookie = "jisi_session"
	flowCookie    = "jisi_flow" // of a sign-in at a provider that is under way
	flowLife      = 10 * time.Minute
)

func (c cookies) set(w http.ResponseWriter, name, value string, age time.Duration) {
	cookie := &http.Cookie{ //nolint:gosec // secure wherever the public address is https
		Name: c.named(name), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

func (c cookies) named(name string) string {
	if c.secure {
		return "__Host-" + name
	}
	return name
}

func (c cookies) get(r *http.Request, name string) string {
	cookie, err := r.Cookie(c.named(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (c cookies) session(r *http.Request) string { return c.get(r, sessionCookie) }

func (c cookies) setSession(w http.ResponseWriter, session string, ends time.Time) {
	c.set(w, sessionCookie, session, time.Until(ends))
}

func (c cookies) clearSession(w http.ResponseWriter) { c.set(w, sessionCookie, "", 0) }
