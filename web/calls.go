package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// callExtra is what a call's page needs besides its data.
type callExtra struct {
	Pager   pager
	Runs    bool // the reader runs the call
	Submits bool // the reader may submit to it
	Scored  bool // the reader sees scores
	Parts   []string
	States  map[string]string // names of states
	Left    string            // how long it is open
	Done    string
	Link    string // of a reviewer who was named just now
	Checks  []any
}

// doneOfCalls are what was done, by the parameter of the address.
var doneOfCalls = map[string]string{
	"submit": "已报送。", "withdraw": "报送已撤回。", "return": "已退回。", "accept": "已接收。", "decide": "已记下，公布前只有本会看得到。",
	"publish": "征集已发布，已通知各政协。", "close": "截止日期已调整，已通知各政协。", "select": "结果已公布，入选案例已发布并收入汇编。", "retract": "已公布的结果已撤回。",
	"remind": "已提醒还没有报送的政协。", "name": "已指定评审。", "score": "评分已保存。",
}

func callVariables(r *http.Request) (map[string]any, error) {
	v, err := slugPageVariables(r)
	if err != nil {
		return nil, err
	}
	v["mine"] = []string{}
	if viewer := catalog.ViewerFrom(r.Context()); viewer != nil && viewer.Committee != 0 {
		v["mine"] = []string{catalog.EncodeID(catalog.KindCommittee, viewer.Committee)}
	} else {
		v["mine"] = []string{catalog.EncodeID(catalog.KindCommittee, 1<<62)} // nobody's
	}
	switch r.URL.Query().Get("missing") {
	case "true":
		v["missing"] = true
	case "false":
		v["missing"] = false
	}
	return v, nil
}

func shapeCall(v *view, r *http.Request) error {
	c := object(v.Data["call"])
	x := callExtra{States: map[string]string{}, Done: doneOfCalls[r.URL.Query().Get("done")]}
	for _, s := range catalog.SubmissionStates {
		x.States[string(s)] = s.Label()
	}
	for _, p := range list(c["parts"]) {
		x.Parts = append(x.Parts, catalog.CasePart(text(p)).Label())
	}
	viewer := catalog.ViewerFrom(r.Context())
	if viewer != nil {
		_, caller, err := catalog.DecodeID(text(object(c["committee"])["id"]))
		x.Runs = err == nil && catalog.May(viewer, catalog.ActionClose, caller, catalog.StatusPublished) == nil
		x.Submits = viewer.Role == catalog.RoleReviewer && viewer.Committee != 0 && !x.Runs
	}
	switch left := catalog.DaysLeft(r.Context(), catalog.Day(text(c["closesOn"]))); {
	case left == 0:
		x.Left = "今天截止"
	default:
		x.Left = fmt.Sprintf("还有 %d 天", left)
	}
	for _, one := range list(object(c["submissions"])["nodes"]) {
		x.Scored = x.Scored || object(one)["mean"] != nil
	}
	x.Pager = newPager(r.URL.Path, r.URL.Query(), object(c["submissions"]))
	v.Extra = x
	return nil
}

func shapeCollection(v *view, r *http.Request) error {
	v.Extra = newPager(r.URL.Path, r.URL.Query(), object(object(v.Data["collection"])["cases"]))
	return nil
}

// oneDigit writes a figure with one digit behind the point, nothing where there is
// none.
func oneDigit(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v) + ".0"
	case float64:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return ""
}

// judgeExtra is what the page of a reviewer needs besides its data.
type judgeExtra struct {
	Key            string // of a link, to sign in with
	Done           string
	One            map[string]any // the submission that is read
	Number         int            // its place, from 1
	Sheet          []sheetLine
	Previous, Next string
}

// sheetLine is a criterion with what the reviewer has written so far.
type sheetLine struct {
	Name           string
	Weight         int
	Value, Comment string
}

// judgeAt returns the place that the address names, from 1.
func judgeAt(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 1 || n > 100 {
		return 1
	}
	return n
}

func judgeVariables(r *http.Request) (map[string]any, error) {
	return map[string]any{"slug": r.PathValue("slug"), "first": 100}, nil
}

