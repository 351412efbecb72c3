package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// QueryJSON runs a statement and returns the one value of its one row.
func (s *Store) QueryJSON(ctx context.Context, sql string, args Args) (json.RawMessage, error) {
	data, err := s.queryJSON(ctx, sql, args)
	s.noteRefused(ctx, err)
	return data, err
}

func (s *Store) queryJSON(ctx context.Context, sql string, args Args) (json.RawMessage, error) {
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

// QueryJSONByID runs a statement whose rows are an id and a value, and returns
// the values by id.
func (s *Store) QueryJSONByID(ctx context.Context, sql string, args Args) (map[catalog.ID]json.RawMessage, error) {
	data, err := s.queryJSONByID(ctx, sql, args)
	s.noteRefused(ctx, err)
	return data, err
}

func (s *Store) queryJSONByID(ctx context.Context, sql string, args Args) (map[catalog.ID]json.RawMessage, error) {
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

// noteRefused logs a statement that the database refuses, which it should do for
// values only. What it says of them stays out of the log.
func (s *Store) noteRefused(ctx context.Context, err error) {
	if code, class := sqlState(err); code != "" && class != classDataException && ctx.Err() == nil {
		s.log.WarnContext(ctx, "a query could not be answered by one statement", slog.String("code", code))
	}
}
