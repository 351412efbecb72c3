package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
)

// Answer gives the data of a whole query as the context's viewer sees it, one
// JSON object, by one statement in which PostgreSQL writes the JSON. The
// statement's text follows from what is selected and which arguments are given,
// and their values are its parameters, so that it is prepared once for all
// queries of a shape.
//
// ok is false where that is not how to answer: a field that is not among the
// shapes below, an argument or a cursor that is wrong, a record that must be
// there and is not, a database that fails. The resolvers then answer, and say
// what is wrong.
func (s *Store) Answer(ctx context.Context, query []catalog.Selection) (data json.RawMessage, ok bool) {
	a := &answer{ctx: ctx, store: s, shapes: shapes()}
	a.sql.Grow(usualLength)
	a.write(`SELECT `)
	a.object("Query", "", query)
	if a.unfit {
		return nil, false
	}
	data, err := s.json(ctx, a.sql.String(), a.args)
	if err != nil {
		s.noteUnanswered(ctx, err)
		return nil, false
	}
	return data, bytes.IndexByte(data, missing) < 0
}

// usualLength is what most statements have room in.
const usualLength = 4 << 10

// missing is written where a record must be there and is not. It cannot stand in
// JSON otherwise.
const missing = 1

// json reads the one value of a statement's one row.
func (s *Store) json(ctx context.Context, sql string, args []any) (json.RawMessage, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, errors.Join(rows.Err(), pgx.ErrNoRows)
	}
	data := bytes.Clone(rows.RawValues()[0]) // the driver's buffer is used again
	rows.Close()
	return data, rows.Err()
}

// noteUnanswered leaves a trace of statements that the database refuses, which
// it should do for values only. What it says of them stays out of the log.
func (s *Store) noteUnanswered(ctx context.Context, err error) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code[:2] != "22" && ctx.Err() == nil {
		s.log.WarnContext(ctx, "a query could not be answered by one statement", slog.String("code", pg.Code))
	}
}

// answer is a statement being written, from its beginning to its end: it is as
// long as the query that it answers, and made for each anew.
type answer struct {
	ctx    context.Context // whose viewer says what may be read
	store  *Store
	shapes map[string]shape
	sql    strings.Builder
	args   arguments
	rows   int  // how many aliases of rows are taken
	unfit  bool // the query is not one that a statement answers; what is written then is of no use
}

// field writes the SQL expression, of type text and never NULL, of a field's
// JSON. row is the alias of the row that the field belongs to.
type field func(a *answer, row string, sel *catalog.Selection)

func (a *answer) write(texts ...string) {
	for _, t := range texts {
		a.sql.WriteString(t)
	}
}

// object writes the expression of an object: what is selected of a type.
func (a *answer) object(shape, row string, selected []catalog.Selection) {
	fields, known := a.shapes[shape]
	p := parts{answer: a}
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		p.key(i, sel.Key)
		f := fields[sel.Field]
		switch {
		case sel.Field == "__typename":
			p.text(`"`, shape, `"`)
		case !known || f == nil:
			a.unfit = true
		default:
			p.expression()
			f(a, row, sel)
		}
		if a.unfit {
			return
		}
	}
	p.text("}")
	p.end()
}

// row takes an alias that nothing else in the statement has.
func (a *answer) row() string {
	a.rows++
	return "p" + strconv.Itoa(a.rows)
}

// readable is the condition under which the viewer may read the row of a table.
func (a *answer) readable(table, row string) string { return readable(a.ctx, table, row, &a.args) }

// decode reads a field's arguments.
func (a *answer) decode(sel *catalog.Selection, into any) bool {
	if sel.Args == nil {
		return true
	}
	d := json.NewDecoder(bytes.NewReader(sel.Args))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		a.unfit = true
	}
	return !a.unfit
}

// parts writes a call of concat: texts, and expressions between them. concat,
// unlike ||, copies each once.
type parts struct {
	*answer
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
func (a *answer) fill(t template, row, read string) {
	for i, text := range t.texts {
		a.write(text)
		switch {
		case i == len(t.marks):
		case t.marks[i] == '@':
			a.write(row)
		default:
			a.write(read)
		}
	}
}
