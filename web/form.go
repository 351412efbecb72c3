package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/dates"
)

// noun is a kind of record that people write: where its pages are, and how it
// stands in a form. What a noun's own file describes, everything else is made of.
type noun struct {
	path string // of its pages, and of its forms below /write
	root string // its field of the queries, and the name of its mutations' document
	kind catalog.RecordKind
	name string // the field that it is called by, which must be filled
	// groups are the form's fields in their order, with room for what is repeated
	// in values.
	groups func(values url.Values) []fieldGroup
	// values returns a record as the form's values.
	values func(record map[string]any) url.Values
	// start fills an empty form with what a new record of the committee begins with.
	start func(values url.Values, committee map[string]any)
	// input reads the form. What the form does not have, the record's citations
	// and the like, stays as it is; record is nil for a new one.
	input func(values url.Values, record map[string]any) written
	// whole reads the rest of a record that one answer does not hold; nil is nothing.
	whole func(ctx context.Context, query Querier, record map[string]any) error
}

// nouns are all that is written in forms.
var nouns = []noun{caseNoun, brandNoun, proposalNoun, needNoun, reportNoun, personNoun, venueNoun, activityNoun, practiceNoun, roundNoun, evaluationNoun, callNoun, collectionNoun}

// nounAt finds a noun by its path.
func nounAt(path string) (noun, bool) {
	i := slices.IndexFunc(nouns, func(n noun) bool { return n.path == path })
	if i < 0 {
		return noun{}, false
	}
	return nouns[i], true
}

// called is what a record of the noun is called; of a need, which has no title, how it
// begins.
func (n noun) called(record map[string]any) string {
	if year, ok := record[n.name].(int); ok {
		return fmt.Sprintf("%d 年%s", year, n.kind.Label())
	}
	if n.kind == catalog.KindNeed {
		return catalog.Clip(text(record[n.name]), 80)
	}
	return text(record[n.name])
}

// key names what is written of a record, nil for a new one, among all that its
// writer has not saved.
func (n noun) key(record map[string]any, name string) keptKey {
	return keptKey{Kind: n.kind, Record: text(record["id"]), Name: name}
}

// page is the page with the noun's form.
func (n noun) page() page { return page{name: "edit-" + n.root, nav: "write"} }

// field is a field of a form.
type field struct {
	Name  string
	Label string
	Hint  string
	Kind  string // line, text, number, date, select, topics, boxes
	Rows  int    // of a text
	Most  int    // characters
	// Example is how somebody may write it; "" where that is plain.
	Example string
	// Row is which of the rows below the group's own fields it stands in, as
	// "supervisions.0.entries.1"; "" for a field of the group's own.
	Row string
}

// fieldGroup are the fields of one part of the form.
type fieldGroup struct {
	Title  string
	Hint   string
	Fields []field
	// List is what the group is one of, as "supervisions"; "" for a part that is there
	// once. The last one has a button that adds another.
	List string
	// Rows is the list that stands in rows below the fields, as "supervisions.0.entries",
	// each called by RowTitle; "" for none.
	Rows, RowTitle string
	// Part says that the part can be folded, as on a narrow screen where it is empty, and
	// Fold that it is seldom filled, and folded everywhere.
	Part, Fold bool
}

// fieldAt is the form's field for a field of the kind, as the catalog describes
// it. rows is the height of a text, 0 for what is no text; a reference is chosen.
func fieldAt(kind catalog.RecordKind, path, hint string, rows int) field {
	f := catalog.FieldAt(kind, path)
	form := field{Name: path, Label: f.Label.Zh, Hint: hint, Rows: rows, Most: f.Most}
	switch {
	case f.Many && f.Shape == catalog.ShapeReference:
		form.Kind = "topics"
	case f.Many:
		form.Kind, form.Most = "text", catalog.MaxText // a line an entry
	default:
		form.Kind = kindsOfFields[f.Shape]
	}
	switch f.Shape {
	case catalog.ShapeYear:
		form.Most = 4
	case catalog.ShapeCount:
		form.Most = 9
	case catalog.ShapeDate:
		form.Most = mostOfDate
		if form.Hint == "" {
			form.Hint = "例如 2021年7月、2021-07-15；不清楚的部分不写"
		}
	case catalog.ShapeReference:
		form.Most = 0
	case catalog.ShapeAddress:
		form.Most = mostOfAddress
	}
	return form
}

// mostOfAddress is how many characters an address may take.
const mostOfAddress = 2000

// mostOfDate is how many characters a date may take as people write it.
const mostOfDate = 24

// kindsOfFields are how fields of a shape are entered.
var kindsOfFields = map[catalog.Shape]string{
	catalog.ShapeLine: "line", catalog.ShapeText: "text", catalog.ShapeProse: "text", catalog.ShapeDate: "date", catalog.ShapeYear: "number",
	catalog.ShapeCount: "number", catalog.ShapeEnum: "select", catalog.ShapeFlag: "select", catalog.ShapeReference: "select", catalog.ShapeAddress: "line",
}

