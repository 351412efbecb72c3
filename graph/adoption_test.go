package graph_test

import (
	"slices"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// adopting is an office with a case of another committee, and what comes of its
// adoption by the committee own.
func adopting(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	put(t, o.store, []catalog.Input{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "theirs"}, Title: "他山之石", Committee: "other", StartedOn: "2024-06-10"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "second"}, Title: "又一做法", Committee: "other"},
	})
	return o
}

func TestAnAdoptionGoesTheWayOfARecordAndIsThankedFor(t *testing.T) {
	o := adopting(t)
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	origin, away := o.as(o.viewer(catalog.RoleEditor, "other")), o.as(o.viewer(catalog.RoleEditor, "away"))
	a := editor.done(t, `createAdoption(input: $adoption)`, map[string]any{"adoption": map[string]any{"case": "theirs", "adoptedOn": "2024", "changes": "换了场地"}})
	if a.Status != "DRAFT" || !slices.Equal(a.Actions, []string{"UPDATE", "SUBMIT", "ARCHIVE", "RESTORE"}) {
		t.Errorf("created %+v", a)
	}
	id := map[string]any{"id": a.ID, "v": a.Version}
	if got := away.refused(t, `submitAdoption(id: $id, version: $v)`, id); !slices.Equal(got, []string{"NOT_FOUND id"}) {
		t.Errorf("another's draft: %v", got)
	}
	for _, step := range []struct {
		who              *api
		mutation, status string
	}{
		{editor, `submitAdoption(id: $id, version: $v)`, "IN_REVIEW"},
		{reviewer, `returnAdoption(id: $id, version: $v, reason: "写明日期")`, "DRAFT"},
		{editor, `submitAdoption(id: $id, version: $v)`, "IN_REVIEW"},
		{reviewer, `publishAdoption(id: $id, version: $v)`, "PUBLISHED"},
		{origin, `thankAdoption(id: $id, version: $v, thanks: "多谢借鉴")`, "PUBLISHED"},
	} {
		next := step.who.done(t, step.mutation, map[string]any{"id": a.ID, "v": a.Version})
		if next.Status != step.status || next.Version != a.Version+1 {
			t.Fatalf("%s: %+v, want %s at version %d", step.mutation, next, step.status, a.Version+1)
		}
		a = next
	}
	for who, api := range map[string]*api{"the adopter": editor, "a third": away} {
		if got := api.refused(t, `thankAdoption(id: $id, version: $v, thanks: "谢")`, map[string]any{"id": a.ID, "v": a.Version}); !slices.Equal(got, []string{"FORBIDDEN id"}) {
			t.Errorf("thanks of %s: %v", who, got)
		}
	}
	// The adopter's change keeps what the other one said.
	a = reviewer.done(t, `updateAdoption(id: $id, version: $v, input: $adoption)`, map[string]any{"id": a.ID, "v": a.Version, "adoption": map[string]any{"case": "theirs", "changes": "又改"}})
	var got struct {
		Adoptions struct {
			TotalCount int
			Nodes      []struct {
				Status, Thanks, Changes string
				Actions                 []string
			}
		}
	}
	origin.get(t, `{ adoptions(filter: {origins: ["`+catalog.EncodeID(catalog.KindCommittee, o.committees["other"])+`"]}) { totalCount nodes { status thanks changes actions } } }`, nil, &got)
	if n := got.Adoptions.Nodes; got.Adoptions.TotalCount != 1 || n[0].Thanks != "多谢借鉴" || n[0].Changes != "又改" || !slices.Contains(n[0].Actions, "THANK") {
		t.Errorf("given: %+v", got)
	}
}

