package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// NameReviewer names who scores for a call until the end of a day: an account by its
// viewer's name, or, where that is "", whoever has the token that it returns; the same
// request again returns none, as a token is shown once. It is the caller's to do.
func (s *Store) NameReviewer(ctx context.Context, call catalog.ID, name, account string, until catalog.Day) (id catalog.ID, token string, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, "", err
	}
	name, account = strings.TrimSpace(name), strings.TrimSpace(account)
	if name == "" || len([]rune(name)) > 50 {
		return 0, "", &catalog.Error{Kind: catalog.KindInvalid, Path: "name", Zh: "请写评审人姓名", En: "name the reviewer"}
	}
	ends, now := until.Ends(catalog.ZoneOf(ctx)), catalog.Now(ctx)
	if !ends.After(now) || ends.Sub(now) > 366*24*time.Hour {
		return 0, "", &catalog.Error{Kind: catalog.KindInvalid, Path: "until", Zh: "请写一年之内的日期", En: "must be a day within a year"}
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err == nil {
			err = mayRun(v, c)
		}
		if err != nil {
			return edited, atPath(err, "call")
		}
		viewer := account
		var tokenID *string
		if account == "" { // each time that this is run: what was inserted before was taken back
			text, stored := catalog.NewCredential(catalog.TokenPrefix)
			token, tokenID, viewer = text, &stored.ID, "评审 "+name+"（"+c.Slug+"，"+stored.ID+"）"
			if _, err := tx.Exec(ctx, `INSERT INTO access_tokens (id, hash, name, role, expires_at) VALUES ($1, $2, $3, 'READER', $4)`, stored.ID, stored.Hash[:], viewer, ends); err != nil {
				return edited, err
			}
		}
		err = tx.QueryRow(ctx, `INSERT INTO call_reviewers (call_id, name, viewer, token_id, ends_at) SELECT $1, $2, $3, $4, $5
			WHERE (SELECT count(*) FROM call_reviewers WHERE call_id = $1) < 100 ON CONFLICT DO NOTHING RETURNING id`, call, name, viewer, tokenID, ends).Scan(&edited.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return edited, &catalog.Error{Kind: catalog.KindDuplicate, Path: "name", Zh: "已有同名的评审，或评审已满 100 人", En: "there is a reviewer of that name, or there are 100"}
		}
		return edited, err
	})
	return done.ID, token, err
}

// DismissReviewer ends that somebody scores for a call, with what they scored and the
// token that they had. It is the caller's to do.
func (s *Store) DismissReviewer(ctx context.Context, call catalog.ID, name string) error {
	v, err := signedInTo(ctx)
	if err != nil {
		return err
	}
	_, err = s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err == nil {
			err = mayRun(v, c)
		}
		if err != nil {
			return edited, atPath(err, "call")
		}
		if c.Selected() {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: "结果已公布，不能再改", En: "the selection is published; nothing is changed any more"}
		}
		var token *string
		err = tx.QueryRow(ctx, `DELETE FROM call_reviewers WHERE call_id = $1 AND name = $2 RETURNING token_id`, call, name).Scan(&token)
		if errors.Is(err, pgx.ErrNoRows) {
			return edited, &catalog.Error{Kind: catalog.KindNotFound, Path: "name", Zh: "没有这位评审", En: "there is no such reviewer"}
		}
		if err == nil && token != nil {
			_, err = tx.Exec(ctx, `WITH ended AS (UPDATE access_tokens SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL) DELETE FROM sessions WHERE token_id = $1`, *token)
		}
		return edited, err
	})
	return err
}
