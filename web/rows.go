package web

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// repeatedKeys are the fields by which the form knows one of what is repeated: it has
// room for as many as there are of them, empty or not.
var repeatedKeys = map[string]string{"events": "kind", "supervisions": "supervisor", "outcomes": "form", "entries": "kind", "items": "item"}

// repeatedLists are the lists that a form's buttons add to and take from.
var repeatedLists = regexp.MustCompile(`^(events|supervisions|outcomes|items|supervisions\.\d{1,3}\.entries)$`)

// makesRoom reports whether a field of the name is one by which the form knows one of
// what is repeated.
func makesRoom(name string) bool {
	dot := strings.LastIndex(name, ".")
	if dot < 0 {
		return false
	}
	at := strings.LastIndex(name[:dot], ".")
	return at >= 0 && repeatedLists.MatchString(name[:at]) && keyOf(name[:at]) == name[dot+1:]
}

// keyOf is the field by which one of the list is known.
func keyOf(list string) string { return repeatedKeys[list[strings.LastIndex(list, ".")+1:]] }

// rearranged does what a button of the form asks for that does not save it: MORE adds
// an empty one to a list, "more:events", and LESS takes one away, "less:events.2", the
// later ones moving up. It works without scripts, which add nothing to it. It returns
// what is to have the focus, and whether the button is one of those.
func rearranged(values url.Values, then string) (at string, ok bool) {
	if list, more := strings.CutPrefix(then, "more:"); more && repeatedLists.MatchString(list) {
		key := keyOf(list)
		n := roomFor(values, list, key)
		at = fmt.Sprintf("%s.%d.%s", list, n, key)
		if n < catalog.MaxList {
			values.Set(at, "")
		}
		return at, true
	}
	one, less := strings.CutPrefix(then, "less:")
	dot := strings.LastIndex(one, ".")
	if !less || dot < 0 || !repeatedLists.MatchString(one[:dot]) {
		return "", false
	}
	list := one[:dot]
	n, err := strconv.Atoi(one[dot+1:])
	room := roomFor(values, list, keyOf(list))
	if err != nil || n < 0 || n >= room {
		return "", false
	}
	for i := n; i < room; i++ {
		to, from := fmt.Sprintf("%s.%d.", list, i), fmt.Sprintf("%s.%d.", list, i+1)
		for name := range values {
			if strings.HasPrefix(name, to) {
				delete(values, name)
			}
		}
		for name, value := range values {
			if rest, ok := strings.CutPrefix(name, from); ok {
				values[to+rest] = value
			}
		}
	}
	return fmt.Sprintf("%s.%d.%s", list, max(0, min(n, room-2)), keyOf(list)), true
}

// shownRow is one of the rows of a group, as an entry of a supervision.
type shownRow struct {
	Name   string // "supervisions.0.entries.1"
	Title  string
	Fields []shownField
}

// ID is the row's id in the page.
func (r shownRow) ID() string { return "row-" + strings.ReplaceAll(r.Name, ".", "-") }

// rows puts the group's fields that stand in rows into these.
func (g *shownGroup) rows(of fieldGroup) {
	own := g.Fields
	if of.Rows == "" {
		return
	}
	g.Fields, g.List, g.Rows = nil, of.Rows, nil
	for _, f := range own {
		switch {
		case f.Row == "":
			g.Fields = append(g.Fields, f)
		case len(g.Rows) == 0 || g.Rows[len(g.Rows)-1].Name != f.Row:
			g.Rows = append(g.Rows, shownRow{f.Row, fmt.Sprintf("%s %d", of.RowTitle, len(g.Rows)+1), []shownField{f}})
		default:
			last := &g.Rows[len(g.Rows)-1]
			last.Fields = append(last.Fields, f)
		}
	}
	g.RowTitle = of.RowTitle
	g.Next = "f-" + strings.ReplaceAll(fmt.Sprintf("%s.%d.%s", of.Rows, len(g.Rows), keyOf(of.Rows)), ".", "-")
}

// several notes which of a list the group, the i-th, is, and after the last one how
// another is added.
func (g *shownGroup) several(groups []fieldGroup, i int) {
	list := groups[i].List
	if list == "" {
		return
	}
	n := 0
	for _, other := range groups[:i] {
		if other.List == list {
			n++
		}
	}
	g.One = fmt.Sprintf("%s.%d", list, n)
	if (i+1 == len(groups) || groups[i+1].List != list) && n+1 < catalog.MaxList {
		g.More, g.MoreTitle = list, strings.TrimRight(g.Title, "0123456789之")
		g.MoreNext = "f-" + strings.ReplaceAll(fmt.Sprintf("%s.%d.%s", list, n+1, keyOf(list)), ".", "-")
	}
}

// focus has the field of the name have the focus, and its group be open.
func (extra *formExtra) focus(name string) {
	for i := range extra.Groups {
		g := &extra.Groups[i]
		each := [][]shownField{g.Fields}
		for _, r := range g.Rows {
			each = append(each, r.Fields)
		}
		for _, fields := range each {
			for j := range fields {
				if fields[j].Name == name {
					fields[j].Focus, g.Open = true, true
				}
			}
		}
	}
}

// all are the group's fields, those of its rows too.
func (g shownGroup) all() []shownField {
	all := g.Fields
	for _, r := range g.Rows {
		all = append(all[:len(all):len(all)], r.Fields...)
	}
	return all
}

// entryFields are the fields of the entries of a supervision, a row each.
func entryFields(values url.Values, list string) []field {
	var fields []field
	for i := range max(1, roomFor(values, list, keyOf(list))) {
		row := fmt.Sprintf("%s.%d", list, i)
		at := func(name, hint string, rows int) field {
			f := fieldAt(catalog.KindProposal, row+"."+name, hint, rows)
			f.Row = row
			return f
		}
		by := at("by", "知识库中已有的人物，几个人用顿号分开", 0).written()
		by.Most = catalog.MaxText
		fields = append(fields, at("kind", "", 0), at("occurredOn", "例如 2021年7月", 0), by, at("note", "", 2))
	}
	return fields
}

