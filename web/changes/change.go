package changes

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Change is what happened to one field.
type Change struct {
	Label string
	Text  []Piece // of one value
	Items []Item  // of a list: the entries that went, came or changed
	// Reordered says that the entries are what they were, in another order.
	Reordered bool
}

// Item is an entry of a list that went, came or changed.
type Item struct {
	Name       string // of an entry with fields: what it is called
	Gone, Come bool
	Text       []Piece  // of an entry that is one value
	Fields     []Change // of an entry with fields: those that changed, all where it is new
}

// Named is a record that a value names: its kind, and its slug or code.
type Named struct {
	Kind catalog.RecordKind
	Slug string
}

// Names are records' names, as far as they are known.
type Names map[Named]string

// Of returns what a change did to the kind's field at the path. before and after
// are JSON, "" where there was nothing. An unknown kind is any that has the field.
func Of(kind catalog.RecordKind, path, before, after string, names Names) Change {
	label := catalog.FieldLabel(kind, path)
	f := fieldAt(kind, path)
	if f == nil {
		return Change{Label: unknownLabel, Text: Text(plain(before), plain(after))}
	}
	was, is := decoded(before), decoded(after)
	_, wasList := was.([]any)
	if _, isList := is.([]any); f.Many && (wasList || isList) {
		c := names.list(kind, f, entries(was), entries(is))
		c.Label = label
		return c
	}
	if f.Entry != nil { // one entry of a list
		return Change{Label: label, Items: []Item{names.item(kind, f.Entry, was, is)}}
	}
	return Change{Label: label, Text: compared(f, names.value(kind, f, was), names.value(kind, f, is))}
}

// compared compares texts by their words, and takes any other value as a whole.
func compared(f *catalog.NounField, before, after string) []Piece {
	if f.Shape == catalog.ShapeLine || f.Shape == catalog.ShapeText || f.Shape == catalog.ShapeProse {
		return Text(before, after)
	}
	return Whole(before, after)
}

// unknownLabel stands for a field that the catalog no longer describes.
const unknownLabel = "其他内容"

// leadsTo is the field of a withdrawn record that names another of any kind, see
// [catalog.ParseRecordName].
const leadsTo = "leadsTo"

// References returns the records that the values of the kind's field at the path name.
func References(kind catalog.RecordKind, path string, values ...string) []Named {
	var all []Named
	f := fieldAt(kind, path)
	if f == nil {
		return nil
	}
	for _, value := range values {
		all = append(all, referencesIn(f, decoded(value))...)
	}
	return all
}

func referencesIn(f *catalog.NounField, value any) []Named {
	var all []Named
	switch v := value.(type) {
	case string:
		if f.Shape == catalog.ShapeReference && v != "" {
			all = append(all, Named{f.Kind, v})
		}
		if f.Name == leadsTo {
			if kind, slug, ok := catalog.ParseRecordName(v); ok {
				all = append(all, Named{kind, slug})
			}
		}
	case []any:
		for _, one := range v {
			all = append(all, referencesIn(f, one)...)
		}
	case map[string]any:
		if f.Entry == nil {
			return nil
		}
		for i := range f.Entry.Fields {
			inner := &f.Entry.Fields[i]
			all = append(all, referencesIn(inner, v[inner.Name])...)
		}
	}
	return all
}

// fieldAt is the described field, of the first kind that has one where the kind is
// not known.
func fieldAt(kind catalog.RecordKind, path string) *catalog.NounField {
	if f := catalog.FieldAt(kind, path); f != nil || kind.Valid() {
		return f
	}
	for _, k := range catalog.RecordKinds {
		if f := catalog.FieldAt(k, path); f != nil {
			return f
		}
	}
	return nil
}

// list matches the entries of a list before and after: equal ones first, then those
// that have most in common, and the rest went or came.
func (n Names) list(kind catalog.RecordKind, f *catalog.NounField, was, is []any) Change {
	gone, come := withoutShared(was, is)
	if len(gone) == 0 && len(come) == 0 {
		return Change{Reordered: true}
	}
	var items []Item
	for _, entry := range come {
		i := nearest(f, gone, entry)
		if i < 0 {
			items = append(items, n.entry(kind, f, nil, entry))
			continue
		}
		items = append(items, n.entry(kind, f, gone[i], entry))
		gone = slices.Delete(gone, i, i+1)
	}
	for _, entry := range gone {
		items = append(items, n.entry(kind, f, entry, nil))
	}
	return Change{Items: items}
}

// withoutShared leaves out the entries that stand in both.
func withoutShared(was, is []any) (gone, come []any) {
	left := map[string]int{}
	for _, entry := range was {
		left[encoded(entry)]++
	}
	for _, entry := range is {
		if key := encoded(entry); left[key] > 0 {
			left[key]--
		} else {
			come = append(come, entry)
		}
	}
	for _, entry := range slices.Backward(was) {
		if key := encoded(entry); left[key] > 0 {
			left[key]--
			gone = append(gone, entry)
		}
	}
	slices.Reverse(gone)
	return gone, come
}

