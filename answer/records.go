package answer

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// AnswerRecords returns what is selected of records as the context's viewer sees
// them, a JSON object each, by one statement as Answer does. Of a kind without a
// selection nothing is shown but that the record is there. Records that are not
// there, or that the viewer may not read, are missing from the answer. It fails
// as Answer does.
func (e *Engine) AnswerRecords(ctx context.Context, ids map[catalog.RecordKind][]catalog.ID, selected map[catalog.RecordKind][]catalog.Selection) (map[catalog.ID]json.RawMessage, error) {
	s := newStatement(ctx, e.store)
	for _, kind := range catalog.RecordKinds { // in one order, so that there is one statement to prepare
		if len(ids[kind]) > 0 {
			s.recordsOf(kind, ids[kind], selected[kind])
		}
	}
	if s.left != nil {
		return nil, s.left
	}
	if s.sql.Len() == 0 {
		return nil, nil
	}
	data, err := e.store.QueryJSONByID(ctx, s.sql.String(), s.args)
	if err != nil {
		return nil, &Unanswered{Why: "the database refused the statement", Err: err}
	}
	for _, one := range data {
		if bytes.IndexByte(one, missing) >= 0 {
			return nil, &Unanswered{Why: missingValue}
		}
	}
	return data, nil
}

// recordsOf writes the statement that reads a kind's records by their ids.
func (s *statement) recordsOf(kind catalog.RecordKind, ids []catalog.ID, selected []catalog.Selection) {
	if s.sql.Len() > 0 {
		s.write(` UNION ALL `)
	}
	table, r := store.TableName(kind), s.row()
	s.write(`SELECT `, r, `.id, `)
	s.object(typeOf(kind), r, selected)
	s.write(` FROM `, table, ` `, r, ` WHERE `, r, `.id = ANY (`, s.args.Add(ids), `) AND `, s.readable(table, r))
}

// typeOf returns the schema's name of a kind.
func typeOf(kind catalog.RecordKind) string { return kind.TypeName() }
