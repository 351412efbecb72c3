package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// Identity says who callers are. Its methods are safe for concurrent use, and
// fail with UNAUTHENTICATED where what is shown is not good.
type Identity interface {
	// Identify says who shows a bearer: the text behind "Bearer " of a header,
	// or of a websocket's first message.
	Identify(ctx context.Context, bearer string) (*catalog.Viewer, error)
	// Session says who is signed in by a session.
	Session(ctx context.Context, text string) (*catalog.Viewer, error)
	// Standing is Session for whoever only looks whether it goes on, and does not
	// use it.
	Standing(ctx context.Context, text string) (*catalog.Viewer, error)
	// SignIn begins a session by a token, SignOut ends one.
	SignIn(ctx context.Context, token string) (session string, ends time.Time, err error)
	SignOut(ctx context.Context, session string) error
	// SignInByLink begins a session by a link that is good once.
	SignInByLink(ctx context.Context, link string) (session string, ends time.Time, err error)
	// HasProvider reports whether people can sign in at an identity provider;
	// StartSignIn and FinishSignIn are its two halves, with the flow being the
	// browser's to keep in between.
	HasProvider() bool
	StartSignIn(ctx context.Context) (address, flow string, err error)
	FinishSignIn(ctx context.Context, flow, state, code string) (session string, ends time.Time, err error)
}

// identified puts the caller into the context of a request, where catalog.
// ViewerFrom finds it: who the bearer of the Authorization header is, or else
// who is signed in by the session's cookie. Without either the caller is an
// anonymous reader. A bearer that is not good is refused; a session that has
// ended makes the reader anonymous.
func (a *authenticator) identified(next http.Handler) http.Handler {
	if a.identity == nil {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, anonymous(r)) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, v, err := a.viewer(w, r)
		if err != nil {
			if !a.rates.refusesWrong(w, r, a.endpoint) {
				a.refuseOrPage(w, r, a.log(r, err))
			}
			return
		}
		if v != nil {
			note(r.Context(), func(e *entry) { e.viewer = v.Name })
			r = r.WithContext(context.WithValue(catalog.WithWritten(catalog.WithViewer(r.Context(), v)), credentialKey{}, shown))
		} else {
			r = anonymous(r)
		}
		next.ServeHTTP(w, r)
	})
}

// anonymous returns a request of somebody who is not signed in. Such a one writes
// nothing, so that a standby may answer what it reads; signing in is a POST to a page.
func anonymous(r *http.Request) *http.Request {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.URL.Path != "/graphql" {
		return r
	}
	return r.WithContext(catalog.WithReadsAnywhere(r.Context()))
}

// authenticator says who sends a request, signs people in and out, and refuses
// whom it does not know.
type authenticator struct {
	identity Identity // nil where everybody is anonymous
	cookies  cookies
	crossed  *http.CrossOriginProtection
	logger   *slog.Logger
	endpoint *gqlhttp.Endpoint
	rates    *rates   // nil where there is no limit
	lock     *lockout // of those who fail to sign in
	// crossedPage answers a browser whose form seems to come from another site.
	crossedPage http.HandlerFunc
}

func newAuthenticator(o Options) *authenticator {
	a := &authenticator{identity: o.Identity, cookies: newCookies(o.PublicURL), crossed: http.NewCrossOriginProtection(), logger: o.Log}
	// Behind a proxy that changes the Host, the public address is our own too.
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		_ = a.crossed.AddTrustedOrigin(u.Scheme + "://" + u.Host) // settings have made sure that it is one
	}
	return a
}

// credential is what a request shows of its caller, one of the two.
type credential struct{ bearer, session string }

type credentialKey struct{}

// viewer says who sends a request, nil for an anonymous reader, and by what.
func (a *authenticator) viewer(w http.ResponseWriter, r *http.Request) (shown credential, v *catalog.Viewer, err error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, bearer, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return shown, nil, catalog.Unauthenticated()
		}
		shown.bearer = strings.TrimSpace(bearer)
		v, err = a.identity.Identify(r.Context(), shown.bearer)
		return shown, v, err
	}
	shown.session = a.cookies.session(r)
	if shown.session == "" {
		return shown, nil, nil
	}
	v, err = a.identity.Session(r.Context(), shown.session)
	if catalog.ErrorKindOf(err) == catalog.KindUnauthenticated {
		a.cookies.clearSession(w)
		return credential{}, nil, nil
	}
	if err != nil {
		return shown, nil, err
	}
	return shown, v, a.sameOrigin(r)
}

// sameOrigin refuses what another site makes a browser send: the browser adds
// our cookie to it, and says that it comes from elsewhere. Only requests that
// may change something are looked at.
func (a *authenticator) sameOrigin(r *http.Request) error {
	if err := a.crossed.Check(r); err != nil {
		return &catalog.Error{
			Kind: catalog.KindForbidden, Err: errors.Join(errCrossed, err),
			Zh: "这个请求来自其他网站，已拒绝；程序请用令牌（Authorization: Bearer …）", En: "this request comes from another site and was refused; programs should send a token (Authorization: Bearer …)",
		}
	}
	return nil
}

// errCrossed is the cause of what sameOrigin refuses.
var errCrossed = errors.New("the request comes from another site")

// refuseOrPage answers a form of a browser's that seems to come from another site with
// a page, and with any other error as refuse does.
func (a *authenticator) refuseOrPage(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errCrossed) && a.crossedPage != nil && strings.Contains(r.Header.Get("Accept"), "text/html") {
		note(r.Context(), func(e *entry) { e.Failed(string(catalog.KindForbidden)) })
		a.crossedPage(w, r)
		return
	}
	a.refuse(w, r, err)
}

// log notes why a caller was not let in, where there is more to say than that;
// what was shown is in no error. It returns err.
func (a *authenticator) log(r *http.Request, err error) error {
	if errors.Is(r.Context().Err(), context.Canceled) { // what comes of it is no failure
		noteGone(r.Context())
		return &catalog.Error{Kind: catalog.KindUnavailable, Zh: "连接已断开", En: "the client has gone", Err: err}
	}
	var e *catalog.Error
	if !errors.As(err, &e) {
		a.logger.ErrorContext(r.Context(), "a caller could not be identified", "error", err)
	} else if e.Err != nil {
		a.logger.WarnContext(r.Context(), "a caller was not let in", "code", e.Kind, "error", e.Err)
	}
	return err
}
