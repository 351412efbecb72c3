package exchange

import (
	"reflect"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// cellsOf returns a record's cells in the order of its kind's columns.
func cellsOf(in catalog.Input) []string {
	v := reflect.ValueOf(in).Elem()
	columns := columnsOf(in.Kind())
	cells := make([]string, len(columns))
	byStep, inOrder := stepTexts(in)
	parts := partCells(in)
	for i, c := range columns {
		apart, ok := parts[c.name]
		switch {
		case ok:
			cells[i] = apart
		case c.step != "":
			if inOrder {
				cells[i] = byStep[c.step]
			}
		case c.name == "steps" && inOrder:
		default:
			cells[i] = formatCell(v.FieldByIndex(c.index))
		}
	}
	return cells
}

// stepTexts returns a case's steps by their codes. Steps that are not in the
// procedure's order do not fit into eight columns, and are written as a list.
func stepTexts(in catalog.Input) (byStep map[catalog.StepCode]string, inOrder bool) {
	c, ok := in.(*catalog.CaseInput)
	if !ok {
		return nil, true
	}
	byStep = map[catalog.StepCode]string{}
	at := -1
	for _, s := range c.Steps {
		next := slices.IndexFunc(catalog.Procedure, func(p catalog.ProcedureStep) bool { return p.Code == s.Code })
		if next <= at {
			return nil, false
		}
		byStep[s.Code], at = s.Text, next
	}
	return byStep, true
}
