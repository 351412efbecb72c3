package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// dimensions are what cases can be counted by, with their names.
var dimensions = []struct{ value, title string }{
	{"TOPIC", "议题"},
	{"PREFECTURE", "市（州）"},
	{"REGION", "地区"},
	{"LEVEL", "层级"},
	{"BRAND", "协商品牌"},
	{"YEAR", "年份"},
	{"STEP", "环节"},
	{"OUTCOME_STATUS", "成果状态"},
	{"ORIGIN", "来源"},
	{"STATUS", "发布状态"},
}

// searchable are the dimensions whose values are a search's parameters, so that a
// count leads to its cases.
var searchable = map[string]string{"PREFECTURE": "region", "LEVEL": "level", "YEAR": "year", "ORIGIN": "origin"}

// selection is which cases are counted: the parameters of the address.
type selection struct {
	Origin, Level, Region, Topic string
	From, To                     string // years
}

func readSelection(query url.Values) selection {
	return selection{
		Origin: query.Get("origin"), Level: query.Get("level"), Region: query.Get("region"), Topic: query.Get("topic"),
		From: query.Get("from"), To: query.Get("to"),
	}
}

// filter is the selection as CaseFilter and SearchFilter have it.
func (s selection) filter() (map[string]any, error) {
	filter := map[string]any{}
	for field, value := range map[string]string{"origins": s.Origin, "levels": s.Level, "regions": s.Region, "topics": s.Topic} {
		if value != "" {
			filter[field] = []any{value}
		}
	}
	for field, value := range map[string]string{"yearFrom": s.From, "yearTo": s.To} {
		if value == "" {
			continue
		}
		year, err := strconv.Atoi(value)
		if err != nil {
			return nil, badAddress("年份应写成数字，例如 from=2019&to=2023。")
		}
		filter[field] = year
	}
	return filter, nil
}

// address is the selection as the parameters of a search for cases.
func (s selection) address() url.Values {
	query := url.Values{"kind": {"CASE"}}
	for param, value := range map[string]string{"origin": s.Origin, "level": s.Level, "region": s.Region, "topic": s.Topic} {
		if value != "" {
			query.Set(param, value)
		}
	}
	return query
}

// axes are the dimensions of the cross table that the address asks for.
func axes(query url.Values) (rows, columns string) {
	rows, columns = query.Get("rows"), query.Get("columns")
	if rows == "" {
		rows = "TOPIC"
	}
	if columns == "" {
		columns = "LEVEL"
	}
	return rows, columns
}

func researchVariables(r *http.Request) (map[string]any, error) {
	rows, columns := axes(r.URL.Query())
	chosen := readSelection(r.URL.Query())
	filter, err := chosen.filter()
	if err != nil {
		return nil, err
	}
	return map[string]any{"rows": rows, "columns": columns, "filter": filter, "madeUp": madeUpFilter(filter)}, nil
}

// madeUpFilter narrows a filter down to what a generator made.
func madeUpFilter(filter map[string]any) map[string]any {
	narrowed := map[string]any{}
	for field, value := range filter {
		narrowed[field] = value
	}
	if origins := list(filter["origins"]); len(origins) == 0 || slices.Contains(origins, any("SYNTHETIC")) {
		narrowed["origins"] = []any{"SYNTHETIC"}
	}
	return narrowed
}

// researchExtra is what the pages of research need besides their data.
type researchExtra struct {
	Chosen  selection
	Rows    []option // of the cross table
	Columns []option
	Levels  []option
	Origins []option
	Regions []option
	Topics  []option
	Methods []option
	Orders  []option
	Term    string // that the concordance looks for
	Lines   int    // where it stands in all
	Pages   pager  // of the concordance
	Sheets  []sheet
	MadeUp  int // how many of the records that are counted a generator made
}

