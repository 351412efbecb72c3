package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/bounded"
)

// audit writes a line for those who watch over the accounts: who signed in or out, or
// tried to, from where. It has no secrets. Its message is always "audit".
func (a *authenticator) audit(r *http.Request, event string) {
	var proxies []netip.Prefix
	if a.lock != nil {
		proxies = a.lock.proxies
	}
	attrs := []slog.Attr{slog.String("event", event), slog.String("from", addressOf(r, proxies))}
	if who := claimed(r, proxies); who != "" {
		attrs = append(attrs, slog.String("forwarded_for", who))
	}
	a.logger.LogAttrs(r.Context(), slog.LevelInfo, "audit", attrs...)
}

// Whoever fails to sign in ten times in a row from one address waits: a minute and a
// half returns one try, a quarter of an hour all of them.
const (
	triesAtOnce = 10
	tryBack     = 90 * time.Second
)

// lockout holds off those who fail to sign in again and again, by address: from
// elsewhere a right token is let in. Behind a proxy that the settings do not name,
// whoever it says it asks for is an address: one who fails would lock out all others. Who
// writes that header has as many tries as the limits let pass; a token of 256 bits is not
// guessed by them. It is safe for concurrent use.
type lockout struct {
	proxies []netip.Prefix

	mu    sync.Mutex
	tries *bounded.Cache[*rate.Limiter]
}

func newLockout(proxies []netip.Prefix) *lockout {
	return &lockout{proxies: proxies, tries: bounded.New[*rate.Limiter](callersRemembered)}
}

func (l *lockout) of(r *http.Request) *rate.Limiter {
	from := addressOf(r, l.proxies)
	if who := claimed(r, l.proxies); who != "" {
		from += " for " + who
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	tries, ok := l.tries.Get(r.Context(), from)
	if !ok {
		tries = rate.NewLimiter(rate.Every(tryBack), triesAtOnce)
		l.tries.Add(r.Context(), from, tries)
	}
	return tries
}

// refuses returns LIMIT where the request's address has failed too often.
func (l *lockout) refuses(r *http.Request) error {
	if l.of(r).Tokens() >= 1 {
		return nil
	}
	return &catalog.Error{Kind: catalog.KindLimit, Zh: "登录失败次数过多，请一刻钟后再试", En: "too many sign-ins failed; try again in a quarter of an hour"}
}

// failed counts a sign-in that failed for what was shown, and not for our own faults.
func (l *lockout) failed(r *http.Request, err error) {
	if catalog.ErrorKindOf(err) == catalog.KindUnauthenticated {
		l.of(r).Allow()
	}
}
