package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// record is what the tests ask of a changed record, whatever its kind.
type record struct {
	ID, Slug, Origin, Status string
	Version                  int
	Actions                  []string
}

type userError struct {
	Path               []string
	Code               string
	Message, MessageZh string
	Conflict           *struct {
		Version int
		Fields  []string
		By      []string
	}
}

type payload struct {
	Record     *record
	UserErrors []userError
}

// payloadFields asks for what the mutation's payload has.
func payloadFields(mutation string) string {
	name, _, _ := strings.Cut(mutation, "(")
	more := "status actions"
	if strings.HasPrefix(name, "record") {
		more = ""
	}
	return `record { id slug origin version ` + more + ` } userErrors { path code message messageZh conflict { version fields by } }`
}

// change runs one mutation, written as `submitCase(id: $id, version: 1)`, and
// returns its payload; an error of the request ends the test.
func (a *api) change(t *testing.T, mutation string, variables map[string]any) payload {
	t.Helper()
	var got struct{ Changed payload }
	a.get(t, mutationOf(mutation, variables), variables, &got)
	return got.Changed
}

// mutationOf declares the variables that a mutation uses.
func mutationOf(mutation string, variables map[string]any) string {
	types := map[string]string{"id": "ID!", "v": "Int!", "case": "CaseInput!", "brand": "BrandInput!", "proposal": "ProposalInput!", "adoption": "AdoptionInput!", "evaluation": "EvaluationInput!", "need": "NeedInput!", "report": "ReportInput!", "person": "PersonInput!",
		"venue": "VenueInput!", "activity": "ActivityInput!", "practice": "PracticeInput!", "round": "EvaluationRoundInput!", "keep": "ID!", "kv": "Int!", "call": "CallInput!", "collection": "CollectionInput!"}
	var declared []string
	for name := range variables {
		declared = append(declared, "$"+name+": "+types[name])
	}
	slices.Sort(declared)
	head := "mutation"
	if len(declared) > 0 {
		head += "(" + strings.Join(declared, ", ") + ")"
	}
	return head + ` { changed: ` + mutation + ` { ` + payloadFields(mutation) + ` } }`
}

// done is a change that must have been made.
func (a *api) done(t *testing.T, mutation string, variables map[string]any) *record {
	t.Helper()
	p := a.change(t, mutation, variables)
	if len(p.UserErrors) > 0 || p.Record == nil {
		t.Fatalf("%s: %+v", mutation, p.UserErrors)
	}
	return p.Record
}

// refused is a change that must not have been made: it returns the errors as
// `CODE path`.
func (a *api) refused(t *testing.T, mutation string, variables map[string]any) []string {
	t.Helper()
	p := a.change(t, mutation, variables)
	if p.Record != nil {
		t.Errorf("%s: changed %+v", mutation, p.Record)
	}
	list := []string{}
	for _, e := range p.UserErrors {
		if e.Message == "" || e.MessageZh == "" {
			t.Errorf("%s: %+v lacks a sentence", mutation, e)
		}
		list = append(list, e.Code+" "+strings.Join(e.Path, "."))
	}
	return list
}

