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
		{"10.1.1.1:5", "198.51.100.1:4711", "198.51.100.1"},
		{"10.1.1.1:5", "203.0.113.9, 198.51.100.1:4711, 10.2.2.2:80", "198.51.100.1"},
		{"10.1.1.1:5", "203.0.113.9:4711, nonsense:80", "10.1.1.1"},
		{"10.1.1.1:5", "198.51.100.1:99999", "10.1.1.1"},
		{"192.0.2.1:5", "198.51.100.1:4711", "192.0.2.1"},
		{"10.1.1.1:5", "[::ffff:198.51.100.1]:4711", "198.51.100.1"},
		{"[::1]:5", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"},
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
		r.Header.Set("X-Real-IP", "203.0.113.200") // counts for no limit
		if got := addressOf(r, proxies); got != tt.want {
			t.Errorf("%s for %q: %s, want %s", tt.remote, tt.forwarded, got, tt.want)
		}
	}
}

// All visitors of a proxy that the settings do not name count as one: the log says so, once.
func TestAProxyThatIsNotNamedIsWarnedOf(t *testing.T) {
	const forwarded, realIP = "X-Forwarded-For", "X-Real-IP"
	for _, tt := range []struct {
		from, header, value, named string
		warned                     string
	}{
		{"127.0.0.1:5000", forwarded, "203.0.113.9", "", "; name it"},
		{"127.0.0.1:5000", forwarded, "203.0.113.9:4711", "", "; name it"},
		{"10.1.2.3:5000", forwarded, "203.0.113.9", "127.0.0.0/8", "; name it"},
		{"[fd00::1]:5000", forwarded, "203.0.113.9", "", "; name it"},
		{"127.0.0.1:5000", forwarded, "203.0.113.9", "127.0.0.0/8", ""},
		{"127.0.0.1:5000", "", "", "", ""},
		{"198.51.100.7:5000", forwarded, "203.0.113.9", "", ""}, // anybody may write the header
		{"127.0.0.1:5000", forwarded, "unknown", "", "; set X-Forwarded-For"},
		{"127.0.0.1:5000", forwarded, "", "", "; set X-Forwarded-For"},
		{"127.0.0.1:5000", realIP, "203.0.113.9", "", "; set X-Forwarded-For"},
		{"10.1.2.3:5000", "Forwarded", "for=203.0.113.9", "127.0.0.0/8", "; set X-Forwarded-For"},
		{"127.0.0.1:5000", realIP, "203.0.113.9", "127.0.0.0/8", ""},
		{"198.51.100.7:5000", realIP, "203.0.113.9", "", ""},
		{"198.51.100.7:5000", "Forwarded", "for=203.0.113.9", "", ""},
		{"198.51.100.7:5000", forwarded, "unknown", "", ""},
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
			if tt.header != "" {
				r.Header.Set(tt.header, tt.value)
			}
			heard.heed(logger, r, proxies)
		}
		warned, lines := tt.warned != "", strings.Count(log.String(), "\n")
		if !strings.Contains(log.String(), tt.warned) || strings.Contains(log.String(), "-proxies") != warned || heard.met.Load() != warned || lines > 1 {
			t.Errorf("%+v: %q", tt, log.String())
		}
	}
}