func shapeJudge(v *view, r *http.Request) error {
	c := object(v.Data["call"])
	all := list(object(c["submissions"])["nodes"])
	n := judgeAt(r)
	x := judgeExtra{Number: n, Done: doneOfCalls[r.URL.Query().Get("done")]}
	if catalog.ViewerFrom(r.Context()) == nil {
		x.Key = cut(r.URL.Query().Get("key"), 200)
	}
	at := func(n int) string { return "/calls/" + url.PathEscape(text(c["slug"])) + "/judge?n=" + strconv.Itoa(n) }
	if n <= len(all) {
		x.One = object(all[n-1])
		given := map[string]map[string]any{}
		for _, s := range list(x.One["scores"]) {
			given[text(object(s)["criterion"])] = object(s)
		}
		for _, k := range list(c["criteria"]) {
			line := sheetLine{Name: text(object(k)["name"]), Weight: whole(object(k)["weight"])}
			if s := given[line.Name]; s != nil {
				line.Value, line.Comment = fmt.Sprint(s["value"]), text(s["comment"])
			}
			x.Sheet = append(x.Sheet, line)
		}
		if n < len(all) {
			x.Next = at(n + 1)
		}
	}
	if n > 1 {
		x.Previous = at(n - 1)
	}
	v.Extra = x
	return nil
}

// calling adds to the mux what is done on the pages of calls and collections.
func (s *site) calling(mux *http.ServeMux) {
	for path, do := range map[string]func(http.ResponseWriter, *http.Request) (what string, err error){
		"submit": s.submitToCall, "submission": s.takeSubmission, "run": s.runCall, "remind": s.remindCall, "score": s.scoreSubmission,
	} {
		mux.Handle("POST /calls/{slug}/"+path, s.signedIn(func(w http.ResponseWriter, r *http.Request) {
			what, err := do(w, r)
			if err != nil {
				s.fail(w, r, err)
				return
			}
			if what != "" {
				s.backToCall(w, r, what)
			}
		}))
	}
	mux.Handle("POST /calls/{slug}/reviewer", s.signedIn(s.nameReviewer))
	mux.Handle("POST /collections/{slug}/publish", s.signedIn(func(w http.ResponseWriter, r *http.Request) {
		version, _ := strconv.Atoi(r.PostForm.Get("version")) // 0 is a conflict
		if _, err := s.ofCall(r.Context(), "publishCollection", map[string]any{"id": r.PostForm.Get("id"), "version": version}); err != nil {
			s.fail(w, r, err)
			return
		}
		http.Redirect(w, r, "/collections/"+url.PathEscape(r.PathValue("slug")), http.StatusSeeOther)
	}))
	mux.Handle("GET /write/calls", s.forWriters(maxForm, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.callForm(w, r, http.StatusOK, "") })))
	mux.Handle("POST /write/calls", s.forWriters(maxForm, http.HandlerFunc(s.takeCall)))
}

// signedIn lets those through who are signed in, with the form read.
func (s *site) signedIn(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if readerOf(r) == nil {
			http.Redirect(w, r, signInURL(r), http.StatusSeeOther)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			s.fail(w, r, badAddress("表单不完整，请返回重试。"))
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		next(w, r)
	})
}

func (s *site) backToCall(w http.ResponseWriter, r *http.Request, what string) {
	at, place := "/calls/"+url.PathEscape(r.PathValue("slug")), ""
	q := url.Values{"done": {what}}
	if what == "score" {
		at += "/judge"
		n, _ := strconv.Atoi(r.PostForm.Get("n"))
		q.Set("n", strconv.Itoa(n+1))
	}
	http.Redirect(w, r, at+"?"+q.Encode()+place, http.StatusSeeOther)
}

// ofCall runs one of the mutations on calls, and returns what it gives.
func (s *site) ofCall(ctx context.Context, name string, variables map[string]any) (map[string]any, error) {
	data, failed := s.Query.Query(ctx, s.mutations["call"], name, variables)
	if len(failed) > 0 {
		return nil, &queryError{page: name, errors: failed}
	}
	var answer struct {
		Done struct{ UserErrors []problem }
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("reading the answer of %s: %w", name, err)
	}
	if len(answer.Done.UserErrors) > 0 {
		return nil, refusalOf(answer.Done.UserErrors)
	}
	var given struct{ Done map[string]any }
	err := json.Unmarshal(data, &given)
	return given.Done, err
}

