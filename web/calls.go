package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// callExtra is what a call's page needs besides its data.
type callExtra struct {
	Pager    pager
	Runs     bool // the reader runs the call
	Submits  bool // the reader may submit to it
	Scored   bool // the reader sees scores
	Parts    []string
	States   map[string]string // names of states
	Choices  []stateLink       // by which the submissions are narrowed
	Orders   []stateLink       // in which they are listed
	Order    string            // in which they are, "" for by rank
	Left     string            // how long it is open
	Done     string
	Link     string // of a reviewer who was named just now
	Checks   []any
	Chosen   string // the case that was checked
	Note     string
	Unshown  int    // committees that are asked and have no line on the page
	State    string // by which the submissions are narrowed
	Listed   string // what the submissions are that are listed
	Count    int    // how many there are of what Listed says
	Unchosen int    // of the reader's own committee, listed beside what was selected
	Workflow workflow
}

// stateLink leads to the submissions in a state.
type stateLink struct {
	Label, URL string
	On         bool
}

// doneOfCalls are what was done, by the parameter of the address.
var doneOfCalls = map[string]string{
	"submit": "已报送。", "withdraw": "报送已撤回。", "return": "已退回。", "accept": "已接收。", "decide": "已记下，公布前只有本会看得到。",
	"publish": "征集已发布，已通知各政协。", "close": "截止日期已调整，已通知各政协。", "select": "结果已公布，入选案例已发布并收入汇编。", "retract": "已公布的结果已撤回。",
	"remind": "已提醒还没有报送的政协。", "name": "已指定评审。", "score": "评分已保存。", "dismiss": "已取消评审，他的评分一并取消。", "several": "已办理。",
}

// callSubmissions is how many submissions a page of a call shows.
const callSubmissions = 50

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
	v["first"] = callSubmissions
	if orderOf(r) == "" { // who sees no ranks has them as they were sent
		v["orderBy"] = map[string]any{"field": string(catalog.SubmissionsByRank)}
	}
	if state := catalog.SubmissionState(r.URL.Query().Get("state")); slices.Contains(catalog.SubmissionStates, state) {
		v["state"] = []string{string(state)}
	}
	switch r.URL.Query().Get("missing") {
	case "true":
		v["missing"] = true
	case "false":
		v["missing"] = false
	}
	return v, nil
}

// orderSent has a call's submissions listed as they were sent, not by rank.
const orderSent = "sent"

func orderOf(r *http.Request) string {
	if r.URL.Query().Get("order") == orderSent {
		return orderSent
	}
	return ""
}

// callLink leads to a call's submissions in a state and an order.
func callLink(slug, state, order string) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if order != "" {
		q.Set("order", order)
	}
	at := "/calls/" + url.PathEscape(slug)
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at + "#submissions"
}

func shapeCall(v *view, r *http.Request) error {
	c := object(v.Data["call"])
	query := r.URL.Query()
	x := callExtra{States: map[string]string{}, State: query.Get("state"), Order: orderOf(r), Done: doneOfCalls[strings.TrimPrefix(query.Get("done"), ofCalls)]}
	if !strings.HasPrefix(query.Get("done"), ofCalls) {
		x.Done = ""
	}
	var err error
	if x.Workflow, err = workflowOf(callNoun, v, r); err != nil {
		return err
	}
	slug := text(c["slug"])
	x.Choices = []stateLink{{"全部", callLink(slug, "", x.Order), x.State == ""}}
	for _, s := range catalog.SubmissionStates {
		x.States[string(s)] = s.Label()
		x.Choices = append(x.Choices, stateLink{s.Label(), callLink(slug, string(s), x.Order), x.State == string(s)})
	}
	x.Orders = []stateLink{{"按名次", callLink(slug, x.State, ""), x.Order == ""}, {"按报送先后", callLink(slug, x.State, orderSent), x.Order == orderSent}}
	progress := object(c["progress"])
	x.Unshown = whole(progress["totalCount"]) - len(list(progress["nodes"]))
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
	x.Listed, x.Count, x.Unchosen = listed(x, c)
	x.Pager = newPager(r.URL.Path, r.URL.Query(), object(c["submissions"]))
	v.Extra = x
	return nil
}

