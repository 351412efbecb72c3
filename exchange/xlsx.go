package exchange

import (
	"iter"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

const (
	// The template's sheets that hold no records.
	sheetHelp  = "填写说明"
	sheetLists = "选项"
)

// readXLSX reads the sheets of a workbook, each a table whose name says what its
// rows are, and else of cases.
func readXLSX(f File) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		place := Place{File: f.Name}
		spooled, size, remove, err := archive.Spool(f.Reader, archive.MaxWorkbook)
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		defer remove()
		book, err := xlsx.Open(spooled, size)
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		defer book.Close()
		for _, sheet := range book.Sheets {
			if sheet.Name == sheetHelp || sheet.Name == sheetLists {
				continue
			}
			if !readTable(Place{File: f.Name, Sheet: sheet.Name}, kindOfSheet(sheet.Name), rowsOfSheet(sheet), yield) {
				return
			}
		}
	}
}

// kindOfSheet reads a sheet's name: 案例, 案例2, case; any other is of cases.
func kindOfSheet(name string) catalog.RecordKind {
	name = strings.TrimRight(strings.TrimSpace(name), "0123456789 ")
	if code, ok := codeOf(kindColumn.typ, name); ok {
		return catalog.RecordKind(code)
	}
	return catalog.KindCase
}

// rowsOfSheet returns the rows of a sheet. Where it is broken, the last one says
// so.
func rowsOfSheet(sheet *xlsx.Sheet) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for r, err := range sheet.Rows() {
			if err == nil {
				err = r.Err
			}
			if !yield(row{number: r.Number, cells: r.Cells, err: err}, nil) {
				return
			}
		}
	}
}
