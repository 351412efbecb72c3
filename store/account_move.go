package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// moveAccount takes along what an account follows, has read and set, where its role or
// committee becomes another, in the transaction in which it does. What it was writing
// goes along only where it writes for the same committee as before: an account that may
// no longer read a committee's drafts has no texts of theirs either.
func moveAccount(ctx context.Context, tx pgx.Tx, was, is *catalog.Viewer) error {
	writes := was.Committee == is.Committee && was.Role != catalog.RoleReader && is.Role != catalog.RoleReader
	_, err := tx.Exec(ctx, `SELECT move_account($1, $2, $3, $4, nullif($5::bigint, 0), $6)`, viewerKey(was), viewerKey(is), is.Name, is.Role, is.Committee, writes)
	return err
}

// followAccount is moveAccount for an account that comes back with another role: made
// anew for the same committee by the name of one that has ended, or with the identity
// provider's word of today. asked selects the role that the name had before, of $1, the
// name, and $2, the committee or null; what somebody else has by now stays theirs.
func followAccount(ctx context.Context, tx pgx.Tx, is *catalog.Viewer, asked string) error {
	was := *is
	err := tx.QueryRow(ctx, asked, is.Name, nullID(is.Committee)).Scan(&was.Role)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && was.Role == is.Role {
		return nil
	}
	if err != nil {
		return err
	}
	var taken bool
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM access_tokens WHERE name = $1 AND role = $2 AND committee_id IS NOT DISTINCT FROM $3::bigint AND revoked_at IS NULL)`,
		was.Name, was.Role, nullID(was.Committee)).Scan(&taken)
	if err != nil || taken {
		return err
	}
	return moveAccount(ctx, tx, &was, is)
}

func nullID(id catalog.ID) *catalog.ID {
	if id == 0 {
		return nil
	}
	return &id
}

// The roles that a name had before: of the last account of it that has ended, and at
// the last sign-in by the identity provider.
const (
	endedRole  = `SELECT role FROM access_tokens WHERE name = $1 AND committee_id IS NOT DISTINCT FROM $2::bigint AND revoked_at IS NOT NULL ORDER BY revoked_at DESC LIMIT 1`
	signedRole = `SELECT role FROM account_log WHERE name = $1 AND committee_id IS NOT DISTINCT FROM $2::bigint AND event = 'SIGNED_IN' AND way = 'PROVIDER' ORDER BY id DESC LIMIT 1`
)
