package web

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// proposalNoun is how proposals are written.
var proposalNoun = noun{
	path: "proposals", root: "proposal", kind: catalog.KindProposal, name: "title",
	groups: proposalGroups, values: proposalValues, input: proposalInput,
	start: func(values url.Values, committee map[string]any) {
		values.Set("proposers.committee", text(committee["name"]))
	},
}

// How many empty ones a form offers beside those that are there.
const (
	spareEvents       = 3
	spareSupervisions = 1
	spareEntries      = 1
	spareItems        = 1
)

func proposalGroups(values url.Values) []fieldGroup {
	groups := []fieldGroup{
		{Title: "基本情况", Fields: []field{
			fieldAt(catalog.KindProposal, "title", "", 0),
			fieldAt(catalog.KindProposal, "summary", "反映什么问题，提出什么建议", 6),
			lines("proposers.committee", "提案政协", "一行一个，写全称或简称。提案属于这里写的政协"),
			lines("proposers.person", "提案人", "一行一个，写知识库中已有的人物"),
			lines("proposers.new", "知识库中没有的提案人", "一行一个：姓名、职务；随提案新建，随提案发布"),
			fieldAt(catalog.KindProposal, "addressedTo", "例如：全国政协", 0),
			fieldAt(catalog.KindProposal, "number", "", 0),
			fieldAt(catalog.KindProposal, "year", "", 0),
			fieldAt(catalog.KindProposal, "isKey", "不选则不是", 0),
			fieldAt(catalog.KindProposal, "topics", "", 0),
			fieldAt(catalog.KindProposal, "alternativeTitles", "一行一个", 2),
		}},
		{Title: "办理情况", Hint: "答复了不等于解决了：办理结果和满意度分开填写，没有的留空。", Fields: []field{
			fieldAt(catalog.KindProposal, "resolution", "", 0), fieldAt(catalog.KindProposal, "satisfaction", "", 0),
			lines("undertakers.lead", "主办单位", "一行一个"), lines("undertakers.joint", "会办单位", "一行一个"),
		}},
	}
	groups[0].Fields = append(groups[0].Fields, restOf(catalog.KindProposal, groups)...)
	for i := range roomFor(values, "events", "kind") {
		at := func(name string) string { return fmt.Sprintf("events.%d.%s", i, name) }
		groups = append(groups, fieldGroup{Title: fmt.Sprintf("%s之%d", catalog.FieldLabel(catalog.KindProposal, "events"), i+1), List: "events", Hint: "按先后填写；没有选办理环节的不保存。", Fields: []field{
			fieldAt(catalog.KindProposal, at("kind"), "", 0), fieldAt(catalog.KindProposal, at("occurredOn"), "", 0), fieldAt(catalog.KindProposal, at("person"), "写知识库中已有的人物", 0).written(),
			fieldAt(catalog.KindProposal, at("note"), "", 2),
		}})
	}
	for i := range roomFor(values, "supervisions", "supervisor") {
		at := func(name string) string { return fmt.Sprintf("supervisions.%d.%s", i, name) }
		supervision := fieldGroup{Title: fmt.Sprintf("%s之%d", catalog.FieldLabel(catalog.KindProposal, "supervisions"), i+1), List: "supervisions", Hint: "全部留空的不保存。", Fields: []field{
			fieldAt(catalog.KindProposal, at("supervisor"), "写知识库中已有的人物", 0).written(), fieldAt(catalog.KindProposal, at("office"), "", 0),
			fieldAt(catalog.KindProposal, at("year"), "", 0), fieldAt(catalog.KindProposal, at("visits"), "", 0), fieldAt(catalog.KindProposal, at("meetings"), "", 0),
			fieldAt(catalog.KindProposal, at("note"), "", 2),
			newSupervisor(at("newPerson")),
		}, Rows: at("entries"), RowTitle: catalog.FieldAt(catalog.KindProposal, "supervisions.entries").Label.Zh}
		supervision.Fields = append(supervision.Fields, entryFields(values, at("entries"))...)
		groups = append(groups, supervision)
	}
	return append(groups, outcomeGroups(values)...)
}

func proposalValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.plain(record, catalog.KindProposal)
	s.set("alternativeTitles", join(record["alternativeTitles"], "\n"))
	for _, topic := range list(record["topics"]) {
		s.values.Add("topics", text(object(topic)["slug"]))
	}
	names := map[string][]string{}
	add := func(field string, record any) { names[field] = append(names[field], text(object(record)["name"])) }
	for _, proposer := range list(record["proposers"]) {
		if object(proposer)["__typename"] == "Person" {
			add("proposers.person", proposer)
		} else {
			add("proposers.committee", proposer)
		}
	}
	for _, undertaker := range list(record["undertakers"]) {
		if object(undertaker)["isLead"] == true {
			add("undertakers.lead", undertaker)
		} else {
			add("undertakers.joint", undertaker)
		}
	}
	for field, lines := range names {
		s.set(field, strings.Join(lines, "\n"))
	}
	s.repeat("events", list(record["events"]), spareEvents, "kind", func(prefix string, event map[string]any) {
		s.set(prefix+"person", object(event["person"])["name"])
		for _, name := range []string{"kind", "occurredOn", "note"} {
			s.set(prefix+name, event[name])
		}
	})
	s.repeat("supervisions", list(record["supervisions"]), spareSupervisions, "supervisor", func(prefix string, supervision map[string]any) {
		s.set(prefix+"supervisor", object(supervision["supervisor"])["name"])
		for _, name := range []string{"office", "year", "visits", "meetings", "note"} {
			s.set(prefix+name, supervision[name])
		}
		s.entries(prefix, list(supervision["entries"]))
	})
	s.outcomes(record)
	return s.values
}

func proposalInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	w.called(values, "title")
	w.plain(values, catalog.KindProposal)
	w.input["topics"] = anyList(values["topics"])
	w.input["alternativeTitles"] = anyList(linesOf(values.Get("alternativeTitles")))
	people := peopleOf(record)
	w.proposers(values, people)
	w.undertakers(values)
	w.repeated(values, "events", "kind", func(prefix, _ string) map[string]any {
		event := map[string]any{}
		w.texts(values, prefix, event, "kind", "note", "person")
		if event["kind"] == nil {
			return nil
		}
		people.meant(event, "person")
		w.dates(values, prefix, event, "occurredOn")
		return event
	})
	w.repeated(values, "supervisions", "supervisor", func(prefix, place string) map[string]any {
		supervision := map[string]any{}
		w.texts(values, prefix, supervision, "supervisor", "office", "note")
		made := clean(values.Get(prefix + "newPerson"))
		supervision["entries"] = w.entries(values, prefix, place, people)
		if made != "" {
			supervision["newPerson"] = newPerson(made)
		}
		w.numbers(values, prefix, supervision, "year", "visits", "meetings")
		if len(supervision) == 1 && len(supervision["entries"].([]any)) == 0 {
			return nil
		}
		people.meant(supervision, "supervisor")
		return supervision
	})
	w.outcomes(values)
	return w
}

// newSupervisor is the field for a supervisor that is not there yet.
func newSupervisor(name string) field {
	return field{Name: name, Label: "知识库中没有的督办人", Hint: "姓名、职务；随提案新建，随提案发布。已写督办人的留空", Kind: "line", Most: catalog.MaxTitle}
}

// people are those that a record names, by what they are called: two may be
// called alike, and a name that stays keeps whom it means.
type people map[string]string

func peopleOf(record map[string]any) people {
	p := people{}
	note := func(person any) {
		if one := object(person); one != nil {
			p[text(one["name"])] = text(one["slug"])
		}
	}
	for _, proposer := range list(record["proposers"]) {
		note(proposer)
	}
	for _, event := range list(record["events"]) {
		note(object(event)["person"])
	}
	for _, supervision := range list(record["supervisions"]) {
		note(object(supervision)["supervisor"])
		for _, entry := range list(object(supervision)["entries"]) {
			for _, person := range list(object(entry)["by"]) {
				note(person)
			}
		}
	}
	return p
}

// meant puts the slug in the place of a name that the record has.
func (p people) meant(in map[string]any, field string) {
	if slug, ok := p[text(in[field])]; ok {
		in[field] = slug
	}
}

func (w *written) proposers(values url.Values, p people) {
	all := []any{}
	for _, kind := range []string{"committee", "person"} {
		for _, line := range linesOf(values.Get("proposers." + kind)) {
			w.places[fmt.Sprintf("proposers.%d", len(all))] = "proposers." + kind
			proposer := map[string]any{kind: line}
			p.meant(proposer, kind)
			all = append(all, proposer)
		}
	}
	for _, line := range linesOf(values.Get("proposers.new")) {
		w.places[fmt.Sprintf("proposers.%d", len(all))] = "proposers.new"
		all = append(all, map[string]any{"newPerson": newPerson(line)})
	}
	w.input["proposers"] = all
}

func (w *written) undertakers(values url.Values) {
	all := []any{}
	for _, kind := range []string{"lead", "joint"} {
		for _, line := range linesOf(values.Get("undertakers." + kind)) {
			w.places[fmt.Sprintf("undertakers.%d", len(all))] = "undertakers." + kind
			all = append(all, map[string]any{"name": line, "isLead": kind == "lead"})
		}
	}
	w.input["undertakers"] = all
}
