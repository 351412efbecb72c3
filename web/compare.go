package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// compareNames are the fields of the comparison's document, one a case: as many
// as can be compared at once.
var compareNames = []string{"a", "b", "c", "d"}

// comparedSlugs reads which cases are compared: cases=a,b and cases=a&cases=b
// mean the same.
func comparedSlugs(r *http.Request) []string {
	var slugs []string
	for _, value := range r.URL.Query()["cases"] {
		for slug := range strings.SplitSeq(value, ",") {
			slug = strings.TrimSpace(slug)
			if slug != "" && !slices.Contains(slugs, slug) {
				slugs = append(slugs, slug)
			}
		}
	}
	return slugs
}

func compareVariables(r *http.Request) (map[string]any, error) {
	slugs := comparedSlugs(r)
	if len(slugs) > len(compareNames) {
		return nil, badAddress("最多同时对比 " + strconv.Itoa(len(compareNames)) + " 个案例，这里有 " + strconv.Itoa(len(slugs)) + " 个。请返回上一页，去掉几个再试。")
	}
	find := strings.TrimSpace(cut(r.URL.Query().Get("find"), maxQuery))
	variables := map[string]any{"find": find, "finding": find != ""}
	for i, name := range compareNames {
		variables[name] = "" // no case's permalink
		if i < len(slugs) {
			variables[name] = slugs[i]
		}
	}
	return variables, nil
}

// compareExtra is the table of a comparison.
type compareExtra struct {
	Cases   []compared
	Missing []string // permalinks that lead to no case
	Rows    []comparedRow
	Blank   []string // what none of the cases tells
	Find    string   // what cases are looked for by
	Found   []option // those to choose from: found, or the first by title
	Rest    int      // that are not among them
}

// compared is a case with the address of the comparison without it.
type compared struct {
	Record  map[string]any
	Without string
}

// comparedRow is one property of all cases, in paragraphs. Same says that all
// have it and it is the same.
type comparedRow struct {
	Title string
	Cells [][]string
	Same  bool
}

func shapeCompare(v *view, r *http.Request) error {
	extra := compareExtra{}
	slugs := comparedSlugs(r)
	for i, slug := range slugs {
		record := object(v.Data[compareNames[i]])
		if record == nil {
			extra.Missing = append(extra.Missing, slug)
			continue
		}
		others := slices.DeleteFunc(slices.Clone(slugs), func(s string) bool { return s == slug })
		extra.Cases = append(extra.Cases, compared{record, "/compare?" + url.Values{"cases": others}.Encode()})
		v.Synthetic = v.Synthetic || record["origin"] == string(catalog.OriginSynthetic)
	}
	extra.choices(v.Data, slugs, r.URL.Query().Get("find"))
	for _, property := range properties() {
		if row := property.row(extra.Cases); row.blank() {
			extra.Blank = append(extra.Blank, row.Title)
		} else {
			extra.Rows = append(extra.Rows, row)
		}
	}
	v.Extra = extra
	return nil
}

// choices puts together what can be added to the comparison.
func (x *compareExtra) choices(data map[string]any, slugs []string, find string) {
	x.Find = strings.TrimSpace(cut(find, maxQuery))
	cases := list(object(data["cases"])["nodes"])
	x.Rest = whole(object(data["cases"])["totalCount"]) - len(cases)
	if x.Find != "" {
		cases, x.Rest = nil, whole(object(data["search"])["totalCount"])
		for _, edge := range list(object(data["search"])["edges"]) {
			cases = append(cases, object(edge)["node"])
			x.Rest--
		}
	}
	for _, record := range cases {
		c := object(record)
		if slug := text(c["slug"]); !slices.Contains(slugs, slug) {
			label := text(c["title"])
			if name := text(object(c["committee"])["name"]); name != "" {
				label += "（" + name + "）"
			}
			x.Found = append(x.Found, option{Value: slug, Label: label})
		}
	}
}

// property is what cases are compared by.
type property struct {
	title string
	of    func(record map[string]any) []string
}

// row compares all cases by the property.
func (p property) row(cases []compared) comparedRow {
	row := comparedRow{Title: p.title, Same: len(cases) > 1}
	for _, c := range cases {
		row.Cells = append(row.Cells, p.of(c.Record))
		if last := row.Cells[len(row.Cells)-1]; len(last) == 0 || !slices.Equal(last, row.Cells[0]) {
			row.Same = false
		}
	}
	return row
}

// blank says that none of the cases tells.
func (r comparedRow) blank() bool {
	return !slices.ContainsFunc(r.Cells, func(cell []string) bool { return len(cell) > 0 })
}

// properties are all that is compared, in the order of the table.
func properties() []property {
	field := func(name string, of func(map[string]any) []string) property {
		return property{catalog.FieldLabel(catalog.KindCase, name), of}
	}
	all := []property{
		field("committee", nameOf("committee")),
		field("level", func(r map[string]any) []string { return some(catalog.Level(text(r["level"])).Label()) }),
		{"时间", func(r map[string]any) []string {
			if started := date(r["startedOn"]); started != "" {
				return []string{started}
			}
			return number(r["year"], "年")
		}},
		field("brand", nameOf("brand")),
		field("topics", func(r map[string]any) []string { return some(names(r["topics"])) }),
	}
	for _, f := range catalog.NounOf(catalog.KindCase).Fields {
		if f.Shape == catalog.ShapeProse {
			all = append(all, field(f.Name, textOf(f.Name)))
		}
	}
	for i, step := range catalog.Procedure {
		all = append(all, property{step.Label(), func(r map[string]any) []string {
			if steps := list(r["steps"]); i < len(steps) {
				return paragraphs(object(steps[i])["text"])
			}
			return nil
		}})
	}
	for _, role := range roles {
		all = append(all, property{role.Label(), func(r map[string]any) []string {
			return append(participantsOf(r, string(role)), paragraphs(statementOf(r, role))...)
		}})
	}
	return append(all,
		field("participantCount", func(r map[string]any) []string { return number(r["participantCount"], " 人") }),
		field("meetingCount", func(r map[string]any) []string { return number(r["meetingCount"], " 次") }),
		field("outcomes", outcomesOf))
}

func textOf(field string) func(map[string]any) []string {
	return func(r map[string]any) []string { return paragraphs(r[field]) }
}

func nameOf(field string) func(map[string]any) []string {
	return func(r map[string]any) []string { return some(text(object(r[field])["name"])) }
}

// some is s alone, nothing where it is "".
func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func number(v any, unit string) []string {
	if n, ok := v.(int); ok {
		return []string{strconv.Itoa(n) + unit}
	}
	return nil
}

func names(records any) string {
	var all []string
	for _, record := range list(records) {
		all = append(all, text(object(record)["name"]))
	}
	return strings.Join(all, "、")
}

func participantsOf(r map[string]any, role string) []string {
	var all []string
	for _, participant := range list(r["participants"]) {
		if p := object(participant); p["role"] == role {
			all = append(all, text(p["name"]))
		}
	}
	return all
}

func outcomesOf(r map[string]any) []string {
	var all []string
	for _, outcome := range list(r["outcomes"]) {
		o := object(outcome)
		line := text(o["form"]) + "（" + catalog.OutcomeStatus(text(o["status"])).Label() + "）"
		for _, part := range []string{text(o["usedBy"]), text(o["use"]), text(o["effect"])} {
			if part != "" {
				line += "；" + part
			}
		}
		all = append(all, line)
	}
	return all
}
