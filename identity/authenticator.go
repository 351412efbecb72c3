package identity

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/jisiguangyi/jisi/catalog"
)

// Keeper keeps tokens and sessions. Each of its methods fails with
// UNAUTHENTICATED where a credential is not good, and is safe for concurrent use.
type Keeper interface {
	ViewerByToken(ctx context.Context, c catalog.Credential) (*catalog.Viewer, error)
	ViewerBySession(ctx context.Context, c catalog.Credential) (*catalog.Viewer, error)
	// StandingSession is ViewerBySession without the session's being used.
	StandingSession(ctx context.Context, c catalog.Credential) (*catalog.Viewer, error)
	// ViewerOfCommittee returns a viewer who acts for the committee of that slug or
	// name; "" is none. It fails with NOT_FOUND.
	ViewerOfCommittee(ctx context.Context, name string, role catalog.Role, committee string) (*catalog.Viewer, error)
	BeginSession(ctx context.Context, start catalog.SessionStart) (text string, ends time.Time, err error)
	EndSession(ctx context.Context, c catalog.Credential) error
}

const (
	// cacheFor is how long an answer is cached: a token that is revoked, and a
	// session that ended on another server, is good for that much longer. Who stays
	// connected is asked for at intervals of as much, and both together are below
	// five seconds.
	cacheFor = 2 * time.Second
	// cacheSize bounds the cached answers, some 200 bytes each.
	cacheSize = 10_000
)

// Authenticator reports who callers are, and caches that for two seconds. It is
// safe for concurrent use.
type Authenticator struct {
	keeper   Keeper
	provider *provider // nil where there is none
	cache    *lru.Cache[[32]byte, answer]
	now      func() time.Time
}

// answer is who somebody was found to be, by the hash of what was shown.
type answer struct {
	viewer *catalog.Viewer
	until  time.Time
}

// NewAuthenticator returns an authenticator over the keeper, with the OpenID
// provider that the settings name; without an issuer there is none.
func NewAuthenticator(keeper Keeper, s Settings) *Authenticator {
	cache, err := lru.New[[32]byte, answer](cacheSize)
	if err != nil {
		panic(err) // only for a size below 1
	}
	a := &Authenticator{keeper: keeper, cache: cache, now: time.Now}
	if s.Issuer != "" {
		a.provider = newProvider(s)
	}
	return a
}

// HasProvider reports whether people can sign in at an OpenID provider.
func (a *Authenticator) HasProvider() bool { return a.provider != nil }

// Identify returns the viewer who shows the bearer, the text behind "Bearer " of a header or
// of a websocket's first message: a token of jisi's, or an ID or access token
// that the provider signed. It fails with UNAUTHENTICATED where it is not good,
// FORBIDDEN where the provider's word names no committee to an editor or
// reviewer, and UNAVAILABLE.
func (a *Authenticator) Identify(ctx context.Context, bearer string) (*catalog.Viewer, error) {
	return a.remember(sha256.Sum256([]byte(bearer)), func() (*catalog.Viewer, time.Time, error) {
		if c, ok := catalog.ParseCredential(catalog.TokenPrefix, bearer); ok {
			v, err := a.keeper.ViewerByToken(ctx, c)
			return v, time.Time{}, err
		}
		if a.provider == nil || strings.Count(bearer, ".") != 2 { // a JWT has three parts
			return nil, time.Time{}, catalog.Unauthenticated()
		}
		said, ends, err := a.provider.verify(ctx, bearer)
		if err != nil {
			return nil, time.Time{}, err
		}
		v, err := a.viewer(ctx, said)
		return v, ends, err
	})
}

// Session returns the viewer who is signed in by a session, which this uses. It
// fails as Identify does.
func (a *Authenticator) Session(ctx context.Context, text string) (*catalog.Viewer, error) {
	return a.session(ctx, sessionKey(text), text, a.keeper.ViewerBySession)
}

// Standing is Session for whoever only looks whether a session goes on: it ends
// idle all the same.
func (a *Authenticator) Standing(ctx context.Context, text string) (*catalog.Viewer, error) {
	return a.session(ctx, standingKey(text), text, a.keeper.StandingSession)
}

// sessionKey and standingKey are where a session's uses and looks at it are cached: in
// one place a look would keep uses from being noted.
func sessionKey(text string) [32]byte  { return sha256.Sum256([]byte(text)) }
func standingKey(text string) [32]byte { return sha256.Sum256([]byte("standing " + text)) }

