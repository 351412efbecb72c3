package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

type named struct{ Slug, Name, Status string }

// ledgered is a proposal as the ledger's test reads it.
type ledgered struct {
	Version      int
	Status       string
	Proposers    []struct{ Name string }
	Supervisions []struct {
		Supervisor *named
		Office     *string
		Entries    []struct {
			Kind, OccurredOn, Note string
			By                     []named
		}
	}
}

const ledgerQuery = `{ proposal(slug: "p") { version status proposers { ... on Person { name } ... on Committee { name } }
	supervisions { supervisor { slug name status } office entries { kind occurredOn note by { slug name status } } } } }`

// A person that is not there is made while a proposal is written, is a draft with
// it, and public with it; the same input again makes nobody.
func TestAPersonIsMadeWithTheRecordAndPublishedWithIt(t *testing.T) {
	o := newOffice(t)
	editor, reviewer, public := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(nil)
	input := map[string]any{
		"slug": "p", "title": "关于加装电梯的提案",
		"proposers": []any{map[string]any{"committee": "own"}, map[string]any{"newPerson": map[string]any{"name": "甲委员"}}},
		"supervisions": []any{map[string]any{
			"newPerson": map[string]any{"name": "乙主席", "offices": []string{"主席"}}, "year": 2025,
			"entries": []any{
				map[string]any{"kind": "SURVEY", "occurredOn": "2025-05-06", "note": "实地查看"},
				map[string]any{"kind": "MEETING", "occurredOn": "2025-06"},
			},
		}},
	}
	p := editor.done(t, `createProposal(input: $proposal)`, map[string]any{"proposal": input})
	var got struct{ Proposal *ledgered }
	editor.get(t, ledgerQuery, nil, &got)
	if len(got.Proposal.Proposers) != 2 || got.Proposal.Supervisions[0].Supervisor == nil {
		t.Fatalf("%+v", got.Proposal)
	}
	if diff := cmp.Diff(&named{"yi-zhu-xi", "乙主席", "DRAFT"}, got.Proposal.Supervisions[0].Supervisor); diff != "" {
		t.Error(diff)
	}
	if entries := got.Proposal.Supervisions[0].Entries; len(entries) != 2 || entries[0].Kind != "SURVEY" || entries[0].OccurredOn != "2025-05-06" || entries[1].OccurredOn != "2025-06" {
		t.Errorf("%+v", entries)
	}
	var persons struct{ Persons struct{ Nodes []named } }
	public.get(t, `{ persons { nodes { slug name status } } }`, nil, &persons)
	if len(persons.Persons.Nodes) != 0 {
		t.Errorf("drafts are listed: %v", persons.Persons.Nodes)
	}
	// The same again, and with the entry's people named.
	same := editor.done(t, `updateProposal(id: $id, version: $v, input: $proposal)`, map[string]any{"id": p.ID, "v": p.Version, "proposal": input})
	if same.Version != p.Version {
		t.Errorf("the same input made version %d", same.Version)
	}
	entries := input["supervisions"].([]any)[0].(map[string]any)["entries"].([]any)
	entries[0].(map[string]any)["by"] = []string{"甲委员", "yi-zhu-xi"}
	p = editor.done(t, `updateProposal(id: $id, version: $v, input: $proposal)`, map[string]any{"id": p.ID, "v": p.Version, "proposal": input})
	p = editor.done(t, `submitProposal(id: $id, version: $v)`, map[string]any{"id": p.ID, "v": p.Version})
	p = reviewer.done(t, `publishProposal(id: $id, version: $v)`, map[string]any{"id": p.ID, "v": p.Version})
	public.get(t, ledgerQuery, nil, &got)
	if got.Proposal == nil || len(got.Proposal.Proposers) != 2 || len(got.Proposal.Supervisions[0].Entries[0].By) != 2 {
		t.Fatalf("published: %+v", got.Proposal)
	}
	public.get(t, `{ persons { nodes { slug name status } } }`, nil, &persons)
	if diff := cmp.Diff([]named{{"jia-wei-yuan", "甲委员", "PUBLISHED"}, {"yi-zhu-xi", "乙主席", "PUBLISHED"}}, persons.Persons.Nodes); diff != "" {
		t.Error(diff)
	}
	// What is wrong is told at its place, and nobody is made then.
	bad := map[string]any{"title": "又一件", "topics": []string{"没有的议题"}, "proposers": []any{map[string]any{"committee": "own"}, map[string]any{"newPerson": map[string]any{"name": "丙"}}}}
	if diff := cmp.Diff([]string{"NOT_FOUND input.topics.0"}, editor.refused(t, `createProposal(input: $proposal)`, map[string]any{"proposal": bad})); diff != "" {
		t.Error(diff)
	}
	two := map[string]any{"title": "又一件", "proposers": []any{map[string]any{"committee": "own", "newPerson": map[string]any{"name": "丙"}}}}
	if diff := cmp.Diff([]string{"INVALID input.proposers.0"}, editor.refused(t, `createProposal(input: $proposal)`, map[string]any{"proposal": two})); diff != "" {
		t.Error(diff)
	}
	empty := map[string]any{"title": "又一件", "proposers": []any{map[string]any{"committee": "own"}, map[string]any{"newPerson": map[string]any{"name": " "}}}}
	if diff := cmp.Diff([]string{"INVALID input.proposers.1.newPerson.name"}, editor.refused(t, `createProposal(input: $proposal)`, map[string]any{"proposal": empty})); diff != "" {
		t.Error(diff)
	}
	editor.get(t, `{ persons(status: [DRAFT, IN_REVIEW, PUBLISHED]) { nodes { slug name status } } }`, nil, &persons)
	if len(persons.Persons.Nodes) != 2 {
		t.Errorf("a record that was refused left persons: %v", persons.Persons.Nodes)
	}
}

