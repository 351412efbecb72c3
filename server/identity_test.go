package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/identity"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// site is a server with its store, and what it has logged.
type site struct {
	url           string
	handler       http.Handler
	store         *store.Store
	database      string // its address
	authenticator *identity.Authenticator
	provider      *opProvider
	log           *lockedBuffer
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newSite serves the documented records' committees. said is what the identity
// provider says of its users; nil is no provider.
func newSite(t *testing.T, said map[string]map[string]any, change ...func(*Options)) *site {
	t.Helper()
	s := &site{log: &lockedBuffer{}}
	s.store, s.database = storetest.SeededAt(t)
	listening := httptest.NewUnstartedServer(nil)
	s.url = "http://" + listening.Listener.Addr().String()
	settings := identity.Settings{}
	if said != nil {
		callback := s.url + "/sign-in/oidc/callback"
		s.provider = newProvider(t, callback, said)
		settings = identity.Settings{
			Issuer: s.provider.url, ClientID: opClient, ClientSecret: opSecret, Callback: callback, Scopes: []string{"profile"},
			RoleClaim: "realm_access.roles", Roles: map[string]catalog.Role{"zhengxie-bianji": catalog.RoleEditor, "zhengxie-guanli": catalog.RoleAdmin},
			CommitteeClaim: "danwei", Committees: map[string]string{"0431": "changchun"},
		}
	}
	s.authenticator = identity.NewAuthenticator(s.store, settings)
	o := fakeOptions()
	o.Identity, o.PublicURL = s.authenticator, s.url
	o.Log = slog.New(LogHandler(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for _, f := range change {
		f(&o)
	}
	s.handler = Handler(o)
	listening.Config.Handler = s.handler
	listening.Start()
	t.Cleanup(listening.Close)
	return s
}

func (s *site) token(t *testing.T, role catalog.Role, committee string) (text string, made *catalog.AccessToken) {
	t.Helper()
	text, made, err := s.store.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: "令牌 " + string(role), Role: role, Committee: committee, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return text, made
}

// browser keeps cookies and follows redirects.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// sent is what came back.
type sent struct {
	status int
	header http.Header
	body   string
	at     *url.URL // after redirects
}

func (s *site) send(t *testing.T, c *http.Client, method, path, body string, headers ...string) sent {
	t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = s.url + path
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answered, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answered.Body.Close()
	text, err := io.ReadAll(answered.Body)
	if err != nil {
		t.Fatal(err)
	}
	return sent{answered.StatusCode, answered.Header, string(text), answered.Request.URL}
}

// whoami asks who the caller is: "" for an anonymous reader, or the error's code.
func (s *site) whoami(t *testing.T, c *http.Client, headers ...string) string {
	t.Helper()
	got := s.send(t, c, http.MethodPost, "/graphql", `{"query":"{ viewer }"}`, append([]string{"Content-Type", "application/json"}, headers...)...)
	a := decode(t, strings.NewReader(got.body))
	if code := a.Code(t); code != "" {
		return fmt.Sprint(got.status, " ", code)
	}
	var data struct{ Viewer string }
	if err := json.Unmarshal(a.Data, &data); err != nil {
		t.Fatal(err)
	}
	return data.Viewer
}

func TestABearerSaysWhoTheCallerIs(t *testing.T) {
	s := newSite(t, nil)
	text, made := s.token(t, catalog.RoleReviewer, "changchun")
	good := "Bearer " + text
	who := s.whoami(t, http.DefaultClient, "Authorization", good)
	if !strings.HasPrefix(who, "令牌 REVIEWER REVIEWER 1+") || strings.HasSuffix(who, "+0") {
		t.Errorf("the viewer is %q, want a reviewer of Changchun with committees below", who)
	}
	if who := s.whoami(t, http.DefaultClient); who != "" {
		t.Errorf("without a bearer: %q", who)
	}
	_, unknown := catalog.NewCredential(catalog.TokenPrefix)
	for _, bad := range []string{"Bearer", "Bearer x", "Basic " + text, text, "Bearer " + text + "a", "Bearer " + text[:len(text)-1] + "1", "Bearer a.b.c", "Bearer " + unknown.ID} {
		if who := s.whoami(t, http.DefaultClient, "Authorization", bad); who != "401 UNAUTHENTICATED" {
			t.Errorf("%q: %q", bad, who)
		}
	}
	got := s.send(t, http.DefaultClient, http.MethodGet, "/", "", "Authorization", "Bearer x")
	if h := got.header.Get("WWW-Authenticate"); got.status != http.StatusUnauthorized || h != `Bearer realm="jisi", error="invalid_token"` {
		t.Errorf("a page: %d, %q", got.status, h)
	}
	if _, err := s.store.RevokeToken(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	// Remembered for seconds; then it is asked for again.
	ends := time.Now().Add(time.Minute)
	for s.whoami(t, http.DefaultClient, "Authorization", good) != "401 UNAUTHENTICATED" {
		if time.Now().After(ends) {
			t.Fatal("a revoked token is good after a minute")
		}
	}
}

func TestAProvidersBearerIsCheckedToTheLetter(t *testing.T) {
	s := newSite(t, map[string]map[string]any{
		"bianji": {"realm_access": map[string]any{"roles": []string{"offline", "zhengxie-bianji"}}, "danwei": "0431"},
	})
	access, idToken := s.provider.tokens(t, s, "bianji")
	for name, bearer := range map[string]string{"access": access} {
		if who := s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+bearer); who != "subject-of-bianji EDITOR 1+11" {
			t.Errorf("%s token: %q", name, who)
		}
	}
	// The ID token of this provider has no claims of ours, so that it gives a reader.
	if who := s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+idToken); !strings.HasSuffix(who, "READER 0+0") {
		t.Errorf("ID token: %q", who)
	}
	parts := strings.Split(access, ".")
	other := newProvider(t, s.url+"/sign-in/oidc/callback", map[string]map[string]any{"bianji": {}})
	foreign, _ := other.tokens(t, s, "bianji")
	for name, bearer := range map[string]string{
		"changed": parts[0] + "." + parts[1][:len(parts[1])-2] + "AA." + parts[2], "unsigned": "eyJhbGciOiJub25lIn0." + parts[1] + ".", "another provider's": foreign,
	} {
		if who := s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+bearer); who != "401 UNAUTHENTICATED" {
			t.Errorf("%s: %q", name, who)
		}
	}
	stranger := identity.NewAuthenticator(s.store, identity.Settings{Issuer: s.provider.url, ClientID: "somebody-else"})
	if _, err := stranger.Identify(t.Context(), access); catalog.ErrorKindOf(err) != catalog.KindUnauthenticated {
		t.Errorf("meant for another client: %v", err)
	}
	friend := identity.NewAuthenticator(s.store, identity.Settings{Issuer: s.provider.url, ClientID: "somebody-else", Audiences: []string{opClient}})
	if _, err := friend.Identify(t.Context(), access); err != nil {
		t.Errorf("an audience of the settings: %v", err)
	}
}

func TestAProviderThatIsDownKeepsNobodyElseOut(t *testing.T) {
	s := newSite(t, map[string]map[string]any{"bianji": {}})
	s.provider.down.Store(true)
	text, _ := s.token(t, catalog.RoleAdmin, "")
	if who := s.whoami(t, http.DefaultClient, "Authorization", "Bearer "+text); who != "令牌 ADMIN ADMIN 0+0" {
		t.Errorf("a token: %q", who)
	}
	if who := s.whoami(t, http.DefaultClient, "Authorization", "Bearer a.b.c"); who != "503 UNAVAILABLE" {
		t.Errorf("a bearer of the provider's: %q", who)
	}
	got := s.send(t, browser(t), http.MethodGet, "/sign-in/oidc?next=/brands", "")
	if got.at.Path != "/sign-in" || got.at.Query().Get("error") != "unavailable" || got.at.Query().Get("next") != "/brands" {
		t.Errorf("a sign-in ends at %s", got.at)
	}
}

// tokens signs in at the provider and exchanges the code, as a program would.
func (p *opProvider) tokens(t *testing.T, s *site, user string) (access, id string) {
	t.Helper()
	c := browser(t)
	callback := s.url + "/sign-in/oidc/callback"
	config := oauth2.Config{
		ClientID: opClient, ClientSecret: opSecret, RedirectURL: callback, Scopes: []string{"openid", "profile"},
		Endpoint: oauth2.Endpoint{AuthURL: p.url + "/auth", TokenURL: p.url + "/oauth/token"},
	}
	verifier := oauth2.GenerateVerifier()
	code := ""
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			code = r.URL.Query().Get("code")
			return http.ErrUseLastResponse
		}
		return nil
	}
	p.signIn(t, s, c, config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)), user)
	if code == "" {
		t.Fatal("no code came back")
	}
	got, err := config.Exchange(context.WithoutCancel(t.Context()), code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	id, _ = got.Extra("id_token").(string)
	return got.AccessToken, id
}

// signIn goes to an address, fills in the provider's form to which that leads,
// and follows where it goes from there.
func (p *opProvider) signIn(t *testing.T, s *site, c *http.Client, address, user string) sent {
	t.Helper()
	form := s.send(t, c, http.MethodGet, address, "")
	if !strings.HasPrefix(form.at.String(), p.url+"/login/username") {
		t.Fatalf("no form to sign in by, but %s: %s", form.at, form.body)
	}
	fields := url.Values{"id": {form.at.Query().Get("authRequestID")}, "username": {user}, "password": {"password"}}
	return s.send(t, c, http.MethodPost, p.url+"/login/username", fields.Encode())
}