func (a *Authenticator) session(ctx context.Context, key [32]byte, text string, ask func(context.Context, catalog.Credential) (*catalog.Viewer, error)) (*catalog.Viewer, error) {
	return a.remember(key, func() (*catalog.Viewer, time.Time, error) {
		c, ok := catalog.ParseCredential(catalog.SessionPrefix, text)
		if !ok {
			return nil, time.Time{}, catalog.Unauthenticated()
		}
		v, err := ask(ctx, c)
		return v, time.Time{}, err
	})
}

// remember returns the cached answer, or asks and caches. A refusal is not cached:
// a token may just have been made on another server.
func (a *Authenticator) remember(key [32]byte, ask func() (*catalog.Viewer, time.Time, error)) (*catalog.Viewer, error) {
	now := a.now()
	if hit, ok := a.cache.Get(key); ok && now.Before(hit.until) {
		return hit.viewer, nil
	}
	v, ends, err := ask()
	if err != nil {
		a.cache.Remove(key)
		return nil, err
	}
	until := now.Add(cacheFor)
	if !ends.IsZero() && ends.Before(until) {
		until = ends
	}
	a.cache.Add(key, answer{v, until})
	return v, nil
}

// SignIn begins a session for whoever shows a token of jisi's.
func (a *Authenticator) SignIn(ctx context.Context, token string) (session string, ends time.Time, err error) {
	c, ok := catalog.ParseCredential(catalog.TokenPrefix, strings.TrimSpace(token))
	if !ok {
		return "", time.Time{}, catalog.Unauthenticated()
	}
	return a.keeper.BeginSession(ctx, catalog.SessionStart{Token: &c})
}

// SignInByLink begins a session for whoever shows the secret of a sign-in link, which
// this uses up.
func (a *Authenticator) SignInByLink(ctx context.Context, link string) (session string, ends time.Time, err error) {
	c, ok := catalog.ParseCredential(catalog.LinkPrefix, strings.TrimSpace(link))
	if !ok {
		return "", time.Time{}, catalog.Unauthenticated()
	}
	return a.keeper.BeginSession(ctx, catalog.SessionStart{Link: &c})
}

// SignOut ends a session, here at once and on other servers within seconds. One
// that has ended is no error.
func (a *Authenticator) SignOut(ctx context.Context, session string) error {
	a.cache.Remove(sessionKey(session))
	a.cache.Remove(standingKey(session))
	c, ok := catalog.ParseCredential(catalog.SessionPrefix, session)
	if !ok {
		return nil
	}
	return a.keeper.EndSession(ctx, c)
}

// StartSignIn returns the provider's address to which a browser is sent, and the
// flow, which is the browser's to bring back to FinishSignIn.
func (a *Authenticator) StartSignIn(ctx context.Context) (address, flow string, err error) {
	if a.provider == nil {
		return "", "", noProvider()
	}
	return a.provider.start(ctx)
}

// FinishSignIn begins a session for whoever comes back from the provider with a
// code, in the flow that StartSignIn gave it. It fails with UNAUTHENTICATED
// where flow, state, code or what the provider signed do not go together.
func (a *Authenticator) FinishSignIn(ctx context.Context, flow, state, code string) (session string, ends time.Time, err error) {
	if a.provider == nil {
		return "", time.Time{}, noProvider()
	}
	said, err := a.provider.finish(ctx, flow, state, code)
	if err != nil {
		return "", time.Time{}, err
	}
	v, err := a.viewer(ctx, said)
	if err != nil {
		return "", time.Time{}, err
	}
	return a.keeper.BeginSession(ctx, catalog.SessionStart{Viewer: v})
}

// viewer returns the viewer that the provider's claims come to.
func (a *Authenticator) viewer(ctx context.Context, said claims) (*catalog.Viewer, error) {
	name, role, committee, err := a.provider.settings.read(said)
	if err != nil {
		return nil, err
	}
	v, err := a.keeper.ViewerOfCommittee(ctx, name, role, committee)
	if kind := catalog.ErrorKindOf(err); kind == catalog.KindNotFound || kind == catalog.KindInvalid {
		return nil, forbidden(
			"登录平台给出的委员会在本库中没有，请联系管理员", "the committee that the identity provider names is not in this knowledge base; ask an administrator",
			fmt.Errorf("claim %s: %w", a.provider.settings.CommitteeClaim, err))
	}
	return v, err
}

func forbidden(zh, en string, cause error) *catalog.Error {
	return &catalog.Error{Kind: catalog.KindForbidden, Zh: zh, En: en, Err: cause}
}

func noProvider() *catalog.Error {
	return &catalog.Error{Kind: catalog.KindNotFound, Zh: "没有设置统一登录平台", En: "no identity provider is set"}
}
