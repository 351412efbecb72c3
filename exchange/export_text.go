package exchange

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// jsonlWriter writes a record a line.
type jsonlWriter struct {
	w      *bufio.Writer
	buffer bytes.Buffer
}

func newJSONLWriter(w io.Writer) *jsonlWriter { return &jsonlWriter{w: bufio.NewWriterSize(w, 64<<10)} }

func (j *jsonlWriter) Write(in catalog.Input) error {
	j.buffer.Reset()
	if err := encodeTo(&j.buffer, in); err != nil {
		return err
	}
	_, err := j.w.Write(j.buffer.Bytes())
	return err
}

func (j *jsonlWriter) Close() error { return j.w.Flush() }

// csvWriter writes a table as RFC 4180 has it, behind a byte order mark, without
// which Excel does not show Chinese.
type csvWriter struct {
	w *bufio.Writer
	// at is where the columns of each kind stand among the file's.
	at      map[catalog.RecordKind][]int
	headers []string
	typed   bool // the first column says the kind
}

func newCSVWriter(w io.Writer, kinds []catalog.RecordKind) (*csvWriter, error) {
	c := &csvWriter{w: bufio.NewWriterSize(w, 64<<10), at: map[catalog.RecordKind][]int{}}
	c.typed = len(kinds) != 1 || kinds[0] != catalog.KindCase
	if c.typed {
		c.headers = append(c.headers, kindColumn.label)
	}
	places := map[string]int{} // by label: kinds share a column that is called the same
	for _, k := range kinds {
		if c.at[k] != nil {
			continue
		}
		for _, column := range columnsOf(k) {
			at, ok := places[column.label]
			if !ok {
				at = len(c.headers)
				places[column.label] = at
				c.headers = append(c.headers, column.label)
			}
			c.at[k] = append(c.at[k], at)
		}
	}
	if _, err := c.w.WriteString("\uFEFF"); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	if err := c.row(c.headers); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *csvWriter) Write(in catalog.Input) error {
	at, ok := c.at[in.Kind()]
	if !ok {
		return fmt.Errorf("write CSV: the file has no columns for a %s", typeName(in.Kind()))
	}
	if err := checkUTF8(in); err != nil {
		return err
	}
	cells := make([]string, len(c.headers))
	if c.typed {
		cells[0] = in.Kind().Label()
	}
	for i, cell := range cellsOf(in) {
		cells[at[i]] = guard(cell)
	}
	return c.row(cells)
}

func (c *csvWriter) row(cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			_ = c.w.WriteByte(',') // the last write of the row tells of an error
		}
		if strings.ContainsAny(cell, ",\"\r\n\t;") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		_, _ = c.w.WriteString(cell)
	}
	if _, err := c.w.WriteString("\r\n"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (c *csvWriter) Close() error { return c.w.Flush() }
