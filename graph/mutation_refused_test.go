package graph_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
)

// Who may not, and what they learn: of a draft that is not theirs nothing, not
// even that it is there.
func TestWhoMayNotIsTold(t *testing.T) {
	o := newOffice(t)
	own := o.as(o.viewer(catalog.RoleEditor, "own"))
	draft := own.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "草稿"}})
	open := own.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "公开"}})
	own.done(t, `submitCase(id: $id, version: 1)`, map[string]any{"id": open.ID})
	o.as(o.viewer(catalog.RoleReviewer, "own")).done(t, `publishCase(id: $id, version: 2)`, map[string]any{"id": open.ID})

	const update, submit, publish, archive = `updateCase(id: $id, version: $v, input: $case)`, `submitCase(id: $id, version: $v)`, `publishCase(id: $id, version: $v)`, `archiveCase(id: $id, version: $v, reason: "试")`
	for _, test := range []struct {
		who      *catalog.Viewer
		mutation string
		record   *record
		version  int
		want     string
	}{
		{o.viewer(catalog.RoleEditor, "other"), update, draft, 1, "NOT_FOUND id"},
		{o.viewer(catalog.RoleReviewer, "away"), publish, draft, 1, "NOT_FOUND id"},
		{o.viewer(catalog.RoleEditor, "other"), update, open, 3, "FORBIDDEN id"},
		{o.viewer(catalog.RoleEditor, "other"), update, open, 1, "FORBIDDEN id"}, // not CONFLICT, which would tell what drafts said
		{o.viewer(catalog.RoleReader, "own"), archive, open, 3, "FORBIDDEN id"},
		{o.viewer(catalog.RoleEditor, "own"), update, open, 3, "FORBIDDEN id"},
		{o.viewer(catalog.RoleEditor, "own"), archive, open, 3, "FORBIDDEN id"},
		{o.viewer(catalog.RoleEditor, "own"), publish, draft, 1, "FORBIDDEN id"},
		{o.viewer(catalog.RoleReviewer, "prefecture"), submit, draft, 1, "FORBIDDEN id"},
		{o.viewer(catalog.RoleReviewer, "own"), publish, draft, 1, "INVALID id"}, // not handed in yet
		{o.viewer(catalog.RoleReviewer, "own"), publish, open, 3, "INVALID id"},
		{o.viewer(catalog.RoleEditor, "own"), submit, draft, 7, "CONFLICT version"},
		{o.viewer(catalog.RoleEditor, "own"), submit, draft, 0, "INVALID version"},
	} {
		variables := map[string]any{"id": test.record.ID, "v": test.version}
		if test.mutation == update {
			variables["case"] = map[string]any{"title": "改"}
		}
		if diff := cmp.Diff([]string{test.want}, o.as(test.who).refused(t, test.mutation, variables)); diff != "" {
			t.Errorf("%s as %s: (-want +got):\n%s", test.mutation, test.who.Name, diff)
		}
	}
	for name, id := range map[string]string{"made up": "x", "another kind's": catalog.EncodeID(catalog.KindCommittee, o.committees["own"])} {
		want := map[string]string{"made up": "NOT_FOUND id", "another kind's": "INVALID id"}[name]
		if got := own.refused(t, submit, map[string]any{"id": id, "v": 1}); len(got) != 1 || got[0] != want {
			t.Errorf("an id that is %s: %v, want %s", name, got, want)
		}
	}
}

