package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// removalBatch is how many records one transaction removes: few enough that
// readers and the follower are not held up.
const removalBatch = 2000

// RemoveSynthetic takes all synthetic records out, with their revisions, and
// returns their number; progress, where given, hears of it as it grows. It can be
// stopped at any time and run again. A record that is not synthetic but refers
// to a synthetic one stops it with an error that names the rule: nothing is
// removed behind anybody's back.
func (s *Store) RemoveSynthetic(ctx context.Context, progress func(done int)) (removed int, err error) {
	for _, kind := range slices.Backward(catalog.RecordKinds) { // what refers goes before what it refers to, and so do younger ids
		for {
			n, err := s.removeSome(ctx, kind)
			if err != nil {
				if broken := brokenRule(err); broken != nil {
					broken.Zh, broken.En = "还有非合成的记录引用合成记录，请先改正", "a record that is not synthetic refers to a synthetic one; mend it first"
					return removed, broken
				}
				return removed, wrap("remove synthetic", err)
			}
			if n == 0 {
				break
			}
			removed += n
			if progress != nil {
				progress(removed)
			}
		}
	}
	return removed, nil
}

func (s *Store) removeSome(ctx context.Context, kind catalog.RecordKind) (removed int, err error) {
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		found, err := tx.Query(ctx, `SELECT id FROM `+tables[kind].name+` WHERE origin = 'SYNTHETIC' ORDER BY id DESC LIMIT $1 FOR UPDATE`, removalBatch)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
		if err != nil || len(ids) == 0 {
			return err
		}
		removed = len(ids)
		b := &batch{tx: tx}
		if err := b.noteDependents(ctx, kind, ids); err != nil {
			return err
		}
		for _, sql := range []string{
			`DELETE FROM possibly_same WHERE case_id = ANY ($1) OR other_id = ANY ($1) AND case_id IN (SELECT id FROM cases WHERE origin = 'SYNTHETIC')`,
			`INSERT INTO outbox (kind, record_id, version) SELECT r.kind, r.id, v.version FROM records r JOIN LATERAL (
				SELECT max(version) AS version FROM revisions WHERE record_id = r.id) v ON true WHERE r.id = ANY ($1)`,
			`DELETE FROM records WHERE id = ANY ($1)`,
		} {
			if _, err := tx.Exec(ctx, sql, ids); err != nil {
				return err
			}
		}
		return nil
	})
	return removed, err
}
