package csv

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// maxCells is how many cells a row may have: as many as a sheet has columns.
const maxCells = 16_384

// Row is one row of a table as it stands in its file.
type Row struct {
	Number int      // from 1, empty rows counted
	Cells  []string // Unguard has not been at them yet
	Err    error    // why the row cannot be read, an *catalog.Error in its chain
	Column int      // of the cell where Err is, from 1; 0 for the row as a whole
}

// Reader splits a CSV file into rows. It is for one goroutine.
type Reader struct {
	lines  *text.Lines
	comma  byte
	number int // of the row read last
	size   int // in bytes, of the row being read
}

// NewReader begins a table. The error is that of reading its first bytes.
func NewReader(r io.Reader) (*Reader, error) {
	lines, err := text.NewLines(r)
	if err != nil {
		return nil, err
	}
	return &Reader{lines: lines}, nil
}

// Rows returns the rows in order. The error is that of reading the file, after
// which nothing comes; a row that is broken has its own.
func (c *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			r, err := c.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// next reads a row, which may be several lines. A line that is not text spoils
// its row; that its quotes are counted all the same keeps the rows behind it
// apart.
func (c *Reader) next() (Row, error) {
	c.number++
	r := Row{Number: c.number}
	c.size = 0
	var cell strings.Builder
	quoted := false // within quotes
	for first := true; first || quoted; first = false {
		line, err := c.lines.Next()
		var refused *text.Error
		switch {
		case errors.Is(err, io.EOF) && first:
			return r, io.EOF
		case errors.Is(err, io.EOF):
			r.Err = catalog.Invalid("", "单元格的引号没有结束，直到文件末尾", "a cell's quotes do not end before the file does")
			return r, nil
		case errors.As(err, &refused):
			if r.Err == nil {
				r.Err, r.Column = err, len(r.Cells)+1
			}
		case err != nil:
			return r, err
		}
		if c.size += len(line) + 1; c.size > text.MaxLine {
			return c.tooLong(r)
		}
		if c.comma == 0 {
			c.comma = commaOf(line) // none yet, where that is a title above the table
		}
		quoted = c.line(&r, &cell, line, quoted)
	}
	if len(r.Cells) < maxCells {
		r.Cells = append(r.Cells, cell.String())
	}
	return r, nil
}

// tooLong ends the reading of a file whose quotes seem not to end: where its next row
// begins nobody can know.
func (c *Reader) tooLong(r Row) (Row, error) {
	r.Err = catalog.Invalid("", "这一行超过 8 MiB，可能有引号没有结束；其后的内容没有导入", "is longer than 8 MiB, perhaps for quotes that do not end; nothing behind it was taken")
	for {
		if err := c.lines.Skip(); errors.Is(err, io.EOF) {
			return r, nil
		} else if err != nil {
			return r, err
		}
	}
}

// line reads the cells of one line, and reports whether it ends within quotes.
func (c *Reader) line(r *Row, cell *strings.Builder, line []byte, quoted bool) bool {
	begins := !quoted // at the first byte of a cell
	closed := false   // behind the quotes of a cell
	for i := 0; i < len(line); i++ {
		b := line[i]
		switch {
		case quoted && b == '"' && i+1 < len(line) && line[i+1] == '"':
			cell.WriteByte('"')
			i++
		case quoted && b == '"':
			quoted, closed = false, true
		case quoted:
			cell.WriteByte(b)
		case b == c.comma && c.comma != 0:
			if len(r.Cells) < maxCells {
				r.Cells = append(r.Cells, cell.String())
			} else if r.Err == nil {
				r.Err = catalog.Invalid("", fmt.Sprintf("这一行超过 %d 格", maxCells), fmt.Sprintf("has more than %d cells", maxCells))
			}
			cell.Reset()
			begins, closed = true, false
			continue
		case b == '"' && begins:
			quoted = true
		case closed && b != ' ' && r.Err == nil:
			r.Err = catalog.Invalid("", "引号之后还有文字；单元格里的引号要写两个", "there is text behind the quotes; a quote within a cell is written twice")
			r.Column = len(r.Cells) + 1
		default:
			cell.WriteByte(b)
		}
		begins = false
	}
	if quoted {
		cell.WriteString(c.lines.Ending())
	}
	return quoted
}

// commaOf returns what parts the cells of a line, quoted ones left out; 0 where
// there is but one cell.
func commaOf(line []byte) byte {
	counts := map[byte]int{}
	quoted := false
	for _, b := range line {
		if b == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[b]++
		}
	}
	most := byte(0)
	counts[most] = 0
	for _, b := range []byte(",\t;") {
		if counts[b] > counts[most] {
			most = b
		}
	}
	return most
}
