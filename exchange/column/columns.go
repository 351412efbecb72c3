package column

import (
	"reflect"
	"slices"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// Column is a field of a kind's input as a column of a table, a row of a
// document's table or a heading: one name in English, that of JSON, one label
// in Chinese, and what else people call it. What it is called is the catalog's
// to say.
type Column struct {
	Name    string
	Label   string
	aliases []string
	Shape   catalog.Shape
	Index   []int // of the field, for reflect.Value.FieldByIndex
	Type    reflect.Type
	Step    catalog.StepCode // of the eight columns that together are "steps"
	Period  bool             // 时间, which is startedOn and endedOn in one
	Part    bool             // it has a part of what another column has: see partColumns

	// called and alsoCalled are its names and its aliases, folded.
	called, alsoCalled []string
}

var columnsByKind sync.Map // catalog.RecordKind -> []column

// Of returns a kind's columns in the order in which they are written: what
// a reader looks for first, and what is about the record itself at the end.
func Of(kind catalog.RecordKind) []Column {
	if c, ok := columnsByKind.Load(kind); ok {
		return c.([]Column)
	}
	var list, last, slug []Column
	noun := catalog.NounOf(kind)
	for _, m := range jsonl.MembersOf(reflect.TypeOf(catalog.NewInput(kind)).Elem()).List {
		f := noun.Field(m.Name)
		c := Column{Name: m.Name, Label: f.Label.Zh, aliases: f.Names(), Shape: f.Shape, Index: m.Index, Type: m.Type}
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
	if first := Leading[kind]; first != nil {
		slices.SortStableFunc(list, func(a, b Column) int { return place(first, a) - place(first, b) })
	}
	columnsByKind.Store(kind, list)
	return list
}

// Leading are the columns that stand first: of a case what it is, whose, where and
// when, of a proposal those of the ledger. A sheet prints these.
var Leading = map[catalog.RecordKind][]string{
	catalog.KindCase: {"title", "committee", "region", "startedOn", "endedOn", "brand", "topics", "summary"},
	catalog.KindProposal: {
		"number", "title", "year", "proposers", "undertakers", "events", "supervisions", cell.SupervisionEntries, cell.Replies, "resolution", "satisfaction",
	},
}

// place returns where a column stands among the leading ones, or behind them.
func place(first []string, c Column) int {
	if at := slices.Index(first, c.Name); at >= 0 {
		return at
	}
	return len(first)
}

// stepColumns are eight columns in the place of a list: a column a step is how
// people fill in a table.
func stepColumns(steps Column) []Column {
	var list []Column
	for _, p := range catalog.Procedure {
		list = append(list, Column{
			Name: "steps." + string(p.Code), Label: p.Name, aliases: []string{string(p.Code), p.Asks, p.Name + p.Asks, p.Label()},
			Shape: catalog.ShapeProse, Index: steps.Index, Type: reflect.TypeFor[string](), Step: p.Code,
		})
	}
	return list
}

// Period is what people write for a case's two dates.
var Period = Column{
	Name: "period", Label: "时间", Period: true,
	aliases: []string{"协商时间", "案例时间", "起止时间", "实施时间", "活动时间", "日期", "开展时间", "协商日期", "时间段", "协商活动时间", "案例日期", "起止日期", "发生时间", "举办时间", "召开时间", "何时"},
}

// Kind says of a row what it is.
var Kind = Column{Name: "type", Label: "类型", aliases: []string{"记录类型"}, Type: reflect.TypeFor[catalog.RecordKind]()}

// Match finds for each header the column that it names, nil where there
// is none or where an earlier header has it. Labels and English names go before
// aliases, and a header as it stands before the same without a remark in brackets.
func Match(kind catalog.RecordKind, headers []string) []*Column {
	known := ToMatch(kind)
	matched := make([]*Column, len(headers))
	taken := map[string]bool{}
	for _, read := range []func(string) string{PlainName, HeaderName} {
		names := make([]string, len(headers))
		for i, h := range headers {
			if matched[i] == nil && len(h) <= MaxHeader {
				names[i] = read(h)
			}
		}
		for _, is := range []func(*Column, string) bool{(*Column).isCalled, (*Column).isAlsoCalled} {
			for i, name := range names {
				if matched[i] != nil || name == "" {
					continue
				}
				for j := range known {
					if c := &known[j]; !taken[c.Name] && is(c, name) {
						matched[i], taken[c.Name] = c, true
						break
					}
				}
			}
		}
	}
	return matched
}

var columnsMatched sync.Map // catalog.RecordKind -> []column

// ToMatch returns the columns that a file may have for a kind: those that are
// written, and what people write in the place of several.
func ToMatch(kind catalog.RecordKind) []Column {
	if c, ok := columnsMatched.Load(kind); ok {
		return c.([]Column)
	}
	list := slices.Clone(Of(kind))
	if kind == catalog.KindCase {
		list = append(list, Period)
	}
	for i := range list {
		c := &list[i]
		c.called = []string{PlainName(c.Name), PlainName(c.Label)}
		for _, a := range c.aliases {
			c.alsoCalled = append(c.alsoCalled, PlainName(a))
		}
	}
	columnsMatched.Store(kind, list)
	return list
}

// isCalled reports whether a folded name is the column's own.
func (c *Column) isCalled(name string) bool { return slices.Contains(c.called, name) }

// isAlsoCalled reports whether a folded name is one of its others.
func (c *Column) isAlsoCalled(name string) bool { return slices.Contains(c.alsoCalled, name) }

// SaysKinds reports whether a header is that of the column which says what each
// row is.
func SaysKinds(header string) bool {
	name := HeaderName(header)
	return name == PlainName(Kind.Label) || name == PlainName(Kind.Name) || slices.ContainsFunc(Kind.aliases, func(a string) bool { return PlainName(a) == name })
}

// partColumns returns the columns of parts that go behind a column.
func partColumns(kind catalog.RecordKind, of Column) []Column {
	if kind != catalog.KindProposal {
		return nil
	}
	switch of.Name {
	case "supervisions":
		f := catalog.FieldAt(kind, cell.SupervisionEntries)
		return []Column{{Name: cell.SupervisionEntries, Label: f.Label.Zh, aliases: f.Names(), Shape: f.Shape, Index: of.Index, Type: reflect.TypeFor[[]catalog.SupervisionEntryInput](), Part: true}}
	case "events":
		return []Column{{
			Name: cell.Replies, Label: catalog.EventReplied.Label(), aliases: []string{"答复情况", "办理答复", "办复", "办复情况"}, Shape: of.Shape, Index: of.Index,
			Type: of.Type, Part: true,
		}}
	}
	return nil
}

// IsText reports whether the column's value is prose, which has a part of its own.
func (c *Column) IsText() bool { return c.Shape == catalog.ShapeProse }
