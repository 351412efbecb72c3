package store

import (
	"fmt"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// The kinds of fields. In what they are made of, @ is the row that the field
// belongs to.

// written is a field whose JSON an expression of type text gives.
func written(expression string) field {
	return func(_ *answer, row string, _ *catalog.Selection) string { return of(row, expression) }
}

// orNull is a field whose expression gives NULL where there is no value.
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
// where says which, with # for it.
func one(shape, table, where string) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		return `coalesce(` + a.one(shape, table, row, where, sel) + `, 'null')`
	}
}

// mustBeOne is one that the schema says is always there.
func mustBeOne(shape, table, where string) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		return `coalesce(` + a.one(shape, table, row, where, sel) + fmt.Sprintf(`, chr(%d))`, missing)
	}
}

func (a *answer) one(shape, table, row, where string, sel *catalog.Selection) string {
	r := a.row()
	return `(SELECT ` + a.object(shape, r, sel.Below) + ` FROM ` + table + ` ` + r + ` WHERE ` + inner(r, of(row, where)) + ` AND ` + a.readable(table, r) + `)`
}

// inner puts the alias of the row that is being read in the place of #.
func inner(row, expression string) string { return strings.ReplaceAll(expression, "#", row) }

// records is a list of records that is always given whole.
func records(shape, table, where, order string) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		r := a.row()
		element := a.object(shape, r, sel.Below)
		return `(SELECT concat('[', string_agg(` + element + `, ',' ORDER BY ` + inner(r, order) + `), ']') FROM ` + table + ` ` + r +
			` WHERE ` + inner(r, of(row, where)) + ` AND ` + a.readable(table, r) + `)`
	}
}

// some is a list of what records themselves list. from is what comes after
// FROM, as #, and order what comes after ORDER BY.
func some(shape, from, where, order string) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		r := a.row()
		element := a.object(shape, r, sel.Below)
		return `(SELECT concat('[', string_agg(` + element + `, ',' ORDER BY ` + inner(r, order) + `), ']') FROM ` +
			of(row, inner(r, from)) + ` WHERE ` + inner(r, of(row, where)) + `)`
	}
}

// linkedBy is a list of records that hang on the row by a table between, link,
// whose column id says which they are. Each is looked up by itself: for the few
// that a record has, that is faster than a join.
func linkedBy(shape, table, link, where, order, id string) field {
	return func(a *answer, row string, sel *catalog.Selection) string {
		l, r := a.row(), a.row()
		record := `(SELECT ` + a.object(shape, r, sel.Below) + ` FROM ` + table + ` ` + r + ` WHERE ` + r + `.id = ` + l + `.` + id + ` AND ` + a.readable(table, r) + `)`
		return `(SELECT concat('[', string_agg(` + record + `, ',' ORDER BY ` + inner(l, order) + `), ']') FROM ` + link + ` ` + l + ` WHERE ` + inner(l, of(row, where)) + `)`
	}
}
