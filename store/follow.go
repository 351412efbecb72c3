package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Follows returns what the context's viewer follows, the newest first.
func (s *Store) Follows(ctx context.Context) ([]*catalog.Follow, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, `SELECT topic_id, committee_id, region_code, query FROM follows WHERE viewer = $1 ORDER BY at DESC, topic_id, committee_id, region_code, query`, viewerKey(v))
	if err != nil {
		return nil, wrap("follows", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Follow, error) {
		f := &catalog.Follow{}
		return f, row.Scan(&f.TopicID, &f.CommitteeID, &f.RegionCode, &f.Query)
	})
	return list, wrap("follows", err)
}

// Follow notes what the context's viewer wants to be told of; what it follows
// already stays so. It fails with INVALID where f names nothing that is there, and
// with LIMIT past catalog.MaxFollows.
func (s *Store) Follow(ctx context.Context, f catalog.Follow) error {
	v, err := signedIn(ctx)
	if err != nil {
		return err
	}
	if err := f.Validate(); err != nil {
		return err
	}
	key := viewerKey(v)
	return s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('follows'), hashtext($1))`, key); err != nil {
			return err
		}
		var there bool
		var n int
		err := tx.QueryRow(ctx, `SELECT $2::bigint IS NULL AND $3::bigint IS NULL AND $4::text IS NULL OR EXISTS (SELECT FROM topics WHERE id = $2 AND status = 'PUBLISHED')
				OR EXISTS (SELECT FROM committees WHERE id = $3 AND status = 'PUBLISHED') OR EXISTS (SELECT FROM regions WHERE code = $4 AND status = 'PUBLISHED'),
			(SELECT count(*) FROM follows WHERE viewer = $1)`, key, f.TopicID, f.CommitteeID, f.RegionCode).Scan(&there, &n)
		if err != nil {
			return err
		}
		if !there {
			return &catalog.Error{Kind: catalog.KindNotFound, Path: f.Field(), Zh: "没有找到要关注的对象", En: "what is to be followed is not there"}
		}
		if n >= catalog.MaxFollows {
			return &catalog.Error{Kind: catalog.KindLimit, Zh: fmt.Sprintf("最多关注 %d 项", catalog.MaxFollows), En: fmt.Sprintf("at most %d can be followed", catalog.MaxFollows)}
		}
		_, err = tx.Exec(ctx, `INSERT INTO follows (viewer, topic_id, committee_id, region_code, query) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			key, f.TopicID, f.CommitteeID, f.RegionCode, f.Query)
		return err
	})
}

// Unfollow takes it back; what is not followed is no error.
func (s *Store) Unfollow(ctx context.Context, f catalog.Follow) error {
	v, err := signedIn(ctx)
	if err != nil {
		return err
	}
	if err := f.Validate(); err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `DELETE FROM follows WHERE viewer = $1 AND topic_id IS NOT DISTINCT FROM $2 AND committee_id IS NOT DISTINCT FROM $3
		AND region_code IS NOT DISTINCT FROM $4 AND query IS NOT DISTINCT FROM $5`, viewerKey(v), f.TopicID, f.CommitteeID, f.RegionCode, f.Query)
	return wrap("unfollow", err)
}
