package server

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestAReaderSignsInAndOutByAToken(t *testing.T) {
	s := newSite(t, nil)
	text, _ := s.token(t, catalog.RoleEditor, "changchun")
	c := browser(t)
	form := url.Values{"token": {" " + text + "\n"}, "next": {"/brands?q=1"}}.Encode()
	got := s.send(t, c, http.MethodPost, "/sign-in", form)
	if got.at.Path != "/brands" || got.at.RawQuery != "q=1" {
		t.Errorf("signed in, it goes on at %s", got.at)
	}
	if who := s.whoami(t, c); !strings.HasPrefix(who, "令牌 EDITOR EDITOR 1+") {
		t.Errorf("signed in as %q", who)
	}
	if who := s.whoami(t, browser(t)); who != "" {
		t.Errorf("another browser is %q", who)
	}
	session := cookiesOf(t, c, s.url)[0]
	if got := s.send(t, c, http.MethodPost, "/sign-out", ""); got.at.Path != "/" {
		t.Errorf("signed out, it goes on at %s", got.at)
	}
	if who := s.whoami(t, c); who != "" || len(cookiesOf(t, c, s.url)) != 0 {
		t.Errorf("signed out, but still %q", who)
	}
	if who := s.whoami(t, http.DefaultClient, "Cookie", session.Name+"="+session.Value); who != "" {
		t.Errorf("the cookie of the session that was ended gives %q", who)
	}
	got = s.send(t, browser(t), http.MethodPost, "/sign-in", url.Values{"token": {"jisi_x"}, "next": {"/brands"}}.Encode())
	if got.at.Path != "/sign-in" || got.at.Query().Get("error") != "unauthenticated" || got.at.Query().Get("next") != "/brands" {
		t.Errorf("a token that is none leads to %s", got.at)
	}
}

func cookiesOf(t *testing.T, c *http.Client, address string) []*http.Cookie {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return c.Jar.Cookies(u)
}

func TestWhatAnotherSiteMakesABrowserSendIsRefused(t *testing.T) {
	s := newSite(t, nil)
	text, _ := s.token(t, catalog.RoleEditor, "changchun")
	c := browser(t)
	s.send(t, c, http.MethodPost, "/sign-in", url.Values{"token": {text}}.Encode())
	const me = "令牌 EDITOR EDITOR"
	for _, tt := range []struct {
		name    string
		client  *http.Client
		headers []string
		want    string
	}{
		{"our own page", c, []string{"Sec-Fetch-Site", "same-origin"}, me},
		{"typed in", c, []string{"Sec-Fetch-Site", "none"}, me},
		{"our own page in an older browser", c, []string{"Origin", s.url}, me},
		{"a program", c, nil, me},
		{"another site", c, []string{"Sec-Fetch-Site", "cross-site"}, "403 FORBIDDEN"},
		{"another host of the domain", c, []string{"Sec-Fetch-Site", "same-site"}, "403 FORBIDDEN"},
		{"another site in an older browser", c, []string{"Origin", "https://evil.example"}, "403 FORBIDDEN"},
		{"another site with a token of its own", c, []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Bearer " + text}, me},
		{"another site, an anonymous reader", browser(t), []string{"Sec-Fetch-Site", "cross-site"}, ""},
	} {
		if who := s.whoami(t, tt.client, tt.headers...); !strings.HasPrefix(who, tt.want) || tt.want == "" && who != "" {
			t.Errorf("%s: %q, want %q", tt.name, who, tt.want)
		}
	}
	for _, path := range []string{"/sign-in", "/sign-out", "/write/brands", "/write/import", "/write/import/confirm"} {
		got := s.send(t, c, http.MethodPost, path, url.Values{"token": {text}}.Encode(), "Sec-Fetch-Site", "cross-site")
		if got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
			t.Errorf("%s from another site: %d", path, got.status)
		}
	}
	if who := s.whoami(t, c); !strings.HasPrefix(who, me) {
		t.Errorf("another site signed the reader out: %q", who)
	}
}

func TestCookiesAreOutOfReachAndOverHTTPSWhereThePublicURLIs(t *testing.T) {
	for public, want := range map[string]string{
		"http://127.0.0.1:8080": "jisi_session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
		"https://example.cn":    "__Host-jisi_session=x; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax",
		"":                      "jisi_session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
	} {
		w := httptest.NewRecorder()
		newCookies(public).set(w, sessionCookie, "x", time.Minute)
		if got := w.Header().Get("Set-Cookie"); got != want {
			t.Errorf("%q: %q, want %q", public, got, want)
		}
	}
}

