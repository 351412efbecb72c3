package column

import (
	"reflect"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
)

// Cells returns a record's cells in the order of its kind's columns.
func Cells(in catalog.Input) []string {
	v := reflect.ValueOf(in).Elem()
	columns := Of(in.Kind())
	cells := make([]string, len(columns))
	byStep, inOrder := stepTexts(in)
	parts := cell.OfParts(in)
	for i, c := range columns {
		apart, ok := parts[c.Name]
		switch {
		case ok:
			cells[i] = apart
		case c.Step != "":
			if inOrder {
				cells[i] = byStep[c.Step]
			}
		case c.Name == "steps" && inOrder:
		default:
			cells[i] = cell.Format(v.FieldByIndex(c.Index))
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