// plainFields are the kind's fields of these shapes that hold one value and are
// the form's to fill.
func plainFields(kind catalog.RecordKind, shapes ...catalog.Shape) []string {
	var names []string
	for _, f := range catalog.NounOf(kind).Fields {
		if !f.Many && !f.Head && !f.Acted && slices.Contains(shapes, f.Shape) {
			names = append(names, f.Name)
		}
	}
	return names
}

// The shapes that a form reads in the same way.
var (
	textShapes   = []catalog.Shape{catalog.ShapeLine, catalog.ShapeText, catalog.ShapeProse, catalog.ShapeAddress, catalog.ShapeEnum}
	numberShapes = []catalog.Shape{catalog.ShapeYear, catalog.ShapeCount}
	otherShapes  = []catalog.Shape{catalog.ShapeDate, catalog.ShapeFlag}
)

// restOf are the plain fields that have no place in the groups yet, so that a
// field that the catalog describes is in the form.
func restOf(kind catalog.RecordKind, groups []fieldGroup) []field {
	var rest []field
	for _, name := range plainFields(kind, slices.Concat(textShapes, numberShapes, otherShapes)...) {
		placed := name == "level" || name == "unplaced" || slices.ContainsFunc(groups, func(g fieldGroup) bool { // a case's level is its committee's, and text comes into no part by an import only
			return slices.ContainsFunc(g.Fields, func(f field) bool { return f.Name == name })
		})
		if !placed {
			rest = append(rest, fieldAt(kind, name, "", 3))
		}
	}
	return rest
}

// plain reads the kind's plain fields.
func (w *written) plain(values url.Values, kind catalog.RecordKind) {
	w.texts(values, "", w.input, slices.DeleteFunc(plainFields(kind, textShapes...), func(name string) bool { return name == "level" })...)
	w.numbers(values, "", w.input, plainFields(kind, numberShapes...)...)
	w.dates(values, "", w.input, plainFields(kind, catalog.ShapeDate)...)
	for _, name := range plainFields(kind, catalog.ShapeFlag) {
		w.input[name] = values.Get(name) == "true"
	}
}

// plain sets the values of the record's plain fields.
func (s setter) plain(record map[string]any, kind catalog.RecordKind) {
	s.fields(record, slices.DeleteFunc(plainFields(kind, slices.Concat(textShapes, numberShapes, otherShapes)...), func(name string) bool { return name == "level" })...)
}

// written is the field as a line that a name is written in, where its record is
// not chosen from a list.
func (f field) written() field {
	f.Kind, f.Most = "line", catalog.MaxTitle
	return f
}

// lines is a field of several names, a line each, which the form keeps apart
// from the others of its list.
func lines(name, label, hint string) field {
	return field{Name: name, Label: label, Hint: hint, Kind: "text", Rows: 2, Most: catalog.MaxText}
}

// roomFor is how many of what is repeated the form has room for: as many as the
// values have keys LIST.0.KEY, LIST.1.KEY and so on, empty or not.
func roomFor(values url.Values, list, key string) int {
	n := 0
	for n < catalog.MaxList && values.Has(fmt.Sprintf("%s.%d.%s", list, n, key)) {
		n++
	}
	return n
}

// repeat sets the values of what is repeated in a record: every key of each, and
// spare empty ones, since without scripts none can be added.
func (s setter) repeat(list string, records []any, spare int, key string, each func(prefix string, record map[string]any)) {
	for i, record := range records {
		prefix := fmt.Sprintf("%s.%d.", list, i)
		s.values.Set(prefix+key, "")
		each(prefix, object(record))
	}
	for i := len(records); i < len(records)+spare; i++ {
		s.values.Set(fmt.Sprintf("%s.%d.%s", list, i, key), "")
	}
}

// setter fills a form with a record.
type setter struct{ values url.Values }

// set sets a value that is something.
func (s setter) set(name string, value any) {
	switch v := value.(type) {
	case string:
		if v != "" {
			s.values.Set(name, v)
		}
	case int:
		s.values.Set(name, strconv.Itoa(v))
	case bool:
		if v {
			s.values.Set(name, "true")
		}
	}
}

// fields sets the values of the record's fields of these names.
func (s setter) fields(record map[string]any, names ...string) {
	for _, name := range names {
		s.set(name, record[name])
	}
}

// written is a form's values as the input of a mutation.
type written struct {
	input map[string]any
	// places are where in the input a field went, "steps.0" for "steps.ASK_FITNESS",
	// by the place: what is wrong is told by places, and shown at fields.
	places map[string]string
	errors map[string][]string // what could not be read, by field
}

