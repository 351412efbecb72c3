package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Export calls yield with every record of the kinds as its input, as it stands
// now, drafts included: kind by kind in the order given, by slug within one, all
// as of one moment. An import of them all makes the same records. It keeps one
// record in memory at a time, stops at yield's first error and returns it.
func (s *Store) Export(ctx context.Context, kinds []catalog.RecordKind, yield func(catalog.Input) error) error {
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, kind := range kinds {
			if err := inputs(ctx, tx, kind, yield); err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
		}
		return nil
	})
	return wrap("export", err)
}

// inputs reads a kind's records from the snapshots of their latest revisions.
func inputs(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, yield func(catalog.Input) error) error {
	t, ok := tables[kind]
	if !ok {
		return &catalog.Error{Kind: catalog.KindInvalid, Zh: "没有这一类记录", En: "there is no such kind of record"}
	}
	found, err := tx.Query(ctx, `
		SELECT v.snapshot FROM `+t.name+` r JOIN revisions v ON v.record_id = r.id AND v.version = r.version ORDER BY r.slug`)
	if err != nil {
		return err
	}
	return eachSnapshot(found, func() catalog.Input { return catalog.NewInput(kind) }, yield)
}

// eachSnapshot calls yield with each input that the rows, of one snapshot each, have, and
// closes them.
func eachSnapshot[I catalog.Input](found pgx.Rows, empty func() I, yield func(I) error) error {
	defer found.Close()
	for found.Next() {
		var raw []byte
		if err := found.Scan(&raw); err != nil {
			return err
		}
		in := empty()
		if err := json.Unmarshal(raw, in); err != nil {
			return fmt.Errorf("snapshot: %w", err)
		}
		if err := yield(in); err != nil {
			return err
		}
	}
	return found.Err()
}