func TestACaseGoesItsWayToThePublicAndBack(t *testing.T) {
	o := newOffice(t)
	editor, reviewer, public := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "prefecture")), o.as(nil)
	input := map[string]any{"title": "老旧小区加装电梯", "background": "居民上下楼难。", "topics": []string{"民生"}, "startedOn": "2025-03"}

	c := editor.done(t, `createCase(input: $case)`, map[string]any{"case": input})
	if c.Slug != "lao-jiu-xiao-qu-jia-zhuang-dian-ti" || c.Origin != "CONTRIBUTED" || c.Status != "DRAFT" || c.Version != 1 {
		t.Errorf("created %+v", c)
	}
	if diff := cmp.Diff([]string{"UPDATE", "SUBMIT", "ARCHIVE", "RESTORE"}, c.Actions); diff != "" {
		t.Errorf("the editor's actions: (-want +got):\n%s", diff)
	}
	found := func(want int) {
		t.Helper()
		o.follow(t)
		var got struct {
			Search struct{ TotalCount int }
			Case   *struct{ ID string }
		}
		public.get(t, `{ search(query: "加装电梯") { totalCount } case(slug: "`+c.Slug+`") { id } }`, nil, &got)
		if got.Search.TotalCount != want || (got.Case != nil) != (want == 1) {
			t.Errorf("the public finds %d, case %v; want %d", got.Search.TotalCount, got.Case, want)
		}
	}
	step := func(a *api, mutation, status string, version int) {
		t.Helper()
		got := a.done(t, mutation, map[string]any{"id": c.ID, "v": c.Version})
		if got.Status != status || got.Version != version {
			t.Fatalf("%s: %+v, want %s at version %d", mutation, got, status, version)
		}
		c = got
	}
	found(0)
	step(editor, `submitCase(id: $id, version: $v)`, "IN_REVIEW", 2)
	step(reviewer, `returnCase(id: $id, version: $v, reason: "请补充成效")`, "DRAFT", 3)
	input["results"] = "装了三部电梯。"
	c = editor.done(t, `updateCase(id: $id, version: $v, input: $case)`, map[string]any{"id": c.ID, "v": 3, "case": input})
	step(editor, `submitCase(id: $id, version: $v)`, "IN_REVIEW", 5)
	step(reviewer, `publishCase(id: $id, version: $v)`, "PUBLISHED", 6)
	found(1)
	step(reviewer, `archiveCase(id: $id, version: $v, reason: "重复")`, "ARCHIVED", 7)
	found(0)
	step(reviewer, `restoreCase(id: $id, version: $v, revision: 1)`, "DRAFT", 8)
	found(0)

	var got struct {
		Case struct {
			Results   *string
			Level     string
			Committee struct{ Slug string }
			Revisions struct {
				Nodes []struct {
					Version    int
					By, Status string
					Reason     *string
					Changes    []struct{ Path string }
				}
			}
		}
	}
	editor.get(t, `{ case(slug: "`+c.Slug+`") { results level committee { slug } revisions { nodes { version by status reason changes { path } } } } }`, nil, &got)
	if got.Case.Results != nil || got.Case.Level != "COUNTY" || got.Case.Committee.Slug != "own" {
		t.Errorf("restored %+v", got.Case)
	}
	var history []string
	for _, r := range got.Case.Revisions.Nodes {
		line := fmt.Sprintf("%d %s by %s", r.Version, r.Status, r.By)
		if r.Reason != nil {
			line += ": " + *r.Reason
		}
		if r.Version > 1 {
			for _, c := range r.Changes {
				line += " " + c.Path
			}
		}
		history = append(history, line)
	}
	if diff := cmp.Diff([]string{
		"8 DRAFT by reviewer of prefecture results status", "7 ARCHIVED by reviewer of prefecture: 重复 status", "6 PUBLISHED by reviewer of prefecture status",
		"5 IN_REVIEW by editor of own status", "4 DRAFT by editor of own results", "3 DRAFT by reviewer of prefecture: 请补充成效 status",
		"2 IN_REVIEW by editor of own status", "1 DRAFT by editor of own",
	}, history); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestBrandsAndProposalsGoTheSameWay(t *testing.T) {
	o := newOffice(t)
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	brand := map[string]any{"name": "谏议朝阳", "description": "一个品牌"}
	proposal := map[string]any{
		"title": "关于加装电梯的建议", "proposers": []any{map[string]any{"committee": "own"}}, "isKey": true, "year": 2025,
		"undertakers": []any{map[string]any{"name": "住建局", "isLead": true}},
		"events":      []any{map[string]any{"kind": "FILED", "occurredOn": "2025-01"}, map[string]any{"kind": "REPLIED", "occurredOn": "2025-06-01", "note": "已答复"}},
		"resolution":  "B", "satisfaction": "SATISFIED", "topics": []string{"livelihood"},
		"supervisions": []any{map[string]any{"office": "副主席", "year": 2025, "visits": 2}},
		"outcomes":     []any{map[string]any{"form": "建议案", "status": "ADOPTED"}},
	}
	for kind, input := range map[string]map[string]any{"Brand": brand, "Proposal": proposal} {
		name := strings.ToLower(kind)
		r := editor.done(t, `create`+kind+`(input: $`+name+`)`, map[string]any{name: input})
		input["alternativeTitles"], input["alternativeNames"] = []string{"又名"}, []string{"又名"}
		delete(input, map[string]string{"Brand": "alternativeTitles", "Proposal": "alternativeNames"}[kind])
		r = editor.done(t, `update`+kind+`(id: $id, version: $v, input: $`+name+`)`, map[string]any{"id": r.ID, "v": r.Version, name: input})
		for _, step := range []struct {
			who              *api
			mutation, status string
		}{
			{editor, `submit` + kind + `(id: $id, version: $v)`, "IN_REVIEW"},
			{reviewer, `return` + kind + `(id: $id, version: $v, reason: "再改")`, "DRAFT"},
			{editor, `submit` + kind + `(id: $id, version: $v)`, "IN_REVIEW"},
			{reviewer, `publish` + kind + `(id: $id, version: $v)`, "PUBLISHED"},
			{reviewer, `archive` + kind + `(id: $id, version: $v, reason: "停用")`, "ARCHIVED"},
			{reviewer, `restore` + kind + `(id: $id, version: $v, revision: 2)`, "DRAFT"},
		} {
			next := step.who.done(t, step.mutation, map[string]any{"id": r.ID, "v": r.Version})
			if next.Status != step.status || next.Version != r.Version+1 {
				t.Fatalf("%s: %+v, want %s at version %d", step.mutation, next, step.status, r.Version+1)
			}
			r = next
		}
	}
	var got struct {
		Proposal struct {
			Events       []struct{ Kind, OccurredOn string }
			Resolution   string
			Satisfaction string
			Undertakers  []struct{ IsLead bool }
			Supervisions []struct{ Visits int }
			Outcomes     []struct{ Status string }
			Revisions    struct{ TotalCount int }
			Actions      []string
		}
	}
	editor.get(t, `{ proposal(slug: "guan-yu-jia-zhuang-dian-ti-de-jian-yi") { events { kind occurredOn } resolution satisfaction undertakers { isLead }
		supervisions { visits } outcomes { status } revisions { totalCount } actions } }`, nil, &got)
	p := got.Proposal
	if len(p.Events) != 2 || p.Events[1].OccurredOn != "2025-06-01" || p.Resolution != "B" || p.Satisfaction != "SATISFIED" || !p.Undertakers[0].IsLead ||
		p.Supervisions[0].Visits != 2 || p.Outcomes[0].Status != "ADOPTED" || p.Revisions.TotalCount != 8 || len(p.Actions) == 0 {
		t.Errorf("%+v", p)
	}
}

