package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxForm bounds a form: a record's texts, each as long as it may be, are far less.
const maxForm = 4 << 20

var draftsPage = page{name: "drafts", path: "/write", nav: "write", variables: draftsVariables, shape: shapeDrafts}

var severalPage = page{name: "several", path: "/write/several", nav: "write", shape: shapeSeveral}

// writing adds to the mux what those who write need. Their forms come from our
// own pages only: whoever identifies the caller refuses another site's.
//
//	GET  /write                     what they have under way
//	GET  /write/NOUN                an empty form, POST brings a record in
//	GET  /write/NOUN/SLUG           the record in a form, POST changes it
//	POST /write/NOUN/SLUG/ACTION    submit, return, publish, archive, restore
//	GET  /write/cases/SLUG/adopt    a form to record that one's committee took the case over
//	POST /write/adoptions/SLUG/ACTION  as of a noun; an adoption is on the page of manuscripts
//	GET  /write/adoptions           what one's committee took over and gave
//	GET  /write/collections/SLUG/arrange  the order of a book's cases, POST changes it
//	POST /write/needs/SLUG/close    the need is no longer asked
//	GET  /write/persons/SLUG/merge  which record of the same person stays
//	POST /write/persons/SLUG/merge  the person goes into that one
//	GET  /write/several             what waits and was ticked, with what it lacks
//	POST /write/publish             several are published
//	POST /write/submit              several drafts that were ticked are handed in
//	POST /write/keep                a form's script keeps what is written in it
//	POST /write/keep/drop           and drops it
//	GET  /write/import              files to bring in, POST says what would change
//	POST /write/import/confirm      what was shown is brought in, as it was mended
//	POST /write/cases/SLUG/attachments     photos and originals are attached
//	POST /write/cases/SLUG/attachments/ID  one is removed
//
// NOUN is the path of a noun: cases, brands, proposals, needs, persons, venues, activities,
// practices, rounds, evaluations, calls, collections.
func (s *site) writing(mux *http.ServeMux) {
	mux.Handle("GET /write", s.forWriters(maxForm, s.serve(draftsPage)))
	mux.Handle("GET /write/several", s.forWriters(maxForm, s.serve(severalPage)))
	mux.Handle("POST /write/submit", s.forWriters(maxForm, http.HandlerFunc(s.submitSeveral)))
	mux.Handle("POST /write/publish", s.forWriters(maxForm, http.HandlerFunc(s.publishSeveral)))
	mux.Handle("GET /write/adoptions", s.forWriters(maxForm, s.serve(exchangesPage)))
	mux.Handle("POST /write/needs/{slug}/close", s.forWriters(maxForm, http.HandlerFunc(s.closeNeed)))
	mux.HandleFunc("POST "+keepPath, s.keep)
	mux.HandleFunc("POST "+keepPath+"/drop", s.drop)
	mux.Handle("GET /write/{noun}", s.forWriters(maxForm, s.ofNoun(s.showForm)))
	mux.Handle("POST /write/{noun}", s.forWriters(maxForm, s.ofNoun(s.takeForm)))
	mux.Handle("GET /write/{noun}/{slug}", s.forWriters(maxForm, s.ofNoun(s.showForm)))
	mux.Handle("POST /write/{noun}/{slug}", s.forWriters(maxForm, s.ofNoun(s.takeForm)))
	mux.Handle("GET /write/cases/{slug}/adopt", s.forWriters(maxForm, http.HandlerFunc(s.showAdoption)))
	mux.Handle("POST /write/cases/{slug}/adopt", s.forWriters(maxForm, http.HandlerFunc(s.takeAdoption)))
	mux.Handle("POST /write/adoptions/{slug}/{action}", s.forWriters(maxForm, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.takeAction(w, r, adoptionForm)
	})))
	mux.Handle("GET /write/persons/{slug}/merge", s.forWriters(maxForm, http.HandlerFunc(s.showMerge)))
	mux.Handle("GET /write/collections/{slug}/arrange", s.forWriters(maxForm, http.HandlerFunc(s.showArranging)))
	mux.Handle("POST /write/collections/{slug}/arrange", s.forWriters(maxForm, http.HandlerFunc(s.takeArranging)))
	mux.Handle("POST /write/persons/{slug}/merge", s.forWriters(maxForm, http.HandlerFunc(s.takeMerge)))
	mux.Handle("POST /write/{noun}/{slug}/{action}", s.forWriters(maxForm, s.ofNoun(s.takeAction)))
	if s.Import != nil {
		mux.Handle("GET /write/import", s.forWriters(maxForm, http.HandlerFunc(s.showImport)))
		mux.Handle("POST /write/import", s.forWriters(0, http.HandlerFunc(s.previewImport)))
		mux.Handle("POST /write/import/confirm", s.forWriters(maxImportForm, http.HandlerFunc(s.confirmImport)))
		mux.Handle("POST /write/cases/{slug}/attachments", s.forWriters(maxAttaching, http.HandlerFunc(s.attach)))
		mux.Handle("POST /write/cases/{slug}/attachments/{id}", s.forWriters(maxForm, http.HandlerFunc(s.detach)))
	}
}

