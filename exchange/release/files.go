package release

import (
	"encoding/csv"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go"

	"github.com/jisiguangyi/jisi/catalog"
)

// rowsTogether is how many rows of a Parquet file are kept in memory and written
// as one group.
const rowsTogether = 20_000

// tableWriter writes a table as CSV and Parquet.
type tableWriter struct {
	table
	csvFile, parquetFile *file
	csv                  *csv.Writer
	parquet              *parquet.Writer //nolint:staticcheck // rows come one by one, of a schema that is made at run time
	leaves               []int           // of each column, its place among Parquet's, which are by name
	rows                 int
}

// CSV is as RFC 4180 has it but for line ends, which are those of the texts:
// UTF-8 without a byte order mark, and nothing put before a text that begins
// with a sign of arithmetic, so that every cell is what the record says.
func (w *writer) beginTable(t table) (*tableWriter, error) {
	tw := &tableWriter{table: t}
	var err error
	if tw.csvFile, err = w.create("csv/" + t.name + ".csv"); err != nil {
		return nil, err
	}
	if tw.parquetFile, err = w.create("parquet/" + t.name + ".parquet"); err != nil {
		return nil, errors.Join(err, tw.csvFile.f.Close())
	}
	tw.csv = csv.NewWriter(tw.csvFile)
	header := make([]string, len(t.columns))
	group := parquet.Group{}
	for i, c := range t.columns {
		header[i] = c.name
		group[c.name] = parquet.Optional(leafOf(c.kind))
	}
	schema := parquet.NewSchema(t.name, group)
	tw.leaves = make([]int, len(t.columns))
	for i, c := range t.columns {
		leaf, ok := schema.Lookup(c.name)
		if !ok {
			return nil, fmt.Errorf("table %s has two columns %s", t.name, c.name)
		}
		tw.leaves[i] = leaf.ColumnIndex
	}
	tw.parquet = parquet.NewWriter(tw.parquetFile, schema, parquet.Compression(&parquet.Snappy), parquet.CreatedBy("jisi", w.o.Software, ""))
	return tw, tw.csv.Write(header)
}

// leafOf is a column's type in Parquet.
func leafOf(t columnType) parquet.Node {
	switch t {
	case typeInteger:
		return parquet.Int(64)
	case typeNumber:
		return parquet.Leaf(parquet.DoubleType)
	case typeBoolean:
		return parquet.Leaf(parquet.BooleanType)
	}
	return parquet.String()
}

// add writes a record's rows.
func (t *tableWriter) add(r *catalog.Released) error {
	return t.table.rows(r, func(values []any) error {
		cells := make([]string, len(values))
		row := make(parquet.Row, len(values))
		for i, v := range values {
			cells[i] = cell(v)
			present := 1
			if v == nil {
				present = 0
			}
			row[t.leaves[i]] = parquet.ValueOf(v).Level(0, present, t.leaves[i])
		}
		if err := t.csv.Write(cells); err != nil {
			return err
		}
		if _, err := t.parquet.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
		if t.rows++; t.rows%rowsTogether == 0 {
			return t.parquet.Flush()
		}
		return nil
	})
}

// endTable ends a table's files and takes them into the release.
func (w *writer) endTable(t *tableWriter) error {
	t.csv.Flush()
	if err := errors.Join(t.csv.Error(), t.parquet.Close()); err != nil {
		return fmt.Errorf("table %s: %w", t.name, err)
	}
	w.counts[t.name] = t.rows
	return errors.Join(w.keep(t.csvFile), w.keep(t.parquetFile))
}
