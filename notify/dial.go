package notify

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// special are networks that are not the public internet and that net/netip has no word
// for (IANA's registries of special-purpose addresses, RFC 6890).
var special = parsed(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func parsed(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// public reports whether an address is one of the public internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.Zone() != "" {
		return false
	}
	for _, network := range special {
		if network.Contains(a) {
			return false
		}
	}
	return true
}

// dialer connects to public addresses, and to those of the networks that are listed. It
// looks at the address that the connection is made to, after names were resolved, so
// that no name can lead elsewhere between a check and its use.
func dialer(listed []netip.Prefix) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{
		Timeout: 5 * time.Second,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("%s %s is no address", network, address)
			}
			if a := to.Addr().Unmap(); !public(a) && !contains(listed, a) {
				return &privateError{a}
			}
			return nil
		},
	}
	return d.DialContext
}

func contains(networks []netip.Prefix, a netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// resolving bounds how long a name is looked up before an address is kept.
const resolving = 2 * time.Second

// Reachable returns a check of an address that somebody wants notices to be sent to:
// INVALID where it is, or where its name stands for, an address that nothing is sent to,
// so that who enters it learns it at once. A name that does not resolve now passes: the
// dialer has the last word whenever something is sent.
func Reachable(listed []netip.Prefix) func(ctx context.Context, address string) error {
	return func(ctx context.Context, address string) error {
		u, err := url.Parse(address)
		if err != nil || u.Hostname() == "" {
			return nil // the input's own check tells it
		}
		ctx, cancel := context.WithTimeout(ctx, resolving)
		defer cancel()
		found, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname()) // an address stands for itself; none is no matter
		for _, a := range found {
			if a = a.Unmap(); !public(a) && !contains(listed, a) {
				return &catalog.Error{
					Kind: catalog.KindInvalid, Path: "url",
					Zh: fmt.Sprintf("%s 不是公网地址（%s），通知不会发到那里；内网的接收地址，请运行本站的人用 -webhook-networks 写明它的网段", u.Hostname(), a),
					En: fmt.Sprintf("%s is not on the public internet (%s), and nothing is sent there; whoever runs the server lists a network of its own with -webhook-networks", u.Hostname(), a),
				}
			}
		}
		return nil
	}
}

// privateError says that an address is in a network that is not to be reached.
type privateError struct{ address netip.Addr }

func (e *privateError) Error() string {
	return fmt.Sprintf("%s is not a public address, and is in none of -webhook-networks", e.address)
}