// listed returns what the heading says of a call's submissions, and how many of that
// there are: once the selection is published a committee's own that were not selected
// stand in the list too, and are counted for themselves.
func listed(x callExtra, c map[string]any) (what string, count, unchosen int) {
	all := whole(object(c["submissions"])["totalCount"])
	switch {
	case x.Runs:
		return "报送", all, 0
	case c["selectedOn"] == nil:
		return "本会的报送", all, 0
	case x.States[x.State] != "":
		return x.States[x.State], all, 0
	}
	count = whole(object(c["chosen"])["totalCount"])
	return catalog.SubmissionSelected.Label(), count, all - count
}

func shapeCollection(v *view, r *http.Request) error {
	w, err := workflowOf(collectionNoun, v, r)
	v.Extra = collectionExtra{newPager(r.URL.Path, r.URL.Query(), object(object(v.Data["collection"])["cases"])), w}
	return err
}

// collectionExtra is what a collection's page needs besides its data.
type collectionExtra struct {
	Pager    pager
	Workflow workflow
}

// calling adds to the mux what is done on the pages of calls and collections.
func (s *site) calling(mux *http.ServeMux) {
	for path, do := range map[string]func(http.ResponseWriter, *http.Request) (what string, err error){
		"submit": s.submitToCall, "submission": s.takeSubmission, "several": s.takeSeveral, "run": s.runCall, "remind": s.remindCall, "score": s.scoreSubmission,
		"dismiss": s.dismissReviewer,
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
	mux.Handle("POST /calls/{slug}/results", s.forWriters(maxResultsFile+1<<20, http.HandlerFunc(s.takeResults)))
	mux.Handle("POST /calls/{slug}/reviewer", s.signedIn(s.nameReviewer))
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

// ofCalls begins what was done with a call's submissions, as the workflow's actions have
// the same names.
const ofCalls = "call-"

func (s *site) backToCall(w http.ResponseWriter, r *http.Request, what string) {
	at := "/calls/" + url.PathEscape(r.PathValue("slug"))
	q := url.Values{"done": {ofCalls + what}}
	if what == "score" {
		at += "/judge"
		n, _ := strconv.Atoi(r.PostForm.Get("n"))
		q.Set("n", strconv.Itoa(n+1))
	}
	for _, name := range []string{"state", "order"} { // as the list was seen
		if value := r.PostForm.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	http.Redirect(w, r, at+"?"+q.Encode(), http.StatusSeeOther)
}

// ofCall runs one of the mutations on calls, and returns what it gives.
func (s *site) ofCall(ctx context.Context, name string, variables map[string]any) (map[string]any, error) {
	data, failed := s.Query.Query(ctx, s.mutations["calling"], name, variables)
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
	data, failed := s.Query.Query(r.Context(), s.mutations["calling"], "check", variables)
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
	x.Chosen, x.Note = r.PostForm.Get("case"), r.PostForm.Get("note")
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
	case "select":
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
	variables := map[string]any{"call": r.PostForm.Get("call")}
	if r.PostForm.Get("do") == "some" {
		if len(r.PostForm["committee"]) == 0 {
			return "", refusal{http.StatusUnprocessableEntity, "没有提醒", "没有勾选政协。请返回勾选，或者点“提醒所有还没有报送的政协”。"}
		}
		variables["committees"] = r.PostForm["committee"]
	}
	_, err := s.ofCall(r.Context(), "remind", variables)
	return "remind", err
}

func (s *site) dismissReviewer(_ http.ResponseWriter, r *http.Request) (string, error) {
	_, err := s.ofCall(r.Context(), "dismiss", map[string]any{"call": r.PostForm.Get("call"), "name": r.PostForm.Get("name")})
	return "dismiss", err
}

// takeSeveral does the same with all submissions that are ticked, one after another;
// what cannot be done with one is told, and what was done before stays done.
func (s *site) takeSeveral(_ http.ResponseWriter, r *http.Request) (string, error) {
	do := r.PostForm.Get("do")
	picks := r.PostForm["pick"]
	if do == "top" {
		var err error
		if picks, err = s.firstPlaces(r); err != nil {
			return "", err
		}
		do = string(catalog.DecisionSelected)
	}
	if len(picks) == 0 {
		return "", refusal{http.StatusUnprocessableEntity, "没有办理", "没有勾选报送。请返回勾选再办。"}
	}
	name := "decide"
	if do == "accept" {
		name = "accept"
	} else if !catalog.Decision(do).Valid() {
		return "", badAddress("表单不完整，请返回重试。")
	}
	for i, pick := range picks {
		id, number, _ := strings.Cut(pick, ":")
		version, _ := strconv.Atoi(number) // 0 is a conflict
		variables := map[string]any{"id": id, "version": version}
		if name == "decide" {
			variables["decision"] = do
		}
		var refused refusal
		if _, err := s.ofCall(r.Context(), name, variables); errors.As(err, &refused) {
			refused.text = fmt.Sprintf("勾选的 %d 个中，前 %d 个已办；第 %d 个：%s", len(picks), i, i+1, refused.text)
			return "", refused
		} else if err != nil {
			return "", err
		}
	}
	return "several", nil
}

const rankedSubmissions = `query Ranked($slug: String!, $after: String) { call(slug: $slug) { submissions(state: [ACCEPTED, SHORTLISTED, NOT_SELECTED], first: 100, after: $after) {
	pageInfo { hasNextPage endCursor } nodes { id version rank } } } }`

// firstPlaces are the submissions of the call's first places, that are not selected
// yet, with their versions.
func (s *site) firstPlaces(r *http.Request) ([]string, error) {
	most, err := strconv.Atoi(strings.TrimSpace(r.PostForm.Get("places")))
	if err != nil || most < 1 {
		return nil, refusal{http.StatusUnprocessableEntity, "没有办理", "请写要入选到第几名，例如 60。请返回再填。"}
	}
	var picks []string
	variables := map[string]any{"slug": r.PathValue("slug")}
	for {
		data, failed := s.Query.Query(r.Context(), rankedSubmissions, "", variables)
		if len(failed) > 0 {
			return nil, &queryError{page: "call", errors: failed}
		}
		answer, err := decode(data)
		if err != nil {
			return nil, err
		}
		page := object(object(answer["call"])["submissions"])
		for _, one := range list(page["nodes"]) {
			if o := object(one); o["rank"] != nil && whole(o["rank"]) <= most {
				picks = append(picks, fmt.Sprintf("%s:%d", text(o["id"]), whole(o["version"])))
			}
		}
		next := object(page["pageInfo"])
		if next["hasNextPage"] != true {
			return picks, nil
		}
		variables["after"] = next["endCursor"]
	}
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

// maxResultsFile bounds a workbook of results, in bytes.
const maxResultsFile = 8 << 20

// takeResults writes what a workbook says became of a call of earlier years into the
// call.
func (s *site) takeResults(w http.ResponseWriter, r *http.Request) {
	if s.Import == nil {
		s.notFound(w, r)
		return
	}
	if err := r.ParseMultipartForm(maxResultsFile); err != nil {
		s.fail(w, r, refusal{http.StatusRequestEntityTooLarge, "没有登记", "文件读不了，或者超过 8 MB。请返回再选。"})
		return
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }() // among temporary files
	file, header, err := r.FormFile("file")
	if err != nil {
		s.fail(w, r, badAddress("没有选择文件，请返回再选。"))
		return
	}
	defer file.Close()
	results, err := s.Import.CallResults(file, header.Size)
	var known *catalog.Error
	if errors.As(err, &known) {
		err = refusal{http.StatusUnprocessableEntity, "没有登记", "这个文件" + known.Zh + "。请返回再选。"}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.askForm(r, callNoun)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	record := object(v.Data["call"])
	in := callNoun.input(callNoun.values(record), record)
	in.input["results"] = resultInputs(results)
	now, wrong, err := s.mutate(r.Context(), callNoun, "update", map[string]any{"id": record["id"], "version": whole(record["version"]), "input": in.input})
	switch {
	case err != nil:
		s.fail(w, r, err)
	case len(wrong) > 0:
		s.fail(w, r, refusalOf(wrong))
	default:
		http.Redirect(w, r, "/calls/"+url.PathEscape(now.Slug)+"?done=update#results", http.StatusSeeOther)
	}
}

func resultInputs(results []catalog.CallResultInput) []any {
	all := make([]any, len(results))
	for i, o := range results {
		one := map[string]any{"title": o.Title}
		for name, value := range map[string]string{"unit": o.Unit, "award": o.Award, "case": o.Case} {
			if value != "" {
				one[name] = value
			}
		}
		all[i] = one
	}
	return all
}
