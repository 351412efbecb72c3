package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestAFormIsRearrangedWithoutBeingSaved(t *testing.T) {
	sent := func() url.Values {
		return url.Values{
			"title": {"题"}, "supervisions.0.supervisor": {"甲"}, "supervisions.0.entries.0.kind": {"SURVEY"}, "supervisions.0.entries.0.note": {"一"},
			"supervisions.0.entries.1.kind": {"MEETING"}, "supervisions.0.entries.1.by": {"乙"}, "supervisions.0.entries.2.kind": {""},
			"supervisions.1.supervisor": {"丙"}, "supervisions.1.entries.0.kind": {"OTHER"}, "events.0.kind": {""},
		}
	}
	for name, tt := range map[string]struct {
		then, at string
		change   func(url.Values) // nil: the button is none of these
	}{
		"one more entry": {"more:supervisions.0.entries", "supervisions.0.entries.3.kind", func(v url.Values) { v.Set("supervisions.0.entries.3.kind", "") }},
		"one more event": {"more:events", "events.1.kind", func(v url.Values) { v.Set("events.1.kind", "") }},
		"the first of a list": {"more:supervisions.2.entries", "supervisions.2.entries.0.kind", func(v url.Values) {
			v.Set("supervisions.2.entries.0.kind", "")
		}},
		"an entry less": {"less:supervisions.0.entries.0", "supervisions.0.entries.0.kind", func(v url.Values) {
			v.Del("supervisions.0.entries.0.note")
			v.Set("supervisions.0.entries.0.kind", "MEETING")
			v.Set("supervisions.0.entries.0.by", "乙")
			v.Set("supervisions.0.entries.1.kind", "")
			v.Del("supervisions.0.entries.1.by")
			v.Del("supervisions.0.entries.2.kind")
		}},
		"a supervision less, with its entries": {"less:supervisions.0", "supervisions.0.supervisor", func(v url.Values) {
			for name := range v {
				if strings.HasPrefix(name, "supervisions.0.") || name == "supervisions.1.supervisor" || name == "supervisions.1.entries.0.kind" {
					v.Del(name)
				}
			}
			v.Set("supervisions.0.supervisor", "丙")
			v.Set("supervisions.0.entries.0.kind", "OTHER")
		}},
		"saving":                      {"save", "", nil},
		"what is no list":             {"more:title", "", nil},
		"what is below no list":       {"more:supervisions.x.entries", "", nil},
		"one that is not there":       {"less:supervisions.0.entries.9", "", nil},
		"one whose number is a trick": {"less:events.-1", "", nil},
	} {
		got, want := sent(), sent()
		at, ok := rearranged(got, tt.then)
		if ok != (tt.change != nil) || at != tt.at {
			t.Errorf("%s: at %q, %v", name, at, ok)
		}
		if tt.change != nil {
			tt.change(want)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	full := url.Values{}
	for i := range catalog.MaxList {
		full.Set(fmt.Sprintf("events.%d.kind", i), "")
	}
	if _, ok := rearranged(full, "more:events"); !ok || len(full) != catalog.MaxList {
		t.Errorf("past the limit a form has %d", len(full))
	}
}

func TestWhatWasKeptHasRoomInTheForm(t *testing.T) {
	for name, want := range map[string]bool{
		"events.4.kind": true, "supervisions.1.entries.7.kind": true, "items.2.item": true, "outcomes.0.form": true,
		"events.4.note": false, "title": false, "kind": false, "participants.SERVER.new": false, "supervisions.1.entries": false, "": false,
	} {
		if got := makesRoom(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What was kept when entries were lines of one box comes back in rows.
func TestEntriesThatWereKeptAsLinesComeBackInRows(t *testing.T) {
	kept := newKept(`{"form":"/write/proposals","values":{"title":["题"],"supervisions.0.supervisor":["甲"],
		"supervisions.0.entries":["督办调研｜2025-05-06｜张某、李某｜实地查看\r\n座谈｜｜｜谈；定｜三件\n\n批示\n去过一次"],"supervisions.1.entries":[""],"supervisions.2.entries.0.kind":["OTHER"]}}`, "2026-11-27T10:00:00Z")
	want := url.Values{
		"title": {"题"}, "supervisions.0.supervisor": {"甲"}, "supervisions.2.entries.0.kind": {"OTHER"},
		"supervisions.0.entries.0.kind": {"SURVEY"}, "supervisions.0.entries.0.occurredOn": {"2025-05-06"}, "supervisions.0.entries.0.by": {"张某、李某"}, "supervisions.0.entries.0.note": {"实地查看"},
		"supervisions.0.entries.1.kind": {"MEETING"}, "supervisions.0.entries.1.note": {"谈；定｜三件"},
		"supervisions.0.entries.2.kind": {"INSTRUCTION"},
		"supervisions.0.entries.3.kind": {""}, "supervisions.0.entries.3.note": {"去过一次"},
	}
	if diff := cmp.Diff(want, kept.Values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(kept.JSON, "督办调研｜") {
		t.Errorf("the script gets %s", kept.JSON)
	}
}

// Entries go through their rows, keep whom they name, and what is wrong in one is told
// at its own row though empty ones before it are left out.
func TestEntriesOfASupervisionGoThroughTheirRows(t *testing.T) {
	record := map[string]any{
		"title": "题", "supervisions": []any{map[string]any{
			"supervisor": map[string]any{"name": "甲", "slug": "jia"}, "entries": []any{
				map[string]any{"kind": "SURVEY", "occurredOn": "2025-05", "note": "看", "by": []any{map[string]any{"name": "乙", "slug": "yi-2"}, map[string]any{"name": "丙", "slug": "bing"}}},
				map[string]any{"kind": "MEETING", "by": []any{}},
			},
		}},
	}
	filled := proposalNoun.values(record)
	in := proposalNoun.input(filled, record)
	if len(in.errors) > 0 {
		t.Fatal(in.errors)
	}
	want := []any{
		map[string]any{"kind": "SURVEY", "occurredOn": "2025-05", "note": "看", "by": []any{"yi-2", "bing"}},
		map[string]any{"kind": "MEETING", "by": []any{}},
	}
	if diff := cmp.Diff(any(want), object(list(in.input["supervisions"])[0])["entries"]); diff != "" {
		t.Errorf("as it was (-want +got):\n%s", diff)
	}

	filled.Set("supervisions.0.entries.0.kind", "")
	filled.Set("supervisions.0.entries.0.occurredOn", "")
	filled.Set("supervisions.0.entries.0.by", "")
	filled.Set("supervisions.0.entries.0.note", "")
	filled.Set("supervisions.0.entries.2.by", "丁， 戊")
	filled.Set("supervisions.0.entries.2.occurredOn", "五月")
	in = proposalNoun.input(filled, record)
	if len(in.errors["supervisions.0.entries.2.kind"]) != 1 || len(in.errors["supervisions.0.entries.2.occurredOn"]) != 1 || len(in.errors) != 2 {
		t.Errorf("wrong are %v", in.errors)
	}
	var names []string
	for _, g := range proposalNoun.groups(filled) {
		for _, f := range g.Fields {
			names = append(names, f.Name)
		}
	}
	for place, want := range map[string]string{
		"supervisions.0.entries.0.note": "supervisions.0.entries.1.note", "supervisions.0.entries.1.by.0": "supervisions.0.entries.2.by",
		"supervisions.0.entries.0": "supervisions.0.entries.1.kind", "supervisions.0.office": "supervisions.0.office", "title": "title", "nothing": "",
	} {
		path := append([]string{"input"}, strings.Split(place, ".")...)
		if got := in.fieldAt(path, names); got != want {
			t.Errorf("%s is shown at %q, want %q", place, got, want)
		}
	}
}

// Persons that are made with a case are of their side, and have what it said where they
// are alone on it.
func TestPersonsAreMadeWhileACaseIsWritten(t *testing.T) {
	in := caseNoun.input(url.Values{
		"title": {"题"}, "participants.CONVENER": {"某县政协"}, "participants.CONVENER.new": {"张某、委员｜教师"},
		"participants.SERVER.new": {"李某"}, "participants.SERVER.statement": {"难处"},
	}, nil)
	want := []any{
		map[string]any{"role": "CONVENER", "name": "某县政协"},
		map[string]any{"role": "CONVENER", "name": "张某", "newPerson": map[string]any{"name": "张某", "offices": []any{"委员", "教师"}}},
		map[string]any{"role": "SERVER", "name": "李某", "statement": "难处", "newPerson": map[string]any{"name": "李某", "offices": []any{}}},
	}
	if diff := cmp.Diff(any(want), in.input["participants"]); diff != "" || len(in.errors) > 0 {
		t.Errorf("%v (-want +got):\n%s", in.errors, diff)
	}
}

// What a rating got for its items goes through their rows.
func TestScoresOfItemsGoThroughTheirRows(t *testing.T) {
	record := map[string]any{"department": "某局", "items": []any{map[string]any{"item": "办事效率", "score": 92.5, "raters": 40}, map[string]any{"item": "服务态度", "score": 88, "raters": nil}}}
	filled := evaluationNoun.values(record)
	want := []any{map[string]any{"item": "办事效率", "score": 92.5, "raters": int64(40)}, map[string]any{"item": "服务态度", "score": 88.0}}
	in := evaluationNoun.input(filled, record)
	if diff := cmp.Diff(any(want), in.input["items"]); diff != "" || len(in.errors) > 0 {
		t.Errorf("%v (-want +got):\n%s", in.errors, diff)
	}
	filled.Set("items.2.score", "很好")
	if in = evaluationNoun.input(filled, record); len(in.errors["items.2.item"]) != 1 || len(in.errors["items.2.score"]) != 1 {
		t.Errorf("wrong are %v", in.errors)
	}
}
