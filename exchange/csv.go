package exchange

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// readCSV reads a table of cases, or of what its column 类型 says, in any of the
// charsets that charset.go tells apart. Cells are parted by commas, tabs or
// semicolons, whichever the header has most of.
func readCSV(f File) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		lines, err := newLineReader(f.Reader)
		if err != nil {
			yield(record{}, fmt.Errorf("read %s: %w", f.Name, err))
			return
		}
		c := &csvReader{lines: lines}
		readTable(Place{File: f.Name}, "CASE", c.rows(), yield)
	}
}

// csvReader tells the rows of a CSV file apart, as RFC 4180 has them. Unlike
// encoding/csv it keeps the line breaks within cells as they are, says which
// cell is broken, and goes on behind it.
type csvReader struct {
	lines  *lineReader
	comma  byte
	number int // of the row read last
	size   int // in bytes, of the row being read
}

func (c *csvReader) rows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
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
func (c *csvReader) next() (row, error) {
	c.number++
	r := row{number: c.number}
	c.size = 0
	var cell strings.Builder
	quoted := false // within quotes
	for first := true; first || quoted; first = false {
		line, err := c.lines.next()
		var refused *DecodeError
		switch {
		case errors.Is(err, io.EOF) && first:
			return r, io.EOF
		case errors.Is(err, io.EOF):
			r.err = invalid("", "单元格的引号没有结束，直到文件末尾", "a cell's quotes do not end before the file does")
			return r, nil
		case errors.As(err, &refused):
			if r.err == nil {
				r.err, r.column = err, len(r.cells)+1
			}
		case err != nil:
			return r, err
		}
		if c.size += len(line) + 1; c.size > MaxLine {
			return c.tooLong(r)
		}
		if c.comma == 0 {
			c.comma = commaOf(line) // none yet, where that is a title above the table
		}
		quoted = c.line(&r, &cell, line, quoted)
	}
	r.cells = append(r.cells, cell.String())
	return r, nil
}

// tooLong gives up on a file whose quotes seem not to end: where its next row
// begins nobody can know.
func (c *csvReader) tooLong(r row) (row, error) {
	r.err = invalid("", "这一行超过 8 MiB，可能有引号没有结束；其后的内容没有导入", "is longer than 8 MiB, perhaps for quotes that do not end; nothing behind it was taken")
	for {
		if _, _, err := c.lines.raw(); errors.Is(err, io.EOF) {
			return r, nil
		} else if err != nil {
			return r, err
		}
	}
}

// line reads the cells of one line, and reports whether it ends within quotes.
func (c *csvReader) line(r *row, cell *strings.Builder, line []byte, quoted bool) bool {
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
			r.cells = append(r.cells, cell.String())
			cell.Reset()
			begins, closed = true, false
			continue
		case b == '"' && begins:
			quoted = true
		case closed && b != ' ' && r.err == nil:
			r.err = invalid("", "引号之后还有文字；单元格里的引号要写两个", "there is text behind the quotes; a quote within a cell is written twice")
			r.column = len(r.cells) + 1
		default:
			cell.WriteByte(b)
		}
		begins = false
	}
	if quoted {
		cell.WriteString(c.lines.ending)
	}
	return quoted
}

// commaOf gives what parts the cells of a line, quoted ones left out; 0 where
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
