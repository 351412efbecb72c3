package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// signedIn returns the context's viewer, or UNAUTHENTICATED where there is none.
func signedIn(ctx context.Context) (*catalog.Viewer, error) {
	if v := catalog.ViewerFrom(ctx); v != nil {
		return v, nil
	}
	return nil, &catalog.Error{Kind: catalog.KindUnauthenticated, Zh: "请先登录", En: "sign in first"}
}

// Writings returns what the context's viewer is writing, last kept first; of a
// kind, record or name only where they are given. An anonymous reader has none.
func (s *Store) Writings(ctx context.Context, of *catalog.RecordKind, record *catalog.ID, name *string) ([]*catalog.Writing, error) {
	v := catalog.ViewerFrom(ctx)
	if v == nil {
		return []*catalog.Writing{}, nil
	}
	found, err := s.pool.Query(ctx, `SELECT of, record_id, name, content, at FROM writings
		WHERE viewer = $1 AND ($2::text IS NULL OR of = $2) AND ($3::bigint IS NULL OR record_id = $3) AND ($4::text IS NULL OR name = $4)
			AND at > now() - make_interval(secs => $5) ORDER BY at DESC, record_id, name`, viewerKey(v), of, record, name, catalog.KeepWritings.Seconds())
	if err != nil {
		return nil, wrap("writings", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Writing, error) {
		w := &catalog.Writing{}
		return w, row.Scan(&w.Of, &w.Record, &w.Name, &w.Content, &w.At)
	})
	return list, wrap("writings", err)
}

// KeepWriting keeps what the context's viewer is writing and returns it with its
// time. Where seen is given and something was kept since, it fails with CONFLICT
// and keeps what is there: another page writes the same. It fails with LIMIT for
// a text that is too long, or more texts than a viewer may have.
func (s *Store) KeepWriting(ctx context.Context, w catalog.Writing, seen *time.Time) (*catalog.Writing, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.Validate(); err != nil {
		return nil, err
	}
	key := viewerKey(v)
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		// One after the other, so that two pages see each other's and the count holds.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('writings'), hashtext($1))`, key); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM writings WHERE viewer = $1 AND at < now() - make_interval(secs => $2)`, key, catalog.KeepWritings.Seconds()); err != nil {
			return err
		}
		var at time.Time
		err := tx.QueryRow(ctx, `SELECT at FROM writings WHERE viewer = $1 AND of = $2 AND record_id = $3 AND name = $4`, key, w.Of, w.Record, w.Name).Scan(&at)
		fresh := errors.Is(err, pgx.ErrNoRows)
		if err != nil && !fresh {
			return err
		}
		if !fresh && seen != nil && at.After(*seen) {
			return &catalog.Error{Kind: catalog.KindConflict, Path: "seen", Zh: "另一个页面在此之后暂存过同一篇，请先对照", En: "another page has kept the same since; compare first"}
		}
		if fresh {
			var n int
			if err := tx.QueryRow(ctx, `SELECT count(*) FROM writings WHERE viewer = $1`, key).Scan(&n); err != nil {
				return err
			}
			if n >= catalog.MaxWritings {
				return &catalog.Error{
					Kind: catalog.KindLimit, Path: "content",
					Zh: fmt.Sprintf("正在写的文字最多 %d 篇，请先保存或丢弃几篇", catalog.MaxWritings), En: fmt.Sprintf("at most %d are kept; save or discard some", catalog.MaxWritings),
				}
			}
		}
		return tx.QueryRow(ctx, `INSERT INTO writings (viewer, of, record_id, name, content, at) VALUES ($1, $2, $3, $4, $5, clock_timestamp())
			ON CONFLICT (viewer, of, record_id, name) DO UPDATE SET content = EXCLUDED.content, at = EXCLUDED.at RETURNING at`,
			key, w.Of, w.Record, w.Name, w.Content).Scan(&w.At)
	})
	if err != nil {
		return nil, err
	}
	return &w, nil
}

// DiscardWriting discards what was kept and reports whether there was something.
func (s *Store) DiscardWriting(ctx context.Context, k catalog.WritingKey) (bool, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return false, err
	}
	tag, err := s.pool.Exec(ctx, `DELETE FROM writings WHERE viewer = $1 AND of = $2 AND record_id = $3 AND name = $4`, viewerKey(v), k.Of, k.Record, k.Name)
	return tag.RowsAffected() > 0, wrap("discard writing", err)
}

// TrimWritings removes what has been kept for longer than it is to be, and notices
// that are no longer shown.
func (s *Store) TrimWritings(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM writings WHERE at < now() - make_interval(secs => $1)`, catalog.KeepWritings.Seconds()); err != nil {
		return wrap("trim writings", err)
	}
	_, err := s.pool.Exec(ctx, `DELETE FROM notices WHERE at < now() - make_interval(secs => $1)`, catalog.KeepNotices.Seconds())
	return wrap("trim notices", err)
}