func TestOfManyEditorsOnOneVersionOneWins(t *testing.T) {
	o := newOffice(t)
	c := o.as(o.viewer(catalog.RoleEditor, "own")).done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "原题", "summary": "原摘要"}})
	const editors = 16
	payloads := make([]payload, editors)
	var wait sync.WaitGroup
	for i := range editors {
		wait.Go(func() {
			v := o.viewer(catalog.RoleEditor, "own")
			v.Name = fmt.Sprintf("editor %d", i)
			input := map[string]any{"title": "新题", "summary": fmt.Sprintf("第 %d 人的摘要", i)}
			payloads[i] = o.as(v).change(t, `updateCase(id: $id, version: 1, input: $case)`, map[string]any{"id": c.ID, "case": input})
		})
	}
	wait.Wait()
	winner := slices.IndexFunc(payloads, func(p payload) bool { return p.Record != nil })
	if winner < 0 {
		t.Fatal("nobody won")
	}
	for i, p := range payloads {
		if i == winner {
			continue
		}
		if len(p.UserErrors) != 1 || p.UserErrors[0].Code != "CONFLICT" {
			t.Fatalf("editor %d: %+v", i, p)
		}
		e := p.UserErrors[0]
		if e.Conflict.Version != 2 || !slices.Equal(e.Conflict.Fields, []string{"summary", "title"}) || !slices.Equal(e.Conflict.By, []string{fmt.Sprintf("editor %d", winner)}) {
			t.Errorf("editor %d learns %+v", i, e.Conflict)
		}
		if !strings.Contains(e.MessageZh, "摘要、标题") || !strings.Contains(e.Message, "summary, title") {
			t.Errorf("%s %s", e.Message, e.MessageZh)
		}
	}
	if n := o.revisions(t, "yuan-ti"); n != 2 {
		t.Errorf("%d revisions, want 2", n)
	}
}

// revisions counts a case's versions, as an admin sees them.
func (o *office) revisions(t *testing.T, slug string) int {
	t.Helper()
	var got struct {
		Case struct{ Revisions struct{ TotalCount int } }
	}
	o.as(&catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin}).get(t, `{ case(slug: "`+slug+`") { revisions { totalCount } } }`, nil, &got)
	return got.Case.Revisions.TotalCount
}

