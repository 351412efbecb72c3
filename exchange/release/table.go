package release

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// plurals name a kind's files.
var plurals = map[catalog.RecordKind]string{
	catalog.KindSource: "sources", catalog.KindRegion: "regions", catalog.KindCommittee: "committees", catalog.KindTopic: "topics",
	catalog.KindPerson: "persons", catalog.KindBrand: "brands", catalog.KindProposal: "proposals", catalog.KindCase: "cases",
	catalog.KindIndicator: "indicators", catalog.KindPractice: "practices", catalog.KindEvaluation: "evaluations",
	catalog.KindAdoption: "adoptions", catalog.KindVenue: "venues",
	catalog.KindNeed: "needs", catalog.KindReport: "reports", catalog.KindActivity: "activities", catalog.KindRound: "evaluation_rounds",
	catalog.KindCall: "calls", catalog.KindCollection: "collections",
}

// table is one flat table: that of a kind, or that of what a kind's records
// list, a row an entry.
type table struct {
	name    string
	kind    catalog.RecordKind
	list    string // the field of the record that is listed; "" for the records themselves
	index   []int  // of that field
	within  []int  // of the field of an entry that is listed in turn; nil where the entries are the rows
	columns []column
}

// column is a column of a table.
type column struct {
	name string
	kind columnType
	// of reads the column of a record, or of one entry of the list and its place.
	of func(r *catalog.Released, entry reflect.Value, position int) any // nil, string, int64, float64 or bool
}

// columnType is a type of Frictionless Table Schema.
type columnType string

// The types.
const (
	typeString   columnType = "string"
	typeInteger  columnType = "integer"
	typeNumber   columnType = "number"
	typeBoolean  columnType = "boolean"
	typeDatetime columnType = "datetime"
)

// tablesOf returns the tables of a kind: its own, and one for each list.
func tablesOf(kind catalog.RecordKind) []table {
	t := reflect.TypeOf(catalog.NewInput(kind)).Elem()
	main := table{name: plurals[kind], kind: kind, columns: headColumns()}
	var lists []table
	for _, f := range fieldsOf(t) {
		switch {
		case slices.Contains([]string{"slug", "origin", "status", "withdrawn", "leadsTo", "unplaced"}, f.name): // heads, and what nothing released has
		case f.typ.Kind() == reflect.Slice:
			lists = append(lists, listTable(kind, f))
			lists = append(lists, nestedTables(kind, f)...)
		default:
			main.columns = append(main.columns, column{f.name, typeOf(f.typ), func(r *catalog.Released, _ reflect.Value, _ int) any {
				return valueOf(reflect.ValueOf(r.Input).Elem().FieldByIndex(f.index))
			}})
		}
	}
	return append([]table{main}, lists...)
}