// ofNoun finds the noun of the address.
func (s *site) ofNoun(next func(http.ResponseWriter, *http.Request, noun)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, ok := nounAt(r.PathValue("noun"))
		if !ok {
			s.notFound(w, r)
			return
		}
		next(w, r, n)
	})
}

// forWriters lets those through who may write, and sends who is not signed in to
// do so. most bounds what they send, in bytes; 0 leaves that to next.
func (s *site) forWriters(most int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := readerOf(r)
		switch {
		case !s.SignIn:
			s.notFound(w, r)
		case (who == nil || !who.Writes && !who.Reviews) && keepsLost(bounded(w, r, most)):
			s.showLost(w, r, who)
		case who == nil:
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, signInURL(r), http.StatusSeeOther)
		case !who.Writes && !who.Reviews:
			why := "您的身份是" + who.Role + "；撰写和审核需要编辑或审核的身份，请联系管理员。"
			if r.Method == http.MethodPost {
				why += "刚才填的没有保存；撰写表单里写的还留在这个浏览器里，恢复身份以后打开同一张表单，就能接着写。"
			}
			s.fail(w, r, refusal{http.StatusForbidden, "您不能撰写稿件", why})
		default:
			next.ServeHTTP(w, bounded(w, r, most))
		}
	})
}

// bounded has at most so many bytes of the request be read, all where that is 0.
func bounded(w http.ResponseWriter, r *http.Request, most int64) *http.Request {
	if most > 0 {
		r.Body = http.MaxBytesReader(w, r.Body, most)
	}
	return r
}

// refusal is what was not done, and why, for its reader.
type refusal struct {
	status      int
	title, text string
}

func (e refusal) Error() string { return e.text }

// problem is what a mutation says is wrong.
type problem struct {
	Path     []string
	Code     catalog.ErrorKind
	Message  string `json:"messageZh"`
	Conflict *struct {
		Version int
		Fields  []string
		By      []string
	}
}

// saved is a record as a mutation left it.
type saved struct {
	ID, Slug string
	Version  int
	Status   catalog.Status
}

// mutate runs one of the noun's mutations, and returns the record or what is wrong.
func (s *site) mutate(ctx context.Context, n noun, name string, variables map[string]any) (record saved, wrong []problem, err error) {
	data, failed := s.Query.Query(ctx, s.mutations[n.root], name, variables)
	if len(failed) > 0 {
		return saved{}, nil, &queryError{page: name, errors: failed}
	}
	var answer struct {
		Done struct {
			Record     *saved
			UserErrors []problem
		}
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return saved{}, nil, fmt.Errorf("reading the answer of mutation %s: %w", name, err)
	}
	switch {
	case len(answer.Done.UserErrors) > 0:
		return saved{}, answer.Done.UserErrors, nil
	case answer.Done.Record == nil:
		return saved{}, nil, fmt.Errorf("mutation %s gives neither a record nor what is wrong", name)
	}
	return *answer.Done.Record, nil, nil
}

// actions are what a form may do with a record; the last ones, with one of a kind.
var actions = []string{"submit", "return", "publish", "archive", "restore", "thank", "answer"}

