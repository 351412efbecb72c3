package store

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// gatheredRows are the rows of a statement that has ended. Where a database has several
// servers, what reads is read to its end before anything is made of it: the server may
// go away with some of it, and it is then begun again at another. What has no bound is
// read in a transaction instead (readStream).
type gatheredRows struct {
	fields []pgconn.FieldDescription
	values [][][]byte
	tag    pgconn.CommandTag
	at     int // of the row after the current one
	types  *pgtype.Map
	err    error
}

// typeMaps are those that no statement uses. A map may be used by one at a time.
var typeMaps = sync.Pool{New: func() any { return pgtype.NewMap() }}

// gather reads rows to their end and closes them.
func gather(rows pgx.Rows) (*gatheredRows, error) {
	defer rows.Close()
	g := &gatheredRows{}
	for rows.Next() {
		if g.fields == nil {
			g.fields = append(g.fields, rows.FieldDescriptions()...)
		}
		raw := rows.RawValues()
		row := make([][]byte, len(raw))
		for i, v := range raw {
			row[i] = bytes.Clone(v) // the driver's buffer is used again; NULL stays nil
		}
		g.values = append(g.values, row)
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return nil, err
	}
	g.tag = rows.CommandTag()
	if g.fields == nil {
		g.fields = append(g.fields, rows.FieldDescriptions()...)
	}
	return g, nil
}

// Close ends the use of the rows.
func (g *gatheredRows) Close() {
	g.at = len(g.values) + 1
	if g.types != nil {
		typeMaps.Put(g.types)
		g.types = nil
	}
}

// Err returns the error of a Scan that failed: the statement has none.
func (g *gatheredRows) Err() error { return g.err }

// CommandTag returns the tag of the statement.
func (g *gatheredRows) CommandTag() pgconn.CommandTag { return g.tag }

// FieldDescriptions returns the columns.
func (g *gatheredRows) FieldDescriptions() []pgconn.FieldDescription { return g.fields }

// Conn returns nil: the connection is another's by now.
func (g *gatheredRows) Conn() *pgx.Conn { return nil }

// Next goes to the next row.
func (g *gatheredRows) Next() bool {
	if g.at >= len(g.values) {
		g.Close()
		return false
	}
	g.at++
	return true
}

// RawValues returns the current row as the server sent it.
func (g *gatheredRows) RawValues() [][]byte { return g.values[g.at-1] }

// TypeMap returns how types are read.
func (g *gatheredRows) TypeMap() *pgtype.Map {
	if g.types == nil {
		g.types = typeMaps.Get().(*pgtype.Map) //nolint:forcetypeassert // the pool makes no other
	}
	return g.types
}

// Scan reads the current row.
func (g *gatheredRows) Scan(into ...any) error {
	if len(into) == 1 {
		if scanner, ok := into[0].(pgx.RowScanner); ok {
			return g.failed(scanner.ScanRow(g))
		}
	}
	row := g.RawValues()
	if len(row) != len(into) {
		return g.failed(fmt.Errorf("%d columns for %d variables", len(row), len(into)))
	}
	for i, v := range into {
		if v == nil {
			continue
		}
		if err := g.TypeMap().Scan(g.fields[i].DataTypeOID, g.fields[i].Format, row[i], v); err != nil {
			return g.failed(pgx.ScanArgError{ColumnIndex: i, FieldName: g.fields[i].Name, Err: err})
		}
	}
	return nil
}

// failed ends the rows at the first error of a Scan, as the driver does.
func (g *gatheredRows) failed(err error) error {
	if err != nil {
		g.err = errors.Join(g.err, err)
		g.Close()
	}
	return err
}

// Values returns the current row in Go's types.
func (g *gatheredRows) Values() ([]any, error) {
	row := g.RawValues()
	values := make([]any, len(row))
	for i, raw := range row {
		if raw == nil {
			continue
		}
		field := g.fields[i]
		t, ok := g.TypeMap().TypeForOID(field.DataTypeOID)
		switch {
		case ok:
			v, err := t.Codec.DecodeValue(g.TypeMap(), field.DataTypeOID, field.Format, raw)
			if err != nil {
				return nil, g.failed(err)
			}
			values[i] = v
		case field.Format == pgx.TextFormatCode:
			values[i] = string(raw)
		default:
			values[i] = bytes.Clone(raw)
		}
	}
	return values, nil
}
