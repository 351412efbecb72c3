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

// ofCall runs one of the mutations on calls, and returns what it answers.
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