// sent sends a request with an idempotency key and returns the whole answer.
func (a *api) sent(t *testing.T, key, query string, variables map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Error(err)
		return ""
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Body.String()
}

func TestTheSameKeyIsOneChange(t *testing.T) {
	o := newOffice(t)
	a := o.as(o.viewer(catalog.RoleEditor, "own"))
	variables := map[string]any{"case": map[string]any{"title": "只建一次"}}
	// Two changes a request: a key holds for each of them by itself.
	const query = `mutation($case: CaseInput!) { one: createCase(input: $case) { record { id slug version } userErrors { code } } two: createCase(input: $case) { record { id slug version } userErrors { code } } }`
	const times = 50
	answers := make([]string, times)
	var wait sync.WaitGroup
	for i := range times {
		wait.Go(func() { answers[i] = a.sent(t, "key-1", query, variables) })
	}
	wait.Wait()
	for i, answer := range answers {
		if answer != answers[0] || !strings.Contains(answer, `"zhi-jian-yi-ci"`) || !strings.Contains(answer, `"zhi-jian-yi-ci-2"`) {
			t.Fatalf("answer %d: %s, the first: %s", i, answer, answers[0])
		}
	}
	count := func() int {
		var got struct{ Cases struct{ TotalCount int } }
		a.get(t, `{ cases(filter: {status: [DRAFT]}) { totalCount } }`, nil, &got)
		return got.Cases.TotalCount
	}
	if n := count(); n != 2 {
		t.Errorf("%d cases, want 2", n)
	}
	other := map[string]any{"case": map[string]any{"title": "另一个"}}
	if answer := a.sent(t, "key-1", query, other); !strings.Contains(answer, `"code":"INVALID"`) || !strings.Contains(answer, "Idempotency-Key") {
		t.Errorf("the same key with another request: %s", answer)
	}
	if answer := o.as(o.viewer(catalog.RoleEditor, "other")).sent(t, "key-1", query, variables); !strings.Contains(answer, `"zhi-jian-yi-ci-3"`) {
		t.Errorf("the same key of another viewer: %s", answer)
	}
	for _, key := range []string{strings.Repeat("k", 256), "键", "a\tb"} {
		if answer := a.sent(t, key, query, other); !strings.Contains(answer, `"code":"INVALID"`) {
			t.Errorf("key %q: %s", key, answer)
		}
	}
	if n := count(); n != 2 {
		t.Errorf("%d cases, want 2", n)
	}
	// A change that was refused has not used its key up.
	wrong := map[string]any{"case": map[string]any{"title": "待改", "committee": "other"}}
	const one = `mutation($case: CaseInput!) { createCase(input: $case) { record { slug } userErrors { code } } }`
	if answer := a.sent(t, "key-2", one, wrong); !strings.Contains(answer, "FORBIDDEN") {
		t.Errorf("for another committee: %s", answer)
	}
	if answer := a.sent(t, "key-2", one, map[string]any{"case": map[string]any{"title": "待改"}}); !strings.Contains(answer, `"dai-gai"`) {
		t.Errorf("mended: %s", answer)
	}
}

func TestTheSameContentIsNoNewVersion(t *testing.T) {
	o := newOffice(t)
	a := o.as(o.viewer(catalog.RoleEditor, "own"))
	input := map[string]any{"title": "原样", "committee": "own", "topics": []string{"livelihood"}}
	c := a.done(t, `createCase(input: $case)`, map[string]any{"case": input})
	for range 2 {
		if again := a.done(t, `updateCase(id: $id, version: 1, input: $case)`, map[string]any{"id": c.ID, "case": input}); again.Version != 1 {
			t.Errorf("version %d, want 1", again.Version)
		}
	}
	if n := o.revisions(t, "yuan-yang"); n != 1 {
		t.Errorf("%d revisions, want 1", n)
	}
}

// A draft finds its peers by what it says, since the index does not know it.
func TestADraftFindsItsPeers(t *testing.T) {
	o := newOffice(t)
	put(t, o.store, []catalog.Input{&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "theirs"}, Title: "老旧小区加装电梯", Committee: "other", Background: "居民上下楼难"}})
	o.follow(t)
	a := o.as(o.viewer(catalog.RoleEditor, "own"))
	a.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "小区电梯", "slug": "draft", "summary": "加装电梯，解决上下楼难"}})
	var got struct {
		Case struct {
			Similar []struct{ Case struct{ Slug string } }
		}
	}
	a.get(t, `{ case(slug: "draft") { similar { case { slug } } } }`, nil, &got)
	if s := got.Case.Similar; len(s) != 1 || s[0].Case.Slug != "theirs" {
		t.Errorf("similar: %+v", s)
	}
}

