package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxForm bounds a form: a case's texts, each as long as it may be, are far less.
const maxForm = 4 << 20

var (
	draftsPage = page{name: "drafts", path: "/write", nav: "write", shape: shapeDrafts}
	editPage   = page{name: "edit", nav: "write"}
)

// writing adds to the mux what those who write need. Their forms come from our
// own pages only: whoever identifies the caller refuses another site's.
//
//	GET  /write                    what they have under way
//	GET  /write/cases              an empty form, POST brings a case in
//	GET  /write/cases/SLUG         the case in a form, POST changes it
//	POST /write/cases/SLUG/ACTION  submit, return, publish, archive, restore
func (s *site) writing(mux *http.ServeMux) {
	mux.Handle("GET /write", s.forWriters(s.serve(draftsPage)))
	mux.Handle("GET /write/cases", s.forWriters(http.HandlerFunc(s.showForm)))
	mux.Handle("POST /write/cases", s.forWriters(http.HandlerFunc(s.takeForm)))
	mux.Handle("GET /write/cases/{slug}", s.forWriters(http.HandlerFunc(s.showForm)))
	mux.Handle("POST /write/cases/{slug}", s.forWriters(http.HandlerFunc(s.takeForm)))
	mux.Handle("POST /write/cases/{slug}/{action}", s.forWriters(http.HandlerFunc(s.takeAction)))
}

// forWriters lets those through who may write, and sends who is not signed in to
// do so.
func (s *site) forWriters(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := readerOf(r)
		switch {
		case !s.SignIn:
			s.notFound(w, r)
		case who == nil:
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, signInURL(r), http.StatusSeeOther)
		case !who.Writes && !who.Reviews:
			s.fail(w, r, refusal{http.StatusForbidden, "您不能撰写案例", "您的身份是" + who.Role + "；撰写和审核需要编辑或审核的身份，请联系管理员。"})
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			next.ServeHTTP(w, r)
		}
	})
}

// refusal is what was not done, and why, for its reader.
type refusal struct {
	status      int
	title, text string
}

func (e refusal) Error() string { return e.text }

func shapeDrafts(v *view, r *http.Request) error {
	v.Extra = doneLabels[r.URL.Query().Get("done")]
	return nil
}

// doneLabels say what was done just now.
var doneLabels = map[string]string{
	"create": "已保存为草稿。", "update": "已保存。", "submit": "已提交审核。", "return": "已退回修改。", "publish": "已发布。",
	"archive": "已归档。", "restore": "已恢复到所选的版本。",
}

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

// saved is a case as a mutation left it.
type saved struct {
	ID, Slug string
	Version  int
}

// mutate runs one of the mutations, and gives the record or what is wrong.
func (s *site) mutate(ctx context.Context, name string, variables map[string]any) (record saved, wrong []problem, err error) {
	data, failed := s.Query.Query(ctx, s.mutations[name], "", variables)
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

// actions are what a form may do with a case, with whether it says why.
var actions = []string{"submit", "return", "publish", "archive", "restore"}

// takeAction does what a button of a case's page asks for.
func (s *site) takeAction(w http.ResponseWriter, r *http.Request) {
	action := r.PathValue("action")
	if !slices.Contains(actions, action) {
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
	case "restore":
		revision, err := strconv.Atoi(r.PostFormValue("revision"))
		if err != nil {
			s.fail(w, r, badAddress("表单不完整，请返回重试。"))
			return
		}
		variables["revision"] = revision
	}
	record, wrong, err := s.mutate(r.Context(), action, variables)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		s.fail(w, r, refusalOf(wrong))
	default:
		done(w, r, record.Slug, action)
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
	return refusal{status, "没有做成", strings.Join(texts, "；") + "。请返回案例页，看过最新的内容再试。"}
}

// done leads to the case, which says what was done.
func done(w http.ResponseWriter, r *http.Request, slug, what string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/cases/"+url.PathEscape(slug)+"?"+url.Values{"done": {what}}.Encode(), http.StatusSeeOther)
}

// showForm gives the form, empty or with the case in it.
func (s *site) showForm(w http.ResponseWriter, r *http.Request) {
	v, err := s.askForm(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["case"])
	values := valuesOf(record)
	if record == nil {
		values.Set("committee", text(object(object(v.Data["viewer"])["committee"])["slug"]))
	}
	v.Extra = newForm(v, values, written{}, nil)
	s.write(w, r, http.StatusOK, "edit", v)
}

// askForm asks for the case of the address, if it has one, and for what can be
// chosen.
func (s *site) askForm(r *http.Request) (*view, error) {
	p := editPage
	slug := r.PathValue("slug")
	p.variables = func(*http.Request) (map[string]any, error) {
		return map[string]any{"slug": slug, "new": slug == ""}, nil
	}
	if slug != "" {
		p.record = "case"
	}
	v, err := s.ask(p, r)
	if err != nil {
		return nil, err
	}
	v.Playground = ""
	if slug == "" {
		v.Data["case"] = nil // it was not asked for
	}
	if slug != "" && !slices.Contains(list(object(v.Data["case"])["actions"]), any(string(catalog.ActionUpdate))) {
		return nil, refusal{http.StatusForbidden, "您不能修改这个案例", "它属于别的政协，或者它现在的状态不能修改。"}
	}
	return v, nil
}

// takeForm saves what was written, and hands it in where the button says so.
// What is wrong is shown at its fields, with what was written still in them.
func (s *site) takeForm(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, refusal{http.StatusBadRequest, "表单读不了", "可能内容太长，或者传输中断了。请返回再试。"})
		return
	}
	v, err := s.askForm(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["case"])
	in := inputOf(r.PostForm, record)
	if len(in.errors) > 0 {
		v.Extra = newForm(v, r.PostForm, in, nil)
		s.write(w, r, http.StatusUnprocessableEntity, "edit", v)
		return
	}
	name, variables := "create", map[string]any{"input": in.input}
	if record != nil {
		version, _ := strconv.Atoi(r.PostForm.Get("version")) // 0 is a conflict
		name, variables["id"], variables["version"] = "update", record["id"], version
	}
	now, wrong, err := s.mutate(r.Context(), name, variables)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		v.Extra = newForm(v, r.PostForm, in, wrong)
		s.write(w, r, http.StatusUnprocessableEntity, "edit", v)
	case r.PostForm.Get("then") == "submit":
		s.submit(w, r, now)
	default:
		done(w, r, now.Slug, name)
	}
}

// submit hands a case in that has just been saved.
func (s *site) submit(w http.ResponseWriter, r *http.Request, now saved) {
	_, wrong, err := s.mutate(r.Context(), "submit", map[string]any{"id": now.ID, "version": now.Version})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		s.fail(w, r, refusalOf(wrong))
	default:
		done(w, r, now.Slug, "submit")
	}
}
