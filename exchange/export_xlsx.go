package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxCell is how much of a text goes into one cell, in UTF-16 units: XLSX takes
// 32,767, of which an apostrophe may be one.
const maxCell = 32_000

// xlsxWriter writes a workbook with a sheet a kind.
type xlsxWriter struct {
	w       io.Writer
	book    *excelize.File
	stream  *excelize.StreamWriter
	kind    catalog.RecordKind
	columns []column
	sheets  map[catalog.RecordKind]int
	row     int // written last
	header  int // id of its style
}

func newXLSXWriter(w io.Writer) *xlsxWriter {
	return &xlsxWriter{w: w, book: excelize.NewFile(), sheets: map[catalog.RecordKind]int{}}
}

func (x *xlsxWriter) Write(in catalog.Input) error {
	if err := checkUTF8(in); err != nil {
		return err
	}
	if x.kind != in.Kind() || x.row > maxSheetRecords {
		if err := x.sheet(in.Kind()); err != nil {
			return err
		}
	}
	pieces := make([][]string, len(x.columns))
	most := 1
	for i, cell := range cellsOf(in) {
		pieces[i] = cut(cell, maxCell)
		most = max(most, len(pieces[i]))
	}
	for n := range most {
		values := make([]any, len(x.columns))
		for i, p := range pieces {
			switch {
			case x.columns[i].name == "slug" && n > 0:
				values[i] = ditto
			case n < len(p) && p[n] != "":
				values[i] = guard(p[n])
			}
		}
		if err := x.append(values); err != nil {
			return err
		}
	}
	return nil
}

// cut parts a text into pieces of at most so many UTF-16 units.
func cut(s string, most int) []string {
	if len(s) <= most {
		return []string{s}
	}
	var pieces []string
	start, units := 0, 0
	for i, r := range s {
		n := utf16.RuneLen(r)
		if units+n > most {
			pieces = append(pieces, s[start:i])
			start, units = i, 0
		}
		units += n
	}
	return append(pieces, s[start:])
}

// sheet ends the sheet before and begins one for a kind.
func (x *xlsxWriter) sheet(kind catalog.RecordKind) error {
	if err := x.flush(); err != nil {
		return err
	}
	x.sheets[kind]++
	name := kind.Label()
	if n := x.sheets[kind]; n > 1 {
		name += fmt.Sprint(n)
	}
	if _, err := x.book.NewSheet(name); err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	stream, err := x.book.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	x.stream, x.kind, x.columns, x.row = stream, kind, columnsOf(kind), 0
	if x.header, err = headerStyle(x.book); err != nil {
		return err
	}
	for i, c := range x.columns {
		if err := stream.SetColWidth(i+1, i+1, columnWidth(&c)); err != nil {
			return fmt.Errorf("begin the sheet %s: %w", name, err)
		}
	}
	if err := stream.SetPanes(frozenHeader()); err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	var headers []any
	for _, c := range x.columns {
		headers = append(headers, excelize.Cell{StyleID: x.header, Value: c.label})
	}
	return x.append(headers)
}

func headerStyle(book *excelize.File) (int, error) {
	id, err := book.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
	if err != nil {
		return 0, fmt.Errorf("make the header's style: %w", err)
	}
	return id, nil
}

func frozenHeader() *excelize.Panes {
	return &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
}

// columnWidth is in characters.
func columnWidth(c *column) float64 {
	switch {
	case c.name == "title":
		return 36
	case isText(c), strings.HasPrefix(c.name, "text"):
		return 48
	case slices.Contains([]string{"participants", "outcomes", "citations", "steps"}, c.name):
		return 30
	}
	return 16
}

func (x *xlsxWriter) append(values []any) error {
	x.row++
	cell, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return fmt.Errorf("write row %d: %w", x.row, err)
	}
	if err := x.stream.SetRow(cell, values); err != nil {
		return fmt.Errorf("write row %d: %w", x.row, err)
	}
	return nil
}

func (x *xlsxWriter) flush() error {
	if x.stream == nil {
		return nil
	}
	if err := x.stream.Flush(); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	x.stream = nil
	return nil
}

func (x *xlsxWriter) Close() (err error) {
	defer func() {
		if closing := x.book.Close(); err == nil && closing != nil {
			err = fmt.Errorf("write XLSX: %w", closing)
		}
	}()
	if len(x.sheets) == 0 {
		if err := x.sheet(catalog.KindCase); err != nil {
			return err
		}
	}
	if err := x.flush(); err != nil {
		return err
	}
	if err := x.book.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	if _, err := x.book.WriteTo(x.w); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}