// nearest is the entry of all that the other was before it changed: the one with
// which it shares a value that is its own, most of them first; -1 where there is none.
func nearest(f *catalog.NounField, all []any, other any) int {
	if f.Entry == nil {
		return -1
	}
	best, most := -1, 0
	for i, one := range all {
		shared := 0
		for j := range f.Entry.Fields {
			inner := &f.Entry.Fields[j]
			a, b := object(one)[inner.Name], object(other)[inner.Name]
			if a == nil || encoded(a) != encoded(b) {
				continue
			}
			switch {
			case inner.Required && inner.Shape == catalog.ShapeEnum && len(f.Entry.Fields) == 2: // a step's code is the step
				shared += 8
			case inner.Shape == catalog.ShapeEnum, inner.Shape == catalog.ShapeFlag: // many have the same
			case inner.Required:
				shared += 4
			default:
				shared++
			}
		}
		if shared > most {
			best, most = i, shared
		}
	}
	return best
}

// entry is one entry of a list that went, came (was or is nil) or changed.
func (n Names) entry(kind catalog.RecordKind, f *catalog.NounField, was, is any) Item {
	if f.Entry != nil {
		return n.item(kind, f.Entry, was, is)
	}
	return Item{Gone: is == nil, Come: was == nil, Text: compared(f, n.value(kind, f, was), n.value(kind, f, is))}
}

func (n Names) item(kind catalog.RecordKind, noun *catalog.Noun, was, is any) Item {
	before, after := object(was), object(is)
	item := Item{Gone: after == nil, Come: before == nil}
	called := after
	if called == nil {
		called = before
	}
	var naming string
	item.Name, naming = n.called(kind, noun, called)
	for i := range noun.Fields {
		f := &noun.Fields[i]
		if noun.Name == "CitationInput" && f.Name == "start" {
			continue // where the quote begins follows from what it says
		}
		a, b := n.value(kind, f, before[f.Name]), n.value(kind, f, after[f.Name])
		if a == b || f.Name == naming && (item.Gone || item.Come) {
			continue
		}
		item.Fields = append(item.Fields, Change{Label: f.Label.Zh, Text: compared(f, a, b)})
	}
	return item
}

// called is what an entry is called, and the field that says so: the first of its
// fields that must be filled and is, or else the first that is filled.
func (n Names) called(kind catalog.RecordKind, noun *catalog.Noun, entry map[string]any) (name, field string) {
	if noun.Name == "CitationInput" {
		return "", ""
	}
	for _, required := range []bool{true, false} {
		for i := range noun.Fields {
			f := &noun.Fields[i]
			if s := n.value(kind, f, entry[f.Name]); s != "" && f.Required == required {
				return s, f.Name
			}
		}
	}
	return "", ""
}

// value is one value of a field as its readers see it, "" for none.
func (n Names) value(kind catalog.RecordKind, f *catalog.NounField, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "是"
		}
		return "否"
	case json.Number:
		return v.String()
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, n.value(kind, f, one))
		}
		return strings.Join(all, "、")
	case string:
		return n.word(kind, f, v)
	}
	return encoded(value)
}

func (n Names) word(kind catalog.RecordKind, f *catalog.NounField, s string) string {
	switch {
	case f.Enum != nil:
		if label := f.Enum.Label(s); label != "" {
			return label
		}
	case f.Shape == catalog.ShapeDate:
		return Date(s)
	case f.Shape == catalog.ShapeReference && s != "":
		if name := n[Named{f.Kind, s}]; name != "" {
			return name
		}
		return "（这" + measure(f.Kind) + f.Kind.Label() + "现在查不到）"
	case f.Name == leadsTo && s != "":
		named, slug, _ := catalog.ParseRecordName(s)
		if name := n[Named{named, slug}]; name != "" {
			return named.Label() + "“" + name + "”"
		}
	case f.Name == "fields" && f.Many: // of a citation
		return catalog.FieldLabel(kind, s)
	}
	return s
}

func measure(kind catalog.RecordKind) string {
	if kind == catalog.KindProposal {
		return "件"
	}
	return "个"
}

// Date shows a PartialDate in Chinese: 2021年7月15日, as far as it goes.
func Date(s string) string {
	units := []string{"年", "月", "日"}
	var b strings.Builder
	for i, part := range strings.SplitN(s, "-", len(units)) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return s
		}
		b.WriteString(strconv.Itoa(n) + units[i])
	}
	return b.String()
}

// plain is a JSON value of no known field: its text where it is one.
func plain(raw string) string {
	if s, ok := decoded(raw).(string); ok {
		return s
	}
	return raw
}

func decoded(raw string) any {
	if raw == "" {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber() // a figure is shown as it was written
	var v any
	if d.Decode(&v) != nil {
		return raw
	}
	return v
}

func encoded(v any) string {
	raw, _ := json.Marshal(v) // what was decoded from JSON encodes
	return string(raw)
}

func entries(v any) []any {
	l, _ := v.([]any)
	return l
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}
