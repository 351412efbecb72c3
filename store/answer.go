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
	sql := `SELECT ` + a.object("Query", "", query)
	if a.unfit {
		return nil, false
	}
	data, err := s.json(ctx, sql, a.args)
	if err != nil {
		s.noteUnanswered(ctx, err)
		return nil, false
	}
	return data, bytes.IndexByte(data, missing) < 0
}

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

// answer is a statement being put together.
type answer struct {
	ctx    context.Context // whose viewer says what may be read
	store  *Store
	shapes map[string]shape
	args   arguments
	rows   int  // how many aliases of rows are taken
	unfit  bool // the query is not one that a statement answers
}

// field writes the SQL expression, of type text and never NULL, of a field's
// JSON. row is the alias of the row that the field belongs to.
type field func(a *answer, row string, sel *catalog.Selection) string

// object writes the expression of an object: what is selected of a type.
func (a *answer) object(shape, row string, selected []catalog.Selection) string {
	fields, known := a.shapes[shape]
	var p parts
	p.text("{")
	for i := range selected {
		sel := &selected[i]
		if i > 0 {
			p.text(",")
		}
		p.text(`"` + sel.Key + `":`)
		f := fields[sel.Field]
		switch {
		case sel.Field == "__typename":
			p.text(`"` + shape + `"`)
		case !known || f == nil:
			a.unfit = true
		default:
			p.expression(f(a, row, sel))
		}
		if a.unfit {
			return ""
		}
	}
	p.text("}")
	return p.sql()
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

// parts are put one after the other. concat, unlike ||, copies each once.
type parts struct {
	list    []string
	pending strings.Builder // text that is not in the list yet
}

func (p *parts) text(s string) { p.pending.WriteString(s) }

func (p *parts) expression(sql string) {
	p.flush()
	p.list = append(p.list, sql)
}

func (p *parts) flush() {
	if p.pending.Len() > 0 {
		p.list = append(p.list, literal(p.pending.String()))
		p.pending.Reset()
	}
}

// maxArgs is how many arguments PostgreSQL takes in a call.
const maxArgs = 100

// sql gives the expression of the whole.
func (p *parts) sql() string {
	p.flush()
	list := p.list
	for len(list) > maxArgs {
		var shorter []string
		for len(list) > 0 {
			n := min(maxArgs, len(list))
			shorter, list = append(shorter, `concat(`+strings.Join(list[:n], `, `)+`)`), list[n:]
		}
		list = shorter
	}
	return `concat(` + strings.Join(list, `, `) + `)`
}

// literal writes a text as SQL.
func literal(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }

// of puts the alias of a row in the place of @.
func of(row, expression string) string { return strings.ReplaceAll(expression, "@", row) }
