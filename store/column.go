package store

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Form is how the value of a column is written as JSON.
type Form int

// The forms. A Word holds only letters, digits and signs that mean nothing in
// JSON, which a constraint or a type of the database sees to. A Plain one is a
// number or a truth value.
const (
	Hidden Form = iota // no field of the schema shows the column as it is
	Text               // a text or a list of texts, escaped as JSON wants it
	TextOrNull
	Word
	WordOrNull
	Plain
	PlainOrNull
	Float // a double, which Go and PostgreSQL write alike but for exponents
	FloatOrNull
)

// Column is a column of a noun's table.
type Column struct {
	Name  string
	Field string // GraphQL's name for it; "" where Form is Hidden
	Form  Form

	read  any // where a read puts its value; nil where reads of whole records leave it out
	write any // what is written into it
}

// column describes a column that a field of the schema shows.
func column(name, field string, form Form, read, write any) Column {
	return Column{Name: name, Field: field, Form: form, read: read, write: write}
}

// internal describes a column that no field shows as it is, such as a reference.
func internal(name string, read, write any) Column {
	return Column{Name: name, read: read, write: write}
}

// columnsOf describes the columns of a noun's table, but for those that every
// noun's table has: a line a column, and no other place knows of it. It points
// reads at the fields of a record, and takes what is written from an input, whose
// references lookup finds.
type columnsOf[T, I any] func(record *T, in *I, known *lookup) []Column

// nounOf returns how the records of a table are read and written.
func nounOf[T, I any](t table, columns columnsOf[T, I]) noun[T] {
	noRecord, noInput := new(T), new(I) // for the half of a description that is not asked for
	var selected []string
	for _, c := range columns(noRecord, noInput, nil) {
		t.described = append(t.described, c)
		t.columns = append(t.columns, c.Name)
		if c.read != nil {
			selected = append(selected, `r.`+c.Name)
		}
	}
	t.fill = func(known *lookup, in catalog.Input, r row) {
		for _, c := range columns(noRecord, any(in).(*I), known) {
			r[c.Name] = c.write
		}
	}
	scan := func(record *T) []any {
		targets := headScan(any(record).(catalog.Record).Head())
		for _, c := range columns(record, noInput, nil) {
			if c.read != nil {
				targets = append(targets, c.read)
			}
		}
		return targets
	}
	return noun[T]{table: t, selected: strings.Join(selected, ", "), scan: scan}
}

// Columns returns the columns of a kind's table, but for those that every noun's
// table has.
func Columns(kind catalog.RecordKind) []Column { return tables[kind].described }

// TableName returns the name of a kind's table.
func TableName(kind catalog.RecordKind) string { return tables[kind].name }