// entries sets the values of the entries of a supervision.
func (s setter) entries(prefix string, entries []any) {
	s.repeat(prefix+"entries", entries, spareEntries, "kind", func(at string, entry map[string]any) {
		var by []string
		for _, person := range list(entry["by"]) {
			by = append(by, text(object(person)["name"]))
		}
		s.set(at+"by", strings.Join(by, "、"))
		s.fieldsAt(at, entry, "kind", "occurredOn", "note")
	})
}

// fieldsAt sets the values of the record's fields of these names, at names that have
// the prefix.
func (s setter) fieldsAt(prefix string, record map[string]any, names ...string) {
	for _, name := range names {
		s.set(prefix+name, record[name])
	}
}

// entries reads the entries of the supervision of the prefix, which goes to place, and
// whom they name. A row in which nothing stands is none.
func (w *written) entries(values url.Values, prefix, place string, p people) []any {
	all := []any{}
	for i := range roomFor(values, prefix+"entries", "kind") {
		at := fmt.Sprintf("%sentries.%d.", prefix, i)
		entry := map[string]any{}
		w.texts(values, at, entry, "kind", "note")
		by := []any{}
		for _, name := range strings.FieldsFunc(clean(values.Get(at+"by")), func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
			if name = strings.TrimSpace(name); name != "" {
				who := map[string]any{"by": name}
				p.meant(who, "by")
				by = append(by, who["by"])
			}
		}
		date := clean(values.Get(at + "occurredOn"))
		if len(entry) == 0 && len(by) == 0 && date == "" {
			continue
		}
		if entry["kind"] == nil {
			w.wrong(at+"kind", "请选这一次的督办方式；不要这一次的，把这一行清空")
		}
		w.dates(values, at, entry, "occurredOn")
		entry["by"] = by
		w.places[fmt.Sprintf("%s.entries.%d", place, len(all))] = strings.TrimSuffix(at, ".")
		all = append(all, entry)
	}
	return all
}

// itemFields are the fields of the scores of items, a row each.
func itemFields(values url.Values, kind catalog.RecordKind, list string) []field {
	var fields []field
	for i := range roomFor(values, list, keyOf(list)) {
		row := fmt.Sprintf("%s.%d", list, i)
		for _, name := range []string{"item", "score", "raters"} {
			f := fieldAt(kind, row+"."+name, "", 0)
			if name == "score" {
				f.Kind, f.Most, f.Hint = "number", 12, "0 至 100"
			}
			f.Row = row
			fields = append(fields, f)
		}
	}
	return fields
}

// entryBoxes are the boxes in which entries stood as lines before they had rows.
var entryBoxes = regexp.MustCompile(`^supervisions\.\d{1,3}\.entries$`)

// rowsOfLines puts entries that were written as lines, 督办方式｜日期｜人员｜说明, into
// rows: a form that was kept before an update of the server comes back with all that was
// in it. Where a line does not begin with a kind, it is the note of an entry whose kind
// is yet to be chosen.
func rowsOfLines(values url.Values) {
	enum := catalog.EnumNamed("SupervisionEntryKind")
	for box := range maps.Clone(values) {
		if !entryBoxes.MatchString(box) {
			continue
		}
		for i, line := range linesOf(values.Get(box)) {
			at := fmt.Sprintf("%s.%d.", box, i)
			parts := append(parted(line), "", "", "")
			values.Set(at+"kind", "")
			for _, choice := range enum.Values {
				if choice.Label == parts[0] || choice.Code == parts[0] || slices.Contains(choice.Aliases, parts[0]) {
					values.Set(at+"kind", choice.Code)
				}
			}
			if values.Get(at+"kind") == "" {
				values.Set(at+"note", line)
				continue
			}
			setter{values}.set(at+"occurredOn", parts[1])
			setter{values}.set(at+"by", parts[2])
			setter{values}.set(at+"note", strings.Trim(strings.Join(parts[3:], "｜"), "｜ "))
		}
		values.Del(box)
	}
}

// items sets the values of the scores of items.
func (s setter) items(list string, items []any) {
	s.repeat(list, items, spareItems, "item", func(at string, item map[string]any) {
		s.fieldsAt(at, item, "item", "raters")
		if score, ok := plainNumber(item["score"]); ok {
			s.values.Set(at+"score", score)
		}
	})
}

// plainNumber writes a number as people do.
func plainNumber(v any) (string, bool) {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int:
		return strconv.Itoa(v), true
	}
	return "", false
}

// items reads the scores of items. A row in which nothing stands is none.
func (w *written) items(values url.Values, list string) {
	all := []any{}
	for i := range roomFor(values, list, "item") {
		at := fmt.Sprintf("%s.%d.", list, i)
		item := map[string]any{}
		w.texts(values, at, item, "item")
		score := clean(values.Get(at + "score"))
		w.numbers(values, at, item, "raters")
		if len(item) == 0 && score == "" && len(w.errors[at+"raters"]) == 0 {
			continue
		}
		if item["item"] == nil {
			w.wrong(at+"item", "请写项目；不要这一项的，把这一行清空")
		}
		if n, err := strconv.ParseFloat(score, 64); err == nil {
			item["score"] = n
		} else {
			w.wrong(at+"score", "请写一个数，例如 92.5")
		}
		w.places[fmt.Sprintf("%s.%d", list, len(all))] = strings.TrimSuffix(at, ".")
		all = append(all, item)
	}
	w.input[list] = all
}