func TestAdoptionsAndRatingsAreRecorded(t *testing.T) {
	o := newOffice(t)
	put(t, o.store, []catalog.Input{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "theirs"}, Title: "他山之石", Committee: "other"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "ours"}, Title: "本地做法", Committee: "own"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "faraway"}, Title: "外地做法", Committee: "away"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "back"}, Title: "又学回来", Committee: "away"},
	})
	// Who may publish records what is public at once; an editor's waits for review.
	own, away := o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(o.viewer(catalog.RoleReviewer, "away"))
	const record = `recordAdoption(input: $adoption)`
	a := own.done(t, record, map[string]any{"adoption": map[string]any{"case": "theirs", "adoptedOn": "2025-05", "changes": "换了场地", "resultingCase": "ours"}})
	if a.Origin != "CONTRIBUTED" || a.Slug != "theirs" {
		t.Errorf("recorded %+v", a)
	}
	away.done(t, record, map[string]any{"adoption": map[string]any{"case": "ours", "resultingCase": "faraway"}})
	for want, input := range map[string]map[string]any{
		"INVALID input":               {"case": "ours"},                                                   // one's own
		"FORBIDDEN input.adopter":     {"case": "faraway", "adopter": "away"},                             // for another
		"INVALID input.resultingCase": {"case": "faraway", "resultingCase": "back"},                       // not one's own
		"NOT_FOUND input.case":        {"case": "no-such"},                                                //
		"INVALID input ":              {"case": "faraway", "resultingCase": "ours", "changes": "绕了一圈又回来"}, // a circle: ours, faraway, ours
	} {
		if got := own.refused(t, record, map[string]any{"adoption": input}); !slices.Equal(got, []string{strings.TrimSpace(want)}) {
			t.Errorf("%v: %v, want %s", input, got, want)
		}
	}
	var got struct {
		Case struct {
			Adoptions struct {
				Nodes []struct {
					Adopter       struct{ Slug string }
					ResultingCase struct{ Slug string }
				}
			}
		}
	}
	o.as(nil).get(t, `{ case(slug: "theirs") { adoptions { nodes { adopter { slug } resultingCase { slug } } } } }`, nil, &got)
	if n := got.Case.Adoptions.Nodes; len(n) != 1 || n[0].Adopter.Slug != "own" || n[0].ResultingCase.Slug != "ours" {
		t.Errorf("adoptions %+v", n)
	}

	const rate = `recordEvaluation(input: $evaluation)`
	rating := map[string]any{"year": 2025, "department": "住建局", "score": 92.5, "raters": 40, "countsInReview": true}
	if e := own.done(t, rate, map[string]any{"evaluation": rating}); e.Slug != "2025-zhu-jian-ju" {
		t.Errorf("rated %+v", e)
	}
	if got := own.refused(t, rate, map[string]any{"evaluation": rating}); !slices.Equal(got, []string{"DUPLICATE input"}) {
		t.Errorf("rated twice: %v", got)
	}
	rating["committee"] = "other"
	if got := own.refused(t, rate, map[string]any{"evaluation": rating}); !slices.Equal(got, []string{"FORBIDDEN input.committee"}) {
		t.Errorf("rated for another: %v", got)
	}
}

func TestTheViewerIsTold(t *testing.T) {
	o := newOffice(t)
	type viewer struct {
		Viewer *struct {
			Name, Role string
			Committee  *struct{ Slug string }
			Grants     []struct {
				Action, Relation string
				Statuses         []string
			}
		}
	}
	const query = `{ viewer { name role committee { slug } grants { action relation statuses } } }`
	var nobody, editor viewer
	o.as(nil).get(t, query, nil, &nobody)
	if nobody.Viewer != nil {
		t.Errorf("an anonymous reader is %+v", nobody.Viewer)
	}
	o.as(o.viewer(catalog.RoleEditor, "own")).get(t, query, nil, &editor)
	v := editor.Viewer
	if v.Name != "editor of own" || v.Role != "EDITOR" || v.Committee.Slug != "own" || len(v.Grants) < 8 || v.Grants[0].Action != "READ" || len(v.Grants[0].Statuses) != 4 {
		t.Errorf("%+v", v)
	}
}