func TestNothingIsWrittenWithoutSigningIn(t *testing.T) {
	o := newOffice(t)
	mutations := graph.NewSchema(&graph.Resolver{}).Schema().Mutation.Fields
	a := o.as(nil)
	inputs := map[string]string{"Case": `{title: "试"}`, "Brand": `{name: "试"}`, "Proposal": `{title: "试"}`, "Adoption": `{case: "x"}`, "Need": `{problem: "试"}`, "Report": `{record: {case: "x"}, relation: ADDS, statement: "试", title: "试", url: "https://example.org/"}`, "Evaluation": `{year: 2025, department: "局"}`,
		"Call": `{title: "试", text: "试", opensOn: "2026-01-01", closesOn: "2026-02-01", parts: [RESULTS]}`, "Collection": `{title: "试", cases: ["x"]}`,
		"Person": `{name: "试"}`, "Venue": `{name: "试", kind: CONSULTATION_ROOM}`, "Activity": `{kind: OTHER, title: "试"}`, "Practice": `{title: "试", text: "试"}`, "EvaluationRound": `{year: 2025}`,
		"giveAccess": `{name: "试", role: READER}`, "addWebhook": `{name: "试", form: GENERIC, url: "https://example.org/"}`}
	for _, field := range mutations {
		values := map[string]string{"id": `"x"`, "version": `1`, "reason": `"试"`, "revision": `1`, "thanks": `"谢"`, "case": `"x"`, "ids": `null`, "topic": `"x"`, "committee": `null`, "region": `null`, "query": `null`, "kind": `"CASE"`, "record": `null`, "name": `null`, "content": `"{}"`, "seen": `null`, "closesOn": `null`,
			"call": `"x"`, "note": `null`, "decision": `SELECTED`, "scores": `[{criterion: "试", value: 1}]`, "until": `"2026-12-31"`, "account": `null`, "committees": `null`,
			"days": `90`, "role": `READER`, "contact": `{name: "试"}`, "kinds": `[]`, "email": `null`, "code": `"x"`, "keep": `"x"`, "keepVersion": `1`, "drop": `"x"`, "dropVersion": `1`}
		for kind, input := range inputs {
			if strings.HasSuffix(field.Name, kind) {
				values["input"] = input
			}
		}
		if field.Name == "setContact" {
			values["committee"] = `"x"`
		}
		if strings.HasSuffix(field.Name, "CallReviewer") {
			values["name"] = `"试"`
		}
		var args []string
		for _, arg := range field.Arguments {
			args = append(args, arg.Name+": "+values[arg.Name])
		}
		got := a.ask(t, `mutation { `+field.Name+`(`+strings.Join(args, ", ")+`) { userErrors { code } } }`, nil)
		if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
			t.Errorf("%s: %+v %s, want UNAUTHENTICATED", field.Name, got.Errors, got.Data)
		}
	}
	if n := len(mutations); n < 13 {
		t.Errorf("only %d mutations", n)
	}
}

func TestReferencesGoBySlugIDOrNameAndNeverToWhatIsHidden(t *testing.T) {
	o := newOffice(t)
	ids := o.hide(t, catalog.StatusDraft)
	a := o.as(o.viewer(catalog.RoleEditor, "other"))
	for _, committee := range []string{"other", "南关区政协", catalog.EncodeID(catalog.KindCommittee, o.committees["other"])} {
		a.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "引用", "committee": committee, "region": "220102", "possiblySameAs": []string{ids["caseOpen"]}}})
	}
	for field, value := range map[string]any{
		"brand": "hidden-brand", "possiblySameAs": []string{"hidden-case"}, "proposals": []string{ids["proposalHidden"]}, "topics": []string{"no-such"},
		"region": "999999", "participants": []any{map[string]any{"role": "CONVENER", "name": "甲", "person": "nobody"}},
	} {
		path := map[string]string{"possiblySameAs": ".0", "proposals": ".0", "topics": ".0", "participants": ".0.person"}[field]
		got := a.refused(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "引用", field: value}})
		if diff := cmp.Diff([]string{"NOT_FOUND input." + field + path}, got); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", field, diff)
		}
	}
	if got := a.refused(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "引用", "brand": ids["own"]}}); !slices.Equal(got, []string{"INVALID input.brand"}) {
		t.Errorf("the id of a committee for a brand: %v", got)
	}
	own := o.as(o.viewer(catalog.RoleEditor, "own"))
	own.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "引用", "brand": "hidden-brand", "proposals": []string{"hidden-proposal"}}})
}