func TestACommitteeTakesOverACaseOnce(t *testing.T) {
	o := adopting(t)
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	input := map[string]any{"adoption": map[string]any{"case": "theirs", "changes": "一"}}
	const create = `createAdoption(input: $adoption)`
	a := editor.done(t, create, input)
	p := editor.change(t, create, input)
	if p.Record != nil || len(p.UserErrors) != 1 || p.UserErrors[0].Code != "DUPLICATE" || p.UserErrors[0].MessageZh != "这家政协已登记引进这个案例，见推广记录“"+a.Slug+"”；请在那里修改" {
		t.Errorf("a second one: %+v", p)
	}
	if got := editor.refused(t, `recordAdoption(input: $adoption)`, input); !slices.Equal(got, []string{"DUPLICATE input.case"}) {
		t.Errorf("recorded again: %v", got)
	}
	b := editor.done(t, create, map[string]any{"adoption": map[string]any{"case": "second"}})
	if got := editor.refused(t, `updateAdoption(id: $id, version: $v, input: $adoption)`, map[string]any{"id": b.ID, "v": b.Version, "adoption": map[string]any{"case": "theirs"}}); !slices.Equal(got, []string{"DUPLICATE input.case"}) {
		t.Errorf("moved onto the first: %v", got)
	}
	a = reviewer.done(t, `archiveAdoption(id: $id, version: $v, reason: "登记有误")`, map[string]any{"id": a.ID, "v": a.Version})
	again := editor.done(t, create, map[string]any{"adoption": map[string]any{"case": "theirs", "changes": "二"}})
	if again.ID != a.ID || again.Slug != a.Slug || again.Version != a.Version+1 || again.Status != "DRAFT" {
		t.Errorf("brought back %+v, was %+v", again, a)
	}
}

func TestAnAdoptionHasItsTime(t *testing.T) {
	o := adopting(t)
	editor := o.as(o.viewer(catalog.RoleEditor, "own"))
	for on, want := range map[string]string{
		"2024": "", "2024-06": "", "2024-06-10": "", "2024-06-09": "INVALID input.adoptedOn", "2024-05": "INVALID input.adoptedOn", "2023": "INVALID input.adoptedOn",
		"2099": "INVALID input.adoptedOn", "2099-01-01": "INVALID input.adoptedOn",
	} {
		p := editor.change(t, `createAdoption(input: $adoption)`, map[string]any{"adoption": map[string]any{"case": "theirs", "adoptedOn": on}})
		got := ""
		if len(p.UserErrors) > 0 {
			got = p.UserErrors[0].Code + " " + p.UserErrors[0].Path[0] + "." + p.UserErrors[0].Path[1]
		} else {
			editor.done(t, `archiveAdoption(id: $id, version: $v, reason: "试")`, map[string]any{"id": p.Record.ID, "v": p.Record.Version})
		}
		if got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

// An editor's adoption waits for review, a reviewer's is public at once.
func TestRecordedIsPublicOnlyForWhoMayPublish(t *testing.T) {
	o := adopting(t)
	for role, want := range map[catalog.Role]int{catalog.RoleEditor: 0, catalog.RoleReviewer: 1} {
		of := map[catalog.Role]string{catalog.RoleEditor: "theirs", catalog.RoleReviewer: "second"}[role]
		o.as(o.viewer(role, "own")).done(t, `recordAdoption(input: $adoption)`, map[string]any{"adoption": map[string]any{"case": of}})
		var got struct {
			Case struct{ Adoptions struct{ TotalCount int } }
		}
		o.as(nil).get(t, `{ case(slug: "`+of+`") { adoptions { totalCount } } }`, nil, &got)
		if got.Case.Adoptions.TotalCount != want {
			t.Errorf("%s: %d are public, want %d", role, got.Case.Adoptions.TotalCount, want)
		}
	}
}

func TestAnOutcomeSaysNothingThatNobodySaid(t *testing.T) {
	o := newOffice(t)
	editor := o.as(o.viewer(catalog.RoleEditor, "own"))
	c := editor.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "题", "outcomes": []any{map[string]any{"form": "建议案"}}}})
	var got struct {
		Case struct{ Outcomes []struct{ Status string } }
	}
	editor.get(t, `{ case(slug: "`+c.Slug+`") { outcomes { status } } }`, nil, &got)
	if len(got.Case.Outcomes) != 1 || got.Case.Outcomes[0].Status != "UNSTATED" {
		t.Errorf("%+v", got)
	}
}
