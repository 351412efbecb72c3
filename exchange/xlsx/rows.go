package xlsx

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
)

// Row is one row of a sheet that has a cell with something in it.
type Row struct {
	Number int      // from 1
	Hidden bool     // by its author, or by a filter
	Cells  []string // as they are shown, "" for those that are empty
	// Merged says which cells have their text from the row above, with which
	// they are merged; it may be shorter than Cells.
	Merged []bool
	// Unknown are the columns, from 1, of formulas without a value.
	Unknown []int
	Err     error // why the row cannot be read
}

const (
	maxColumns = 16_384
	maxRows    = 1 << 20
	// maxFilled bounds how many cells of a sheet get the text of the one that
	// they are merged with.
	maxFilled = 2_000_000
)

// HiddenColumns returns the columns, from 1, that the author has hidden, up to
// the last one. It is known once Rows has returned the first row.
func (s *Sheet) HiddenColumns(last int) []int {
	var list []int
	for _, h := range s.hidden {
		for c := h.from; c <= min(h.to, last); c++ {
			list = append(list, c)
		}
	}
	return list
}

// Rows returns the sheet's rows in order, empty ones left out. A cell that is
// merged with one above has its text; of cells that are merged side by side only
// the first has one. The error is for the rest of the sheet, which cannot be
// read.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		part, err := archive.Part(s.book.zip, s.target)
		if err != nil {
			yield(Row{}, broken(err))
			return
		}
		merges, err := readMerges(part)
		if err != nil {
			yield(Row{}, broken(err))
			return
		}
		content, err := part.Open()
		if err != nil {
			yield(Row{}, broken(err))
			return
		}
		defer func() { _ = content.Close() }() // it was only read
		r := &rowReader{sheet: s, tokens: xml.NewDecoder(bufio.NewReaderSize(content, 64<<10)), merges: merges}
		for {
			row, err := r.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(row, broken(err))
				return
			case !yield(row, nil):
				return
			}
		}
	}
}

// broken is the error for what follows in a sheet; other sheets and files are
// read all the same.
func broken(err error) error {
	return &catalog.Error{Kind: catalog.KindInvalid, Zh: "工作表从这里起损坏，其后没有导入", En: "the sheet is broken from here on; nothing behind was taken", Err: err}
}

// rowReader reads the rows of one sheet.
type rowReader struct {
	sheet  *Sheet
	tokens *xml.Decoder
	merges *merges
	number int // of the row read last
	ended  bool
}

// next returns the next row that is not empty, or io.EOF.
func (r *rowReader) next() (Row, error) {
	for {
		t, err := r.tokens.RawToken()
		switch {
		case errors.Is(err, io.EOF) && r.ended:
			return Row{}, io.EOF
		case errors.Is(err, io.EOF):
			return Row{Number: r.number}, io.ErrUnexpectedEOF
		case err != nil:
			return Row{Number: r.number}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "col":
				r.column(t)
			case "row":
				row, err := r.row(t)
				if err != nil {
					return row, err
				}
				r.merges.fill(&row)
				if len(row.Cells) > 0 || len(row.Unknown) > 0 {
					return row, nil
				}
			}
		case xml.EndElement:
			r.ended = r.ended || t.Name.Local == "sheetData" || t.Name.Local == "worksheet"
		}
	}
}

// column notes columns that are hidden.
func (r *rowReader) column(e xml.StartElement) {
	from, err1 := strconv.Atoi(archive.Attribute(e, "min"))
	to, err2 := strconv.Atoi(archive.Attribute(e, "max"))
	if err1 == nil && err2 == nil && (isTrue(archive.Attribute(e, "hidden")) || archive.Attribute(e, "width") == "0") {
		r.sheet.hidden = append(r.sheet.hidden, span{max(from, 1), min(to, maxColumns)})
	}
}

func (r *rowReader) row(e xml.StartElement) (Row, error) {
	r.number++
	if n, err := strconv.Atoi(archive.Attribute(e, "r")); err == nil && n > 0 && n <= maxRows {
		r.number = n
	}
	row := Row{Number: r.number, Hidden: isTrue(archive.Attribute(e, "hidden"))}
	column := 0
	for {
		t, err := r.tokens.RawToken()
		if err != nil {
			return row, unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			column++
			if n := columnOf(archive.Attribute(t, "r")); n > 0 {
				column = n
			}
			if err := r.cell(&row, column, t); err != nil {
				return row, err
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row, nil
			}
		}
	}
}

// unexpected turns the end of a file within an element into an error.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// cell reads a cell, and puts its text in its place where it has one.
func (r *rowReader) cell(row *Row, column int, e xml.StartElement) error {
	kind, style := archive.Attribute(e, "t"), archive.Attribute(e, "s")
	var (
		inline  richText
		value   strings.Builder
		formula bool
		within  string
	)
	for {
		t, err := r.tokens.RawToken()
		if err != nil {
			return unexpected(err)
		}
		if kind == "inlineStr" {
			inline.token(t)
		}
		switch t := t.(type) {
		case xml.StartElement:
			within = t.Name.Local
			formula = formula || within == "f"
		case xml.CharData:
			if within == "v" {
				value.Write(t)
			}
		case xml.EndElement:
			within = ""
			if t.Name.Local != "c" {
				continue
			}
			text := inline.take()
			if kind != "inlineStr" {
				text = r.shown(kind, style, value.String())
			}
			if text == "" && formula {
				row.Unknown = append(row.Unknown, column)
			}
			row.set(column, text)
			return nil
		}
	}
}

// set puts a text in its place.
func (r *Row) set(column int, text string) {
	if text == "" || column > maxColumns {
		return
	}
	for len(r.Cells) < column {
		r.Cells = append(r.Cells, "")
	}
	r.Cells[column-1] = text
}

// shown returns what a cell shows.
func (r *rowReader) shown(kind, style, value string) string {
	switch kind {
	case "s":
		text, _ := r.sheet.book.strings.at(value)
		return text
	case "str":
		return unescape(value)
	case "e":
		return value
	case "b":
		if isTrue(value) {
			return "TRUE"
		}
		if value == "" {
			return ""
		}
		return "FALSE"
	case "d":
		return value
	}
	n, _ := strconv.Atoi(style)
	return r.sheet.book.show(value, n)
}

// columnOf returns the number of a cell's column, 0 where its name has none.
func columnOf(name string) int {
	n := 0
	for _, c := range name {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
		if n > maxColumns {
			return 0
		}
	}
	return n
}

// Letters returns a column's name: 1 is A, 27 is AA, 0 is "".
func Letters(n int) string {
	letters := ""
	for ; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// Cell returns a cell's name, as in C5.
func Cell(column, row int) string { return fmt.Sprintf("%s%d", Letters(column), row) }
