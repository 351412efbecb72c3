package exchange

import (
	"reflect"
	"slices"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// column is a field of a kind's input as a column of a table, a row of a
// document's table or a heading: one name in English, that of JSON, one label
// in Chinese, and what else people call it. What it is called is the catalog's
// to say.
type column struct {
	name    string
	label   string
	aliases []string
	shape   catalog.Shape
	index   []int // of the field, for reflect.Value.FieldByIndex
	typ     reflect.Type
	step    catalog.StepCode // of the eight columns that together are "steps"
	period  bool             // 时间, which is startedOn and endedOn in one
	part    bool             // it has a part of what another column has: see ledger.go

	// called and alsoCalled are its names and its aliases, folded.
	called, alsoCalled []string
}

var columnsByKind sync.Map // catalog.RecordKind -> []column

// columnsOf returns a kind's columns in the order in which they are written: what
// a reader looks for first, and what is about the record itself at the end.
func columnsOf(kind catalog.RecordKind) []column {
	if c, ok := columnsByKind.Load(kind); ok {
		return c.([]column)
	}
	var list, last, slug []column
	noun := catalog.NounOf(kind)
	for _, m := range jsonl.MembersOf(reflect.TypeOf(catalog.NewInput(kind)).Elem()).List {
		f := noun.Field(m.Name)
		c := column{name: m.Name, label: f.Label.Zh, aliases: f.Names(), shape: f.Shape, index: m.Index, typ: m.Type}
		switch m.Name {
		case "slug":
			slug = append(slug, c)
		case "origin", "status", "withdrawn", "leadsTo", "citations", "unplaced":
			last = append(last, c)
		case "steps":
			list = append(list, stepColumns(c)...)
			list = append(list, c)
		default:
			list = append(list, c)
			list = append(list, partColumns(kind, c)...)
		}
	}
	list = append(append(list, last...), slug...)
	if first := leading[kind]; first != nil {
		slices.SortStableFunc(list, func(a, b column) int { return place(first, a) - place(first, b) })
	}
	columnsByKind.Store(kind, list)
	return list
}

// leading are the columns that stand first: of a case what it is, whose, where and
// when, of a proposal those of the ledger. A sheet prints these.
var leading = map[catalog.RecordKind][]string{
	catalog.KindCase: {"title", "committee", "region", "startedOn", "endedOn", "brand", "topics", "summary"},
	catalog.KindProposal: {
		"number", "title", "year", "proposers", "undertakers", "events", "supervisions", partEntries, partReplies, "resolution", "satisfaction",
	},
}

// place returns where a column stands among the leading ones, or behind them.
func place(first []string, c column) int {
	if at := slices.Index(first, c.name); at >= 0 {
		return at
	}
	return len(first)
}

// stepColumns are eight columns in the place of a list: a column a step is how
// people fill in a table.
func stepColumns(steps column) []column {
	var list []column
	for _, p := range catalog.Procedure {
		list = append(list, column{
			name: "steps." + string(p.Code), label: p.Name, aliases: []string{string(p.Code), p.Asks, p.Name + p.Asks, p.Label()},
			shape: catalog.ShapeProse, index: steps.index, typ: reflect.TypeFor[string](), step: p.Code,
		})
	}
	return list
}

// period is what people write for a case's two dates.
var period = column{
	name: "period", label: "时间", period: true,
	aliases: []string{"协商时间", "案例时间", "起止时间", "实施时间", "活动时间", "日期", "开展时间", "协商日期", "时间段", "协商活动时间", "案例日期", "起止日期", "发生时间", "举办时间", "召开时间", "何时"},
}

// kindColumn says of a row what it is.
var kindColumn = column{name: "type", label: "类型", aliases: []string{"记录类型"}, typ: reflect.TypeFor[catalog.RecordKind]()}

// matchColumns finds for each header the column that it names, nil where there
// is none or where an earlier header has it. Labels and English names go before
// aliases, and a header as it stands before the same without a remark in brackets.
func matchColumns(kind catalog.RecordKind, headers []string) []*column {
	known := columnsToMatch(kind)
	matched := make([]*column, len(headers))
	taken := map[string]bool{}
	for _, read := range []func(string) string{plainName, headerName} {
		names := make([]string, len(headers))
		for i, h := range headers {
			if matched[i] == nil && len(h) <= maxHeader {
				names[i] = read(h)
			}
		}
		for _, is := range []func(*column, string) bool{(*column).isCalled, (*column).isAlsoCalled} {
			for i, name := range names {
				if matched[i] != nil || name == "" {
					continue
				}
				for j := range known {
					if c := &known[j]; !taken[c.name] && is(c, name) {
						matched[i], taken[c.name] = c, true
						break
					}
				}
			}
		}
	}
	return matched
}

var columnsMatched sync.Map // catalog.RecordKind -> []column

// columnsToMatch returns the columns that a file may have for a kind: those that are
// written, and what people write in the place of several.
func columnsToMatch(kind catalog.RecordKind) []column {
	if c, ok := columnsMatched.Load(kind); ok {
		return c.([]column)
	}
	list := slices.Clone(columnsOf(kind))
	if kind == catalog.KindCase {
		list = append(list, period)
	}
	for i := range list {
		c := &list[i]
		c.called = []string{plainName(c.name), plainName(c.label)}
		for _, a := range c.aliases {
			c.alsoCalled = append(c.alsoCalled, plainName(a))
		}
	}
	columnsMatched.Store(kind, list)
	return list
}

// isCalled reports whether a folded name is the column's own.
func (c *column) isCalled(name string) bool { return slices.Contains(c.called, name) }

// isAlsoCalled reports whether a folded name is one of its others.
func (c *column) isAlsoCalled(name string) bool { return slices.Contains(c.alsoCalled, name) }

// saysKinds reports whether a header is that of the column which says what each
// row is.
func saysKinds(header string) bool {
	name := headerName(header)
	return name == plainName(kindColumn.label) || name == plainName(kindColumn.name) || slices.ContainsFunc(kindColumn.aliases, func(a string) bool { return plainName(a) == name })
}