// headColumns are those of every kind's own table.
func headColumns() []column {
	return []column{
		{"slug", typeString, func(r *catalog.Released, _ reflect.Value, _ int) any { return r.Input.Head().Slug }},
		{"origin", typeString, func(r *catalog.Released, _ reflect.Value, _ int) any { return string(r.Input.Head().Origin) }},
		{"version", typeInteger, func(r *catalog.Released, _ reflect.Value, _ int) any { return int64(r.Version) }},
		{"createdAt", typeDatetime, func(r *catalog.Released, _ reflect.Value, _ int) any { return instant(r.CreatedAt) }},
		{"updatedAt", typeDatetime, func(r *catalog.Released, _ reflect.Value, _ int) any { return instant(r.UpdatedAt) }},
	}
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// listTable is the table of what a kind's records list in a field.
func listTable(kind catalog.RecordKind, f field) table {
	t := table{name: plurals[kind] + "_" + f.name, kind: kind, list: f.name, index: f.index, columns: []column{
		{"record", typeString, func(r *catalog.Released, _ reflect.Value, _ int) any { return r.Input.Head().Slug }},
		{"position", typeInteger, func(_ *catalog.Released, _ reflect.Value, at int) any { return int64(at) }},
	}}
	entry := f.typ.Elem()
	if entry.Kind() != reflect.Struct {
		t.columns = append(t.columns, column{"value", typeOf(entry), func(_ *catalog.Released, e reflect.Value, _ int) any { return valueOf(e) }})
		return t
	}
	for _, part := range fieldsOf(entry) {
		if isEntries(part.typ) || part.typ == reflect.TypeFor[*catalog.NewPerson]() { // a table of its own; of what is made and gone by then
			continue
		}
		t.columns = append(t.columns, column{part.name, typeOf(part.typ), func(_ *catalog.Released, e reflect.Value, _ int) any {
			return valueOf(e.FieldByIndex(part.index))
		}})
	}
	return t
}

// isEntries reports whether a type is a list of objects.
func isEntries(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct
}

// entryStep parts, in the place of a row, the number of the entry from that within it.
const entryStep = 1 << 16

// nestedTables are the tables of what the entries of a list list in turn.
func nestedTables(kind catalog.RecordKind, f field) []table {
	var all []table
	if !isEntries(f.typ) {
		return nil
	}
	for _, inner := range fieldsOf(f.typ.Elem()) {
		if !isEntries(inner.typ) {
			continue
		}
		t := table{name: plurals[kind] + "_" + f.name + "_" + inner.name, kind: kind, list: f.name + "." + inner.name, index: f.index, within: inner.index, columns: []column{
			{"record", typeString, func(r *catalog.Released, _ reflect.Value, _ int) any { return r.Input.Head().Slug }},
			{"position", typeInteger, func(_ *catalog.Released, _ reflect.Value, at int) any { return int64(at / entryStep) }},
			{"entry", typeInteger, func(_ *catalog.Released, _ reflect.Value, at int) any { return int64(at % entryStep) }},
		}}
		for _, part := range fieldsOf(inner.typ.Elem()) {
			t.columns = append(t.columns, column{part.name, typeOf(part.typ), func(_ *catalog.Released, e reflect.Value, _ int) any {
				return valueOf(e.FieldByIndex(part.index))
			}})
		}
		all = append(all, t)
	}
	return all
}

// rows calls add with each of a record's rows in the table.
func (t *table) rows(r *catalog.Released, add func(row []any) error) error {
	if t.list == "" {
		return add(t.row(r, reflect.Value{}, 0))
	}
	list := reflect.ValueOf(r.Input).Elem().FieldByIndex(t.index)
	for i := range list.Len() {
		if t.within != nil {
			inner := list.Index(i).FieldByIndex(t.within)
			for j := range inner.Len() {
				if err := add(t.row(r, inner.Index(j), i*entryStep+j)); err != nil {
					return err
				}
			}
			continue
		}
		if err := add(t.row(r, list.Index(i), i)); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) row(r *catalog.Released, entry reflect.Value, position int) []any {
	row := make([]any, len(t.columns))
	for i, c := range t.columns {
		row[i] = c.of(r, entry, position)
	}
	return row
}

// field is a field of an input under its name in JSON.
type field struct {
	name  string
	index []int
	typ   reflect.Type
}

func fieldsOf(t reflect.Type) []field {
	var list []field
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			list = append(list, field{name, f.Index, f.Type})
		}
	}
	return list
}

func typeOf(t reflect.Type) columnType {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String, reflect.Slice: // a list within a list is joined; see valueOf
		return typeString
	case reflect.Int:
		return typeInteger
	case reflect.Float64:
		return typeNumber
	case reflect.Bool:
		return typeBoolean
	}
	panic(fmt.Sprintf("release: a record has a field of type %s, which no table can hold", t))
}

// valueOf returns a value for a table; an empty text is none. The names within an
// entry of a list, which are of fields and have no spaces, are joined by spaces.
func valueOf(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return valueOf(v.Elem())
	case reflect.String:
		if v.Len() == 0 {
			return nil
		}
		return v.String()
	case reflect.Int:
		return v.Int()
	case reflect.Float64:
		return v.Float()
	case reflect.Bool:
		return v.Bool()
	case reflect.Slice:
		names := make([]string, v.Len())
		for i := range names {
			names[i] = v.Index(i).String()
		}
		if len(names) == 0 {
			return nil
		}
		return strings.Join(names, " ")
	}
	panic(fmt.Sprintf("release: a value of type %s, which no table can hold", v.Type()))
}

// cell writes a value as CSV has it.
func cell(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
