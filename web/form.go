package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// field is a field of the form in which a case is written.
type field struct {
	Name  string
	Label string
	Hint  string
	Kind  string // line, text, number, date, select, topics
	Rows  int    // of a text
	Most  int    // characters
}

// fieldGroup are the fields of one part of the form.
type fieldGroup struct {
	Title  string
	Hint   string
	Fields []field
}

// spareOutcomes is how many empty outcomes a form offers beside those that are
// there: without scripts none can be added.
const spareOutcomes = 2

// fieldGroups are all fields in their order; outcomes is how many of these the
// form has.
func fieldGroups(outcomes int) []fieldGroup {
	text := func(name, label, hint string, rows int) field {
		return field{name, label, hint, "text", rows, catalog.MaxText}
	}
	line := func(name, label, hint string) field { return field{name, label, hint, "line", 0, catalog.MaxTitle} }
	groups := []fieldGroup{
		{Title: "基本情况", Fields: []field{
			line("title", "标题", ""),
			text("summary", "摘要", "几句话说清：什么问题、怎样协商、结果如何", 4),
			{"committee", "承办政协", "", "select", 0, 0},
			{"region", "地区", "不选则为承办政协所在地", "select", 0, 0},
			{"brand", "协商品牌", "", "select", 0, 0},
			{"startedOn", "开始日期", "2021、2021-07 或 2021-07-15", "date", 0, 10},
			{"endedOn", "结束日期", "", "date", 0, 10},
			{"year", "年份", "不填则取开始日期的年份", "number", 0, 4},
			{"topics", "议题", "", "topics", 0, 0},
		}},
		{Title: "四个部分", Fields: []field{
			text("background", "背景", "", 6), text("approach", "做法", "", 10), text("results", "成效", "", 6), text("lessons", "启示", "", 6),
		}},
		{Title: "两问三要三明确", Hint: "记载了的环节才填，没有的留空。", Fields: stepFields(text)},
		{Title: "五方", Hint: "一行一个。", Fields: roleFields(text)},
	}
	for i := range outcomes {
		at := func(name string) string { return fmt.Sprintf("outcomes.%d.%s", i, name) }
		groups = append(groups, fieldGroup{Title: fmt.Sprintf("协商成果之%d", i+1), Hint: "表达形式留空的不保存。", Fields: []field{
			line(at("form"), "成果表达形式", "例如：建议案、专题报告"), line(at("usedBy"), "运用主体", ""), line(at("use"), "运用方式", ""),
			text(at("effect"), "有效性", "", 3), {at("status"), "成果状态", "", "select", 0, 0}, {at("occurredOn"), "日期", "", "date", 0, 10},
		}})
	}
	return append(groups, fieldGroup{Title: "其他", Fields: []field{
		{"participantCount", "参加人数", "", "number", 0, 9}, {"meetingCount", "会议次数", "", "number", 0, 9},
		text("recruitment", "参加人员产生方式", "", 3), text("links", "相关链接", "一行一个：标题 空格 网址", 3),
		text("alternativeTitles", "其他名称", "一行一个", 2),
	}})
}

func stepFields(text func(name, label, hint string, rows int) field) []field {
	var fields []field
	for _, step := range catalog.Procedure {
		fields = append(fields, text("steps."+string(step.Code), step.Name+"："+step.Asks, "", 3))
	}
	return fields
}

func roleFields(text func(name, label, hint string, rows int) field) []field {
	var fields []field
	for _, role := range roles {
		fields = append(fields, text("participants."+string(role), label("role", string(role)), "", 2))
	}
	return fields
}

// valuesOf gives a case as the form's values.
func valuesOf(record map[string]any) url.Values {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	for _, name := range []string{"title", "summary", "background", "approach", "results", "lessons", "startedOn", "endedOn", "recruitment"} {
		set(name, text(record[name]))
	}
	for _, name := range []string{"year", "participantCount", "meetingCount"} {
		if n, ok := record[name].(int); ok {
			set(name, strconv.Itoa(n))
		}
	}
	set("committee", text(object(record["committee"])["slug"]))
	set("region", text(object(record["region"])["code"]))
	set("brand", text(object(record["brand"])["slug"]))
	for _, topic := range list(record["topics"]) {
		values.Add("topics", text(object(topic)["slug"]))
	}
	set("alternativeTitles", join(record["alternativeTitles"], "\n"))
	for _, step := range list(record["steps"]) {
		set("steps."+text(object(step)["code"]), text(object(step)["text"]))
	}
	for _, role := range roles {
		set("participants."+string(role), strings.Join(participantsOf(record, string(role)), "\n"))
	}
	for i, outcome := range list(record["outcomes"]) {
		for name, value := range object(outcome) {
			set(fmt.Sprintf("outcomes.%d.%s", i, name), text(value))
		}
	}
	var links []string
	for _, link := range list(record["links"]) {
		links = append(links, text(object(link)["title"])+" "+text(object(link)["url"]))
	}
	set("links", strings.Join(links, "\n"))
	return values
}

// written is a form's values as the input of a mutation.
type written struct {
	input map[string]any
	// places are where in the input a field went, "steps.0" for "steps.ASK_FITNESS",
	// by the place: what is wrong is told by places, and shown at fields.
	places map[string]string
	errors map[string][]string // what could not be read, by field
}

