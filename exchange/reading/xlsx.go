package reading

import (
	"context"
	"iter"
	"os"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// readXLSX reads the sheets of a workbook, each a table whose name says what its
// rows are, and else of cases.
func readXLSX(_ context.Context, f File) iter.Seq2[Record, error] {
	return onDisk(f, archive.MaxWorkbook, func(spooled *os.File, size int64, yield func(Record, error) bool) {
		place := Place{File: f.Name}
		book, err := xlsx.Open(spooled, size)
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		defer book.Close()
		b := &bookReader{file: f.Name, yield: yield}
		for _, sheet := range book.Sheets {
			if sheet.Name == column.HelpSheet || sheet.Name == column.ListsSheet {
				continue
			}
			if !b.sheet(sheet) {
				return
			}
		}
		if !b.any {
			yield(Record{Place: place, Err: empty()}, nil)
			return
		}
		b.end()
	})
}

// empty says that a file has nothing to read.
func empty() error { return catalog.Invalid("", "是空的，里面没有内容", "is empty") }

// bookReader reads the sheets of one workbook.
type bookReader struct {
	file  string
	yield func(Record, error) bool
	found bool     // a sheet was understood
	any   bool     // a sheet has a row
	other []string // sheets without a header
}

func (b *bookReader) note(at Place, zh, en string) bool {
	return b.yield(Record{Place: at, Err: catalog.Invalid("", zh, en), Note: true}, nil)
}

// sheet reads one sheet. What its author has hidden is left out.
func (b *bookReader) sheet(sheet *xlsx.Sheet) bool {
	place := Place{File: b.file, Sheet: sheet.Name}
	switch {
	case sheet.Macro:
		return b.note(place, "宏表，没有导入", "is a sheet of macros, and was not taken")
	case sheet.Chart:
		return b.note(place, "图表页，没有导入", "is a sheet of a chart, and was not taken")
	case sheet.Hidden:
		return b.note(place, "隐藏的工作表，没有导入", "is a hidden sheet, and was not taken")
	}
	rows := &sheetRows{sheet: sheet}
	more, understood := readTable(place, kindOfSheet(sheet.Name), rows.all(), b.yield)
	b.found = b.found || understood && rows.any
	b.any = b.any || rows.any
	if !understood {
		b.other = append(b.other, sheet.Name)
	}
	if more && len(rows.columns) > 0 {
		names := make([]string, len(rows.columns))
		for i, c := range rows.columns {
			names[i] = xlsx.Letters(c)
		}
		more = b.note(place, "隐藏的列没有导入："+strings.Join(names, "、"), "hidden columns were not taken: "+strings.Join(names, ", "))
	}
	return more
}

// end tells of the sheets that hold no table: beside others they are notes and
// figures, alone the file is not what it should be.
func (b *bookReader) end() {
	for _, name := range b.other {
		place := Place{File: b.file, Sheet: name}
		if !b.found {
			if !b.yield(Record{Place: place, Err: withoutHeader()}, nil) {
				return
			}
			continue
		}
		if !b.note(place, "没有案例的表头，整张工作表没有导入", "has no header of cases, and the sheet was not taken") {
			return
		}
	}
}

// kindOfSheet reads a sheet's name: 案例, 案例2, case; any other is of cases.
func kindOfSheet(name string) catalog.RecordKind {
	name = strings.TrimRight(strings.TrimSpace(name), "0123456789 ")
	if code, ok := cell.CodeOf(column.Kind.Type, name); ok {
		return catalog.RecordKind(code)
	}
	return catalog.KindCase
}

// sheetRows are the rows of a sheet without what is hidden.
type sheetRows struct {
	sheet   *xlsx.Sheet
	any     bool  // there was one
	columns []int // hidden ones that hold something
}

// all returns the rows. Where the sheet is broken, the last one says so.
func (s *sheetRows) all() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var hidden []int
		begun := false
		told := map[int]bool{}
		for r, err := range s.sheet.Rows() {
			if err == nil {
				err = r.Err
			}
			if !begun {
				hidden, begun = s.sheet.HiddenColumns(mostColumns), true
			}
			for _, c := range hidden {
				if c > len(r.Cells) {
					break
				}
				if r.Cells[c-1] != "" {
					r.Cells[c-1] = ""
					if !told[c] {
						told[c] = true
						s.columns = append(s.columns, c)
					}
				}
			}
			s.any = true
			if !yield(row{number: r.Number, cells: r.Cells, merged: r.Merged, hidden: r.Hidden, formulas: r.Unknown, err: err}, nil) {
				return
			}
		}
	}
}

// mostColumns is how many columns of a table are read.
const mostColumns = 500
