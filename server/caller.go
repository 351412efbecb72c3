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
// trusted proxy's, without the port that some write. What stands before it is the
// caller's own word. Of an IPv6 address the network of 64 bits counts, which one
// caller usually has whole.
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
		before, ok := hopAddress(hop)
		if !ok {
			break
		}
		address = before
	}
	return network(address)
}

// hopAddress reads what a proxy writes of whom it asks for: an address, or, as IIS and
// Azure have it, one with the port of its connection (192.0.2.1:4711, [2001:db8::1]:4711).
func hopAddress(hop string) (netip.Addr, bool) {
	hop = strings.TrimSpace(hop)
	if address, err := netip.ParseAddr(hop); err == nil {
		return address.Unmap(), true
	}
	from, err := netip.ParseAddrPort(hop)
	return from.Addr().Unmap(), err == nil
}

func trusted(address netip.Addr, proxies []netip.Prefix) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// fromUntold reports whether a request comes from the server's own network, and from no
// proxy that the settings name.
func fromUntold(r *http.Request, proxies []netip.Prefix) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	a := from.Addr().Unmap()
	return (a.IsLoopback() || a.IsPrivate()) && !trusted(a, proxies)
}

// claimed returns whom a proxy in the server's own network that the settings do not name
// sent a request for: the last one in X-Forwarded-For or, where that says no address, in
// X-Real-IP, as an address or a network of 64 bits; "" where there is no such proxy or
// name. Whoever connects from that network may write the headers as well, so that it is
// no one's address for limits.
func claimed(r *http.Request, proxies []netip.Prefix) string {
	if !fromUntold(r, proxies) {
		return ""
	}
	for _, name := range []string{"X-Forwarded-For", "X-Real-Ip"} {
		if who, ok := lastHop(r, name); ok {
			return network(who)
		}
	}
	return ""
}

// lastHop returns the last address of a header, if it ends in one.
func lastHop(r *http.Request, name string) (netip.Addr, bool) {
	lines := r.Header.Values(name)
	if len(lines) == 0 {
		return netip.Addr{}, false
	}
	last := lines[len(lines)-1]
	return hopAddress(last[strings.LastIndexByte(last, ',')+1:])
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

// heed looks who sent a request. Any header by which proxies say whom they ask for tells
// of one, an empty or unreadable one too; the server itself counts by X-Forwarded-For only.
func (u *untoldProxy) heed(log *slog.Logger, r *http.Request, proxies []netip.Prefix) {
	if u.met.Load() || !fromUntold(r, proxies) {
		return
	}
	headers := []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded"}
	first := slices.IndexFunc(headers, func(name string) bool { return len(r.Header.Values(name)) > 0 })
	if first < 0 {
		return
	}
	u.once.Do(func() {
		u.met.Store(true)
		if _, ok := lastHop(r, "X-Forwarded-For"); ok {
			log.Warn("X-Forwarded-For comes from an address that -proxies does not name: all its visitors count as one, in limits; name it with -proxies",
				"address", r.RemoteAddr)
			return
		}
		log.Warn("a proxy that -proxies does not name sends no X-Forwarded-For with an address, by which the server counts: all its visitors count as one, in limits; set X-Forwarded-For in the proxy, and name it with -proxies",
			"address", r.RemoteAddr, "header", headers[first])
	})
}
