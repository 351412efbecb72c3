package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxForm bounds the form of a sign-in: a token and a path.
const maxForm = 8 << 10

// signIn adds the ways to sign in and out to the mux. The page with the form,
// GET /sign-in, is web's: it is sent error=CODE (a catalog.ErrorKind in lower
// case) where a sign-in failed, and next, where the reader wants to go.
//
//	POST /sign-in                a form with token and next
//	POST /sign-in/link           a form with code, a link's secret: the page that the
//	                             link leads to has a button, as whatever looks at links
//	                             in messages would use them up
//	POST /sign-out               a form with next, or nothing
//	GET  /sign-in/oidc           to the identity provider, with next
//	GET  /sign-in/oidc/callback  and back
func (a *authenticator) signIn(mux *http.ServeMux) {
	if a.identity == nil {
		return
	}
	for pattern, h := range map[string]http.Handler{
		"POST /sign-in": a.ownForm(a.signInByToken), "POST /sign-in/link": a.ownForm(a.signInByLink), "POST /sign-out": a.ownForm(a.signOut),
		"GET /sign-in/oidc": http.HandlerFunc(a.startSignIn), "GET /sign-in/oidc/callback": http.HandlerFunc(a.finishSignIn),
	} {
		mux.Handle(pattern, a.rates.limited(a.endpoint, h))
	}
}

// ownForm lets only our own pages' forms through: another site's would sign the
// reader in as somebody else, or out.
func (a *authenticator) ownForm(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.sameOrigin(r); err != nil {
			a.audit(r, "refused: the form comes from another site")
			a.refuseOrPage(w, r, a.log(r, err))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			a.refuse(w, r, catalog.Invalid("", "表单无法读取", "the form cannot be read"))
			return
		}
		h(w, r)
	})
}

func (a *authenticator) signInByToken(w http.ResponseWriter, r *http.Request) {
	a.signInBy(w, r, localPath(r.PostForm.Get("next")), "token", a.identity.SignIn)
}

func (a *authenticator) signInByLink(w http.ResponseWriter, r *http.Request) {
	a.signInBy(w, r, "/", "code", a.identity.SignInByLink)
}

// signInBy signs somebody in by the secret of the form's field.
func (a *authenticator) signInBy(w http.ResponseWriter, r *http.Request, next, field string, by func(ctx context.Context, secret string) (string, time.Time, error)) {
	if err := a.lock.refuses(r); err != nil {
		a.audit(r, "sign-in refused: locked out")
		a.signInFailed(w, r, next, err)
		return
	}
	session, ends, err := by(r.Context(), r.PostForm.Get(field))
	if err != nil {
		a.lock.failed(r, err)
		a.audit(r, "sign-in failed")
		a.signInFailed(w, r, next, err)
		return
	}
	a.audit(r, "signed in")
	a.cookies.setSession(w, session, ends)
	redirect(w, r, next)
}

func (a *authenticator) signOut(w http.ResponseWriter, r *http.Request) {
	if session := a.cookies.session(r); session != "" {
		if err := a.identity.SignOut(r.Context(), session); err != nil {
			a.refuse(w, r, a.log(r, err)) // still signed in: the reader has to know
			return
		}
		a.audit(r, "signed out")
	}
	a.cookies.clearSession(w)
	redirect(w, r, localPath(r.PostForm.Get("next")))
}

func (a *authenticator) startSignIn(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.URL.Query().Get("next"))
	address, flow, err := a.identity.StartSignIn(r.Context())
	if err != nil {
		a.signInFailed(w, r, next, err)
		return
	}
	a.cookies.set(w, flowCookie, flow+"~"+url.QueryEscape(next), flowLife)
	redirect(w, r, address)
}

func (a *authenticator) finishSignIn(w http.ResponseWriter, r *http.Request) {
	flow, escaped, _ := strings.Cut(a.cookies.get(r, flowCookie), "~")
	a.cookies.set(w, flowCookie, "", 0) // good for one try
	next, _ := url.QueryUnescape(escaped)
	next = localPath(next) // a cookie is the browser's word
	query := r.URL.Query()
	session, ends, err := a.identity.FinishSignIn(r.Context(), flow, query.Get("state"), query.Get("code"))
	if err != nil {
		a.audit(r, "sign-in by the provider failed")
		a.signInFailed(w, r, next, err)
		return
	}
	a.audit(r, "signed in by the provider")
	a.cookies.setSession(w, session, ends)
	redirect(w, r, next)
}

// signInFailed sends the reader back to the page, which says what went wrong.
func (a *authenticator) signInFailed(w http.ResponseWriter, r *http.Request, next string, err error) {
	code := known(a.log(r, err)).Kind
	note(r.Context(), func(e *entry) { e.Failed(string(code)) })
	query := url.Values{"error": {strings.ToLower(string(code))}}
	if next != "/" {
		query.Set("next", next)
	}
	redirect(w, r, "/sign-in?"+query.Encode())
}

func redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // a path of our own, as localPath sees to, or the provider's address
}

// localPath returns a path of this site, with its query, "/" where s is none: an
// address that a link brings along must not lead elsewhere. Browsers take "//"
// and "/\" for the begin of a host, and leave out control characters.
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") ||
		strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return s
}
