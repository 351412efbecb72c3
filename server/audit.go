package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
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
// half returns one try, a quarter of an hour all of them. All those for whom a proxy
// that the settings do not name has asked have ten times as much between them, since
// whoever connects from where it stands may write other addresses into its header.
const (
	triesAtOnce   = 10
	tryBack       = 90 * time.Second
	behindUntold  = 10
	untoldVisitor = " for "
)

// lockout holds off those who fail to sign in again and again, by address: from
// elsewhere a right token is let in. Behind a proxy that the settings do not name,
// whoever it says it asks for is an address too: one who fails would lock out all
// others. It is safe for concurrent use.
type lockout struct {
	proxies []netip.Prefix

	mu    sync.Mutex
	tries *bounded.Cache[*rate.Limiter]
}

func newLockout(proxies []netip.Prefix) *lockout {
	return &lockout{proxies: proxies, tries: bounded.New[*rate.Limiter](callersRemembered)}
}

// of returns what counts a request's tries: one, or two behind a proxy that is not named.
func (l *lockout) of(r *http.Request) []*rate.Limiter {
	from := addressOf(r, l.proxies)
	l.mu.Lock()
	defer l.mu.Unlock()
	if who := claimed(r, l.proxies); who != "" {
		return []*rate.Limiter{l.named(r, from+untoldVisitor+who, 1), l.named(r, from+untoldVisitor, behindUntold)}
	}
	return []*rate.Limiter{l.named(r, from, 1)}
}

func (l *lockout) named(r *http.Request, who string, times int) *rate.Limiter {
	tries, ok := l.tries.Get(r.Context(), who)
	if !ok {
		tries = rate.NewLimiter(rate.Every(tryBack/time.Duration(times)), triesAtOnce*times)
		l.tries.Add(r.Context(), who, tries)
	}
	return tries
}

// refuses returns LIMIT where the request's address has failed too often.
func (l *lockout) refuses(r *http.Request) error {
	if !slices.ContainsFunc(l.of(r), func(tries *rate.Limiter) bool { return tries.Tokens() < 1 }) {
		return nil
	}
	return &catalog.Error{Kind: catalog.KindLimit, Zh: "登录失败次数过多，请一刻钟后再试", En: "too many sign-ins failed; try again in a quarter of an hour"}
}

// failed counts a sign-in that failed for what was shown, and not for our own faults.
func (l *lockout) failed(r *http.Request, err error) {
	if catalog.ErrorKindOf(err) == catalog.KindUnauthenticated {
		for _, tries := range l.of(r) {
			tries.Allow()
		}
	}
}
