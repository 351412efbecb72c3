package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// callerOf names who sends a request, for the limits that go by caller: a
// signed-in viewer by its name, anybody else by the address.
func callerOf(r *http.Request, proxies []netip.Prefix) string {
	if v := catalog.ViewerFrom(r.Context()); v != nil {
		return "viewer " + v.Name
	}
	return "address " + addressOf(r, proxies)
}

// named has the operations of a request take turns by its caller, and puts the
// network of an anonymous one into the context, where who is counted once a network
// is told apart by it.
func named(proxies []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := gqlhttp.WithCaller(r.Context(), callerOf(r, proxies))
		if catalog.ViewerFrom(ctx) == nil {
			ctx = catalog.WithNetwork(ctx, addressOf(r, proxies))
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// addressOf returns the address that a request comes from: its connection's, or,
// where that is a trusted proxy's, the last one in X-Forwarded-For that is no
// trusted proxy's. What stands before it is the caller's own word. Of an IPv6
// address the network of 64 bits counts, which one caller usually has whole.
func addressOf(r *http.Request, proxies []netip.Prefix) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	address := from.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !trusted(address, proxies) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		address = before.Unmap()
	}
	return network(address)
}

func trusted(address netip.Addr, proxies []netip.Prefix) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// claimed returns whom a proxy in the server's own network that the settings do not name
// sent a request for: the last one in X-Forwarded-For, as an address or a network of 64
// bits; "" where there is no such proxy or name. Whoever connects from that network may
// write the header as well, so that it is no one's address for limits.
func claimed(r *http.Request, proxies []netip.Prefix) string {
	headers := r.Header.Values("X-Forwarded-For")
	if len(headers) == 0 {
		return ""
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	if a := from.Addr().Unmap(); !a.IsLoopback() && !a.IsPrivate() || trusted(a, proxies) {
		return ""
	}
	last := headers[len(headers)-1]
	hop, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]))
	if err != nil {
		return ""
	}
	return network(hop.Unmap())
}

// network returns what counts as one caller of an address.
func network(address netip.Addr) string {
	if address.Is6() {
		if network, err := address.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return address.String()
}

// untoldProxy warns, once, of a proxy in the server's own network that the settings do
// not name: all its visitors count as one then, in limits. The zero value has met none;
// it is safe for concurrent use.
type untoldProxy struct {
	once sync.Once
	met  atomic.Bool
}

// heed looks who sent a request.
func (u *untoldProxy) heed(log *slog.Logger, r *http.Request, proxies []netip.Prefix) {
	if claimed(r, proxies) == "" {
		return
	}
	u.once.Do(func() {
		u.met.Store(true)
		log.Warn("X-Forwarded-For comes from an address that -proxies does not name: all its visitors count as one, in limits; name it with -proxies",
			"address", r.RemoteAddr)
	})
}