func TestWhatCannotBeWrittenIsRefusedWithItsPlace(t *testing.T) {
	o := newOffice(t)
	o.hide(t, catalog.StatusDraft)
	a := o.as(o.viewer(catalog.RoleEditor, "own"))
	admin := o.as(&catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin})
	count := func() int {
		var got struct{ Cases struct{ TotalCount int } }
		admin.get(t, `{ cases(filter: {status: [DRAFT, IN_REVIEW, PUBLISHED, ARCHIVED]}) { totalCount } }`, nil, &got)
		return got.Cases.TotalCount
	}
	before := count()
	many := make([]string, catalog.MaxList+1)
	for i := range many {
		many[i] = fmt.Sprint("标题", i)
	}
	for name, test := range map[string]struct {
		input map[string]any
		want  []string
	}{
		"a title of a megabyte":   {map[string]any{"title": strings.Repeat("长", 1<<20)}, []string{"INVALID input.title"}},
		"no title":                {map[string]any{"title": " \n"}, []string{"INVALID input.title"}},
		"NUL":                     {map[string]any{"title": "题", "summary": "有\x00空"}, []string{"INVALID input.summary"}},
		"half a surrogate pair":   {map[string]any{"title": "题\ufffd"}, []string{"INVALID input.title"}},
		"no date":                 {map[string]any{"title": "题", "startedOn": "2025-02-30", "endedOn": "昨天"}, []string{"INVALID input.startedOn", "INVALID input.endedOn"}},
		"the wrong way round":     {map[string]any{"title": "题", "startedOn": "2025", "endedOn": "2024"}, []string{"INVALID input.endedOn"}},
		"a list too long":         {map[string]any{"title": "题", "alternativeTitles": many}, []string{"INVALID input.alternativeTitles"}},
		"a step twice":            {map[string]any{"title": "题", "steps": []any{map[string]any{"code": "ASK_PRIORITY", "text": "甲"}, map[string]any{"code": "ASK_PRIORITY", "text": "乙"}}}, []string{"INVALID input.steps.1"}},
		"a script for a link":     {map[string]any{"title": "题", "links": []any{map[string]any{"title": "点", "url": "javascript:alert(1)"}}}, []string{"INVALID input.links.0.url"}},
		"no slug":                 {map[string]any{"title": "题", "slug": "不是"}, []string{"INVALID input.slug"}},
		"a slug that is taken":    {map[string]any{"title": "题", "slug": "open-other"}, []string{"DUPLICATE input.slug"}},
		"another's slug, hidden":  {map[string]any{"title": "题", "slug": "hidden-case"}, []string{"DUPLICATE input.slug"}},
		"for another committee":   {map[string]any{"title": "题", "committee": "other"}, []string{"FORBIDDEN input.committee"}},
		"documented by an editor": {map[string]any{"title": "题", "origin": "DOCUMENTED"}, []string{"FORBIDDEN input.origin"}},
		"synthetic":               {map[string]any{"title": "题", "origin": "SYNTHETIC"}, []string{"INVALID input.origin"}},
		"a quote of nothing":      {map[string]any{"title": "题", "citations": []any{map[string]any{"source": "none", "quote": "无"}}}, []string{"NOT_FOUND input.citations.0.source"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, a.refused(t, `createCase(input: $case)`, map[string]any{"case": test.input})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := admin.refused(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "题", "origin": "DOCUMENTED"}}); !slices.Equal(got, []string{"INVALID input"}) {
		t.Errorf("documented without a citation: %v", got)
	}
	if after := count(); after != before {
		t.Errorf("%d cases, want %d: nothing is written of what is refused", after, before)
	}
}

// Half of a surrogate pair is no character, however it is written.
func TestHalfACharacterIsRefused(t *testing.T) {
	o := newOffice(t)
	a := o.as(o.viewer(catalog.RoleEditor, "own"))
	for name, body := range map[string]string{
		"in a variable": `{"query": "mutation($case: CaseInput!) { createCase(input: $case) { record { id } userErrors { code path } } }", "variables": {"case": {"title": "题\ud83d"}}}`,
		"in the query":  `{"query": "mutation { createCase(input: {title: \"题\\ud83d\"}) { record { id } userErrors { code path } } }"}`,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if got := w.Body.String(); !strings.Contains(got, `"record":null,"userErrors":[{"code":"INVALID","path":["input","title"]}]`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestWhatAClientCannotSetStays(t *testing.T) {
	o := newOffice(t)
	a := o.as(o.viewer(catalog.RoleEditor, "own"))
	c := a.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "原题", "slug": "chosen"}})
	const update = `updateCase(id: $id, version: 1, input: $case)`
	for want, input := range map[string]map[string]any{
		"INVALID input.slug":        {"title": "题", "slug": "another"},
		"FORBIDDEN input.committee": {"title": "题", "committee": "other"}, // given away
		"FORBIDDEN input.origin":    {"title": "题", "origin": "DOCUMENTED"},
	} {
		if got := a.refused(t, update, map[string]any{"id": c.ID, "case": input}); !slices.Equal(got, []string{want}) {
			t.Errorf("%v: %v, want %s", input, got, want)
		}
	}
	// A reviewer above does not take over a case by leaving its committee out.
	changed := o.as(o.viewer(catalog.RoleReviewer, "prefecture")).done(t, update, map[string]any{"id": c.ID, "case": map[string]any{"title": "改题"}})
	var got struct {
		Case struct{ Committee struct{ Slug string } }
	}
	a.get(t, `{ case(slug: "chosen") { committee { slug } } }`, nil, &got)
	if changed.Slug != "chosen" || changed.Status != "DRAFT" || got.Case.Committee.Slug != "own" {
		t.Errorf("%+v of %s", changed, got.Case.Committee.Slug)
	}
}