// submitToCall submits a case, or says what it lacks.
func (s *site) submitToCall(w http.ResponseWriter, r *http.Request) (string, error) {
	variables := map[string]any{"call": r.PostForm.Get("call"), "case": r.PostForm.Get("case")}
	if r.PostForm.Get("do") != "check" {
		variables["note"] = r.PostForm.Get("note")
		_, err := s.ofCall(r.Context(), "submit", variables)
		return "submit", err
	}
	data, failed := s.Query.Query(r.Context(), s.mutations["call"], "check", variables)
	if len(failed) > 0 {
		return "", &queryError{page: "check", errors: failed}
	}
	decoded, err := decode(data)
	if err != nil {
		return "", err
	}
	p := pageCalled("call")
	v, err := s.ask(p, r)
	if err == nil {
		err = p.shape(v, r)
	}
	if err != nil {
		return "", err
	}
	x, _ := v.Extra.(callExtra)
	x.Checks = list(decoded["done"])
	v.Extra = x
	s.write(w, r, http.StatusOK, "call", v)
	return "", nil
}

func pageCalled(name string) page {
	for _, p := range pages {
		if p.name == name {
			return p
		}
	}
	return page{}
}

// takeSubmission does what a button beside a submission asks for.
func (s *site) takeSubmission(_ http.ResponseWriter, r *http.Request) (string, error) {
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return "", badAddress("表单不完整，请返回重试。")
	}
	variables := map[string]any{"id": r.PostForm.Get("id"), "version": version}
	switch do := r.PostForm.Get("do"); do {
	case "accept", "withdraw":
		_, err = s.ofCall(r.Context(), do, variables)
		return do, err
	case "return":
		variables["reason"] = r.PostForm.Get("reason")
		_, err = s.ofCall(r.Context(), do, variables)
		return do, err
	default:
		variables["decision"] = do
		_, err = s.ofCall(r.Context(), "decide", variables)
		return "decide", err
	}
}

// runCall does what a button of the call's caller asks for.
func (s *site) runCall(_ http.ResponseWriter, r *http.Request) (string, error) {
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return "", badAddress("表单不完整，请返回重试。")
	}
	variables := map[string]any{"id": r.PostForm.Get("id"), "version": version}
	do := r.PostForm.Get("do")
	switch do {
	case "publish", "select":
	case "close":
		if day := strings.TrimSpace(r.PostForm.Get("closesOn")); day != "" {
			variables["closesOn"] = day
		}
		variables["reason"] = r.PostForm.Get("reason")
	case "retract":
		variables["reason"] = r.PostForm.Get("reason")
	default:
		return "", badAddress("表单不完整，请返回重试。")
	}
	_, err = s.ofCall(r.Context(), do, variables)
	return do, err
}

func (s *site) remindCall(_ http.ResponseWriter, r *http.Request) (string, error) {
	_, err := s.ofCall(r.Context(), "remind", map[string]any{"call": r.PostForm.Get("call")})
	return "remind", err
}

// scoreSubmission saves a reviewer's sheet.
func (s *site) scoreSubmission(_ http.ResponseWriter, r *http.Request) (string, error) {
	names, values, comments := r.PostForm["criterion"], r.PostForm["value"], r.PostForm["comment"]
	if len(names) == 0 || len(names) != len(values) || len(names) != len(comments) {
		return "", badAddress("表单不完整，请返回重试。")
	}
	var scores []any
	for i, name := range names {
		value, err := strconv.ParseFloat(strings.TrimSpace(values[i]), 64)
		if err != nil {
			return "", refusal{http.StatusUnprocessableEntity, "没有保存", "“" + name + "”的分请写 0 至 100 的数字。请返回再填。"}
		}
		one := map[string]any{"criterion": name, "value": value}
		if comment := strings.TrimSpace(comments[i]); comment != "" {
			one["comment"] = comment
		}
		scores = append(scores, one)
	}
	_, err := s.ofCall(r.Context(), "score", map[string]any{"id": r.PostForm.Get("id"), "scores": scores})
	return "score", err
}

