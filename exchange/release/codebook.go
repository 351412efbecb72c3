package release

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// ownColumns are the meanings of the columns that are the release's, and no
// field of a record.
var ownColumns = map[string]catalog.Words{
	"version":   {Zh: "版本，每次更改加一", En: "counts up by one at each change"},
	"createdAt": {Zh: "收录时间（UTC）", En: "when the record came into the knowledge base, in UTC"},
	"updatedAt": {Zh: "最后更改时间（UTC）", En: "when the record last changed, in UTC"},
	"record":    {Zh: "所属记录的 slug", En: "the slug of the record that the row belongs to"},
	"entry":     {Zh: "在该项中的次序，从 0 起", En: "the place in that entry's own list, from 0"},
	"position":  {Zh: "在记录中的次序，从 0 起", En: "the place in the record's list, from 0"},
}

// fieldOf returns the field of the record that a column holds, nil for those that are
// the release's own.
func fieldOf(t table, c column) *catalog.NounField {
	path := c.name
	switch {
	case t.list != "" && c.name == "value":
		path = t.list
	case t.list != "":
		path = t.list + "." + c.name
	}
	return catalog.FieldAt(t.kind, path)
}

// meaningOf returns a column's meaning, with the values of an enum; empty where
// there is none, which a test does not let pass.
func meaningOf(t table, c column) catalog.Words {
	f := fieldOf(t, c)
	if f == nil {
		return ownColumns[c.name]
	}
	m := f.Meaning
	if f.Enum != nil && f.Enum != catalog.EnumNamed("StepCode") { // a step's label says no more than its code
		values := make([]string, len(f.Enum.Values))
		for i, v := range f.Enum.Values {
			values[i] = v.Code + " " + v.Label
		}
		m.Zh += "：" + strings.Join(values, "，")
	}
	return m
}

// sourceOf says where a column's values come from.
func sourceOf(t table, c column) catalog.Words {
	switch c.name {
	case "slug", "version", "createdAt", "updatedAt", "record", "position", "entry", "origin":
		return catalog.Words{Zh: "由知识库记录", En: "kept by the knowledge base"}
	}
	switch {
	case t.list == "citations":
		return catalog.Words{Zh: "逐字取自出处，并经核对", En: "taken from the source to the character, and checked"}
	case t.kind == catalog.KindSource:
		return catalog.Words{Zh: "出处文献本身", En: "the document itself"}
	}
	return catalog.Words{
		Zh: "依记录的 origin：DOCUMENTED 见引证表中 fields 含此字段的引文，CONTRIBUTED 由委员会填写",
		En: "by the record's origin: of a DOCUMENTED one, the quotes in the table of citations whose fields name this one; of a CONTRIBUTED one, the committee",
	}
}

var codebookHeader = []string{"table", "field", "type", "meaning_zh", "meaning_en", "source_zh", "source_en"}

func (w *writer) writeCodebook() error {
	var rows [][]string
	for _, kind := range catalog.RecordKinds {
		for _, t := range tablesOf(kind) {
			for _, c := range t.columns {
				m, s := meaningOf(t, c), sourceOf(t, c)
				rows = append(rows, []string{t.name, c.name, string(c.kind), m.Zh, m.En, s.Zh, s.En})
			}
		}
	}
	return w.putCSV(fileCodebook, codebookHeader, len(rows), func(i int) []string { return rows[i] })
}
