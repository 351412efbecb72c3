package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// usualLength is what most statements have room in.
const usualLength = 4 << 10

// missing is written where a record must be there and is not, or where a value
// is written as only the resolvers know. It cannot stand in JSON otherwise.
const missing = 1

// statement is a statement being written, from its beginning to its end: it is as
// long as the query that it answers, and made for each anew.
type statement struct {
	ctx    context.Context // whose viewer says what may be read: each field would hand it on, and a statement is written within one call
	store  *store.Store
	shapes map[string]shape
	sql    strings.Builder
	args   store.Args
	rows   int         // how many aliases of rows are taken
	left   *Unanswered // why the query is not answered by a statement; what is written then is of no use
}

func newStatement(ctx context.Context, s *store.Store) *statement {
	return &statement{ctx: ctx, store: s, shapes: shapes()}
}

// leave abandons the statement.
func (s *statement) leave(why string) {
	if s.left == nil {
		s.left = &Unanswered{Why: why}
	}
}

// at says which field it was, unless one further in has.
func (u *Unanswered) at(of, field string) {
	if u.Field == "" {
		u.Type, u.Field = of, field
	}
}

// field writes the SQL expression, of type text and never NULL, of a field's
// JSON. row is the alias of the row that the field belongs to.
type field func(s *statement, row string, sel *catalog.Selection)

func (s *statement) write(texts ...string) {
	for _, t := range texts {
		s.sql.WriteString(t)
	}
}

// object writes the expression of an object: what is selected of a type.
func (s *statement) object(shape, row string, selected []catalog.Selection) {
	fields := s.shapes[shape]
	p := parts{statement: s}
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		p.key(i, sel.Key)
		f := fields[sel.Field]
		switch {
		case sel.Field == "__typename":
			p.text(`"`, shape, `"`)
		case f == nil:
			s.leave(unknownField)
		default:
			p.expression()
			f(s, row, sel)
		}
		if s.left != nil {
			s.left.at(shape, sel.Field)
			return
		}
	}
	p.text("}")
	p.end()
}

// row takes an alias that nothing else in the statement has.
func (s *statement) row() string {
	s.rows++
	return "p" + strconv.Itoa(s.rows)
}

// readable returns the condition under which the viewer may read the row of a
// table.
func (s *statement) readable(table, row string) string {
	return store.Readable(s.ctx, table, row, &s.args)
}

// decode reads a field's arguments into a struct and reports whether they are
// what the struct has fields for.
func (s *statement) decode(sel *catalog.Selection, into any) bool {
	if sel.Args == nil {
		return true
	}
	d := json.NewDecoder(bytes.NewReader(sel.Args))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		s.leave("arguments that are none")
	}
	return s.left == nil
}

// parts writes a call of concat: texts, and expressions between them. concat,
// unlike ||, copies each once.
type parts struct {
	*statement
	calls  int  // that are open, each the last argument of the one before
	taken  int  // arguments of the innermost of them
	quoted bool // a text is being written
}

// maxArgs is how many arguments PostgreSQL takes in a call.
const maxArgs = 100

// argument begins the next argument.
func (p *parts) argument() {
	switch {
	case p.quoted:
		p.write(`', `)
		p.quoted = false
	case p.taken > 0:
		p.write(`, `)
	}
	if p.calls == 0 || p.taken == maxArgs-1 {
		p.write(`concat(`)
		p.calls, p.taken = p.calls+1, 0
	}
	p.taken++
}

// text writes texts that stand in the JSON as they are.
func (p *parts) text(texts ...string) {
	if !p.quoted {
		p.argument()
		p.write(`'`)
		p.quoted = true
	}
	for _, t := range texts {
		if strings.IndexByte(t, '\'') >= 0 {
			t = strings.ReplaceAll(t, `'`, `''`)
		}
		p.write(t)
	}
}

// key writes the name of the nth field of an object.
func (p *parts) key(n int, name string) {
	if n > 0 {
		p.text(`,`)
	}
	p.text(`"`, name, `":`)
}

// expression has what is written next be an argument.
func (p *parts) expression() { p.argument() }

// end closes the call.
func (p *parts) end() {
	if p.quoted {
		p.write(`'`)
	}
	for range p.calls {
		p.write(`)`)
	}
}

// literal writes a text as SQL.
func literal(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

// template is SQL about rows: @ in it is the row that a field belongs to, # the
// one that is being read for it.
type template struct {
	texts []string
	marks []byte // between the texts
}

func templateOf(sql string) (t template) {
	for {
		i := strings.IndexAny(sql, "@#")
		if i < 0 {
			t.texts = append(t.texts, sql)
			return t
		}
		t.texts, t.marks, sql = append(t.texts, sql[:i]), append(t.marks, sql[i]), sql[i+1:]
	}
}

// fill writes a template.
func (s *statement) fill(t template, row, read string) {
	for i, text := range t.texts {
		s.write(text)
		switch {
		case i == len(t.marks):
		case t.marks[i] == '@':
			s.write(row)
		default:
			s.write(read)
		}
	}
}
