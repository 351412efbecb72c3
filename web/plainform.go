package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// The nouns whose forms are made of the catalog's description alone.
var (
	personNoun = plainNoun(catalog.KindPerson, "persons", "person", "name", map[string]string{
		"offices": "一行一个，例如：某县政协委员", "committee": "不选则为您的政协",
	})
	venueNoun = plainNoun(catalog.KindVenue, "venues", "venue", "name", map[string]string{
		"name": "例如：某街道委员联络站", "committee": "不选则为您的政协", "region": "不选则为所选政协所在地",
	})
	activityNoun = plainNoun(catalog.KindActivity, "activities", "activity", "title", map[string]string{
		"committee": "不选则为您的政协", "venue": "写已收录的场所名称；不在场所举办的留空", "persons": "一行一个，写知识库中已有的人物",
		"cases": "一行一个，写已收录的案例标题", "participantCount": "没有统计的留空，不要写 0", "opinions": "收集到多少条意见建议",
		"carriedOver": "其中多少条转化为提案、社情民意信息等", "solved": "推动解决多少件",
	})
	practiceNoun = plainNoun(catalog.KindPractice, "practices", "practice", "title", map[string]string{
		"ordinal": "在本会各项做法中的次序；留空则排在最后", "committee": "不选则为您的政协", "cases": "一行一个，写案例标题", "brands": "一行一个，写品牌名称",
		"proposals": "一行一个，写提案标题", "indicators": "一行一个，写指标的永久链接",
	})
	roundNoun = plainNoun(catalog.KindRound, "rounds", "evaluationRound", "year", map[string]string{
		"committee": "不选则为您的政协", "items": "一行一个，例如：办事效率", "departments": "一行一个",
	})
	evaluationNoun = plainNoun(catalog.KindEvaluation, "evaluations", "evaluation", "department", map[string]string{
		"score": "总分，0 至 100", "committee": "不选则为您的政协", "round": "从轮次的页面点“登记得分”会自动填好；也可写轮次的永久链接。不属于轮次的留空", "raters": "没有统计的留空",
		"countsInReview": "不清楚的不选",
	})
)

// plainNoun returns how a noun is written whose form has all its fields in the
// catalog's order. What its fields name is chosen where that is a committee, a region
// or topics, and else written by its name. hints are what stands below fields.
func plainNoun(kind catalog.RecordKind, path, root, name string, hints map[string]string) noun {
	p := plainForm{kind, name, hints}
	return noun{path: path, root: root, kind: kind, name: name, groups: p.groups, values: p.values, input: p.input, start: p.start}
}

type plainForm struct {
	kind  catalog.RecordKind
	name  string
	hints map[string]string
}

// fields are those that the form has.
func (p plainForm) fields() []catalog.NounField {
	return slices.DeleteFunc(slices.Clone(catalog.NounOf(p.kind).Fields), func(f catalog.NounField) bool { return f.Head })
}

func isChosen(f *catalog.NounField) bool {
	return f.Kind == catalog.KindCommittee || f.Kind == catalog.KindRegion || f.Kind == catalog.KindTopic
}

func (p plainForm) groups(values url.Values) []fieldGroup {
	group := fieldGroup{Title: "基本情况"}
	for _, f := range p.fields() {
		if f.Shape == catalog.ShapeEntry {
			group.Rows, group.RowTitle = f.Name, f.Label.Zh
			group.Fields = append(group.Fields, itemFields(values, p.kind, f.Name)...)
			continue
		}
		one := fieldAt(p.kind, f.Name, p.hints[f.Name], 3)
		switch {
		case f.Shape == catalog.ShapeReference && f.Many && !isChosen(&f):
			one = lines(f.Name, f.Label.Zh, p.hints[f.Name])
			one.Rows = 4
		case f.Shape == catalog.ShapeReference && !isChosen(&f):
			one = one.written()
		case f.Shape == catalog.ShapeNumber:
			one.Kind, one.Most = "line", 12
		case f.Shape == catalog.ShapeProse:
			one.Rows = 10
		}
		if one.Hint == "" && f.Required && f.Name != p.name {
			one.Hint = "必填"
		}
		group.Fields = append(group.Fields, one)
	}
	return []fieldGroup{group}
}

// start sets the reader's committee in a new record.
func (p plainForm) start(values url.Values, committee map[string]any) {
	values.Set("committee", text(committee["slug"]))
}