// nameReviewer names a reviewer, and shows the link of one from outside this once.
func (s *site) nameReviewer(w http.ResponseWriter, r *http.Request) {
	variables := map[string]any{"call": r.PostForm.Get("call"), "name": r.PostForm.Get("name"), "until": strings.TrimSpace(r.PostForm.Get("until"))}
	if account := strings.TrimSpace(r.PostForm.Get("account")); account != "" {
		variables["account"] = account
	}
	done, err := s.ofCall(r.Context(), "name", variables)
	p := pageCalled("call")
	var v *view
	if err == nil {
		v, err = s.ask(p, r)
	}
	if err == nil {
		err = p.shape(v, r)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	x, _ := v.Extra.(callExtra)
	x.Done = doneOfCalls["name"]
	if token := text(done["token"]); token != "" {
		x.Link = s.address(r) + "/calls/" + url.PathEscape(r.PathValue("slug")) + "/judge?" + url.Values{"key": {token}}.Encode()
	}
	v.Extra = x
	s.write(w, r, http.StatusOK, "call", v)
}

// callFormExtra is what the form of a call shows.
type callFormExtra struct {
	Wrong  string
	Values url.Values
	Parts  []formChoice
}

type formChoice struct {
	Value, Label string
	Chosen       bool
}

func (s *site) callForm(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	v := s.newView(page{name: "write-call", nav: "write"}, r)
	x := callFormExtra{Wrong: wrong, Values: r.PostForm}
	if x.Values == nil {
		x.Values = url.Values{"parts": {"BACKGROUND", "APPROACH", "RESULTS", "LESSONS"}, "criteria": {"真实 1\n创新 1\n实效 1\n可推广 1"}}
	}
	for _, p := range catalog.CaseParts {
		chosen := false
		for _, one := range x.Values["parts"] {
			chosen = chosen || one == string(p)
		}
		x.Parts = append(x.Parts, formChoice{string(p), p.Label(), chosen})
	}
	v.Extra = x
	s.write(w, r, status, "write-call", v)
}

// takeCall drafts a call of what the form says.
func (s *site) takeCall(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, badAddress("表单不完整，请返回重试。"))
		return
	}
	in := map[string]any{"parts": r.PostForm["parts"], "blind": r.PostForm.Get("blind") == "true"}
	for _, name := range []string{"title", "text", "opensOn", "closesOn", "mark"} {
		if value := strings.TrimSpace(r.PostForm.Get(name)); value != "" || name != "mark" {
			in[name] = value
		}
	}
	for _, name := range []string{"minCharacters", "maxCharacters", "quota"} {
		value := strings.TrimSpace(r.PostForm.Get(name))
		if value == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			s.callForm(w, r, http.StatusUnprocessableEntity, "字数和限报数请写整数。")
			return
		}
		in[name] = n
	}
	var criteria []any
	for line := range strings.SplitSeq(r.PostForm.Get("criteria"), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		one := map[string]any{"name": fields[0]}
		if len(fields) > 1 {
			weight, err := strconv.Atoi(fields[1])
			if err != nil {
				s.callForm(w, r, http.StatusUnprocessableEntity, "评审标准一行一项，权重写在后面，例如“真实 2”。")
				return
			}
			one["weight"] = weight
		}
		criteria = append(criteria, one)
	}
	in["criteria"] = criteria
	done, err := s.ofCall(r.Context(), "create", map[string]any{"input": in})
	var refused refusal
	var failed *queryError
	switch {
	case errors.As(err, &refused):
		s.callForm(w, r, http.StatusUnprocessableEntity, strings.TrimSuffix(refused.text, "请返回原页，看过最新的内容再试。"))
	case errors.As(err, &failed):
		s.callForm(w, r, http.StatusUnprocessableEntity, "请把必填的项写全，日期写成 2026-09-30 的样子。")
	case err != nil:
		s.fail(w, r, err)
	default:
		http.Redirect(w, r, "/calls/"+url.PathEscape(text(object(done["record"])["slug"])), http.StatusSeeOther)
	}
}
