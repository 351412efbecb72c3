package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/dates"
)

// callNoun is how calls are written.
var callNoun = noun{
	path: "calls", root: "call", kind: catalog.KindCall, name: "title",
	groups: callGroups, values: callValues, input: callInput,
	start: func(values url.Values, committee map[string]any) {
		values.Set("committee", text(committee["slug"]))
		values["parts"] = []string{string(catalog.PartBackground), string(catalog.PartApproach), string(catalog.PartResults), string(catalog.PartLessons)}
		values.Set("criteria", "真实 1\n创新 1\n实效 1\n可推广 1")
	},
}

func callGroups(url.Values) []fieldGroup {
	at := func(name, hint string, rows int) field { return fieldAt(catalog.KindCall, name, hint, rows) }
	day := func(name, hint string) field {
		f := at(name, hint, 0)
		f.Kind, f.Most = "date", mostOfDate
		return f
	}
	boxes := func(name string) field {
		f := at(name, "", 0)
		f.Kind = "boxes"
		return f
	}
	criteria := lines("criteria", catalog.FieldAt(catalog.KindCall, "criteria").Label.Zh, "一行一项，后面写权重，不写为 1，例如：真实 2。有了评分就不能再改")
	criteria.Rows = 4
	audience := boxes("audience")
	audience.Hint = "都不选，就是所属各级政协"
	blind := at("blind", "评审看不到报送单位；文中写到的名称不会删去，检查时会提醒", 0)
	blind.Label = "匿名评审"
	groups := []fieldGroup{
		{Title: "征集通知", Fields: []field{
			at("title", "例如：关于征集协商典型案例的通知", 0), at("text", "为什么征集、征集什么；时间、要求和标准写在下面，会列在通知里", 10), at("committee", "不选则为您的政协", 0),
			day("opensOn", "当日零时起接受报送，例如 2026-07-01"), day("closesOn", "当日二十四时前有效，例如 2026-09-30"),
		}},
		{Title: "材料要求", Fields: []field{
			boxes("parts"), at("minCharacters", "含标点；不限的留空", 0), at("maxCharacters", "含标点；不限的留空", 0), at("quota", "不限的留空", 0), at("topics", "", 0),
		}},
		{Title: "评审", Fields: []field{
			criteria, blind, at("scoresVisibleTo", "不选为仅征集方；有了评分就不能再改", 0), at("mark", "例如：2026年度典型案例", 0),
			at("indicator", "写指标的永久链接；没有的留空，不能是出处所载的指标", 0).written(),
		}},
		{Title: "征集范围", Fields: []field{audience}},
	}
	results := lines("results", catalog.FieldAt(catalog.KindCall, "results").Label.Zh,
		"一行一个：案例｜报送单位｜结果｜案例永久链接，后三项不清楚的不写，例如：某某案例｜某县政协｜一等奖。可以从 Excel 里整列复制粘贴")
	results.Rows = 4
	groups = append(groups, fieldGroup{Title: "往年征集的结果", Hint: "知识库建成以前的征集，只登记知道的名称和单位，不编写正文；本次征集的结果在评审后公布，不写在这里。", Fields: []field{results}})
	if rest := restOf(catalog.KindCall, groups); len(rest) > 0 {
		groups = append(groups, fieldGroup{Title: "其他", Fields: rest})
	}
	return groups
}

func callValues(record map[string]any) url.Values {
	s := setter{url.Values{}}
	s.plain(record, catalog.KindCall)
	s.fields(record, "opensOn", "closesOn")
	s.set("committee", object(record["committee"])["slug"])
	s.set("indicator", object(record["indicator"])["slug"])
	for _, name := range []string{"topics", "audience"} {
		for _, one := range list(record[name]) {
			s.values.Add(name, text(object(one)["slug"]))
		}
	}
	for _, part := range list(record["parts"]) {
		s.values.Add("parts", text(part))
	}
	var criteria []string
	for _, one := range list(record["criteria"]) {
		criteria = append(criteria, fmt.Sprintf("%s %d", text(object(one)["name"]), whole(object(one)["weight"])))
	}
	s.set("criteria", strings.Join(criteria, "\n"))
	var results []string
	for _, one := range list(record["results"]) {
		o := object(one)
		results = append(results, withoutEmpty(text(o["title"]), text(o["unit"]), text(o["award"]), text(object(o["case"])["slug"])))
	}
	s.set("results", strings.Join(results, "\n"))
	return s.values
}

func callInput(values url.Values, record map[string]any) written {
	w := newWritten(record)
	delete(w.input, "origin") // a call's is not its writer's to say
	w.plain(values, catalog.KindCall)
	w.called(values, "title")
	w.called(values, "text")
	w.texts(values, "", w.input, "committee", "indicator")
	w.day(values, "opensOn")
	w.day(values, "closesOn")
	for _, name := range []string{"topics", "parts", "audience"} {
		w.input[name] = anyList(values[name])
	}
	w.criteria(values.Get("criteria"))
	w.results(values.Get("results"))
	return w
}

// needsDay is what is said of a day that is missing, as the catalog says it.
const needsDay = "请写日期，例如 2026-09-30"

// day reads a day, which must be there.
func (w *written) day(values url.Values, name string) {
	if dates.IsNone(clean(values.Get(name))) {
		w.wrong(name, needsDay)
		return
	}
	w.dates(values, "", w.input, name)
	if read, ok := w.input[name].(string); ok && !catalog.Day(read).Valid() {
		delete(w.input, name)
		w.wrong(name, needsDay)
	}
}

// criteria reads what is scored, a line each, with its weight behind.
func (w *written) criteria(value string) {
	all := []any{}
	for _, line := range linesOf(value) {
		one := map[string]any{"name": line}
		if at := strings.LastIndexAny(line, " 　\t"); at > 0 {
			if weight, err := strconv.ParseInt(strings.TrimSpace(line[at:]), 10, 32); err == nil {
				one["name"], one["weight"] = strings.TrimSpace(line[:at]), weight
			}
		}
		w.places[fmt.Sprintf("criteria.%d", len(all))] = "criteria"
		all = append(all, one)
	}
	w.input["criteria"] = all
}

// results reads what became of a call of earlier years, a line each; cells that come from
// a workbook have tabs between them.
func (w *written) results(value string) {
	all := []any{}
	for _, line := range linesOf(value) {
		parts := append(parted(strings.ReplaceAll(line, "\t", "｜")), "", "", "")
		one := map[string]any{"title": parts[0]}
		for i, name := range []string{"unit", "award", "case"} {
			if parts[i+1] != "" {
				one[name] = parts[i+1]
			}
		}
		w.places[fmt.Sprintf("results.%d", len(all))] = "results"
		all = append(all, one)
	}
	w.input["results"] = all
}

// parted returns the parts of a line that has ｜ between them, without the spaces around.
func parted(line string) []string {
	parts := strings.Split(strings.ReplaceAll(line, "|", "｜"), "｜")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// withoutEmpty joins parts by ｜, those at the end that are empty left out.
func withoutEmpty(parts ...string) string {
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, "｜")
}
