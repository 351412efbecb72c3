package graph_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func count(n int) *int { return &n }

// The figures are what plain SQL would add up by hand: here by hand.
func TestFiguresOfActivitiesAreTheirSums(t *testing.T) {
	o := newOffice(t)
	activity := func(slug string, kind catalog.ActivityKind, on catalog.PartialDate, committee, venue string, topics []string, figures ...*int) catalog.Input {
		in := &catalog.ActivityInput{InputMeta: catalog.InputMeta{Slug: slug}, ActivityKind: kind, Title: slug, OccurredOn: on, Committee: committee, Venue: venue, Topics: topics}
		in.ParticipantCount, in.Opinions, in.CarriedOver, in.Solved = figures[0], figures[1], figures[2], figures[3]
		return in
	}
	hidden := activity("draft", "CONSULTATION", "2026-02-01", "own", "s1", []string{"livelihood"}, count(100), count(100), count(100), count(100))
	hidden.Head().Status = catalog.StatusDraft
	put(t, o.store, []catalog.Input{
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "schools"}, Name: "教育"},
		&catalog.VenueInput{InputMeta: catalog.InputMeta{Slug: "s1"}, VenueKind: catalog.VenueLiaisonStation, Name: "一站", Committee: "own"},
		&catalog.VenueInput{InputMeta: catalog.InputMeta{Slug: "s2"}, VenueKind: catalog.VenueConsultationRoom, Name: "二室", Committee: "own"},
		&catalog.VenueInput{InputMeta: catalog.InputMeta{Slug: "s3", Status: catalog.StatusDraft}, VenueKind: catalog.VenueConsultationRoom, Name: "三室", Committee: "own"},
		activity("a1", "CONSULTATION", "2026-01-02", "own", "s1", []string{"livelihood"}, count(10), count(3), count(2), nil),
		activity("a2", "CONSULTATION", "2026-03", "own", "s1", []string{"livelihood", "schools"}, count(5), nil, count(1), nil),
		activity("a3", "TRAINING", "2026", "own", "s3", nil, nil, nil, nil, nil),
		activity("a4", "SURVEY", "2025-12-31", "own", "", nil, count(7), count(0), nil, count(4)),
		activity("a5", "RECEPTION", "", "other", "", nil, nil, nil, nil, count(1)),
		hidden,
	})
	const query = `query($years: [Int!], $committees: [ID!]) { activityFigures(years: $years, committees: $committees) {
		year committee { slug } platforms platformsUsed activities consultations participants topics opinions carriedOver solved } }`
	type line struct {
		Year                                                        *int
		Committee                                                   struct{ Slug string }
		Platforms, PlatformsUsed, Activities, Consultations, Topics int
		Participants, Opinions, CarriedOver, Solved                 *int
	}
	read := func(variables map[string]any) (lines []string) {
		var got struct{ ActivityFigures []line }
		o.as(o.viewer(catalog.RoleReviewer, "own")).get(t, query, variables, &got)
		show := func(n *int) string {
			if n == nil {
				return "-"
			}
			return fmt.Sprint(*n)
		}
		for _, l := range got.ActivityFigures {
			lines = append(lines, fmt.Sprint(show(l.Year), " ", l.Committee.Slug, ": ", l.Platforms, " ", l.PlatformsUsed, " ", l.Activities, " ", l.Consultations, " ",
				show(l.Participants), " ", l.Topics, " ", show(l.Opinions), " ", show(l.CarriedOver), " ", show(l.Solved)))
		}
		return lines
	}
	all := []string{"2026 own: 2 1 3 2 15 2 3 3 -", "2025 own: 2 0 1 0 7 0 0 - 4", "- other: 0 0 1 0 - 0 - - 1"}
	for name, test := range map[string]struct {
		variables map[string]any
		want      []string
	}{
		"all": {nil, all}, "a year": {map[string]any{"years": []int{2025}}, all[1:2]},
		"a committee": {map[string]any{"committees": []string{catalog.EncodeID(catalog.KindCommittee, o.committees["other"])}}, all[2:]},
	} {
		if diff := cmp.Diff(test.want, read(test.variables)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Each of the nouns goes the one way: a draft of the editor's committee, handed in,
// published by its reviewer.
func TestTheNounsOfPeopleAndPlacesGoTheOneWay(t *testing.T) {
	o := newOffice(t)
	editor, reviewer, public := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(nil)
	put(t, o.store, []catalog.Input{&catalog.PracticeInput{InputMeta: catalog.InputMeta{Slug: "ninth"}, Ordinal: 9, Title: "第九", Text: "文"}})
	for _, one := range []struct {
		noun, variable, field string
		input                 map[string]any
	}{
		{"Person", "person", "person", map[string]any{"name": "某人", "offices": []string{"委员"}}},
		{"Venue", "venue", "venue", map[string]any{"kind": "LIAISON_STATION", "name": "某站", "address": "某路 1 号"}},
		{"Activity", "activity", "activity", map[string]any{"kind": "CONSULTATION", "title": "某次协商", "occurredOn": "2026-05", "venue": "某站", "opinions": 3}},
		{"Practice", "practice", "practice", map[string]any{"title": "某做法", "text": "怎样做。"}},
		{"EvaluationRound", "round", "evaluationRound", map[string]any{"year": 2026, "items": []string{"效率", "态度"}, "departments": []string{"甲局", "乙局"}}},
		{"Evaluation", "evaluation", "evaluation", map[string]any{"year": 2026, "department": "甲局", "score": 91.5, "round": "own-2026", "items": []any{map[string]any{"item": "效率", "score": 90.5, "raters": 20}}}},
	} {
		t.Run(one.noun, func(t *testing.T) {
			r := editor.done(t, "create"+one.noun+"(input: $"+one.variable+")", map[string]any{one.variable: one.input})
			if r.Status != "DRAFT" || r.Origin != "CONTRIBUTED" {
				t.Errorf("%+v", r)
			}
			shown := func(a *api) bool {
				var got struct{ R *struct{ Slug string } }
				a.get(t, `query($slug: String!) { r: `+one.field+`(slug: $slug) { slug } }`, map[string]any{"slug": r.Slug}, &got)
				return got.R != nil
			}
			if shown(public) || !shown(editor) {
				t.Error("a draft is seen by others, or not by its own")
			}
			slug := r.Slug
			r = editor.done(t, "submit"+one.noun+"(id: $id, version: $v)", map[string]any{"id": r.ID, "v": r.Version})
			r = reviewer.done(t, "publish"+one.noun+"(id: $id, version: $v)", map[string]any{"id": r.ID, "v": r.Version})
			if r.Status != "PUBLISHED" || !shown(public) {
				t.Errorf("%s: %+v", slug, r)
			}
			if errs := editor.refused(t, "update"+one.noun+"(id: $id, version: $v, input: $"+one.variable+")", map[string]any{"id": r.ID, "v": r.Version, one.variable: one.input}); len(errs) != 1 || errs[0] != "FORBIDDEN id" {
				t.Errorf("an editor changes what is public: %v", errs)
			}
		})
	}
	var got struct {
		Practices struct {
			Nodes []struct {
				Ordinal   int
				Committee *struct{ Slug string }
			}
		}
	}
	public.get(t, `{ practices { nodes { ordinal committee { slug } } } }`, nil, &got)
	if n := got.Practices.Nodes; len(n) != 2 || n[0].Ordinal != 1 || n[0].Committee.Slug != "own" || n[1].Ordinal != 9 || n[1].Committee != nil {
		t.Errorf("%+v", n)
	}
	for name, test := range map[string]struct {
		input map[string]any
		want  []string
	}{
		"of a department that the round has not": {map[string]any{"year": 2026, "department": "丙局", "round": "own-2026"}, []string{"INVALID input.department"}},
		"of another year":                        {map[string]any{"year": 2025, "department": "乙局", "round": "own-2026"}, []string{"INVALID input.year"}},
		"above a hundred":                        {map[string]any{"year": 2026, "department": "乙局", "score": 100.5}, []string{"INVALID input.score"}},
		"of an item that the round has not":      {map[string]any{"year": 2026, "department": "乙局", "round": "own-2026", "items": []any{map[string]any{"item": "衣着", "score": 1}}}, []string{"INVALID input.items.0.item"}},
	} {
		if diff := cmp.Diff(test.want, editor.refused(t, `createEvaluation(input: $evaluation)`, map[string]any{"evaluation": test.input})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The ratings of a round stand as its departments do, in whatever order they came, also
// past the end of a page.
func TestTheRatingsOfARoundStandInItsOrder(t *testing.T) {
	o := newOffice(t)
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	publish := func(noun, fields string) {
		t.Helper()
		made := editor.done(t, `create`+noun+`(input: {`+fields+`})`, nil)
		editor.done(t, `submit`+noun+`(id: $id, version: 1)`, map[string]any{"id": made.ID})
		reviewer.done(t, `publish`+noun+`(id: $id, version: 2)`, map[string]any{"id": made.ID})
	}
	publish("EvaluationRound", `slug: "order-2025", year: 2025, items: ["效率"], departments: ["丙局", "甲局", "乙局"]`)
	for _, department := range []string{"甲局", "乙局", "丙局"} {
		publish("Evaluation", `round: "order-2025", year: 2025, department: "`+department+`", score: 90`)
	}
	got, after := []string{}, ""
	for range 3 {
		var page struct {
			EvaluationRound struct {
				Evaluations struct {
					Nodes    []struct{ Department string }
					PageInfo struct{ EndCursor string }
				}
			}
		}
		reviewer.get(t, `query($after: String) { evaluationRound(slug: "order-2025") { evaluations(first: 2, after: $after) { nodes { department } pageInfo { endCursor } } } }`,
			map[string]any{"after": map[bool]any{true: nil, false: after}[after == ""]}, &page)
		for _, one := range page.EvaluationRound.Evaluations.Nodes {
			got = append(got, one.Department)
		}
		after = page.EvaluationRound.Evaluations.PageInfo.EndCursor
		if len(page.EvaluationRound.Evaluations.Nodes) < 2 {
			break
		}
	}
	if diff := cmp.Diff([]string{"丙局", "甲局", "乙局"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
