package store

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// claimKey takes the key for the transaction's change and returns nil, or what a
// change before answered to the same request. Who comes while another has the
// key waits until that one's transaction has ended. The same key with another
// request is an INVALID error. A change that fails takes its key back with it.
func claimKey(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, k *catalog.IdempotencyKey) (*catalog.Edited, error) {
	// A key that has had its time is as good as new.
	var fresh bool
	err := tx.QueryRow(ctx, `
		INSERT INTO idempotency_keys (viewer, key, field, request) VALUES ($1, $2, $3, $4)
		ON CONFLICT (viewer, key, field) DO UPDATE SET request = EXCLUDED.request, record_id = NULL, version = NULL, at = now()
			WHERE idempotency_keys.at < now() - make_interval(secs => $5)
		RETURNING true`, viewerKey(v), k.Key, k.Field, k.Request[:], catalog.KeepIdempotencyKeys.Seconds()).Scan(&fresh)
	if err == nil {
		return nil, nil //nolint:nilnil // nil is the answer: nobody was here before
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	var request []byte
	before := &catalog.Edited{Action: catalog.WriteSame, Again: true}
	// The lock is written down, so that this commit waits for a standby to have it, and
	// with it the change before: that one may have been kept from waiting.
	err = tx.QueryRow(ctx, `SELECT request, record_id, version FROM idempotency_keys WHERE viewer = $1 AND key = $2 AND field = $3 FOR NO KEY UPDATE`,
		viewerKey(v), k.Key, k.Field).Scan(&request, &before.ID, &before.Version)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(request, k.Request[:]) {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "Idempotency-Key",
			Zh: "这个 Idempotency-Key 已用于另一个请求，请换一个", En: "this Idempotency-Key was used for another request; choose another",
		}
	}
	return before, nil
}

// viewerKey tells viewers apart whose keys are the same.
func viewerKey(v *catalog.Viewer) string {
	return string(v.Role) + " " + catalog.EncodeID(catalog.KindCommittee, v.Committee) + " " + v.Name
}

// keepAnswer notes what the change that has the key came to.
func keepAnswer(ctx context.Context, tx pgx.Tx, v *catalog.Viewer, k *catalog.IdempotencyKey, e catalog.Edited) error {
	_, err := tx.Exec(ctx, `UPDATE idempotency_keys SET record_id = $4, version = $5 WHERE viewer = $1 AND key = $2 AND field = $3`,
		viewerKey(v), k.Key, k.Field, e.ID, e.Version)
	return err
}

// inTurn runs f in a transaction, again where the database gave it up for the sake of
// another.
func (s *Store) inTurn(ctx context.Context, f func(tx pgx.Tx) error) error {
	var err error
	for range attempts {
		if err = s.InTx(ctx, pgx.TxOptions{}, f); !gaveWay(err) {
			break
		}
	}
	return err
}

// once runs f in turn, and keeps what it came to under the context's idempotency key:
// where the same request was run before, f is not run again.
func (s *Store) once(ctx context.Context, v *catalog.Viewer, f func(tx pgx.Tx) (catalog.Edited, error)) (done catalog.Edited, err error) {
	key := catalog.KeyFrom(ctx)
	err = s.inTurn(ctx, func(tx pgx.Tx) error {
		if key != nil {
			before, err := claimKey(ctx, tx, v, key)
			if before != nil || err != nil {
				done = value(before)
				return err
			}
		}
		var err error
		if done, err = f(tx); err == nil && key != nil {
			err = keepAnswer(ctx, tx, v, key, done)
		}
		return err
	})
	return done, err
}

// TrimIdempotencyKeys removes the keys that no longer hold and returns their
// number.
func (s *Store) TrimIdempotencyKeys(ctx context.Context) (removed int, err error) {
	tag, err := s.pool.Exec(ctx, `DELETE FROM idempotency_keys WHERE at < now() - make_interval(secs => $1)`, (catalog.KeepIdempotencyKeys + time.Hour).Seconds())
	return int(tag.RowsAffected()), wrap("trim idempotency keys", err)
}
