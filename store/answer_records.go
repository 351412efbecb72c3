package store

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// AnswerRecords gives what is selected of records as the context's viewer sees
// them, a JSON object each, by one statement as Answer does. Of a kind without a
// selection nothing is shown but that the record is there. Records that are not
// there, or that the viewer may not read, are missing from the answer; ok is
// false as with Answer.
func (s *Store) AnswerRecords(ctx context.Context, ids map[catalog.RecordKind][]catalog.ID, selected map[catalog.RecordKind][]catalog.Selection) (data map[catalog.ID]json.RawMessage, ok bool) {
	a := &answer{ctx: ctx, store: s, shapes: shapes()}
	for _, kind := range catalog.RecordKinds { // in one order, so that there is one statement to prepare
		if len(ids[kind]) > 0 {
			a.recordsOf(kind, ids[kind], selected[kind])
		}
	}
	if a.unfit || a.sql.Len() == 0 {
		return nil, !a.unfit
	}
	data, err := s.jsonByID(ctx, a.sql.String(), a.args)
	if err != nil {
		s.noteUnanswered(ctx, err)
		return nil, false
	}
	for _, one := range data {
		if bytes.IndexByte(one, missing) >= 0 {
			return nil, false
		}
	}
	return data, true
}

// recordsOf writes the statement that gives a kind's records by their ids.
func (a *answer) recordsOf(kind catalog.RecordKind, ids []catalog.ID, selected []catalog.Selection) {
	if a.sql.Len() > 0 {
		a.write(` UNION ALL `)
	}
	table, r := tables[kind].name, a.row()
	a.write(`SELECT `, r, `.id, `)
	a.object(typeOf(kind), r, selected)
	a.write(` FROM `, table, ` `, r, ` WHERE `, r, `.id = ANY (`, a.args.add(ids), `) AND `, a.readable(table, r))
}

// typeOf gives the schema's name of a kind: CASE is Case.
func typeOf(kind catalog.RecordKind) string {
	return string(kind[:1]) + strings.ToLower(string(kind[1:]))
}

func (s *Store) jsonByID(ctx context.Context, sql string, args []any) (map[catalog.ID]json.RawMessage, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	data := map[catalog.ID]json.RawMessage{}
	var id catalog.ID
	var one []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &one}, func() error {
		data[id] = one
		one = nil
		return nil
	})
	return data, err
}