// newWritten begins the input with what of the record the form does not have.
func newWritten(record map[string]any) written {
	w := written{input: map[string]any{}, places: map[string]string{}, errors: map[string][]string{}}
	if record == nil {
		return w
	}
	citations := []any{}
	for _, citation := range list(record["citations"]) {
		c := object(citation)
		citations = append(citations, map[string]any{
			"source": object(c["source"])["slug"], "quote": c["quote"], "start": c["start"], "fields": c["fields"],
		})
	}
	w.input["slug"], w.input["origin"], w.input["citations"] = record["slug"], record["origin"], citations
	return w
}

// texts reads texts into the object; those that are empty are left out.
func (w *written) texts(values url.Values, prefix string, to map[string]any, names ...string) {
	for _, name := range names {
		if value := clean(values.Get(prefix + name)); value != "" {
			to[name] = value
		}
	}
}

// called reads the name, which the input must have even where it is empty.
func (w *written) called(values url.Values, name string) {
	w.input[name] = clean(values.Get(name))
}

// clean returns a text as it is kept: browsers send lines that end with CR LF.
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

// dates reads dates as people write them, whose names in the form have the
// prefix, into the object.
func (w *written) dates(values url.Values, prefix string, to map[string]any, names ...string) {
	for _, name := range names {
		value := clean(values.Get(prefix + name))
		if dates.IsNone(value) {
			continue
		}
		read, ok := dates.Read(value)
		switch {
		case dates.Ambiguous(value):
			w.wrong(prefix+name, fmt.Sprintf("“%s”可能是 1 月，也可能是 10 月：请写成 %s-01 或 %s-10", value, value[:4], value[:4]))
		case !ok:
			w.wrong(prefix+name, fmt.Sprintf("“%s”看不出是哪一天：可以写 2021、2021年7月、2021.7.15 或 2021-07-15", catalog.Clipped(value)))
		case read.End != "":
			w.wrong(prefix+name, "这是一段时间：请只写一个日期，开始和结束分开填")
		case read.Inexact:
			w.wrong(prefix+name, "请写成年、年月或年月日；说不准的部分不写")
		default:
			to[name] = string(read.Start)
		}
	}
}

// wrong notes what could not be read of a field.
func (w *written) wrong(name, message string) { w.errors[name] = append(w.errors[name], message) }

// numbers reads whole numbers, whose names in the form have the prefix, into the
// object.
func (w *written) numbers(values url.Values, prefix string, to map[string]any, names ...string) {
	for _, name := range names {
		value := clean(values.Get(prefix + name))
		if value == "" {
			continue
		}
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			w.wrong(prefix+name, "请写一个整数，例如 12")
			continue
		}
		to[name] = n
	}
}

// repeated reads what is repeated in the form; read returns one of it, nil where it
// is empty and not saved. place is where in the input that goes.
func (w *written) repeated(values url.Values, list, key string, read func(prefix, place string) map[string]any) {
	all := []any{}
	for i := range roomFor(values, list, key) {
		prefix := fmt.Sprintf("%s.%d.", list, i)
		place := fmt.Sprintf("%s.%d", list, len(all))
		if one := read(prefix, place); one != nil {
			w.places[place] = strings.TrimSuffix(prefix, ".")
			all = append(all, one)
		}
	}
	w.input[list] = all
}

// check finds what the catalog says is wrong with what could be read, so that a
// form that has one field unread tells of all the others too.
func (w *written) check(kind catalog.RecordKind) []problem {
	flat := maps.Clone(w.input)
	if record := object(flat["record"]); record != nil { // the catalog has the names of a oneOf beside the other fields
		delete(flat, "record")
		maps.Copy(flat, record)
	}
	raw, err := json.Marshal(flat)
	if err != nil {
		return nil
	}
	in := catalog.NewInput(kind)
	in.Head().Unfilled = true
	if json.Unmarshal(raw, in) != nil {
		return nil // then the API says why
	}
	var found catalog.Problems
	if !errors.As(in.Validate(), &found) {
		return nil
	}
	var wrong []problem
	for _, e := range found {
		if e.Path == "slug" { // a new record gets one
			continue
		}
		wrong = append(wrong, problem{Path: append([]string{"input"}, strings.Split(e.Path, ".")...), Code: e.Kind, Message: e.Zh})
	}
	return wrong
}

// fieldAt is the field at which what is wrong at a place of the input is shown,
// "" where no field has it.
func (w written) fieldAt(path []string, names []string) string {
	if len(path) == 0 || path[0] != "input" {
		return ""
	}
	path = path[1:]
	for n := len(path); n > 0; n-- {
		name, ok := w.places[strings.Join(path[:n], ".")]
		if !ok {
			continue
		}
		for end := len(path); end >= n; end-- {
			if full := strings.Join(append([]string{name}, path[n:end]...), "."); slices.Contains(names, full) {
				return full
			}
		}
		if first := slices.IndexFunc(names, func(full string) bool { return strings.HasPrefix(full, name+".") }); first >= 0 {
			return names[first] // of one as a whole
		}
		return ""
	}
	if len(path) > 0 && slices.Contains(names, path[0]) {
		return path[0]
	}
	return ""
}
