package server

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestWhoFailsToSignInAgainAndAgainIsLockedOutAndTheAuditLogSaysSo(t *testing.T) {
	s := newSite(t, nil)
	text, _ := s.token(t, catalog.RoleEditor, "changchun")
	try := func(token string, headers ...string) string {
		c := browser(t)
		got := s.send(t, c, http.MethodPost, "/sign-in", url.Values{"token": {token}, "next": {"/healthz"}}.Encode(), headers...)
		return got.at.Query().Get("error")
	}
	for range triesAtOnce {
		if got := try("jisi_x"); got != "unauthenticated" {
			t.Fatalf("a wrong token: %q", got)
		}
	}
	for _, token := range []string{"jisi_x", text} {
		if got := try(token); got != "limit" {
			t.Errorf("after %d failures: %q", triesAtOnce, got)
		}
	}
	log := s.log.String()
	for _, want := range []string{`msg=audit event="sign-in failed" from=127.0.0.1`, `event="sign-in refused: locked out"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s", want)
		}
	}
	if strings.Contains(log, text) {
		t.Error("the log has a token")
	}
}

// Ten wrong tokens of one visitor lock nobody else out, whatever stands between.
func TestALockOutIsTheirsWhoFailed(t *testing.T) {
	const realIP = " X-Real-IP: " // before it stands what X-Forwarded-For says
	for _, tt := range []struct {
		what, proxies, failing, other string
		locked                        bool
	}{
		{"behind a proxy that is not named", "", "203.0.113.66", "203.0.113.99", false},
		{"the same one behind it", "", "203.0.113.66", "203.0.113.66", true},
		{"what stands before is the visitor's own word", "", "198.51.100.1, 203.0.113.66", "198.51.100.2, 203.0.113.66", true},
		{"one who claims nothing", "", "203.0.113.66", "", false},
		{"on the machine itself", "", "", "203.0.113.99", false},
		{"a network of IPv6 is one", "", "2001:db8::1", "2001:db8::2", true},
		{"another network of IPv6", "", "2001:db8::1", "2001:db8:0:1::1", false},
		{"what is no address is nobody", "", "unknown", "nonsense", true},
		{"a port is no part of an address", "", "203.0.113.66:4711", "203.0.113.66:4712", true},
		{"another address with a port", "", "203.0.113.66:4711", "203.0.113.99:4711", false},
		{"another network of IPv6 with a port", "", "[2001:db8::1]:4711", "[2001:db8:0:1::1]:4711", false},
		{"one with a port, and one who claims nothing", "", "203.0.113.66:4711", "", false},
		{"behind a named proxy", "127.0.0.0/8", "203.0.113.66", "203.0.113.99", false},
		{"the same one behind a named proxy", "127.0.0.0/8", "203.0.113.66", "198.51.100.1, 203.0.113.66", true},
		{"behind a named proxy that writes ports", "127.0.0.0/8", "203.0.113.66:4711", "203.0.113.99:4711", false},
		{"the same one behind a named proxy that writes ports", "127.0.0.0/8", "203.0.113.66:4711", "203.0.113.66:4712", true},
		{"by X-Real-IP", "", realIP + "203.0.113.66", realIP + "203.0.113.99", false},
		{"the same one by X-Real-IP", "", realIP + "203.0.113.66", realIP + "203.0.113.66", true},
		{"by X-Real-IP, and one who claims nothing", "", realIP + "203.0.113.66", "", false},
		{"X-Real-IP beside what is no address", "", "unknown" + realIP + "203.0.113.66", realIP + "203.0.113.99", false},
		{"X-Real-IP beside what is no address, and one who claims nothing", "", "unknown" + realIP + "203.0.113.66", "", false},
		{"another X-Real-IP beside the same address", "", "203.0.113.66" + realIP + "198.51.100.1", "203.0.113.66" + realIP + "198.51.100.2", true},
		{"X-Real-IP of a named proxy is nobody's", "127.0.0.0/8", realIP + "203.0.113.66", realIP + "203.0.113.99", true},
	} {
		s := newSite(t, nil, func(o *Options) {
			if tt.proxies != "" {
				o.Proxies = []netip.Prefix{netip.MustParsePrefix(tt.proxies)}
			}
		})
		text, _ := s.token(t, catalog.RoleEditor, "changchun")
		try := func(token, forwarded string) string {
			var headers []string
			forwarded, realIP, _ := strings.Cut(forwarded, realIP)
			if forwarded != "" {
				headers = append(headers, "X-Forwarded-For", forwarded)
			}
			if realIP != "" {
				headers = append(headers, "X-Real-IP", realIP)
			}
			return s.send(t, browser(t), http.MethodPost, "/sign-in", url.Values{"token": {token}, "next": {"/healthz"}}.Encode(), headers...).at.Query().Get("error")
		}
		for range triesAtOnce + 2 {
			try("jisi_x", tt.failing)
		}
		if got := try(text, tt.other); (got == "limit") != tt.locked || !tt.locked && got != "" {
			t.Errorf("%s: %q", tt.what, got)
		}
	}
}

// Who writes another address into the header each time gets no more tries for it than
// a hundred.
func TestALockOutIsNotEvadedByAHeader(t *testing.T) {
	for _, header := range []string{"X-Forwarded-For", "X-Real-IP"} {
		t.Run(header, func(t *testing.T) { notEvadedBy(t, header) })
	}
}

func notEvadedBy(t *testing.T, header string) {
	t.Helper()
	s := newSite(t, nil)
	text, _ := s.token(t, catalog.RoleEditor, "changchun")
	try := func(token, forwarded string) string {
		return s.send(t, browser(t), http.MethodPost, "/sign-in", url.Values{"token": {token}, "next": {"/healthz"}}.Encode(), header, forwarded).at.Query().Get("error")
	}
	refused := 0
	for i := range triesAtOnce*behindUntold + 20 {
		if try("jisi_x", fmt.Sprintf("203.0.113.%d", i)) == "limit" {
			refused++
		}
	}
	if refused < 15 {
		t.Errorf("of 120 wrong tokens under 120 addresses %d were refused unread, want some 20", refused)
	}
	if got := try(text, "198.51.100.7"); got != "limit" {
		t.Errorf("afterwards, under one more: %q", got)
	}
}

func TestWhatACallerChoosesMakesNoLongLineOfTheLog(t *testing.T) {
	s := newSite(t, nil)
	long := strings.Repeat("n", 5000)
	for _, query := range []string{
		"query " + long + " { __typename }", "mutation " + long + " { __typename }", "query { " + long + ": __typename }", "query " + long + "($v: Int!) { __typename }",
	} {
		s.send(t, browser(t), http.MethodPost, "/graphql", `{"query":"`+query+`"}`, "Content-Type", "application/json")
	}
	s.send(t, browser(t), http.MethodGet, "/"+long, "")
	s.send(t, browser(t), http.MethodGet, "/healthz", "", "X-Request-ID", long)
	lines := 0
	for line := range strings.Lines(s.log.String()) {
		lines++
		if len(line) > 1000 {
			t.Errorf("%d bytes: %.300s", len(line), line)
		}
	}
	if lines < 6 {
		t.Errorf("%d lines", lines)
	}
}

func TestAPathIsCutInTheLog(t *testing.T) {
	if got := cut("/" + strings.Repeat("案", 100)); len(got) > 203 || !strings.HasSuffix(got, "案…") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