// calledBy is what a record of a reference is called, and how it is named in an input.
func calledBy(record map[string]any) (name, slug string) {
	for _, field := range []string{"name", "title"} {
		if name = text(record[field]); name != "" {
			break
		}
	}
	if slug = text(record["slug"]); name == "" {
		name = slug
	}
	return name, slug
}

// namesIn are what records of a list are called, those of the same name by their slugs.
func namesIn(records []any) []string {
	times := map[string]int{}
	names := make([]string, len(records))
	for i, one := range records {
		names[i], _ = calledBy(object(one))
		times[names[i]]++
	}
	for i, one := range records {
		if times[names[i]] > 1 {
			_, names[i] = calledBy(object(one))
		}
	}
	return names
}

func (p plainForm) values(record map[string]any) url.Values {
	s := setter{url.Values{}}
	for _, f := range p.fields() {
		v := record[f.Name]
		switch {
		case f.Shape == catalog.ShapeEntry:
			s.items(f.Name, list(v))
		case f.Shape == catalog.ShapeReference && f.Many && isChosen(&f):
			for _, one := range list(v) {
				s.values.Add(f.Name, text(object(one)["slug"]))
			}
		case f.Shape == catalog.ShapeReference && f.Many:
			s.set(f.Name, strings.Join(namesIn(list(v)), "\n"))
		case f.Kind == catalog.KindRegion:
			s.set(f.Name, object(v)["code"])
		case f.Shape == catalog.ShapeReference && isChosen(&f):
			s.set(f.Name, object(v)["slug"])
		case f.Shape == catalog.ShapeReference:
			name, _ := calledBy(object(v))
			s.set(f.Name, name)
		case f.Many:
			s.set(f.Name, join(v, "\n"))
		case f.Shape == catalog.ShapeFlag:
			if given, ok := v.(bool); ok {
				s.values.Set(f.Name, strconv.FormatBool(given))
			}
		case f.Shape == catalog.ShapeNumber:
			if number, ok := v.(float64); ok {
				s.values.Set(f.Name, strconv.FormatFloat(number, 'f', -1, 64))
			} else {
				s.set(f.Name, v)
			}
		default:
			s.set(f.Name, v)
		}
	}
	return s.values
}

func (p plainForm) input(values url.Values, record map[string]any) written {
	w := newWritten(record)
	for _, f := range p.fields() {
		switch {
		case f.Shape == catalog.ShapeEntry:
			w.items(values, f.Name)
		case f.Shape == catalog.ShapeReference && f.Many && isChosen(&f):
			w.input[f.Name] = anyList(values[f.Name])
		case f.Shape == catalog.ShapeReference && f.Many:
			known := map[string]string{}
			for i, name := range namesIn(list(record[f.Name])) {
				_, known[name] = calledBy(object(list(record[f.Name])[i]))
			}
			named := linesOf(values.Get(f.Name))
			for i, line := range named {
				w.places[fmt.Sprintf("%s.%d", f.Name, i)] = f.Name
				if slug, ok := known[line]; ok {
					named[i] = slug
				}
			}
			w.input[f.Name] = anyList(named)
		case f.Shape == catalog.ShapeReference:
			w.texts(values, "", w.input, f.Name)
			if name, slug := calledBy(object(record[f.Name])); !isChosen(&f) && name != "" && w.input[f.Name] == name {
				w.input[f.Name] = slug
			}
		case f.Many:
			w.input[f.Name] = anyList(linesOf(values.Get(f.Name)))
		case slices.Contains(numberShapes, f.Shape):
			w.numbers(values, "", w.input, f.Name)
		case f.Shape == catalog.ShapeDate:
			w.dates(values, "", w.input, f.Name)
		case f.Shape == catalog.ShapeFlag:
			if value := values.Get(f.Name); value != "" {
				w.input[f.Name] = value == "true"
			}
		case f.Shape == catalog.ShapeNumber:
			w.decimal(values, f.Name)
		case f.Required:
			w.called(values, f.Name)
		default:
			w.texts(values, "", w.input, f.Name)
		}
	}
	return w
}

// decimal reads a number that need not be whole.
func (w *written) decimal(values url.Values, name string) {
	value := clean(values.Get(name))
	if value == "" {
		return
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		w.wrong(name, "请写一个数，例如 92.5")
		return
	}
	w.input[name] = number
}
