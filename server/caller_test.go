package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestTheAddressOfACallerIsTakenFromTrustedProxiesOnly(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, tt := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.1", "192.0.2.1"},
		{"10.1.1.1:5", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:5", "203.0.113.9, 198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:5", "203.0.113.9, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"10.1.1.1:5", "nonsense", "10.1.1.1"},
		{"10.1.1.1:5", "10.3.3.3", "10.3.3.3"},
		{"[::1]:5", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"[2001:db8::7%eth0]:5", "", "2001:db8::/64"},
		{"[::ffff:192.0.2.1]:5", "", "192.0.2.1"},
		{"@", "198.51.100.1", "@"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := addressOf(r, proxies); got != tt.want {
			t.Errorf("%s for %q: %s, want %s", tt.remote, tt.forwarded, got, tt.want)
		}
	}
}

// All visitors of a proxy that the settings do not name count as one: the log says so, once.
func TestAProxyThatIsNotNamedIsWarnedOf(t *testing.T) {
	for _, tt := range []struct {
		from, forwarded, named string
		warned                 bool
	}{
		{"127.0.0.1:5000", "203.0.113.9", "", true},
		{"10.1.2.3:5000", "203.0.113.9", "127.0.0.0/8", true},
		{"[fd00::1]:5000", "203.0.113.9", "", true},
		{"127.0.0.1:5000", "203.0.113.9", "127.0.0.0/8", false},
		{"127.0.0.1:5000", "", "", false},
		{"198.51.100.7:5000", "203.0.113.9", "", false}, // anybody may write the header
	} {
		var proxies []netip.Prefix
		if tt.named != "" {
			proxies = append(proxies, netip.MustParsePrefix(tt.named))
		}
		var log strings.Builder
		logger, heard := slog.New(slog.NewTextHandler(&log, nil)), &untoldProxy{}
		for range 3 {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = tt.from
			if tt.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tt.forwarded)
			}
			heard.heed(logger, r, proxies)
		}
		if got := strings.Count(log.String(), "-proxies"); (got > 0) != tt.warned || heard.met.Load() != tt.warned || strings.Count(log.String(), "\n") > 1 {
			t.Errorf("%+v: %q", tt, log.String())
		}
	}
}