// inputOf reads the form. What the form does not have, record's citations and
// the like, stays as it is; record is nil for a new case.
func inputOf(values url.Values, record map[string]any) written {
	w := written{input: kept(record), places: map[string]string{}, errors: map[string][]string{}}
	for _, name := range []string{"title", "summary", "background", "approach", "results", "lessons", "recruitment", "committee", "region", "brand"} {
		if value := clean(values.Get(name)); value != "" {
			w.input[name] = value
		}
	}
	if w.input["title"] == nil {
		w.input["title"] = ""
	}
	w.dates(values, "", w.input, "startedOn", "endedOn")
	w.numbers(values, "year", "participantCount", "meetingCount")
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

// kept is what of a case the form does not have, as the input has it.
func kept(record map[string]any) map[string]any {
	if record == nil {
		return map[string]any{}
	}
	slugs := func(records any) []any {
		all := []any{}
		for _, r := range list(records) {
			all = append(all, object(r)["slug"])
		}
		return all
	}
	citations := []any{}
	for _, citation := range list(record["citations"]) {
		c := object(citation)
		citations = append(citations, map[string]any{
			"source": object(c["source"])["slug"], "quote": c["quote"], "start": c["start"], "fields": c["fields"],
		})
	}
	return map[string]any{
		"slug": record["slug"], "origin": record["origin"], "citations": citations,
		"possiblySameAs": slugs(record["possiblySameAs"]), "proposals": slugs(object(record["proposals"])["nodes"]),
	}
}

// clean gives a text as it is kept: browsers send lines that end with CR LF.
func clean(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// linesOf are the lines of a text that are not empty.
func linesOf(s string) []string {
	var lines []string
	for line := range strings.SplitSeq(clean(s), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func anyList(texts []string) []any {
	all := []any{}
	for _, s := range texts {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}

// dates reads dates, whose names in the form have the prefix, into the object.
func (w *written) dates(values url.Values, prefix string, to map[string]any, names ...string) {
	for _, name := range names {
		value := clean(values.Get(prefix + name))
		switch {
		case value == "":
		case catalog.PartialDate(value).Valid():
			to[name] = value
		default:
			w.errors[prefix+name] = append(w.errors[prefix+name], "请写成 2021、2021-07 或 2021-07-15")
		}
	}
}

func (w *written) numbers(values url.Values, names ...string) {
	for _, name := range names {
		value := clean(values.Get(name))
		if value == "" {
			continue
		}
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			w.errors[name] = append(w.errors[name], "请写一个整数")
			continue
		}
		w.input[name] = n
	}
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

// participants reads the five sides. A name that the record has on that side
// keeps the committee or person that it means.
func (w *written) participants(values url.Values, record map[string]any) {
	all := []any{}
	for _, role := range roles {
		name := "participants." + string(role)
		for _, line := range linesOf(values.Get(name)) {
			w.places[fmt.Sprintf("participants.%d", len(all))] = name
			p := map[string]any{"role": string(role), "name": line}
			for _, participant := range list(record["participants"]) {
				if was := object(participant); was["role"] == string(role) && was["name"] == line {
					if slug := text(object(was["committee"])["slug"]); slug != "" {
						p["committee"] = slug
					}
					if slug := text(object(was["person"])["slug"]); slug != "" {
						p["person"] = slug
					}
				}
			}
			all = append(all, p)
		}
	}
	w.input["participants"] = all
}

func (w *written) outcomes(values url.Values) {
	all := []any{}
	for i := range outcomesIn(values) {
		prefix := fmt.Sprintf("outcomes.%d.", i)
		form := clean(values.Get(prefix + "form"))
		if form == "" {
			continue
		}
		w.places[fmt.Sprintf("outcomes.%d", len(all))] = strings.TrimSuffix(prefix, ".")
		o := map[string]any{"form": form, "status": values.Get(prefix + "status")}
		for _, name := range []string{"usedBy", "use", "effect"} {
			if value := clean(values.Get(prefix + name)); value != "" {
				o[name] = value
			}
		}
		if o["status"] == "" {
			o["status"] = string(catalog.OutcomeSubmitted)
		}
		w.dates(values, prefix, o, "occurredOn")
		all = append(all, o)
	}
	w.input["outcomes"] = all
}

// outcomesIn is how many outcomes the values have room for.
func outcomesIn(values url.Values) int {
	n := 0
	for n < catalog.MaxList && values.Has(fmt.Sprintf("outcomes.%d.form", n)) {
		n++
	}
	return n
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

// fieldAt is the field at which what is wrong at a place of the input is shown,
// "" where no field has it.
func (w written) fieldAt(path []string, names []string) string {
	if len(path) == 0 || path[0] != "input" {
		return ""
	}
	path = path[1:]
	if len(path) >= 2 {
		if name, ok := w.places[path[0]+"."+path[1]]; ok {
			if full := name + "." + strings.Join(path[2:], "."); slices.Contains(names, full) {
				return full
			}
			if slices.Contains(names, name) {
				return name
			}
			return name + ".form" // of an outcome as a whole
		}
	}
	if len(path) > 0 && slices.Contains(names, path[0]) {
		return path[0]
	}
	return ""
}
