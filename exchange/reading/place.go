package reading

import (
	"fmt"

	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// Place is where in a file something stands. A file within a ZIP is named after
// it, as in "cases.zip/a.docx".
type Place struct {
	File  string
	Sheet string // of a workbook; "" elsewhere
	// Line counts from 1: lines of JSON Lines, rows of a table, paragraphs of a
	// document. 0 is the file, or the sheet, as a whole.
	Line int
	// Column counts from 1: code points of a line, cells of a row. 0 is the
	// line or row as a whole.
	Column int
	// Page is the page of a PDF or OFD on which the line is, 0 elsewhere.
	Page int `json:",omitempty"`
}

// String returns file:line or file:line:column, and of a workbook the cell as
// spreadsheets name it, file:sheet!C5.
func (p Place) String() string {
	switch {
	case p.Sheet != "" && p.Line > 0:
		return fmt.Sprintf("%s:%s!%s%d", p.File, p.Sheet, xlsx.Letters(p.Column), p.Line)
	case p.Sheet != "":
		return p.File + ":" + p.Sheet
	case p.Page > 0:
		return fmt.Sprintf("%s:第%d页:%d", p.File, p.Page, p.Line)
	case p.Column > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	case p.Line == 0:
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}
