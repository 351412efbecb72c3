package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// resume is what a form is sent for by whoever was not signed in when sending it
// before: to be shown again, with nothing saved.
const resume = "resume"

// lostExtra is what the page needs on which a form waits for its writer to sign in.
type lostExtra struct {
	Action string // of the form
	SignIn string // in a tab of its own
	Fields []lostField
}

type lostField struct{ Name, Value string }

// keepsLost reports whether the request is a form of ours that somebody has sent who is
// not signed in by now, from a browser that runs no scripts: with them the browser has
// kept what was written.
func keepsLost(r *http.Request) bool {
	if r.Method != http.MethodPost || !sentByUs(r) {
		return false
	}
	return r.ParseForm() == nil && r.PostForm.Get("plain") == "1"
}

// sentByUs reports whether the browser says that a page of this site sends the request.
// A form of another's is not shown again as if its reader had written it.
func sentByUs(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host != "" && origin.Host == r.Host
}

// showLost writes the page that has what was sent, to be sent again after signing in.
func (s *site) showLost(w http.ResponseWriter, r *http.Request) {
	v, err := s.ask(page{name: "lost", nav: ""}, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	extra := lostExtra{Action: r.URL.RequestURI(), SignIn: "/sign-in?" + url.Values{"next": {"/write"}}.Encode()}
	for name, values := range r.PostForm {
		for _, value := range values {
			if name != "then" {
				extra.Fields = append(extra.Fields, lostField{name, value})
			}
		}
	}
	slices.SortStableFunc(extra.Fields, func(a, b lostField) int { return strings.Compare(a.Name, b.Name) })
	v.Extra, v.Playground = extra, ""
	s.write(w, r, http.StatusUnauthorized, "lost", v)
}
