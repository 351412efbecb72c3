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
	// ViewerOfCommittee gives a viewer who acts for the committee of that slug or
	// name; "" is none. It fails with NOT_FOUND.
	ViewerOfCommittee(ctx context.Context, name string, role catalog.Role, committee string) (*catalog.Viewer, error)
	BeginSession(ctx context.Context, start catalog.SessionStart) (text string, ends time.Time, err error)
	EndSession(ctx context.Context, c catalog.Credential) error
}

const (
	// remembered is for how long an answer is taken as it was: a token that is
	// revoked, and a session that ended on another server, is good for that much
	// longer.
	remembered = 5 * time.Second
	// cached bounds the answers that are remembered, some 200 bytes each.
	cached = 10_000
)

// Desk says who callers are. It is safe for concurrent use.
type Desk struct {
	keeper   Keeper
	provider *provider // nil where there is none
	known    *lru.Cache[[32]byte, answer]
	now      func() time.Time
}

// answer is who somebody was found to be, by the hash of what was shown.
type answer struct {
	viewer *catalog.Viewer
	until  time.Time
}

// NewDesk makes a desk over the keeper, with the OpenID provider that the
// settings name; settings without an issuer are none.
func NewDesk(keeper Keeper, s Settings) *Desk {
	known, err := lru.New[[32]byte, answer](cached)
	if err != nil {
		panic(err) // only for a size below 1
	}
	d := &Desk{keeper: keeper, known: known, now: time.Now}
	if s.Issuer != "" {
		d.provider = newProvider(s)
	}
	return d
}

// HasProvider reports whether people can sign in at an OpenID provider.
func (d *Desk) HasProvider() bool { return d.provider != nil }

// Identify says who shows the bearer, the text behind "Bearer " of a header or
// of a websocket's first message: a token of jisi's, or an ID or access token
// that the provider signed. It fails with UNAUTHENTICATED where it is not good,
// FORBIDDEN where the provider's word gives no committee to an editor or
// reviewer, and UNAVAILABLE.
func (d *Desk) Identify(ctx context.Context, bearer string) (*catalog.Viewer, error) {
	return d.remember(bearer, func() (*catalog.Viewer, time.Time, error) {
		if c, ok := catalog.ParseCredential(catalog.TokenPrefix, bearer); ok {
			v, err := d.keeper.ViewerByToken(ctx, c)
			return v, time.Time{}, err
		}
		if d.provider == nil || strings.Count(bearer, ".") != 2 { // a JWT has three parts
			return nil, time.Time{}, catalog.Unauthenticated()
		}
		said, ends, err := d.provider.verify(ctx, bearer)
		if err != nil {
			return nil, time.Time{}, err
		}
		v, err := d.viewer(ctx, said)
		return v, ends, err
	})
}

// Session says who is signed in by a session, with the same errors.
func (d *Desk) Session(ctx context.Context, text string) (*catalog.Viewer, error) {
	return d.remember(text, func() (*catalog.Viewer, time.Time, error) {
		c, ok := catalog.ParseCredential(catalog.SessionPrefix, text)
		if !ok {
			return nil, time.Time{}, catalog.Unauthenticated()
		}
		v, err := d.keeper.ViewerBySession(ctx, c)
		return v, time.Time{}, err
	})
}

// remember gives the answer of a moment ago, or asks. What is refused is asked
// for again each time: a token may just have been made on another server.
func (d *Desk) remember(shown string, ask func() (*catalog.Viewer, time.Time, error)) (*catalog.Viewer, error) {
	key := sha256.Sum256([]byte(shown))
	now := d.now()
	if a, ok := d.known.Get(key); ok && now.Before(a.until) {
		return a.viewer, nil
	}
	v, ends, err := ask()
	if err != nil {
		d.known.Remove(key)
		return nil, err
	}
	until := now.Add(remembered)
	if !ends.IsZero() && ends.Before(until) {
		until = ends
	}
	d.known.Add(key, answer{v, until})
	return v, nil
}

// SignIn begins a session for whoever shows a token of jisi's.
func (d *Desk) SignIn(ctx context.Context, token string) (session string, ends time.Time, err error) {
	c, ok := catalog.ParseCredential(catalog.TokenPrefix, strings.TrimSpace(token))
	if !ok {
		return "", time.Time{}, catalog.Unauthenticated()
	}
	return d.keeper.BeginSession(ctx, catalog.SessionStart{Token: &c})
}

// SignOut ends a session, here at once and on other servers within seconds. One
// that has ended is no error.
func (d *Desk) SignOut(ctx context.Context, session string) error {
	d.known.Remove(sha256.Sum256([]byte(session)))
	c, ok := catalog.ParseCredential(catalog.SessionPrefix, session)
	if !ok {
		return nil
	}
	return d.keeper.EndSession(ctx, c)
}

// StartSignIn gives the provider's address to which a browser is sent, and the
// flow, which is the browser's to bring back to FinishSignIn.
func (d *Desk) StartSignIn(ctx context.Context) (address, flow string, err error) {
	if d.provider == nil {
		return "", "", noProvider()
	}
	return d.provider.start(ctx)
}

// FinishSignIn begins a session for whoever comes back from the provider with a
// code, in the flow that StartSignIn gave it. It fails with UNAUTHENTICATED
// where flow, state, code or what the provider signed do not go together.
func (d *Desk) FinishSignIn(ctx context.Context, flow, state, code string) (session string, ends time.Time, err error) {
	if d.provider == nil {
		return "", time.Time{}, noProvider()
	}
	said, err := d.provider.finish(ctx, flow, state, code)
	if err != nil {
		return "", time.Time{}, err
	}
	v, err := d.viewer(ctx, said)
	if err != nil {
		return "", time.Time{}, err
	}
	return d.keeper.BeginSession(ctx, catalog.SessionStart{Viewer: v})
}

// viewer is who the provider says somebody is.
func (d *Desk) viewer(ctx context.Context, said claims) (*catalog.Viewer, error) {
	name, role, committee, err := d.provider.settings.read(said)
	if err != nil {
		return nil, err
	}
	v, err := d.keeper.ViewerOfCommittee(ctx, name, role, committee)
	if kind := catalog.ErrorKindOf(err); kind == catalog.KindNotFound || kind == catalog.KindInvalid {
		return nil, forbidden(
			"登录平台给出的委员会在本库中没有，请联系管理员", "the committee that the identity provider names is not in this knowledge base; ask an administrator",
			fmt.Errorf("claim %s: %w", d.provider.settings.CommitteeClaim, err))
	}
	return v, err
}

func forbidden(zh, en string, cause error) *catalog.Error {
	return &catalog.Error{Kind: catalog.KindForbidden, Zh: zh, En: en, Err: cause}
}

func noProvider() *catalog.Error {
	return &catalog.Error{Kind: catalog.KindNotFound, Zh: "没有设置统一登录平台", En: "no identity provider is set"}
}
