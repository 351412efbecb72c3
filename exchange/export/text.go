package export

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/csv"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// jsonlWriter writes a record a line.
type jsonlWriter struct {
	w      *bufio.Writer
	buffer bytes.Buffer
}

func newJSONLWriter(w io.Writer) *jsonlWriter { return &jsonlWriter{w: bufio.NewWriterSize(w, 64<<10)} }

func (j *jsonlWriter) Write(in catalog.Input) error {
	j.buffer.Reset()
	if err := jsonl.Append(&j.buffer, in); err != nil {
		return err
	}
	_, err := j.w.Write(j.buffer.Bytes())
	return err
}

func (j *jsonlWriter) Close() error { return j.w.Flush() }

// csvWriter writes a table with a row a record.
type csvWriter struct {
	table *csv.Writer
	// at is where the columns of each kind stand among the file's.
	at      map[catalog.RecordKind][]int
	headers []string
	typed   bool // the first column says the kind
}

func newCSVWriter(w io.Writer, kinds []catalog.RecordKind) (*csvWriter, error) {
	table, err := csv.NewWriter(w)
	if err != nil {
		return nil, err
	}
	c := &csvWriter{table: table, at: map[catalog.RecordKind][]int{}}
	c.typed = len(kinds) != 1 || kinds[0] != catalog.KindCase
	if c.typed {
		c.headers = append(c.headers, column.Kind.Label)
	}
	places := map[string]int{} // by label: kinds share a column that is called the same
	for _, k := range kinds {
		if c.at[k] != nil {
			continue
		}
		for _, column := range column.Of(k) {
			at, ok := places[column.Label]
			if !ok {
				at = len(c.headers)
				places[column.Label] = at
				c.headers = append(c.headers, column.Label)
			}
			c.at[k] = append(c.at[k], at)
		}
	}
	if err := c.table.Write(c.headers); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *csvWriter) Write(in catalog.Input) error {
	at, ok := c.at[in.Kind()]
	if !ok {
		return fmt.Errorf("write CSV: the file has no columns for a %s", jsonl.TypeName(in.Kind()))
	}
	if err := jsonl.CheckUTF8(in); err != nil {
		return err
	}
	cells := make([]string, len(c.headers))
	if c.typed {
		cells[0] = in.Kind().Label()
	}
	for i, cell := range column.Cells(in) {
		cells[at[i]] = csv.Guard(cell)
	}
	return c.table.Write(cells)
}

// Close writes what is buffered.
func (c *csvWriter) Close() error { return c.table.Close() }