func TestALinkLeadsNowhereElse(t *testing.T) {
	for s, want := range map[string]string{
		"/brands?q=夜#x": "/brands?q=夜#x", "": "/", "brands": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/",
		"https://evil.example/": "/", "javascript:alert(1)": "/", "/\t/evil.example": "/", "/a\r\nSet-Cookie: x": "/", "/x//y": "/x//y",
	} {
		if got := localPath(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestAReaderSignsInAtTheProvider(t *testing.T) {
	s := newSite(t, map[string]map[string]any{
		"bianji":  {"realm_access": map[string]any{"roles": []string{"zhengxie-bianji"}}, "danwei": []string{"0431"}},
		"guanli":  {"realm_access": map[string]any{"roles": []string{"zhengxie-bianji", "zhengxie-guanli"}}},
		"duzhe":   {},
		"wudan":   {"realm_access": map[string]any{"roles": []string{"zhengxie-bianji"}}},
		"duodan":  {"realm_access": map[string]any{"roles": []string{"zhengxie-bianji"}}, "danwei": []string{"0431", "jilin"}},
		"weizhi":  {"realm_access": map[string]any{"roles": []string{"zhengxie-bianji"}}, "danwei": "nowhere"},
		"maoming": {"realm_access": map[string]any{"roles": []string{"admin", "ADMIN", "editor"}}},
	})
	for user, want := range map[string]struct{ who, failed string }{
		"bianji":  {who: "试用 bianji (subject-of-bianji) EDITOR 1+11"},
		"guanli":  {who: "试用 guanli (subject-of-guanli) ADMIN 0+0"},
		"duzhe":   {who: "试用 duzhe (subject-of-duzhe) READER 0+0"},
		"maoming": {who: "试用 maoming (subject-of-maoming) READER 0+0"}, // a value that the settings do not name is no role
		"wudan":   {failed: "forbidden"},
		"duodan":  {failed: "forbidden"},
		"weizhi":  {failed: "forbidden"},
	} {
		c := browser(t)
		got := s.provider.signIn(t, s, c, s.url+"/sign-in/oidc?next=/brands", user)
		if want.failed != "" {
			if got.at.Path != "/sign-in" || got.at.Query().Get("error") != want.failed {
				t.Errorf("%s ends at %s, want error=%s", user, got.at, want.failed)
			}
		} else if got.at.Path != "/brands" {
			t.Errorf("%s ends at %s", user, got.at)
		}
		if who := s.whoami(t, c); who != want.who {
			t.Errorf("%s is %q, want %q", user, who, want.who)
		}
	}
}

func TestACallbackThatThisBrowserDidNotBeginIsRefused(t *testing.T) {
	s := newSite(t, map[string]map[string]any{"duzhe": {}})
	// The attacker signs in and keeps the address to which the provider sends it.
	attacker := browser(t)
	var callback *url.URL
	attacker.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/sign-in/oidc/callback" {
			callback = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	s.provider.signIn(t, s, attacker, s.url+"/sign-in/oidc", "duzhe")
	if callback == nil {
		t.Fatal("the provider did not send the browser back")
	}
	refused := func(name string, c *http.Client, query string) {
		t.Helper()
		got := s.send(t, c, http.MethodGet, "/sign-in/oidc/callback?"+query, "")
		if got.at.Path != "/sign-in" || got.at.Query().Get("error") != "unauthenticated" || s.whoami(t, c) != "" {
			t.Errorf("%s: ends at %s as %q", name, got.at, s.whoami(t, c))
		}
	}
	refused("a browser that began nothing", browser(t), callback.RawQuery)
	other := browser(t)
	other.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.send(t, other, http.MethodGet, "/sign-in/oidc", "")
	other.CheckRedirect = nil
	refused("a browser that began another", other, callback.RawQuery)
	attacker.CheckRedirect = nil
	refused("no code", attacker, "state="+callback.Query().Get("state"))
	refused("the flow is good for one try", attacker, callback.RawQuery)
}

func TestSecretsAreNotLogged(t *testing.T) {
	s := newSite(t, map[string]map[string]any{"duzhe": {}})
	text, made := s.token(t, catalog.RoleEditor, "changchun")
	c := browser(t)
	s.send(t, c, http.MethodPost, "/sign-in", url.Values{"token": {text}}.Encode())
	secrets := []string{text, strings.TrimPrefix(text, "jisi_"+made.ID+"_"), opSecret, "password"}
	for _, cookie := range cookiesOf(t, c, s.url) {
		secrets = append(secrets, cookie.Value)
	}
	s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+text)
	s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+text[:len(text)-1])
	s.send(t, browser(t), http.MethodPost, "/sign-in", url.Values{"token": {text[:len(text)-1]}}.Encode())
	access, id := s.provider.tokens(t, s, "duzhe")
	for _, bearer := range []string{access, id, access + "x", "eyJhbGciOiJub25lIn0." + strings.Split(access, ".")[1] + "."} {
		s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+bearer)
	}
	secrets = append(secrets, strings.Split(access, ".")[1], strings.Split(access, ".")[2], strings.Split(id, ".")[1])
	person := browser(t)
	person.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		for _, name := range []string{"code", "state", "nonce", "code_challenge"} {
			if v := r.URL.Query().Get(name); v != "" {
				secrets = append(secrets, v)
			}
		}
		return nil
	}
	s.provider.signIn(t, s, person, s.url+"/sign-in/oidc", "duzhe")
	for _, cookie := range cookiesOf(t, person, s.url) {
		secrets = append(secrets, cookie.Value)
	}
	if len(secrets) < 12 {
		t.Fatalf("only %d secrets were seen", len(secrets))
	}
	log := s.log.String()
	if !strings.Contains(log, "UNAUTHENTICATED") || !strings.Contains(log, "viewer=") {
		t.Fatalf("the log does not tell of callers:\n%s", log)
	}
	for _, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}
