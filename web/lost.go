package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// resume is what a form is sent for by whoever was not signed in when sending it
// before: to be shown again, with nothing saved.
const resume = "resume"

// lostExtra is what the page needs on which a form waits for its writer to sign in.
type lostExtra struct {
	Action string // of the form
	SignIn string // in a tab of its own
	Role   string // with which its writer may no longer write, "" for who is not signed in
	Fields []lostField
	Prose  string // what was written in words, to be copied by who may not write again
}

type lostField struct{ Name, Value string }

// keepsLost reports whether the request is a form of ours that a browser has sent that
// runs no scripts: with them the browser has kept what was written, for a writer who is
// not signed in by now or may no longer write.
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

// showLost writes the page that has what was sent, to be sent again after signing in, or
// when who has signed in may write again.
func (s *site) showLost(w http.ResponseWriter, r *http.Request, who *reader) {
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
	status := http.StatusUnauthorized
	if who != nil {
		status, extra.Role, extra.Prose = http.StatusForbidden, who.Role, proseOf(extra.Fields)
	}
	v.Extra, v.Playground = extra, ""
	s.write(w, r, status, "lost", v)
}

// proseOf are the values that a hand has written in Chinese, a blank line between two:
// what else a form sends are codes and numbers.
func proseOf(fields []lostField) string {
	var written []string
	for _, f := range fields {
		if strings.ContainsFunc(f.Value, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			written = append(written, f.Value)
		}
	}
	return strings.Join(written, "\n\n")
}
