package answer

import (
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
)

// The kinds of fields, made of templates.

// written is a field whose JSON an expression of type text writes.
func written(expression string) field {
	t := templateOf(expression)
	return func(s *statement, row string, _ *catalog.Selection) { s.fill(t, row, "") }
}

// orNull is a field whose expression is NULL where there is no value.
func orNull(expression string) field { return written(`coalesce(` + expression + `, 'null')`) }

// column is a text that must be written as JSON.
func column(name string) field { return written(`to_json(@.` + name + `)::text`) }

func columnOrNull(name string) field { return orNull(`to_json(@.` + name + `)::text`) }

// word is a text of letters, digits and signs that mean nothing in JSON, which
// a constraint or a type of the database sees to.
func word(name string) field { return written(`'"' || @.` + name + ` || '"'`) }

func wordOrNull(name string) field { return orNull(`'"' || @.` + name + ` || '"'`) }

// plain is a number or a truth value.
func plain(name string) field { return written(`@.` + name + `::text`) }

func plainOrNull(name string) field { return orNull(`@.` + name + `::text`) }

// float is a number as Go's %g writes it, which only has an exponent where
// PostgreSQL's may differ: those the resolvers write.
func float(name string) field { return written(floatOf(name)) }

func floatOrNull(name string) field { return orNull(floatOf(name)) }

func floatOf(name string) string {
	return fmt.Sprintf(`CASE WHEN @.%[1]s = 0 OR abs(@.%[1]s) >= 0.0001 AND abs(@.%[1]s) < 1000000 THEN @.%[1]s::text WHEN @.%[1]s IS NOT NULL THEN chr(%[2]d) END`, name, missing)
}

// instant is a time in UTC, with as many digits as it has.
func instant(name string) field {
	return written(`'"' || rtrim(rtrim(to_char(@.` + name + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z"'`)
}

// base64url writes what RawURLEncoding does.
func base64url(text string) string {
	return `translate(encode(convert_to(` + text + `, 'UTF8'), 'base64'), E'+/=\n', '-_')`
}

// globalID is what catalog.EncodeID makes.
func globalID(kind catalog.RecordKind) field {
	return written(`'"' || ` + base64url(`'`+string(kind)+`:' || @.id`) + ` || '"'`)
}

// one is a record of a table, null where there is none that a reader may see.
// where says which.
func one(shape, table, where string) field { return oneOr(`'null'`, shape, table, where) }

// mustBeOne is one that the schema says is always there.
func mustBeOne(shape, table, where string) field {
	return oneOr(fmt.Sprintf(`chr(%d)`, missing), shape, table, where)
}

func oneOr(otherwise, shape, table, where string) field {
	t := templateOf(where)
	return func(s *statement, row string, sel *catalog.Selection) {
		s.write(`coalesce(`)
		s.one(shape, table, row, t, sel)
		s.write(`, `, otherwise, `)`)
	}
}

// one writes a statement that reads one record into an object.
func (s *statement) one(shape, table, row string, where template, sel *catalog.Selection) {
	r := s.row()
	s.write(`(SELECT `)
	s.object(shape, r, sel.Below)
	s.write(` FROM `, table, ` `, r, ` WHERE `)
	s.fill(where, row, r)
	s.write(` AND `, s.readable(table, r), `)`)
}

// list writes a statement that reads rows into a list: what element writes of
// each, in order.
func (s *statement) list(row, read string, element func(), from, where, order template) {
	s.write(`(SELECT concat('[', string_agg(`)
	element()
	s.write(`, ',' ORDER BY `)
	s.fill(order, row, read)
	s.write(`), ']') FROM `)
	s.fill(from, row, read)
	s.write(` WHERE `)
	s.fill(where, row, read)
}

// records is a list of records that is always given whole.
func records(shape, table, where, order string) field {
	from, which, sorted := templateOf(table+` #`), templateOf(where), templateOf(order)
	return func(s *statement, row string, sel *catalog.Selection) {
		r := s.row()
		s.list(row, r, func() { s.object(shape, r, sel.Below) }, from, which, sorted)
		s.write(` AND `, s.readable(table, r), `)`)
	}
}

// some is a list of what records themselves list. from is what comes after
// FROM, and order what comes after ORDER BY.
func some(shape, from, where, order string) field {
	source, which, sorted := templateOf(from), templateOf(where), templateOf(order)
	return func(s *statement, row string, sel *catalog.Selection) {
		r := s.row()
		s.list(row, r, func() { s.object(shape, r, sel.Below) }, source, which, sorted)
		s.write(`)`)
	}
}

// linkedBy is a list of records that hang on the row by a table between, link,
// whose column id says which they are. Each is looked up by itself: for the few
// that a record has, that is faster than a join.
func linkedBy(shape, table, link, where, order, id string) field {
	from, which, sorted := templateOf(link+` #`), templateOf(where), templateOf(order)
	named := templateOf(`#.id = @.` + id)
	return func(s *statement, row string, sel *catalog.Selection) {
		l := s.row()
		s.list(row, l, func() { s.one(shape, table, l, named, sel) }, from, which, sorted)
		s.write(`)`)
	}
}