func TestReviewersMergeTwoRecordsOfOnePerson(t *testing.T) {
	o := newOffice(t)
	put(t, o.store, []catalog.Input{
		&catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: "zhang"}, Name: "张某", Offices: []string{"委员"}, Committee: "own"},
		&catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: "zhang-2"}, Name: "张某", Offices: []string{"教师"}, Committee: "own"},
		&catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: "theirs"}, Name: "张某", Committee: "away"},
		&catalog.ProposalInput{
			InputMeta: catalog.InputMeta{Slug: "p"}, Title: "提案", Proposers: []catalog.ProposerInput{{Committee: "own"}, {Person: "zhang"}, {Person: "zhang-2"}},
			Supervisions: []catalog.SupervisionInput{{Supervisor: "zhang-2", Entries: []catalog.SupervisionEntryInput{{Kind: catalog.EntrySurvey, By: []string{"zhang-2", "zhang"}}}}},
		},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "c"}, Title: "案例", Committee: "other", Participants: []catalog.ParticipantInput{{Role: "SERVER", Name: "张委员", Person: "zhang-2"}}},
		&catalog.ActivityInput{InputMeta: catalog.InputMeta{Slug: "a"}, ActivityKind: catalog.ActivityTraining, Title: "活动", Persons: []string{"zhang-2", "zhang"}, Committee: "own"},
	})
	found, err := o.store.PersonsBySlug(t.Context(), []string{"zhang", "zhang-2", "theirs"})
	if err != nil {
		t.Fatal(err)
	}
	variables := func(keep, drop string) map[string]any {
		return map[string]any{"keep": found[keep].GlobalID(), "kv": found[keep].Version, "id": found[drop].GlobalID(), "v": found[drop].Version}
	}
	const merge = `mergePersons(keep: $keep, keepVersion: $kv, drop: $id, dropVersion: $v)`
	reviewer, editor := o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(o.viewer(catalog.RoleEditor, "own"))
	stale := variables("zhang", "zhang-2")
	stale["kv"] = 7
	for name, test := range map[string]struct {
		who       *api
		variables map[string]any
		want      string
	}{
		"an editor": {editor, variables("zhang", "zhang-2"), "FORBIDDEN drop"}, "another's": {reviewer, variables("zhang", "theirs"), "FORBIDDEN drop"},
		"itself": {reviewer, variables("zhang", "zhang"), "INVALID keep"}, "an old version": {reviewer, stale, "CONFLICT keepVersion"},
	} {
		if diff := cmp.Diff([]string{test.want}, test.who.refused(t, merge, test.variables)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if p := reviewer.done(t, merge, variables("zhang", "zhang-2")); p.Slug != "zhang" || p.Version != 2 {
		t.Errorf("%+v", p)
	}
	var got struct {
		Person struct {
			Offices []string
			Cases   struct{ TotalCount int }
		}
		Gone      *struct{ Name string }
		Proposal  ledgered
		Case      struct{ Persons []named }
		Activity  struct{ Persons []named }
		Tombstone struct {
			Reason  string
			LeadsTo struct{ Slug string }
		}
	}
	public := o.as(nil)
	public.get(t, `{ person(slug: "zhang") { offices cases { totalCount } } gone: person(slug: "zhang-2") { name } `+strings.TrimSuffix(strings.TrimPrefix(ledgerQuery, "{"), "}")+`
		case(slug: "c") { persons { slug name status } } activity(slug: "a") { persons { slug name status } }
		tombstone(kind: PERSON, slug: "zhang-2") { reason leadsTo { slug } } }`, nil, &got)
	one := []named{{"zhang", "张某", "PUBLISHED"}}
	if got.Gone != nil || got.Person.Cases.TotalCount != 1 || got.Tombstone.LeadsTo.Slug != "zhang" {
		t.Errorf("%+v", got)
	}
	for name, diff := range map[string]string{
		"offices": cmp.Diff([]string{"委员", "教师"}, got.Person.Offices), "case": cmp.Diff(one, got.Case.Persons), "activity": cmp.Diff(one, got.Activity.Persons),
		"entry": cmp.Diff(one, got.Proposal.Supervisions[0].Entries[0].By),
	} {
		if diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if len(got.Proposal.Proposers) != 2 {
		t.Errorf("proposers: %v", got.Proposal.Proposers)
	}
}

func TestOverdueIsWhatWasAssignedLongAgoAndNotAnswered(t *testing.T) {
	o := newOffice(t)
	event := func(kind catalog.ProposalEventKind, on catalog.PartialDate) catalog.ProposalEventInput {
		return catalog.ProposalEventInput{Kind: kind, OccurredOn: on}
	}
	proposal := func(slug string, resolution catalog.Resolution, events ...catalog.ProposalEventInput) catalog.Input {
		return &catalog.ProposalInput{InputMeta: catalog.InputMeta{Slug: slug}, Title: slug, Events: events, Resolution: resolution}
	}
	put(t, o.store, []catalog.Input{
		proposal("assigned", "", event(catalog.EventFiled, "2020-01"), event(catalog.EventAssigned, "2020-03-04")),
		proposal("filed", "", event(catalog.EventFiled, "2020")),
		proposal("answered", "", event(catalog.EventAssigned, "2020"), event(catalog.EventReplied, "2021")),
		proposal("solved", catalog.ResolutionA, event(catalog.EventAssigned, "2020")),
		proposal("this-year", "", event(catalog.EventAssigned, catalog.DayOf(time.Now())[:4])),
		proposal("undated", "", event(catalog.EventAssigned, "")),
	})
	for overdue, want := range map[bool]int{true: 2, false: 4} {
		var got struct {
			Proposals struct {
				TotalCount int
				Nodes      []struct{ Slug string }
			}
		}
		o.as(nil).get(t, `query($o: Boolean) { proposals(filter: {overdue: $o}) { totalCount nodes { slug } } }`, map[string]any{"o": overdue}, &got)
		if got.Proposals.TotalCount != want {
			t.Errorf("overdue %v: %+v", overdue, got.Proposals)
		}
	}
}
