package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// Engine answers queries out of a store. It is safe for concurrent use.
type Engine struct{ store *store.Store }

// New returns an engine that answers out of s.
func New(s *store.Store) *Engine { return &Engine{store: s} }

// Unanswered says why a query is not answered by one statement: the field that
// the statement was given up at, where it was one, and the reason, which holds
// nothing of what a caller wrote.
type Unanswered struct {
	Type, Field string // in the schema; "" where it was no field
	Why         string
	Err         error // what the database said; nil where it was not asked
}

const unknownField = "no statement shows the field"

// Error returns the reason in a sentence.
func (u *Unanswered) Error() string {
	if u.Field == "" {
		return "not answered by one statement: " + u.Why
	}
	return fmt.Sprintf("not answered by one statement: %s.%s: %s", u.Type, u.Field, u.Why)
}

// Unwrap returns what the database said.
func (u *Unanswered) Unwrap() error { return u.Err }

// Reason returns the field as Type.field, "" where it was none, and why the
// statement was given up.
func (u *Unanswered) Reason() (field, why string) {
	if u.Field != "" {
		field = u.Type + "." + u.Field
	}
	return field, u.Why
}

// Answer returns the data of a whole query as the context's viewer sees it, one
// JSON object, by one statement in which PostgreSQL writes the JSON. The
// statement's text follows from what is selected and which arguments are given,
// and their values are its parameters, so that it is prepared once for all
// queries of a shape.
//
// It fails with *Unanswered where that is not how to answer: a field that is not
// among the shapes, an argument or a cursor that is wrong, a record that must be
// there and is not, a database that fails. The resolvers then answer, and say
// what is wrong.
func (e *Engine) Answer(ctx context.Context, query []catalog.Selection) (json.RawMessage, error) {
	s := newStatement(ctx, e.store)
	s.sql.Grow(usualLength)
	s.write(`SELECT `)
	s.object("Query", "", query)
	if s.left != nil {
		return nil, s.left
	}
	data, err := e.store.QueryJSON(ctx, s.sql.String(), s.args)
	switch {
	case err != nil:
		return nil, &Unanswered{Why: "the database refused the statement", Err: err}
	case bytes.IndexByte(data, missing) >= 0:
		return nil, &Unanswered{Why: missingValue}
	}
	return data, nil
}

const missingValue = "a record that must be there is not, or a value is not for SQL to write"
