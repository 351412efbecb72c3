package web

import (
	"net/http"
	"net/url"

	"github.com/jisiguangyi/jisi/catalog"
)

// reader is who is signed in, as pages show it.
type reader struct {
	Name    string
	Role    string // in Chinese
	Writes  bool   // may bring in drafts
	Reviews bool   // may publish
	Admits  bool   // may manage accounts
	// Committee is the id of the one that they act for, "" for none.
	Committee string
}

// readerOf is who sends the request, nil where nobody is signed in.
func readerOf(r *http.Request) *reader {
	v := catalog.ViewerFrom(r.Context())
	if v == nil {
		return nil
	}
	who := &reader{Name: v.Name, Role: v.Role.Label(), Admits: catalog.MayAdmitAny(v)}
	if v.Committee != 0 {
		who.Committee = catalog.EncodeID(catalog.KindCommittee, v.Committee)
	}
	for _, grant := range catalog.Grants(v) {
		who.Writes = who.Writes || grant.Action == catalog.ActionCreate
		who.Reviews = who.Reviews || grant.Action == catalog.ActionPublish
	}
	return who
}

// signInURL is where to sign in, to come back to the page that was asked for.
func signInURL(r *http.Request) string {
	if r.Method == http.MethodPost && isForm(r) { // the browser has kept what was written there
		return "/sign-in?" + url.Values{"next": {r.URL.Path}}.Encode()
	}
	if r.Method != http.MethodGet || r.URL.Path == "/sign-in" || r.URL.Path == "/" {
		return "/sign-in"
	}
	return "/sign-in?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
}

// isForm reports whether the address is that of a form for a record, which is sent to
// where it is shown.
func isForm(r *http.Request) bool {
	_, ok := nounAt(r.PathValue("noun"))
	return ok && r.PathValue("action") == ""
}

// signInErrors say why a sign-in failed, by what the server names as the reason.
var signInErrors = map[string]string{
	"unauthenticated": "令牌不对、已经过期，或者已被撤销。请核对后再试，或者请管理员另发一个。",
	"forbidden":       "您的账号在这里没有身份，请联系管理员。",
	"unavailable":     "登录服务暂时没有回应，请稍后再试。",
	"limit":           "尝试的次数太多，请稍后再试。",
}

// signInExtra is what the page of signing in needs.
type signInExtra struct {
	Error    string // why the last try failed, "" where it did not
	Next     string // where the reader wants to go
	Provider string // where to sign in at the identity provider, "" where there is none
}

func shapeSignIn(v *view, r *http.Request) error {
	if v.SignIn == "" {
		return errNoPage
	}
	query := r.URL.Query()
	extra := signInExtra{Next: cut(query.Get("next"), maxNext)}
	if code := query.Get("error"); code != "" {
		extra.Error = "登录没有成功，请再试一次。"
		if known, ok := signInErrors[code]; ok {
			extra.Error = known
		}
	}
	if v.provider {
		extra.Provider = "/sign-in/oidc?" + url.Values{"next": {extra.Next}}.Encode()
	}
	v.Extra = extra
	return nil
}

// maxNext is how long an address may be to which a sign-in leads back.
const maxNext = 2000
