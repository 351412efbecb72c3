package server

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/bounded"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// callersRemembered is for how many callers it is remembered what they have asked for
// lately; whoever is forgotten begins anew.
const callersRemembered = 100_000

// costOfOne is the cost of a query that counts as one request; a query of ten
// times that counts as eleven.
const costOfOne = 1000

// rates holds callers to a number of requests a second: a token bucket each. It
// is safe for concurrent use.
type rates struct {
	persecond rate.Limit
	burst     int
	proxies   []netip.Prefix

	mu      sync.Mutex
	buckets *bounded.Cache[*rate.Limiter]
}

// newRates returns nil where there is no limit.
func newRates(o Options) *rates {
	if o.Limits.Rate <= 0 {
		return nil
	}
	return &rates{
		persecond: rate.Limit(o.Limits.Rate), burst: max(1, o.Limits.Burst), proxies: o.Proxies,
		buckets: bounded.New[*rate.Limiter](callersRemembered),
	}
}

type bucketKey struct{}

// limited refuses a caller's request past its rate, and leaves its bucket to what
// the request turns out to cost. What a page is made of, and what tells how the
// server does, are free.
func (l *rates) limited(e *gqlhttp.Endpoint, next http.Handler) http.Handler {
	if l == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local(r) || bucketOf(r.Context()) != nil || strings.HasPrefix(r.URL.Path, "/assets/") {
			next.ServeHTTP(w, r)
			return
		}
		bucket := l.of(r)
		if !refused(w, r, e, bucket) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), bucketKey{}, bucket)))
		}
	})
}

// refused takes a token for the request out of the bucket; where there is none it
// refuses the request.
func refused(w http.ResponseWriter, r *http.Request, e *gqlhttp.Endpoint, bucket *rate.Limiter) bool {
	wait := take(bucket, 1)
	if wait <= 0 {
		return false
	}
	note(r.Context(), func(e *entry) { e.tooOften = true })
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	e.RefuseJSON(w, r, http.StatusTooManyRequests, tooOften(wait))
	return true
}

// refusesWrong counts a request whose bearer is nobody's, by its address, and refuses
// it past the rate.
func (l *rates) refusesWrong(w http.ResponseWriter, r *http.Request, e *gqlhttp.Endpoint) bool {
	return l != nil && !local(r) && refused(w, r, e, l.of(r))
}

// local reports whether a request comes from this machine, and from nobody beyond
// it. It has no rate: it is the operator's own, or a proxy's that no setting
// names, for which all its callers would be one.
func local(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	// Any line counts, an empty one too: whoever asks can send one, and a proxy adds
	// its own behind it.
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		if _, forwarded := r.Header[name]; forwarded {
			return false
		}
	}
	return true
}

// of returns the bucket of whoever sends the request.
func (l *rates) of(r *http.Request) *rate.Limiter {
	caller := callerOf(r, l.proxies)
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets.Get(r.Context(), caller)
	if !ok {
		bucket = rate.NewLimiter(l.persecond, l.burst)
		l.buckets.Add(r.Context(), caller, bucket)
	}
	return bucket
}

// take takes tokens out of a bucket, or says how long it takes until they are
// there. A nil bucket is never empty.
func take(bucket *rate.Limiter, n int) (wait time.Duration) {
	if bucket == nil {
		return 0
	}
	now := time.Now()
	r := bucket.ReserveN(now, n)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// bucketOf returns the bucket of the request that ctx belongs to, nil where it has
// none.
func bucketOf(ctx context.Context) *rate.Limiter {
	bucket, _ := ctx.Value(bucketKey{}).(*rate.Limiter)
	return bucket
}

// admit counts an operation that comes over an open connection against the
// caller's rate, and returns the refusal where the caller has to wait.
func admit(ctx context.Context) error {
	if wait := take(bucketOf(ctx), 1); wait > 0 {
		return tooOften(wait)
	}
	return nil
}

// charge takes out of the caller's bucket what a query costs beyond a request.
// It refuses nothing: the caller's next request waits.
func charge(ctx context.Context, cost int) {
	if bucket := bucketOf(ctx); bucket != nil {
		bucket.ReserveN(time.Now(), min(cost/costOfOne, bucket.Burst()))
	}
}

// pay is charge for an event of a subscription, and waits until the caller's bucket
// is not in debt any more: nobody asks for an event, so nobody can be refused.
func pay(ctx context.Context, cost int) {
	bucket := bucketOf(ctx)
	if bucket == nil {
		return
	}
	debt := time.NewTimer(bucket.ReserveN(time.Now(), min(max(1, cost/costOfOne), bucket.Burst())).Delay())
	defer debt.Stop()
	select {
	case <-debt.C:
	case <-ctx.Done():
	}
}

func tooOften(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return gqlhttp.Limited("rate", &catalog.Error{
		Kind: catalog.KindLimit,
		Zh:   fmt.Sprintf("请求太频繁，请 %d 秒后再试", seconds),
		En:   fmt.Sprintf("too many requests; try again in %d s", seconds),
	})
}
