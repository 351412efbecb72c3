package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// BeginSession keeps a session and returns its text, which is the browser's only,
// and when it ends, and notes the sign-in. By a token or link it fails with
// UNAUTHENTICATED where that is not good; it never outlives the token.
func (s *Store) BeginSession(ctx context.Context, start catalog.SessionStart) (text string, ends time.Time, err error) {
	text, stored := catalog.NewCredential(catalog.SessionPrefix)
	latest := time.Now().Add(catalog.SessionLife)
	if !start.Ends.IsZero() && start.Ends.Before(latest) {
		latest = start.Ends
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE expires_at <= now()`); err != nil {
			return err
		}
		if start.Link != nil {
			return beginByLink(ctx, tx, stored, *start.Link, latest, &ends)
		}
		if start.Token != nil {
			return beginByToken(ctx, tx, stored, *start.Token, latest, &ends)
		}
		v := start.Viewer
		if err := followAccount(ctx, tx, v, signedRole); err != nil {
			return err
		}
		if err := logAccount(ctx, tx, accountLine{event: catalog.EventSignedIn, name: v.Name, role: v.Role, committee: &v.Committee, way: catalog.SignInByProvider}); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO sessions (id, hash, name, role, committee_id, expires_at) VALUES ($1, $2, $3, $4, nullif($5::bigint, 0), $6) RETURNING expires_at`,
			stored.ID, stored.Hash[:], v.Name, v.Role, v.Committee, latest).Scan(&ends)
	})
	if err != nil {
		return "", time.Time{}, wrap("begin session", err)
	}
	return text, ends, nil
}

func beginByToken(ctx context.Context, tx pgx.Tx, stored, token catalog.Credential, latest time.Time, ends *time.Time) error {
	var hash []byte
	err := tx.QueryRow(ctx, `SELECT hash FROM access_tokens WHERE id = $1 AND revoked_at IS NULL AND expires_at > now() FOR SHARE`, token.ID).Scan(&hash)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !token.Matches(hash) {
		return catalog.Unauthenticated()
	}
	if err != nil {
		return err
	}
	return beginAs(ctx, tx, stored, token.ID, catalog.SignInByToken, latest, ends)
}

// beginByLink uses a link up.
func beginByLink(ctx context.Context, tx pgx.Tx, stored, link catalog.Credential, latest time.Time, ends *time.Time) error {
	var hash []byte
	var token string
	err := tx.QueryRow(ctx, `SELECT l.hash, l.token_id FROM sign_in_links l JOIN access_tokens t ON t.id = l.token_id
		WHERE l.id = $1 AND l.used_at IS NULL AND l.expires_at > now() AND t.revoked_at IS NULL AND t.expires_at > now() FOR UPDATE OF l`, link.ID).Scan(&hash, &token)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !link.Matches(hash) {
		return catalog.Unauthenticated()
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE sign_in_links SET used_at = now() WHERE id = $1`, link.ID); err != nil {
		return err
	}
	return beginAs(ctx, tx, stored, token, catalog.SignInByLink, latest, ends)
}

// beginAs begins a session of the token's.
func beginAs(ctx context.Context, tx pgx.Tx, stored catalog.Credential, token string, way catalog.SignInWay, latest time.Time, ends *time.Time) error {
	line := accountLine{event: catalog.EventSignedIn, way: way}
	err := tx.QueryRow(ctx, `INSERT INTO sessions (id, hash, token_id, expires_at)
		SELECT $1, $2, id, least($4, expires_at) FROM access_tokens WHERE id = $3 RETURNING expires_at`,
		stored.ID, stored.Hash[:], token, latest).Scan(ends)
	if err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, `SELECT name, role, committee_id FROM access_tokens WHERE id = $1`, token).Scan(&line.name, &line.role, &line.committee); err != nil {
		return err
	}
	return logAccount(ctx, tx, line)
}

// ViewerBySession returns who is signed in by the session, and notes to the minute
// that it was seen. It fails with UNAUTHENTICATED where it has ended: after
// SessionIdle without a request, at its end, at a sign-out, or with its token.
func (s *Store) ViewerBySession(ctx context.Context, c catalog.Credential) (*catalog.Viewer, error) {
	v, stale, err := s.session(ctx, c)
	if err != nil || !stale {
		return v, err
	}
	err = s.pool.note(ctx, `UPDATE sessions SET seen_at = now() WHERE id = $1`, c.ID)
	return v, wrap("note a session's use", err)
}

// StandingSession is ViewerBySession for whoever only looks whether the session
// goes on: an open connection must not keep it from ending idle.
func (s *Store) StandingSession(ctx context.Context, c catalog.Credential) (*catalog.Viewer, error) {
	v, _, err := s.session(ctx, c)
	return v, err
}

// session returns who is signed in by the session; stale says that its last use was
// noted more than a minute ago.
func (s *Store) session(ctx context.Context, c catalog.Credential) (v *catalog.Viewer, stale bool, err error) {
	v = &catalog.Viewer{}
	var hash []byte
	err = s.pool.QueryRow(ctx, `
		SELECT v.hash, v.seen_at < now() - interval '1 minute', `+viewerSelect+`
		FROM (SELECT s.hash, s.seen_at, coalesce(t.name, s.name) AS name, coalesce(t.role, s.role) AS role, coalesce(t.committee_id, s.committee_id) AS committee_id
			FROM sessions s LEFT JOIN access_tokens t ON t.id = s.token_id AND t.revoked_at IS NULL AND t.expires_at > now()
			WHERE s.id = $1 AND s.expires_at > now() AND s.seen_at > now() - $2::interval AND (s.token_id IS NULL OR t.id IS NOT NULL)) v`,
		c.ID, catalog.SessionIdle).Scan(append([]any{&hash, &stale}, viewerScan(v)...)...)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !c.Matches(hash) {
		return nil, false, catalog.Unauthenticated()
	}
	if err != nil {
		return nil, false, wrap("viewer by session", err)
	}
	return v, stale, nil
}

// EndSession ends a session. One that has ended, or never was, is no error.
func (s *Store) EndSession(ctx context.Context, c catalog.Credential) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM sessions WHERE id = $1 AND hash = $2`, c.ID, c.Hash[:])
	return wrap("end session", err)
}