// takeAction does what a button of a record's page asks for.
func (s *site) takeAction(w http.ResponseWriter, r *http.Request, n noun) {
	action := r.PathValue("action")
	if !slices.Contains(actions, action) || action == "thank" && n.kind != catalog.KindAdoption || action == "answer" && n.kind != catalog.KindNeed {
		s.notFound(w, r)
		return
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	variables := map[string]any{"id": r.PostFormValue("id"), "version": version}
	switch action {
	case "return", "archive":
		variables["reason"] = clean(r.PostFormValue("reason"))
	case "thank":
		variables["thanks"] = clean(r.PostFormValue("thanks"))
	case "answer":
		variables["case"] = r.PostFormValue("case")
	case "restore":
		revision, err := strconv.Atoi(r.PostFormValue("revision"))
		if err != nil {
			s.fail(w, r, badAddress("表单不完整，请返回重试。"))
			return
		}
		variables["revision"] = revision
	}
	record, wrong, err := s.mutate(r.Context(), n, action, variables)
	if !s.stopped(w, r, wrong, err) {
		done(w, r, n, record.Slug, action)
	}
}

// refusalOf tells what a mutation found wrong on a page of its own.
func refusalOf(wrong []problem) refusal {
	texts := make([]string, len(wrong))
	status := http.StatusUnprocessableEntity
	for i, p := range wrong {
		texts[i] = p.Message
		switch p.Code {
		case catalog.KindConflict:
			status = http.StatusConflict
		case catalog.KindForbidden:
			status = http.StatusForbidden
		case catalog.KindNotFound:
			status = http.StatusNotFound
		}
	}
	return refusal{status, "没有做成", strings.Join(texts, "；") + "。请返回原页，看过最新的内容再试。"}
}

// stopped shows why a mutation was not done, and reports whether that was so.
func (s *site) stopped(w http.ResponseWriter, r *http.Request, wrong []problem, err error) bool {
	if err == nil && len(wrong) > 0 {
		err = refusalOf(wrong)
	}
	if err != nil {
		s.fail(w, r, err)
	}
	return err != nil
}

// done leads to the record, which says what was done.
func done(w http.ResponseWriter, r *http.Request, n noun, slug, what string) {
	w.Header().Set("Cache-Control", "no-store")
	at := "/" + n.path + "/" + url.PathEscape(slug)
	switch {
	case n.path != adoptionForm.path:
	case r.PostFormValue("from") == exchangesPage.name:
		at = exchangesPage.path
	default: // it has no page of its own
		at = "/write"
	}
	http.Redirect(w, r, at+"?"+url.Values{"done": {what}}.Encode(), http.StatusSeeOther)
}

// showForm writes the form, empty or with the record in it.
func (s *site) showForm(w http.ResponseWriter, r *http.Request, n noun) {
	v, err := s.askForm(r, n)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data[n.root])
	values := n.values(record)
	if record == nil {
		n.start(values, object(object(v.Data["viewer"])["committee"]))
		if words := r.URL.Query().Get(n.name); words != "" {
			values.Set(n.name, cut(words, maxProblem)) // what was looked for in vain, say
		}
		for _, name := range []string{"record", "round", "year", "department"} {
			if given := r.URL.Query().Get(name); given != "" {
				values.Set(name, cut(given, catalog.MaxTitle)) // of a link beside the record
			}
		}
		for i, item := range r.URL.Query()["item"] {
			if i < catalog.MaxList {
				values.Set(fmt.Sprintf("items.%d.item", i), cut(item, catalog.MaxTitle))
			}
		}
		if n.kind == catalog.KindCollection && r.URL.Query().Has("q") { // of a search
			found, err := s.foundLines(r)
			if err != nil {
				s.fail(w, r, err)
				return
			}
			values.Set("cases", found)
		}
	}
	v.Extra, err = s.withKept(v, r, n.key(record, writingName(r)), func(values url.Values) formExtra { return formOf(n, v, r, values, written{}, nil) }, values)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.write(w, r, http.StatusOK, "edit", v)
}

// writingName tells several new records apart that somebody writes at once, as the
// address says; "" is the only one.
func writingName(r *http.Request) string {
	name := r.URL.Query().Get("writing")
	if r.PathValue("slug") != "" || !writingNames.MatchString(name) {
		return ""
	}
	return name
}

var writingNames = regexp.MustCompile(`^[a-z0-9]{1,16}$`)

// formOf is newForm for the request: a new record's is one of several where the address
// has a name for it, and has the address of another one.
func formOf(n noun, v *view, r *http.Request, values url.Values, in written, wrong []problem) formExtra {
	extra := newForm(n, v, values, in, wrong)
	if extra.Record != nil {
		return extra
	}
	extra.Another = extra.Action + "?" + url.Values{"writing": {strings.ToLower(rand.Text()[:8])}}.Encode()
	if name := writingName(r); name != "" {
		extra.Key.Name = name
		extra.Action += "?" + url.Values{"writing": {name}}.Encode()
		extra.Draft = extra.Action
	}
	return extra
}

