package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// noticesPage is what the reader is told, and what they asked to be told of.
var noticesPage = page{name: "notices", path: "/notices", variables: noticesVariables, shape: shapeNotices}

// forReaders lets those through who are signed in, and sends others to do so.
func (s *site) forReaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.SignIn:
			s.notFound(w, r)
		case readerOf(r) == nil:
			w.Header().Set("Cache-Control", "no-store")
			next := signInURL(r)
			if r.Method == http.MethodPost {
				next = "/sign-in?" + url.Values{"next": {cut(localPath(r.PostFormValue("next")), maxNext)}}.Encode()
			}
			http.Redirect(w, r, next, http.StatusSeeOther)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
			next.ServeHTTP(w, r)
		}
	})
}

// localPath returns a path of this site, "/" where s is none.
func localPath(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n") {
		return "/"
	}
	return s
}

// noticesOnAPage is how many notices a page lists: as many as can be marked at once.
const noticesOnAPage = 50

func noticesVariables(r *http.Request) (map[string]any, error) {
	variables, err := pageVariables(r)
	variables["first"] = noticesOnAPage
	if r.URL.Query().Get("all") != "1" {
		variables["unread"] = true
	}
	return variables, err
}

// noticesExtra is what the page needs besides its data.
type noticesExtra struct {
	pager
	Done    string
	All     bool // those that were read are there too
	Notices []notice
	Follows []followed
}

// notice is one thing that the reader is told.
type notice struct {
	Record map[string]any
	URL    string // where to see it, "" where nothing is to be seen
}

// followed is one thing that the reader asked to be told of.
type followed struct{ What, Called, URL, Field, Value string }

func shapeNotices(v *view, r *http.Request) error {
	who := object(v.Data["viewer"])
	notices := object(who["notices"])
	extra := noticesExtra{pager: pagerOf(r, notices), Done: doneLabels[r.URL.Query().Get("done")], All: r.URL.Query().Get("all") == "1"}
	for _, n := range list(notices["nodes"]) {
		extra.Notices = append(extra.Notices, notice{object(n), noticeURL(object(n))})
	}
	for _, f := range list(who["follows"]) {
		extra.Follows = append(extra.Follows, newFollowed(object(f)))
	}
	v.Extra = extra
	return nil
}

// noticeURL is where a notice's record is to be seen and dealt with.
func noticeURL(n map[string]any) string {
	record := object(n["record"])
	switch kind := text(record["__typename"]); {
	case kind == "Adoption" && (n["kind"] == string(catalog.NoticeToReview) || n["kind"] == string(catalog.NoticeReturned)):
		return "/write#adoptions"
	case kind == "Adoption" && n["kind"] == string(catalog.NoticeFollowedChanged):
		return "/cases/" + url.PathEscape(text(object(record["case"])["slug"])) + "#adoptions"
	case kind == "Adoption":
		return exchangesPage.path + "#" + text(record["slug"])
	case paths[kind] != "":
		return paths[kind] + url.PathEscape(text(record["slug"]))
	}
	return ""
}

func newFollowed(f map[string]any) followed {
	switch {
	case f["topic"] != nil:
		t := object(f["topic"])
		return followed{"议题", text(t["name"]), "/topics/" + url.PathEscape(text(t["slug"])), "topic", text(t["id"])}
	case f["committee"] != nil:
		c := object(f["committee"])
		return followed{"政协", text(c["name"]), "/committees/" + url.PathEscape(text(c["slug"])), "committee", text(c["id"])}
	case f["region"] != nil:
		r := object(f["region"])
		return followed{"地区", text(r["name"]), "/regions/" + url.PathEscape(text(r["code"])), "region", text(r["code"])}
	}
	words := text(f["query"])
	return followed{"检索词", words, searchURL(url.Values{"q": {words}}), "query", words}
}

// readNotices marks the notice that is named as read, all where none is.
func (s *site) readNotices(w http.ResponseWriter, r *http.Request) {
	variables := map[string]any{}
	if id := r.PostFormValue("id"); id != "" {
		variables["ids"] = []any{id}
	}
	if _, failed := s.Query.Query(r.Context(), s.mutations["notice"], "read", variables); len(failed) > 0 {
		s.fail(w, r, &queryError{page: "read", errors: failed})
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, noticesPage.path+"?done=read", http.StatusSeeOther)
}

// followFields are what can be followed, by the name of the argument.
var followFields = []string{"topic", "committee", "region", "query"}

// follow follows what the form names, or with off=1 no longer.
func (s *site) follow(w http.ResponseWriter, r *http.Request) {
	variables := map[string]any{}
	for _, field := range followFields {
		if value := r.PostFormValue(field); value != "" {
			variables[field] = value
		}
	}
	name := "follow"
	if r.PostFormValue("off") == "1" {
		name = "unfollow"
	}
	_, wrong, err := s.changeFollow(r, name, variables)
	if !s.stopped(w, r, wrong, err) {
		w.Header().Set("Cache-Control", "no-store")
		next := localPath(r.PostFormValue("next"))
		if strings.HasPrefix(next, noticesPage.path) {
			next = noticesPage.path + "?done=" + name + "#follows"
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

func (s *site) changeFollow(r *http.Request, name string, variables map[string]any) (map[string]any, []problem, error) {
	data, failed := s.Query.Query(r.Context(), s.mutations["notice"], name, variables)
	if len(failed) > 0 {
		return nil, nil, &queryError{page: name, errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return nil, nil, err
	}
	done := object(found["done"])
	var wrong []problem
	for _, e := range list(done["userErrors"]) {
		wrong = append(wrong, problem{Code: catalog.ErrorKind(text(object(e)["code"])), Message: text(object(e)["messageZh"])})
	}
	return done, wrong, nil
}

// following is the button with which the page's reader follows what it is about, or no
// longer.
type following struct {
	Field, Value string
	On           bool
	Next         string
}

// followingOf returns the button for what a page is about, nil for who is not signed
// in.
func followingOf(v *view, r *http.Request, field, value string) (*following, error) {
	if v.Reader == nil || value == "" {
		return nil, nil //nolint:nilnil // no button
	}
	data, failed := v.query.Query(r.Context(), "query Follows { viewer { follows { topic { id slug name } committee { id slug name } region { code name } query } } }", "", nil)
	if len(failed) > 0 {
		return nil, &queryError{page: "follows", errors: failed}
	}
	found, err := decode(data)
	if err != nil {
		return nil, err
	}
	f := &following{Field: field, Value: value, Next: here(r)}
	for _, one := range list(object(found["viewer"])["follows"]) {
		if known := newFollowed(object(one)); known.Field == field && known.Value == value {
			f.On = true
		}
	}
	return f, nil
}
