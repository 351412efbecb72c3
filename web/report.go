package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// reportNoun is how public reports are written.
var reportNoun = noun{
	path: "reports", root: "report", kind: catalog.KindReport, name: "title",
	groups: reportGroups, values: reportValues, input: reportInput,
	start: func(values url.Values, committee map[string]any) { values.Set("enteredBy", text(committee["slug"])) },
}

func reportGroups(url.Values) []fieldGroup {
	at := func(name, hint string, rows int) field { return fieldAt(catalog.KindReport, name, hint, rows) }
	return []fieldGroup{
		{Title: "说的是哪条记录", Hint: "公开报道列在记录旁边，不填进记录里。", Fields: []field{
			{Name: "record", Label: "所涉记录", Kind: "line", Most: 500, Hint: "粘贴记录页面的网址或路径，例如 /cases/siping-haodi-zhong-haoliang；可以是案例、品牌、提案、特色做法、政协或出处"},
			at("fields", "一行一个，写页面上的名称，例如：标题、年份；不针对哪个字段就留空", 2),
			at("relation", "", 0),
			at("statement", "用自己的话写网页上说了什么，不要照抄", 4),
		}},
		{Title: "网页", Hint: "没有打开过网页就不填核对日期，公开时注明“未经核实”。", Fields: []field{
			at("title", "", 0), at("url", "以 http:// 或 https:// 开头", 0), at("publisher", "", 0), at("publishedOn", "", 0),
			at("checkedOn", "打开网页核对过的那一天，例如 2026年11月27日", 0), at("enteredBy", "不选则为您所在的政协", 0),
		}},
	}
}

// reportedFields are the fields of ReportedRecord, by the kind that each names.
var reportedFields = map[catalog.RecordKind]string{
	catalog.KindCase: "case", catalog.KindBrand: "brand", catalog.KindProposal: "proposal", catalog.KindPractice: "practice",
	catalog.KindCommittee: "committee", catalog.KindSource: "source",
}

// reportedAt returns the record that an address of a page is about, as the input
// names it; what is no such address names none.
func reportedAt(address string) map[string]any {
	if u, err := url.Parse(clean(address)); err == nil {
		if kind, slug, ok := catalog.RecordAt(u.Path); ok && reportedFields[kind] != "" {
			return map[string]any{reportedFields[kind]: slug}
		}
	}
	return map[string]any{}
}

func reportValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.plain(record, catalog.KindReport)
	if of := object(record["record"]); of != nil {
		if at, err := recordURL(of["__typename"], of["slug"]); err == nil {
			s.set("record", at)
		}
	}
	s.set("enteredBy", object(record["enteredBy"])["slug"])
	kind := catalog.RecordKind(strings.ToUpper(text(object(record["record"])["__typename"])))
	var labels []string
	for _, name := range list(record["fields"]) {
		labels = append(labels, catalog.FieldLabel(kind, text(name)))
	}
	s.set("fields", strings.Join(labels, "\n"))
	return s.values
}

func reportInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	delete(w.input, "origin") // stays as it is
	for _, name := range []string{"title", "relation", "statement", "url"} {
		w.called(values, name)
	}
	w.plain(values, catalog.KindReport)
	w.texts(values, "", w.input, "enteredBy")
	if w.input["relation"] == "" {
		w.wrong("relation", "请选一项")
	}
	of := reportedAt(values.Get("record"))
	if len(of) == 0 && clean(values.Get("record")) != "" {
		w.wrong("record", "看不出是哪条记录：请粘贴案例、品牌、提案、特色做法、政协或出处页面的网址")
	}
	w.input["record"] = of
	var kind catalog.RecordKind
	for field := range of {
		kind = catalog.RecordKind(strings.ToUpper(field))
	}
	w.input["fields"] = anyList(fieldsCalled(kind, linesOf(values.Get("fields"))))
	return w
}

// fieldsCalled are the names of the kind's fields that people call so; what no field
// is called stays as it is, for the API to say.
func fieldsCalled(kind catalog.RecordKind, labels []string) []string {
	names := make([]string, len(labels))
	for i, label := range labels {
		names[i] = label
		for _, f := range catalog.NounOf(kind).Fields {
			if f.Label.Zh == label || slices.Contains(f.Names(), label) {
				names[i] = f.Name
				break
			}
		}
	}
	return names
}

// reported is a report as it stands beside fields: what it says, with how that
// stands to the fields before it.
type reported struct {
	Lead, Statement, Slug string
	Checked               any
}

// reportedOf picks of a record's reports those that are about one of the fields, each
// once, under the names of the fields.
func reportedOf(kind string, record any, fields ...string) []reported {
	of := object(record)
	var found []reported
	for _, one := range list(of["reports"]) {
		r := object(one)
		var about []string
		empty := true
		for _, field := range fields {
			if slices.ContainsFunc(list(r["fields"]), func(f any) bool { return related(text(f), field) }) {
				about = append(about, fieldLabel(kind, field))
				empty = empty && isBlank(of[field])
			}
		}
		if about != nil {
			lead := strings.Join(about, "、") + "：" + reportLead(catalog.ReportRelation(text(r["relation"])), empty, of["origin"])
			found = append(found, reported{lead, text(r["statement"]), text(r["slug"]), r["checkedOn"]})
		}
	}
	return found
}

// isBlank reports whether a record says nothing in a field.
func isBlank(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return value == nil
}

// reportLead says how a report stands to a field of a record of the origin.
func reportLead(relation catalog.ReportRelation, empty bool, origin any) string {
	lead := map[catalog.ReportRelation]string{
		catalog.ReportSupports: "另有公开报道印证：", catalog.ReportDiffers: "另有公开报道说法不同：", catalog.ReportAdds: "另有公开报道称：", catalog.ReportPossibly: "可能有关的公开报道称：",
	}[relation]
	switch {
	case !empty || relation == catalog.ReportSupports:
		return lead
	case text(origin) == string(catalog.OriginContributed):
		return blank(origin) + "；" + lead
	}
	return "出处未载；" + lead
}

func shapeReport(v *view, r *http.Request) error {
	w, err := workflowOf(reportNoun, v, r)
	v.Extra = w
	return err
}
