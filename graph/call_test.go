package graph_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func aCall(more map[string]any) map[string]any {
	call := map[string]any{
		"title": "2026年度典型案例征集", "text": "请各市县政协报送。", "opensOn": "2026-01-01", "closesOn": "2099-12-31",
		"parts": []string{"BACKGROUND", "APPROACH", "RESULTS"}, "minCharacters": 10, "maxCharacters": 5000, "quota": 1,
		"criteria": []any{map[string]any{"name": "真实", "weight": 2}, map[string]any{"name": "创新"}}, "mark": "2026年度典型案例",
	}
	for name, value := range more {
		call[name] = value
	}
	return call
}

func TestACallIsDraftedPublishedAndClosed(t *testing.T) {
	o := newOffice(t)
	editor, reviewer, public := o.as(o.viewer(catalog.RoleEditor, "prefecture")), o.as(o.viewer(catalog.RoleReviewer, "prefecture")), o.as(nil)
	c := editor.done(t, `createCall(input: $call)`, map[string]any{"call": aCall(nil)})
	var got struct{ Call, Calls any }
	public.get(t, `{ call(slug: "`+c.Slug+`") { title } calls { totalCount nodes { title } } }`, nil, &got)
	if diff := cmp.Diff(map[string]any{"totalCount": 0.0, "nodes": []any{}}, got.Calls); got.Call != nil || diff != "" {
		t.Errorf("a draft shows: %v (-want +got):\n%s", got.Call, diff)
	}
	if refused := editor.refused(t, `publishCall(id: $id, version: $v)`, map[string]any{"id": c.ID, "v": 1}); !slices.Equal(refused, []string{"FORBIDDEN id"}) {
		t.Errorf("an editor publishes: %v", refused)
	}
	reviewer.done(t, `publishCall(id: $id, version: $v)`, map[string]any{"id": c.ID, "v": 1})
	var shown struct {
		Call struct {
			IsOpen   bool
			ClosesOn string
			Parts    []string
			Criteria []struct {
				Name   string
				Weight int
			}
			Committee struct{ Slug string }
		}
		Open struct{ TotalCount int }
	}
	query := `{ call(slug: "` + c.Slug + `") { isOpen closesOn parts criteria { name weight } committee { slug } } open: calls(open: true) { totalCount } }`
	public.get(t, query, nil, &shown)
	if !shown.Call.IsOpen || shown.Call.ClosesOn != "2099-12-31" || len(shown.Call.Criteria) != 2 || shown.Call.Criteria[0].Weight != 2 || shown.Call.Criteria[1].Weight != 1 ||
		shown.Call.Committee.Slug != "prefecture" || shown.Open.TotalCount != 1 {
		t.Errorf("the call shows as %+v", shown)
	}
	reviewer.done(t, `closeCall(id: $id, version: $v, reason: "报送已满")`, map[string]any{"id": c.ID, "v": 2})
	public.get(t, query, nil, &shown)
	if shown.Call.IsOpen || shown.Open.TotalCount != 0 {
		t.Errorf("a closed call shows as %+v", shown)
	}
	reviewer.done(t, `closeCall(id: $id, version: $v, closesOn: "2099-01-31", reason: "延期")`, map[string]any{"id": c.ID, "v": 3})
	public.get(t, query, nil, &shown)
	if !shown.Call.IsOpen || shown.Call.ClosesOn != "2099-01-31" {
		t.Errorf("a call that was opened again shows as %+v", shown)
	}
	var told struct {
		Viewer struct {
			Notices struct{ Nodes []struct{ Kind string } }
		}
	}
	o.as(o.viewer(catalog.RoleEditor, "own")).get(t, `{ viewer { notices { nodes { kind } } } }`, nil, &told)
	var kinds []string
	for _, n := range told.Viewer.Notices.Nodes {
		kinds = append(kinds, n.Kind)
	}
	if diff := cmp.Diff([]string{"CALL_CHANGED", "CALL_CHANGED", "CALL_OPENED"}, kinds); diff != "" {
		t.Errorf("a committee that is asked is told (-want +got):\n%s", diff)
	}
}

func TestWhatACallMayNotSay(t *testing.T) {
	o := newOffice(t)
	editor := o.as(o.viewer(catalog.RoleEditor, "prefecture"))
	for name, test := range map[string]struct {
		more map[string]any
		want string
	}{
		"a day that is none":          {map[string]any{"closesOn": "2026-02-30"}, "INVALID input.closesOn"},
		"closing before opening":      {map[string]any{"closesOn": "2025-02-01"}, "INVALID input.closesOn"},
		"no parts":                    {map[string]any{"parts": []string{}}, "INVALID input.parts"},
		"a part twice":                {map[string]any{"parts": []string{"RESULTS", "RESULTS"}}, "INVALID input.parts.1"},
		"more least than most":        {map[string]any{"minCharacters": 6000}, "INVALID input.maxCharacters"},
		"a quota of none":             {map[string]any{"quota": 0}, "INVALID input.quota"},
		"a weight of none":            {map[string]any{"criteria": []any{map[string]any{"name": "真实", "weight": 0}}}, "INVALID input.criteria.0.weight"},
		"a criterion twice":           {map[string]any{"criteria": []any{map[string]any{"name": "真"}, map[string]any{"name": "真"}}}, "INVALID input.criteria.1"},
		"somebody who is not below":   {map[string]any{"audience": []string{"away"}}, "INVALID input"},
		"somebody who is not there":   {map[string]any{"audience": []string{"nobody"}}, "NOT_FOUND input.audience.0"},
		"a committee that is another": {map[string]any{"committee": "other"}, "FORBIDDEN input.committee"},
	} {
		if got := editor.refused(t, `createCall(input: $call)`, map[string]any{"call": aCall(test.more)}); !slices.Equal(got, []string{test.want}) {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
	}
}

func TestACollectionHoldsPublishedCasesInItsOrder(t *testing.T) {
	o := newOffice(t)
	o.hide(t, catalog.StatusDraft)
	editor, reviewer, public := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(nil)
	input := func(cases ...string) map[string]any {
		return map[string]any{"collection": map[string]any{"title": "典型案例汇编", "preface": "写在前面。", "cases": cases}}
	}
	c := editor.done(t, `createCollection(input: $collection)`, input("open-other", "open-more", "hidden-case"))
	if got := reviewer.refused(t, `publishCollection(id: $id, version: $v)`, map[string]any{"id": c.ID, "v": 1}); !slices.Equal(got, []string{"INVALID id"}) {
		t.Errorf("a draft in a public book: %v", got)
	}
	var got struct {
		Collection *struct {
			Cases struct {
				TotalCount int
				Nodes      []struct{ Slug string }
			}
		}
	}
	query := `{ collection(slug: "` + c.Slug + `") { cases { totalCount nodes { slug } } } }`
	public.get(t, query, nil, &got)
	if got.Collection != nil {
		t.Errorf("a draft shows: %+v", got)
	}
	editor.done(t, `updateCollection(id: $id, version: 1, input: $collection)`, map[string]any{"id": c.ID, "collection": input("open-other", "open-more")["collection"]})
	reviewer.done(t, `publishCollection(id: $id, version: $v)`, map[string]any{"id": c.ID, "v": 2})
	public.get(t, query, nil, &got)
	if got.Collection == nil || got.Collection.Cases.TotalCount != 2 || got.Collection.Cases.Nodes[0].Slug != "open-other" {
		t.Errorf("the book holds %+v", got.Collection)
	}
}
