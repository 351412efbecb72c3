package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// CreateToken keeps a token and returns its text, which is not stored: whoever loses
// it needs another. It fails with the input's Problems, NOT_FOUND with the
// nearest names for a committee that is not there, and CONFLICT where a token
// that is good has the name.
func (s *Store) CreateToken(ctx context.Context, in *catalog.AccessTokenInput) (text string, made *catalog.AccessToken, err error) {
	if err := in.Validate(); err != nil {
		return "", nil, err
	}
	text, stored := catalog.NewCredential(catalog.TokenPrefix)
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		committee, err := committeeCalled(ctx, tx, in.Committee)
		if err != nil {
			return err
		}
		if err := endExpired(ctx, tx, in.Name); err != nil {
			return err
		}
		inserted, err := tx.Exec(ctx, `INSERT INTO access_tokens (id, hash, name, role, committee_id, expires_at) VALUES ($1, $2, $3, $4, $5, now() + $6)
			ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING`,
			stored.ID, stored.Hash[:], in.Name, in.Role, committee, in.Life)
		if err != nil {
			return err
		}
		if inserted.RowsAffected() == 0 {
			return &catalog.Error{
				Kind: catalog.KindConflict, Path: "name",
				Zh: fmt.Sprintf("已有名为“%s”的有效令牌：请先撤销，或换一个名称", in.Name),
				En: fmt.Sprintf("a token that is good is called %q; revoke it first, or choose another name", in.Name),
			}
		}
		if made, err = oneToken(ctx, tx, stored.ID); err != nil {
			return err
		}
		if err := followAccount(ctx, tx, &catalog.Viewer{Name: made.Name, Role: made.Role, Committee: orNone(committee)}, endedRole); err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventGiven, name: made.Name, role: made.Role, committee: committee, detail: untilDay(made.ExpiresAt)})
	})
	if err != nil {
		return "", nil, wrap("create token", err)
	}
	return text, made, nil
}

// endExpired frees the name of a token that has expired.
func endExpired(ctx context.Context, tx pgx.Tx, name string) error {
	_, err := tx.Exec(ctx, `UPDATE access_tokens SET revoked_at = expires_at WHERE name = $1 AND revoked_at IS NULL AND expires_at <= now()`, name)
	return err
}

//nolint:gosec // a statement
const tokenSelect = `SELECT t.id, t.name, t.role, coalesce(c.name, ''), t.created_at, t.expires_at, t.last_used_at, t.revoked_at
	FROM access_tokens t LEFT JOIN committees c ON c.id = t.committee_id `

func scanToken(row pgx.CollectableRow) (*catalog.AccessToken, error) {
	t := &catalog.AccessToken{}
	return t, row.Scan(&t.ID, &t.Name, &t.Role, &t.Committee, &t.CreatedAt, &t.ExpiresAt, &t.LastUsedAt, &t.RevokedAt)
}

