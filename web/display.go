package web

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// displayCookie keeps how a reader wants pages; it says nothing of who they are.
const displayCookie = "jisi-display"

// displays are the ways in which pages can be had besides the plain one.
var displays = []string{"large", "contrast"}

// displayOf are the classes of how the reader wants pages, "" for plain ones.
func displayOf(r *http.Request) string {
	cookie, err := r.Cookie(displayCookie)
	if err != nil {
		return ""
	}
	var chosen []string
	for _, name := range displays {
		if slices.Contains(strings.Split(cookie.Value, "."), name) {
			chosen = append(chosen, name)
		}
	}
	return strings.Join(chosen, " ")
}

// here is the address that a form of the page leads back to: of a page that was sent,
// where it is shown.
func here(r *http.Request) string {
	if r.Method == http.MethodGet {
		return cut(r.URL.RequestURI(), maxNext)
	}
	return r.URL.Path
}

// switchDisplay turns one way of showing pages on or off, and leads back.
func (s *site) switchDisplay(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	chosen := strings.Fields(displayOf(r))
	name := r.PostFormValue("switch")
	if !slices.Contains(displays, name) {
		s.fail(w, r, badAddress("没有这种显示方式。"))
		return
	}
	if i := slices.Index(chosen, name); i >= 0 {
		chosen = slices.Delete(chosen, i, i+1)
	} else {
		chosen = append(chosen, name)
	}
	http.SetCookie(w, &http.Cookie{
		Name: displayCookie, Value: strings.Join(chosen, "."), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	next := localPath(r.PostFormValue("next"))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, next, http.StatusSeeOther)
}