func shapeResearch(v *view, r *http.Request) error {
	query := r.URL.Query()
	extra := newResearchExtra(v, query)
	rows, columns := axes(query)
	for _, d := range dimensions {
		extra.Rows = append(extra.Rows, option{d.value, d.title, d.value == rows})
		extra.Columns = append(extra.Columns, option{d.value, d.title, d.value == columns})
	}
	cross := crossTable(object(v.Data["cross"]), rows, columns, extra.Chosen)
	extra.Sheets = []sheet{
		cross,
		counted("years", "历年案例数", "lines", "YEAR", object(v.Data["years"]), extra.Chosen).defined("按案例写明的年份计案例数；没有写明年份的案例只在表中，不在图上，没有案例的年份计零。"),
		counted("steps", "八个环节的记载情况", "bars", "STEP", object(v.Data["steps"]), extra.Chosen).defined("记载了“两问三要三明确”该环节的案例数；一个案例记载几个环节就计入几行。"),
		counted("outcomes", "成果状态", "bars", "OUTCOME_STATUS", object(v.Data["outcomes"]), extra.Chosen).defined("有该状态的成果的案例数；一个案例的成果有几种状态就计入几行，没有写明成果的另计一行。"),
		adoptionSheet(object(v.Data["adoptionGraph"])),
	}
	v.Extra = extra.withAddresses(r).pictured(v, r)
	return nil
}

// newResearchExtra reads the selection, and what can be selected, from the data.
func newResearchExtra(v *view, query url.Values) researchExtra {
	chosen := readSelection(query)
	extra := researchExtra{Chosen: chosen, MadeUp: whole(object(v.Data["madeUp"])["totalCount"])}
	for _, level := range []string{"PROVINCE", "PREFECTURE", "COUNTY", "UNSTATED"} {
		extra.Levels = append(extra.Levels, option{level, catalog.Level(level).Label(), level == chosen.Level})
	}
	for _, origin := range []string{"DOCUMENTED", "CONTRIBUTED", "SYNTHETIC"} {
		extra.Origins = append(extra.Origins, option{origin, catalog.Origin(origin).Label(), origin == chosen.Origin})
	}
	for _, region := range list(v.Data["regions"]) {
		r := object(region)
		extra.Regions = append(extra.Regions, option{text(r["code"]), text(r["name"]), r["code"] == chosen.Region})
	}
	for _, topic := range list(v.Data["topics"]) {
		if t := object(topic); t["parent"] == nil {
			extra.Topics = append(extra.Topics, option{text(t["slug"]), text(t["name"]), t["slug"] == chosen.Topic})
		}
	}
	return extra
}

// withAddresses sets each sheet the addresses of its CSV and its picture.
func (x researchExtra) withAddresses(r *http.Request) researchExtra {
	path := strings.TrimSuffix(r.URL.Path, "/")
	if file := r.PathValue("file"); file != "" {
		path = strings.TrimSuffix(path, "/"+file)
	}
	for i := range x.Sheets {
		x.Sheets[i].CSV = path + "/" + x.Sheets[i].Name + ".csv"
		if x.Sheets[i].Chart != "" {
			x.Sheets[i].SVG = path + "/" + x.Sheets[i].Name + ".svg"
		}
		if r.URL.RawQuery != "" {
			query := "?" + r.URL.Query().Encode()
			x.Sheets[i].CSV += query
			if x.Sheets[i].SVG != "" {
				x.Sheets[i].SVG += query
			}
		}
	}
	return x
}

// sheetOf makes a page that sends one of a page's sheets as CSV or as a picture.
func sheetOf(p page) page {
	p.path += "/{file}"
	p.file = func(v *view, r *http.Request) (sheet, error) {
		extra, _ := v.Extra.(researchExtra)
		for _, s := range extra.Sheets {
			if file := r.PathValue("file"); s.Name+".csv" == file || s.Chart != "" && s.Name+".svg" == file {
				return s, nil
			}
		}
		return sheet{}, errNoPage
	}
	return p
}