func oneToken(ctx context.Context, tx pgx.Tx, id string) (*catalog.AccessToken, error) {
	found, err := tx.Query(ctx, tokenSelect+`WHERE t.id = $1`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectExactlyOneRow(found, scanToken)
}

// Tokens returns all tokens that were given out, the newest first.
func (s *Store) Tokens(ctx context.Context) ([]*catalog.AccessToken, error) {
	found, err := s.pool.Query(ctx, tokenSelect+`ORDER BY t.created_at DESC, t.id`)
	if err != nil {
		return nil, wrap("tokens", err)
	}
	tokens, err := pgx.CollectRows(found, scanToken)
	return tokens, wrap("tokens", err)
}

// RevokeToken ends a token, named by its id or by its name, and the sessions
// that were begun with it. It fails with NOT_FOUND where no token that is not
// revoked is called so.
func (s *Store) RevokeToken(ctx context.Context, called string) (*catalog.AccessToken, error) {
	var ended *catalog.AccessToken
	err := s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var id string
		err := tx.QueryRow(ctx, `UPDATE access_tokens SET revoked_at = now() WHERE revoked_at IS NULL AND id = (
			SELECT id FROM access_tokens WHERE revoked_at IS NULL AND (id = $1 OR name = $1) ORDER BY id = $1 DESC LIMIT 1) RETURNING id`, called).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return &catalog.Error{
				Kind: catalog.KindNotFound,
				Zh:   fmt.Sprintf("没有名称或编号为“%s”的未撤销令牌，见 jisi token list", called),
				En:   fmt.Sprintf("no token that is not revoked has the id or name %q; see jisi token list", called),
			}
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE token_id = $1`, id); err != nil {
			return err
		}
		if ended, err = oneToken(ctx, tx, id); err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventRevoked, name: ended.Name, role: ended.Role})
	})
	return ended, wrap("revoke token", err)
}

// viewerSelect returns a viewer's name, role, committee and the committees below
// it, of whatever v is.
const viewerSelect = `v.name, v.role, coalesce(v.committee_id, 0), ARRAY(SELECT committees_below(v.committee_id))`

func viewerScan(v *catalog.Viewer) []any { return []any{&v.Name, &v.Role, &v.Committee, &v.Below} }

// ViewerByToken returns who holds the token, and notes to the hour that it was
// used. It fails with UNAUTHENTICATED where there is no such token, it has
// expired or was revoked: which of these is nobody's business.
func (s *Store) ViewerByToken(ctx context.Context, c catalog.Credential) (*catalog.Viewer, error) {
	v := &catalog.Viewer{}
	var hash []byte
	var stale bool
	err := s.pool.QueryRow(ctx, `SELECT v.hash, coalesce(v.last_used_at < now() - interval '1 hour', true), `+viewerSelect+`
		FROM access_tokens v WHERE v.id = $1 AND v.revoked_at IS NULL AND v.expires_at > now()`, c.ID).Scan(append([]any{&hash, &stale}, viewerScan(v)...)...)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !c.Matches(hash) {
		return nil, catalog.Unauthenticated()
	}
	if err != nil {
		return nil, wrap("viewer by token", err)
	}
	if stale {
		err = s.pool.note(ctx, `UPDATE access_tokens SET last_used_at = now() WHERE id = $1 AND coalesce(last_used_at < now() - interval '1 hour', true)`, c.ID)
	}
	return v, wrap("note a token's use", err)
}

// ViewerOfCommittee returns a viewer of that name and role who acts for the
// committee, named by slug or name; "" is none. It fails with NOT_FOUND.
func (s *Store) ViewerOfCommittee(ctx context.Context, name string, role catalog.Role, committee string) (*catalog.Viewer, error) {
	v := &catalog.Viewer{}
	err := s.InTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		id, err := committeeCalled(ctx, tx, committee)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT `+viewerSelect+` FROM (SELECT $1::text AS name, $2::text AS role, $3::bigint AS committee_id) v`,
			name, role, id).Scan(viewerScan(v)...)
	})
	if err != nil {
		return nil, wrap("viewer of a committee", err)
	}
	return v, nil
}

// committeeCalled finds a committee by its slug or one of its names, nil for "".
func committeeCalled(ctx context.Context, tx pgx.Tx, name string) (*catalog.ID, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // no committee was asked for, and none is what is stored
	}
	l := newLookup(tx)
	if err := l.find(ctx, catalog.KindCommittee, []string{name}); err != nil {
		return nil, err
	}
	slug, ok := l.slug[catalog.KindCommittee][name]
	switch {
	case !ok:
		return nil, noSuchCommittee(ctx, tx, name)
	case len(l.ambiguous[catalog.KindCommittee][name]) > 0:
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "committee",
			Zh: fmt.Sprintf("不止一个政协委员会叫“%s”，请写永久链接（slug）", name),
			En: fmt.Sprintf("%q is the name of more than one committee; give the slug", name),
		}
	}
	id := l.ids[catalog.KindCommittee][slug]
	return &id, nil
}

// nearestCommittees is how many names are offered for one that is not known.
const nearestCommittees = 3

// noSuchCommittee names the committees whose slugs or names are nearest to the
// one that was asked for.
func noSuchCommittee(ctx context.Context, tx pgx.Tx, asked string) error {
	missing := catalog.NotFound(catalog.KindCommittee, asked)
	missing.Path = "committee"
	found, err := tx.Query(ctx, `SELECT slug, name FROM committees WHERE status = 'PUBLISHED' ORDER BY slug`)
	if err != nil {
		return err
	}
	type near struct {
		slug, name string
		distance   int
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (n near, err error) {
		err = row.Scan(&n.slug, &n.name)
		n.distance = min(distance(asked, n.slug), distance(asked, n.name))
		return n, err
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var offers []string
	for _, n := range all[:min(nearestCommittees, len(all))] {
		offers = append(offers, n.slug+" "+n.name)
	}
	if len(offers) > 0 {
		missing.Zh += "；相近的有 " + strings.Join(offers, "、")
		missing.En += "; the nearest are " + strings.Join(offers, ", ")
	}
	return missing
}

// distance is how far a name is from what was asked for: what stands in the
// other whole is nearer than what has to be changed.
func distance(asked, name string) int {
	if strings.Contains(name, asked) {
		return 0
	}
	return 1 + levenshtein.ComputeDistance(asked, name)
}