// askForm asks for the record of the address, if it has one, and for what can be
// chosen.
func (s *site) askForm(r *http.Request, n noun) (*view, error) {
	p := n.page()
	slug := r.PathValue("slug")
	p.variables = func(*http.Request) (map[string]any, error) {
		return map[string]any{"slug": slug, "new": slug == ""}, nil
	}
	if slug != "" {
		p.record = n.root
	}
	v, err := s.ask(p, r)
	if err != nil {
		return nil, err
	}
	v.Playground = ""
	if record := object(v.Data[n.root]); n.whole != nil && record != nil {
		if err := n.whole(r.Context(), s.Query, record); err != nil {
			return nil, err
		}
	}
	if slug != "" && !slices.Contains(list(object(v.Data[n.root])["actions"]), any(string(catalog.ActionUpdate))) {
		return nil, refusal{http.StatusForbidden, "您不能修改这条记录", "它属于别的政协，或者它现在的状态不能修改。"}
	}
	return v, nil
}

// takeForm saves what was written, and hands it in where the button says so.
// What is wrong is shown at its fields, with what was written still in them.
func (s *site) takeForm(w http.ResponseWriter, r *http.Request, n noun) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, refusal{http.StatusBadRequest, "表单读不了", "可能内容太长，或者传输中断了。请返回再试。"})
		return
	}
	v, err := s.askForm(r, n)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data[n.root])
	then := r.PostForm.Get("then")
	if at, ok := rearranged(r.PostForm, then); ok || then == resume {
		s.showRearranged(w, r, n, v, at)
		return
	}
	in := n.input(r.PostForm, record)
	if len(in.errors) > 0 {
		v.Extra = s.refused(r, formOf(n, v, r, r.PostForm, in, in.check(n.kind)))
		s.write(w, r, http.StatusUnprocessableEntity, "edit", v)
		return
	}
	name, variables := "create", map[string]any{"input": in.input}
	if record != nil {
		version, _ := strconv.Atoi(r.PostForm.Get("version")) // 0 is a conflict
		name, variables["id"], variables["version"] = "update", record["id"], version
	}
	now, wrong, err := s.mutate(r.Context(), n, name, variables)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		v.Extra = s.refused(r, formOf(n, v, r, r.PostForm, in, wrong))
		s.write(w, r, http.StatusUnprocessableEntity, "edit", v)
	case r.PostForm.Get("then") == "submit":
		s.saved(r, n.key(record, writingName(r)))
		s.submit(w, r, n, now)
	default:
		s.saved(r, n.key(record, writingName(r)))
		done(w, r, n, now.Slug, name)
	}
}

// refused notes in a form that was not saved what the server has kept of it, so that its
// script goes on from there.
func (s *site) refused(r *http.Request, extra formExtra) formExtra {
	kept, err := s.keptOf(r.Context(), extra.Key)
	if err != nil {
		s.Log.WarnContext(r.Context(), "what was kept of a form is not known", "error", err)
	}
	extra.Kept = kept
	return extra
}

// saved drops what was kept of a form that has been saved. Where that fails, its
// writer is offered what they know already, and no more is lost.
func (s *site) saved(r *http.Request, k keptKey) {
	if err := s.forget(r.Context(), k); err != nil {
		s.Log.WarnContext(r.Context(), "what was kept of a form stays after it was saved", "error", err)
	}
}

// submit hands a record in that has just been saved.
func (s *site) submit(w http.ResponseWriter, r *http.Request, n noun, now saved) {
	_, wrong, err := s.mutate(r.Context(), n, "submit", map[string]any{"id": now.ID, "version": now.Version})
	if !s.stopped(w, r, wrong, err) {
		done(w, r, n, now.Slug, "submit")
	}
}

// showRearranged writes the form as it was sent, with room for more or less; nothing
// is saved.
func (s *site) showRearranged(w http.ResponseWriter, r *http.Request, n noun, v *view, at string) {
	extra := formOf(n, v, r, r.PostForm, written{}, nil)
	kept, err := s.keptOf(r.Context(), extra.Key)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	extra.Kept, extra.Unsaved = kept, true
	extra.focus(at)
	if version := r.PostForm.Get("version"); version != "" {
		extra.Version = version // a change of the one that it was made from
	}
	v.Extra = extra
	s.write(w, r, http.StatusOK, "edit", v)
}
