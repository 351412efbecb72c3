package web

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// caseNoun is how cases are written.
var caseNoun = noun{
	path: "cases", root: "case", kind: catalog.KindCase, name: "title",
	groups: caseGroups, values: caseValues, input: caseInput,
	start: func(values url.Values, committee map[string]any) { values.Set("committee", text(committee["slug"])) },
}

func caseGroups(values url.Values) []fieldGroup {
	groups := []fieldGroup{
		{Title: "基本情况", Fields: []field{
			fieldAt(catalog.KindCase, "title", "", 0),
			fieldAt(catalog.KindCase, "summary", "几句话说清：什么问题、怎样协商、结果如何", 4),
			fieldAt(catalog.KindCase, "committee", "", 0),
			fieldAt(catalog.KindCase, "region", "不选则为所选政协所在地", 0),
			fieldAt(catalog.KindCase, "brand", "", 0),
			fieldAt(catalog.KindCase, "startedOn", "", 0),
			fieldAt(catalog.KindCase, "endedOn", "", 0),
			fieldAt(catalog.KindCase, "year", "不填则取开始日期的年份", 0),
			fieldAt(catalog.KindCase, "topics", "", 0),
		}},
		{Title: "四个部分", Fields: []field{
			fieldAt(catalog.KindCase, "background", "", 6), fieldAt(catalog.KindCase, "approach", "", 10), fieldAt(catalog.KindCase, "results", "", 6), fieldAt(catalog.KindCase, "lessons", "", 6),
		}},
	}
	if values.Get("unplaced") != "" {
		groups = append(groups, fieldGroup{
			Title: catalog.FieldLabel(catalog.KindCase, "unplaced"), Hint: "导入时没有认出这些文字属于哪一部分。请剪切到合适的部分，不要的删去；这里还有文字时不能发布。",
			Fields: []field{fieldAt(catalog.KindCase, "unplaced", "", 8)},
		})
	}
	groups = append(groups, []fieldGroup{
		{Title: "两问三要三明确", Part: true, Hint: "记载了的环节才填，没有的留空。", Fields: stepFields()},
		{Title: "五方", Part: true, Hint: "谁参加了协商，按所在的一方写，一行一个；下面写这一方说了什么。", Fields: roleFields()},
		{Title: "五方中没有人物页的人", Fold: true, Hint: "参加协商的人，知识库中还没有、又要有人物页的，写在这里，一行一个：姓名、职务。随案例新建，随案例发布；写在这里的，上面不必再写。", Fields: newPersonFields()},
	}...)
	groups = append(groups, outcomeGroups(values)...)
	groups = append(groups, fieldGroup{Title: "其他", Fold: true, Fields: []field{
		fieldAt(catalog.KindCase, "participantCount", "", 0), fieldAt(catalog.KindCase, "meetingCount", "", 0),
		fieldAt(catalog.KindCase, "recruitment", "", 3), fieldAt(catalog.KindCase, "links", "一行一个：标题 空格 网址", 3),
		fieldAt(catalog.KindCase, "alternativeTitles", "一行一个", 2),
	}})
	others := &groups[len(groups)-1]
	others.Fields = append(others.Fields, restOf(catalog.KindCase, groups)...)
	return groups
}

func stepFields() []field {
	var fields []field
	for _, step := range catalog.Procedure {
		help := stepHelp[step.Code]
		fields = append(fields, field{Name: "steps." + string(step.Code), Label: step.Label(), Hint: help.hint, Example: help.example, Kind: "text", Rows: 3, Most: catalog.MaxText})
	}
	return fields
}

func roleFields() []field {
	var fields []field
	for _, role := range roles {
		help, name := roleHelp[role], "participants."+string(role)
		fields = append(fields,
			field{Name: name, Label: role.Label(), Hint: help.hint, Example: help.example, Kind: "text", Rows: 2, Most: catalog.MaxText},
			field{Name: name + ".statement", Label: role.Label() + "说了什么", Hint: "主要意见、承诺或回应；没有记载的不写", Example: help.saying, Kind: "text", Rows: 2, Most: catalog.MaxText})
	}
	return fields
}

// newPersonFields are where persons are made with the case, a field a side.
func newPersonFields() []field {
	var fields []field
	for _, role := range roles {
		fields = append(fields, lines("participants."+string(role)+".new", role.Label()+"中要新建的人物", ""))
	}
	return fields
}

func caseValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.plain(record, catalog.KindCase)
	s.set("committee", object(record["committee"])["slug"])
	s.set("region", object(record["region"])["code"])
	s.set("brand", object(record["brand"])["slug"])
	for _, topic := range list(record["topics"]) {
		s.values.Add("topics", text(object(topic)["slug"]))
	}
	s.set("alternativeTitles", join(record["alternativeTitles"], "\n"))
	for _, step := range list(record["steps"]) {
		s.set("steps."+text(object(step)["code"]), object(step)["text"])
	}
	for _, role := range roles {
		s.set("participants."+string(role), strings.Join(participantsOf(record, string(role)), "\n"))
		s.set("participants."+string(role)+".statement", statementOf(record, role))
	}
	s.outcomes(record)
	var links []string
	for _, link := range list(record["links"]) {
		links = append(links, text(object(link)["title"])+" "+text(object(link)["url"]))
	}
	s.set("links", strings.Join(links, "\n"))
	return s.values
}

func caseInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	if record != nil {
		w.input["possiblySameAs"], w.input["proposals"] = slugs(record["possiblySameAs"]), slugs(object(record["proposals"])["nodes"])
		w.input["indicators"] = slugs(record["indicators"])
	}
	w.called(values, "title")
	w.plain(values, catalog.KindCase)
	w.texts(values, "", w.input, "committee", "region", "brand")
	w.input["topics"] = anyList(values["topics"])
	w.input["alternativeTitles"] = anyList(linesOf(values.Get("alternativeTitles")))
	w.steps(values)
	w.participants(values, record)
	w.outcomes(values)
	w.links(values)
	if w.input["committee"] == object(record["committee"])["slug"] && w.input["region"] == object(record["region"])["code"] && record != nil {
		w.input["level"] = record["level"] // else it is the other committee's or region's
	}
	return w
}

// slugs are those of the records.
func slugs(records any) []any {
	all := []any{}
	for _, r := range list(records) {
		all = append(all, object(r)["slug"])
	}
	return all
}

func (w *written) steps(values url.Values) {
	steps := []any{}
	for _, step := range catalog.Procedure {
		name := "steps." + string(step.Code)
		if value := clean(values.Get(name)); value != "" {
			w.places[fmt.Sprintf("steps.%d", len(steps))] = name
			steps = append(steps, map[string]any{"code": string(step.Code), "text": value})
		}
	}
	w.input["steps"] = steps
}

// statementOf is what all on a side said, a paragraph each.
func statementOf(record map[string]any, role catalog.PartyRole) string {
	var said []string
	for _, participant := range list(record["participants"]) {
		if p := object(participant); p["role"] == string(role) && text(p["statement"]) != "" {
			said = append(said, text(p["statement"]))
		}
	}
	return strings.Join(said, "\n")
}

// participants reads the five sides. A name that the record has on that side
// keeps the committee or person that it means. What the side said is the first one's,
// unless it stays as it was: then it stays whose it was.
func (w *written) participants(values url.Values, record map[string]any) {
	all := []any{}
	for _, role := range roles {
		name := "participants." + string(role)
		said := clean(values.Get(name + ".statement"))
		same := record != nil && said == clean(statementOf(record, role))
		made := linesOf(values.Get(name + ".new"))
		if said != "" && len(linesOf(values.Get(name)))+len(made) == 0 {
			w.wrong(name, "写了这一方说的话，请也写明是谁")
		}
		for i, line := range linesOf(values.Get(name)) {
			w.places[fmt.Sprintf("participants.%d", len(all))] = name
			p := map[string]any{"role": string(role), "name": line}
			if i == 0 && said != "" && !same {
				p["statement"] = said
			}
			for _, participant := range list(record["participants"]) {
				if was := object(participant); was["role"] == string(role) && was["name"] == line {
					if slug := text(object(was["committee"])["slug"]); slug != "" {
						p["committee"] = slug
					}
					if slug := text(object(was["person"])["slug"]); slug != "" {
						p["person"] = slug
					}
					if statement := text(was["statement"]); statement != "" && same {
						p["statement"] = statement
					}
				}
			}
			all = append(all, p)
		}
		for i, line := range made {
			w.places[fmt.Sprintf("participants.%d", len(all))] = name + ".new"
			person := newPerson(line)
			p := map[string]any{"role": string(role), "name": person["name"], "newPerson": person}
			if i == 0 && said != "" && !same && len(linesOf(values.Get(name))) == 0 {
				p["statement"] = said
			}
			all = append(all, p)
		}
	}
	w.input["participants"] = all
}

func (w *written) links(values url.Values) {
	all := []any{}
	for _, line := range linesOf(values.Get("links")) {
		w.places[fmt.Sprintf("links.%d", len(all))] = "links"
		title, address := line, line
		if at := strings.LastIndexAny(line, " \t　"); at >= 0 {
			title, address = strings.TrimSpace(line[:at]), strings.TrimSpace(strings.TrimLeft(line[at:], " \t　"))
		}
		all = append(all, map[string]any{"title": title, "url": address})
	}
	w.input["links"] = all
}
