package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Asked keeps what readers who agree ask the search for. It is told nothing of who they
// are, must be safe for concurrent use, and fails in silence: a page never waits for it
// longer than it takes.
type Asked interface {
	// Days is for how long questions are kept.
	Days() int
	// Plain returns what may be kept of a question, nil for nothing.
	Plain(question string) []string
	// Vain keeps a question that found little.
	Vain(ctx context.Context, words []string)
	// Opened keeps that a record was opened after a question.
	Opened(ctx context.Context, words []string, kind catalog.RecordKind, slug string)
}

// Cookies of who agreed: that they did, and for some minutes the words of the last
// searches that found little, so that the record that they come to by another is known to
// answer them.
const (
	askedCookie = "jisi-asked"
	vainCookie  = "jisi-vain"
	askedFor    = 180 * 24 * time.Hour
	vainFor     = 10 * time.Minute
	vainAtMost  = 3 // searches
)

// littleFound is how many hits are so few that what was meant may not be among them.
const littleFound = 2

// agreed reports whether the reader has agreed.
func agreed(r *http.Request) bool {
	c, err := r.Cookie(askedCookie)
	return err == nil && c.Value == "yes"
}

// agree takes the reader's agreement, or takes it back, and leads back.
func (s *site) agree(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	if s.Asked == nil {
		s.fail(w, r, badAddress("本站不记录检索。"))
		return
	}
	switch r.PostFormValue("agree") {
	case "1":
		http.SetCookie(w, askedNote(askedCookie, "yes", askedFor))
	case "0":
		http.SetCookie(w, askedNote(askedCookie, "", -1))
		http.SetCookie(w, askedNote(vainCookie, "", -1))
	default:
		s.fail(w, r, badAddress("请在检索页上选择是否同意记录。"))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, localPath(r.PostFormValue("next")), http.StatusSeeOther)
}

// askedNote is a cookie that lasts so long; less than 0 removes it.
func askedNote(name, value string, lasts time.Duration) *http.Cookie {
	age := int(lasts.Seconds())
	if lasts < 0 {
		age = -1
	}
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// noteAsked keeps, where the reader has agreed, that a search found little. Only the first
// page of a search for words alone counts: filters leave things out by themselves.
func (v *view) noteAsked(r *http.Request, hits int) {
	if !v.Agreed || hits > littleFound || fetchedAhead(r) {
		return
	}
	for name := range searchQuery(r.URL.Query()) {
		if name != "q" {
			return
		}
	}
	words := v.site.Asked.Plain(v.Query)
	if len(words) == 0 {
		return
	}
	v.site.Asked.Vain(r.Context(), words)
	last := append(v.vain(r), words)
	var texts []string
	for _, words := range last[max(len(last)-vainAtMost, 0):] {
		texts = append(texts, strings.Join(words, " "))
	}
	v.cookies = append(v.cookies, askedNote(vainCookie, url.QueryEscape(strings.Join(texts, ",")), vainFor))
}

// vain returns the words of the reader's last searches that found little. The cookie is
// the reader's to write: what it says is taken apart as a question is.
func (v *view) vain(r *http.Request) (last [][]string) {
	c, err := r.Cookie(vainCookie)
	if err != nil {
		return nil
	}
	text, err := url.QueryUnescape(cut(c.Value, 2000))
	if err != nil {
		return nil
	}
	for _, one := range strings.SplitN(text, ",", vainAtMost+1) {
		if words := v.site.Asked.Plain(one); len(words) > 0 && len(last) < vainAtMost {
			last = append(last, words)
		}
	}
	return last
}

// noteOpened keeps, where the reader has agreed, that the page's record was opened from
// the results of a search.
func (v *view) noteOpened(p page, r *http.Request) {
	kind, ok := map[string]catalog.RecordKind{
		"case": catalog.KindCase, "brand": catalog.KindBrand, "proposal": catalog.KindProposal, "practice": catalog.KindPractice,
	}[p.name]
	if !ok || !v.Agreed || r.Method != http.MethodGet || fetchedAhead(r) {
		return
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Path != "/search" || from.Host != r.Host {
		return
	}
	asked := v.site.Asked
	words := asked.Plain(cut(from.Query().Get("q"), maxQuery))
	if len(words) == 0 {
		return
	}
	asked.Opened(r.Context(), words, kind, r.PathValue("slug"))
	for _, before := range v.vain(r) {
		if !slices.Equal(before, words) {
			asked.Opened(r.Context(), before, kind, r.PathValue("slug"))
		}
	}
	v.cookies = append(v.cookies, askedNote(vainCookie, "", -1))
}

// fetchedAhead reports whether a browser asks for a page that nobody looks at yet.
func fetchedAhead(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Sec-Purpose")+r.Header.Get("Purpose"), "prefetch")
}
