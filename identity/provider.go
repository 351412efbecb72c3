package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/jisiguangyi/jisi/catalog"
)

// Settings name an OpenID provider and what its word is worth here.
type Settings struct {
	Issuer       string // its address, as it names itself; "" is no provider
	ClientID     string
	ClientSecret string   // "" for a public client, which PKCE guards alone
	Callback     string   // where browsers come back to
	Scopes       []string // besides openid
	// Audiences are for whom a bearer may be meant besides ClientID: many
	// providers make access tokens out to the API, not to the client.
	Audiences []string

	RoleClaim      string                  // path of the claim that says the role
	Roles          map[string]catalog.Role // what its values mean; empty: they are the roles' names
	CommitteeClaim string                  // path of the claim that says the committee
	Committees     map[string]string       // what its values mean, as slugs; a value that is not here is a slug or a name
}

// How long the provider may take to answer, and how long after a failure it is
// asked again for where its addresses are.
const (
	providerTimeout = 10 * time.Second
	providerRetry   = 5 * time.Second
)

// provider is an OpenID provider. It is discovered at the first use, so that a
// server starts while its provider is down, and serves whoever has a token.
type provider struct {
	settings Settings
	client   *http.Client

	mu      sync.Mutex
	found   *oidc.Provider
	failed  error
	failure time.Time
}

func newProvider(s Settings) *provider {
	return &provider{settings: s, client: &http.Client{Timeout: providerTimeout}}
}

// discover returns the provider's addresses and keys, cached after the first time.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if p.failed != nil && time.Since(p.failure) < providerRetry {
		return nil, unreachable(p.failed)
	}
	// The keys are fetched again with this context for as long as the server
	// runs, so that it must not end with the request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.settings.Issuer)
	if err != nil {
		p.failed, p.failure = err, time.Now()
		return nil, unreachable(err)
	}
	p.found = found
	return found, nil
}

func unreachable(cause error) *catalog.Error {
	return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "统一登录平台暂时无法使用，请稍后再试", En: "the identity provider does not answer; try again later", Err: cause}
}

// oauth returns the client's side of the exchange of codes.
func (p *provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.settings.Callback, Scopes: append([]string{oidc.ScopeOpenID}, p.settings.Scopes...),
	}
}

// verify checks a bearer that the provider signed: signature, issuer, time, and
// that it is meant for us. It returns what it says and when it ends.
func (p *provider) verify(ctx context.Context, bearer string) (claims, time.Time, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	verifier := found.Verifier(&oidc.Config{SkipClientIDCheck: true}) // it knows one audience, and there may be several
	token, err := verifier.Verify(oidc.ClientContext(ctx, p.client), bearer)
	if err != nil {
		return nil, time.Time{}, refused(err)
	}
	if !p.meansUs(token.Audience) {
		return nil, time.Time{}, refused(errors.New("the bearer is meant for somebody else"))
	}
	said := claims{}
	if err := token.Claims((*map[string]any)(&said)); err != nil {
		return nil, time.Time{}, refused(err)
	}
	return said, token.Expiry, nil
}

func (p *provider) meansUs(audience []string) bool {
	return slices.ContainsFunc(audience, func(a string) bool {
		return a != "" && (a == p.settings.ClientID || slices.Contains(p.settings.Audiences, a))
	})
}

// refused keeps the cause for the log, without what was shown.
func refused(cause error) *catalog.Error {
	e := catalog.Unauthenticated()
	e.Err = cause
	return e
}

// start makes a state, a nonce and a PKCE verifier. All three are the browser's
// to keep until it comes back, and of no use to anybody without its code.
func (p *provider) start(ctx context.Context) (address, flow string, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	address = p.oauth(found).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	return address, strings.Join([]string{state, nonce, verifier}, "."), nil
}

// finish exchanges the code for what the provider says of whoever signed in.
func (p *provider) finish(ctx context.Context, flow, state, code string) (claims, error) {
	parts := strings.Split(flow, ".")
	if len(parts) != 3 || parts[0] == "" || code == "" || subtle.ConstantTimeCompare([]byte(parts[0]), []byte(state)) != 1 {
		return nil, refused(errors.New("the sign-in was not begun in this browser"))
	}
	found, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.oauth(found).Exchange(ctx, code, oauth2.VerifierOption(parts[2]))
	if err != nil {
		return nil, exchangeError(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := found.Verifier(&oidc.Config{ClientID: p.settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(parts[1])) != 1 {
		return nil, refused(errors.New("the nonce is another"))
	}
	return p.withUserInfo(ctx, found, tokens, token)
}

// withUserInfo adds to an ID token what the provider says elsewhere: many leave
// names and roles out of the token. The token goes first.
func (p *provider) withUserInfo(ctx context.Context, found *oidc.Provider, tokens *oauth2.Token, token *oidc.IDToken) (claims, error) {
	said := claims{}
	if found.UserInfoEndpoint() != "" {
		info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
		if err != nil {
			return nil, unreachable(err)
		}
		if info.Subject != token.Subject {
			return nil, refused(errors.New("the user info is about somebody else"))
		}
		if err := info.Claims((*map[string]any)(&said)); err != nil {
			return nil, refused(err)
		}
	}
	if err := token.Claims((*map[string]any)(&said)); err != nil {
		return nil, refused(err)
	}
	return said, nil
}

// exchangeError distinguishes a code that the provider refuses from a provider
// that does not answer. The response's body, which oauth2 quotes, stays out: it
// is not known what stands in it.
func exchangeError(err error) error {
	var answered *oauth2.RetrieveError
	if !errors.As(err, &answered) {
		return unreachable(err)
	}
	return refused(fmt.Errorf("the provider does not take the code: %s", answered.ErrorCode))
}
