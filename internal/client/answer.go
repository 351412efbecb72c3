package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Answer is what a server answered to a document.
type Answer struct {
	document *Document
	data     map[string]any
}

// WriteJSON writes the data, its fields in the document's order.
func (a *Answer) WriteJSON(w io.Writer) error {
	var packed, b bytes.Buffer
	if err := writeOrdered(&packed, a.data, a.document.shape); err != nil {
		return err
	}
	if err := json.Indent(&b, packed.Bytes(), "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// writeOrdered writes a value as JSON; objects have the fields of the shape, in
// its order, and no others.
func writeOrdered(b *bytes.Buffer, value any, fields []*shape) error {
	switch v := value.(type) {
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeOrdered(b, item, fields); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	case map[string]any:
		if len(fields) > 0 {
			return writeObject(b, v, fields)
		}
	}
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func writeObject(b *bytes.Buffer, v map[string]any, fields []*shape) error {
	b.WriteByte('{')
	first := true
	for _, f := range fields {
		below, ok := v[f.name]
		if !ok {
			continue // of another type's fragment
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(strconv.Quote(f.name) + ":")
		if err := writeOrdered(b, below, f.fields); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// Table is an answer's one list, or its one record, as rows of texts.
type Table struct {
	Columns []string // the paths of the fields, as in "committee.name"
	Rows    [][]string
}

// between parts the values of a list within a cell.
const between = "；"

// Table lays the answer out: a row for each record of its connection or list, a
// column for each value that the document selects. Values of a list within a
// record stand in one cell.
func (a *Answer) Table() (*Table, error) {
	list, err := a.document.list()
	if err != nil {
		return nil, err
	}
	if list != nil {
		rows := []any{}
		if field := at(a.data, list.path); field != nil {
			rows, _ = field[list.items()].([]any)
		}
		return tableOf(rows, list.child(list.items()).fields), nil
	}
	if len(a.document.shape) == 1 {
		root := a.document.shape[0]
		switch v := a.data[root.name].(type) {
		case []any:
			return tableOf(v, root.fields), nil
		case nil:
			return tableOf(nil, root.fields), nil
		case map[string]any:
			return tableOf([]any{v}, root.fields), nil
		}
	}
	return tableOf([]any{a.data}, a.document.shape), nil
}

func tableOf(rows []any, fields []*shape) *Table {
	paths := leaves(fields, nil)
	t := &Table{}
	for _, p := range paths {
		t.Columns = append(t.Columns, columnName(p))
	}
	if len(paths) == 0 { // a list of plain values
		t.Columns, paths = []string{"value"}, [][]string{nil}
	}
	for _, row := range rows {
		cells := make([]string, len(paths))
		for i, p := range paths {
			cells[i] = cell(row, p)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// leaves returns the paths to all values below some fields.
func leaves(fields []*shape, path []string) [][]string {
	var paths [][]string
	for _, f := range fields {
		to := append(slices.Clone(path), f.name)
		if len(f.fields) == 0 {
			paths = append(paths, to)
			continue
		}
		paths = append(paths, leaves(f.fields, to)...)
	}
	return paths
}

// cell writes what stands at a path of a value.
func cell(value any, path []string) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = cell(item, path)
		}
		if strings.Join(parts, "") == "" {
			return ""
		}
		return strings.Join(parts, between)
	case map[string]any:
		if len(path) > 0 {
			return cell(v[path[0]], path[1:])
		}
		text, err := json.Marshal(v) // a scalar that is an object
		if err != nil {
			return ""
		}
		return string(text)
	}
	return fmt.Sprint(value)
}
