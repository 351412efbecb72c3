package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// accountLine is a line of the log of accounts.
type accountLine struct {
	event     catalog.AccountEventKind
	name      string
	role      catalog.Role
	committee *catalog.ID // 0 and nil are none
	way       catalog.SignInWay
	detail    string
}

// logAccount notes what is done with an account, in the transaction that does it, in
// the name of the context's viewer; a sign-in is the account's own.
func logAccount(ctx context.Context, tx pgx.Tx, l accountLine) error {
	by := ""
	if v := catalog.ViewerFrom(ctx); v != nil && l.event != catalog.EventSignedIn {
		by = v.Name
	}
	_, err := tx.Exec(ctx, `INSERT INTO account_log (event, name, role, committee_id, way, actor, detail)
		VALUES ($1, $2, nullif($3::text, ''), nullif($4::bigint, 0), nullif($5::text, ''), nullif($6::text, ''), nullif($7::text, ''))`,
		l.event, l.name, l.role, l.committee, l.way, by, l.detail)
	return err
}

func untilDay(t time.Time) string { return "至 " + t.In(catalog.Zone()).Format("2006-01-02 15:04") }

const accountSelect = `SELECT t.id, t.name, t.role, coalesce(c.name, ''), t.created_at, t.expires_at, t.last_used_at, t.revoked_at, t.committee_id,
		(SELECT max(l.at) FROM account_log l WHERE l.event = 'SIGNED_IN' AND l.name = t.name AND l.way IN ('TOKEN', 'LINK') AND l.at >= t.created_at AND (t.revoked_at IS NULL OR l.at <= t.revoked_at))
	FROM access_tokens t LEFT JOIN committees c ON c.id = t.committee_id `

func scanAccount(v *catalog.Viewer) func(pgx.CollectableRow) (*catalog.Account, error) {
	return func(row pgx.CollectableRow) (*catalog.Account, error) {
		a := &catalog.Account{}
		err := row.Scan(&a.ID, &a.Name, &a.Role, &a.Committee, &a.CreatedAt, &a.ExpiresAt, &a.LastUsedAt, &a.RevokedAt, &a.CommitteeID, &a.LastSignIn)
		a.Manageable = err == nil && a.RevokedAt == nil && catalog.MayAdmit(v, orNone(a.CommitteeID), a.Role) == nil
		return a, err
	}
}

func orNone(id *catalog.ID) catalog.ID {
	if id == nil {
		return 0
	}
	return *id
}

// admitting returns the context's viewer where it manages accounts, and the condition
// under which an account or event, by its alias, is of those.
func admitting(ctx context.Context, alias string, args *Args) (*catalog.Viewer, string, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, "", err
	}
	if catalog.MayAdmit(v, 0, catalog.RoleAdmin) == nil {
		return v, `true`, nil
	}
	if err := catalog.May(v, catalog.ActionAdmit, v.Committee, catalog.StatusPublished); err != nil {
		return nil, "", err
	}
	return v, alias + `.committee_id = ` + args.Add(v.Committee), nil
}

// Accounts returns the accounts that the context's viewer looks after: an admin's are
// all, a reviewer's those of its committee. The good ones come first. It fails with
// FORBIDDEN for whoever looks after none.
func (s *Store) Accounts(ctx context.Context, most int) ([]*catalog.Account, error) {
	var args Args
	v, mine, err := admitting(ctx, "t", &args)
	if err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, accountSelect+`WHERE `+mine+` ORDER BY t.revoked_at IS NOT NULL, t.expires_at <= now(), t.role = 'ADMIN' DESC, c.region_code, t.name, t.id LIMIT `+args.Add(most), args...)
	if err != nil {
		return nil, wrap("accounts", err)
	}
	list, err := pgx.CollectRows(found, scanAccount(v))
	return list, wrap("accounts", err)
}

// AccountEvents returns what was done with the accounts that the context's viewer looks
// after, the last first. It fails as Accounts does.
func (s *Store) AccountEvents(ctx context.Context, most int) ([]*catalog.AccountEvent, error) {
	var args Args
	_, mine, err := admitting(ctx, "l", &args)
	if err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, `SELECT l.id, l.at, l.event, l.name, l.role, l.committee_id, l.way, l.actor, l.detail FROM account_log l
		WHERE `+mine+` ORDER BY l.id DESC LIMIT `+args.Add(most), args...)
	if err != nil {
		return nil, wrap("account events", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.AccountEvent, error) {
		e := &catalog.AccountEvent{}
		return e, row.Scan(&e.ID, &e.At, &e.Event, &e.Name, &e.Role, &e.CommitteeID, &e.Way, &e.By, &e.Detail)
	})
	return list, wrap("account events", err)
}

// GiveAccess makes an account in the name of the context's viewer and returns its token,
// which is not stored. It fails as CreateToken does, and with FORBIDDEN.
func (s *Store) GiveAccess(ctx context.Context, in *catalog.AccessTokenInput) (token string, made *catalog.Account, err error) {
	v, err := signedIn(ctx)
	if err != nil {
		return "", nil, err
	}
	var committee *catalog.ID
	err = s.InTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		committee, err = committeeCalled(ctx, tx, in.Committee)
		return err
	})
	if err != nil {
		return "", nil, wrap("give access", err)
	}
	if err := catalog.MayAdmit(v, orNone(committee), in.Role); err != nil {
		return "", nil, err
	}
	token, kept, err := s.CreateToken(ctx, in)
	if err != nil {
		return "", nil, err
	}
	made, err = s.account(ctx, v, kept.ID)
	return token, made, err
}

func (s *Store) account(ctx context.Context, v *catalog.Viewer, id string) (*catalog.Account, error) {
	found, err := s.pool.Query(ctx, accountSelect+`WHERE t.id = $1`, id)
	if err != nil {
		return nil, wrap("account", err)
	}
	a, err := pgx.CollectExactlyOneRow(found, scanAccount(v))
	return a, wrap("account", err)
}

// changeAccount does something with an account that the context's viewer may manage.
// It fails with NOT_FOUND where there is none that is not revoked, and FORBIDDEN.
func (s *Store) changeAccount(ctx context.Context, id string, do func(tx pgx.Tx, v *catalog.Viewer, a *catalog.Account) error) (*catalog.Account, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		missing := &catalog.Error{Kind: catalog.KindNotFound, Path: "id", Zh: "没有这个账号，或者它已被撤销", En: "there is no such account, or it was revoked"}
		if _, err := tx.Exec(ctx, `SELECT FROM access_tokens WHERE id = $1 FOR UPDATE`, id); err != nil {
			return err
		}
		found, err := tx.Query(ctx, accountSelect+`WHERE t.id = $1 AND t.revoked_at IS NULL`, id)
		if err != nil {
			return err
		}
		a, err := pgx.CollectExactlyOneRow(found, scanAccount(v))
		if errors.Is(err, pgx.ErrNoRows) {
			if !catalog.MayAdmitAny(v) {
				return catalog.May(v, catalog.ActionAdmit, 0, catalog.StatusPublished)
			}
			return missing
		}
		if err != nil {
			return err
		}
		if err := catalog.MayAdmit(v, orNone(a.CommitteeID), a.Role); err != nil {
			if v.Role == catalog.RoleReviewer && orNone(a.CommitteeID) != v.Committee {
				return missing // another committee's is nobody's business
			}
			return err
		}
		return do(tx, v, a)
	})
	if err != nil {
		return nil, wrap("change account", err)
	}
	return s.account(ctx, v, id)
}

// RenewAccess has an account end after a time from now.
func (s *Store) RenewAccess(ctx context.Context, id string, life time.Duration) (*catalog.Account, error) {
	return s.changeAccount(ctx, id, func(tx pgx.Tx, _ *catalog.Viewer, a *catalog.Account) error {
		in := catalog.AccessTokenInput{Name: a.Name, Role: a.Role, Committee: a.Committee, Life: life}
		if err := in.Validate(); err != nil {
			return err
		}
		var until time.Time
		if err := tx.QueryRow(ctx, `UPDATE access_tokens SET expires_at = now() + $2::interval WHERE id = $1 RETURNING expires_at`, id, life).Scan(&until); err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventRenewed, name: a.Name, role: a.Role, committee: a.CommitteeID, detail: untilDay(until)})
	})
}

// LimitAccess changes what an account may do: its role, and its committee, named by slug
// or name, "" for none. Both are what the account does from the next request on.
func (s *Store) LimitAccess(ctx context.Context, id string, role catalog.Role, committee string) (*catalog.Account, error) {
	return s.changeAccount(ctx, id, func(tx pgx.Tx, v *catalog.Viewer, a *catalog.Account) error {
		in := catalog.AccessTokenInput{Name: a.Name, Role: role, Committee: committee, Life: catalog.DefaultTokenLife}
		if err := in.Validate(); err != nil {
			return err
		}
		of, err := committeeCalled(ctx, tx, committee)
		if err != nil {
			return err
		}
		if err := catalog.MayAdmit(v, orNone(of), role); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE access_tokens SET role = $2, committee_id = $3 WHERE id = $1`, id, role, of); err != nil {
			return err
		}
		was := &catalog.Viewer{Name: a.Name, Role: a.Role, Committee: orNone(a.CommitteeID)}
		if err := moveAccount(ctx, tx, was, &catalog.Viewer{Name: a.Name, Role: role, Committee: orNone(of)}); err != nil {
			return err
		}
		detail := a.Role.Label() + "→" + role.Label()
		if orNone(of) != orNone(a.CommitteeID) {
			detail += "，换了所属政协"
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventLimited, name: a.Name, role: role, committee: of, detail: detail})
	})
}

// RevokeAccess takes an account away, with its sessions and links.
func (s *Store) RevokeAccess(ctx context.Context, id string) (*catalog.Account, error) {
	return s.changeAccount(ctx, id, func(tx pgx.Tx, _ *catalog.Viewer, a *catalog.Account) error {
		for _, sql := range []string{
			`UPDATE access_tokens SET revoked_at = now() WHERE id = $1`, `DELETE FROM sessions WHERE token_id = $1`, `DELETE FROM sign_in_links WHERE token_id = $1 AND used_at IS NULL`,
		} {
			if _, err := tx.Exec(ctx, sql, id); err != nil {
				return err
			}
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventRevoked, name: a.Name, role: a.Role, committee: a.CommitteeID})
	})
}

// MakeSignInLink makes a link that signs its holder in as the account, once, and ends
// the account's links before it. An account that has expired has none.
func (s *Store) MakeSignInLink(ctx context.Context, id string) (*catalog.SignInLink, *catalog.Account, error) {
	text, stored := catalog.NewCredential(catalog.LinkPrefix)
	link := &catalog.SignInLink{Secret: text}
	a, err := s.changeAccount(ctx, id, func(tx pgx.Tx, v *catalog.Viewer, a *catalog.Account) error {
		if !a.Live(time.Now()) {
			return &catalog.Error{Kind: catalog.KindInvalid, Path: "id", Zh: "账号已过期，请先续期", En: "the account has expired; renew it first"}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_links WHERE token_id = $1 AND used_at IS NULL OR expires_at < now() - interval '1 day'`, id); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `INSERT INTO sign_in_links (id, hash, token_id, made_by, expires_at) VALUES ($1, $2, $3, $4, least(now() + $5::interval, $6)) RETURNING expires_at`,
			stored.ID, stored.Hash[:], id, v.Name, catalog.LinkLife, a.ExpiresAt).Scan(&link.ExpiresAt)
		if err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventLinkMade, name: a.Name, role: a.Role, committee: a.CommitteeID, detail: untilDay(link.ExpiresAt)})
	})
	if err != nil {
		return nil, nil, err
	}
	return link, a, nil
}

// trimAccounts removes events that are no longer kept, and links that have ended.
func (s *Store) trimAccounts(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM account_log WHERE at < now() - make_interval(secs => $1)`, catalog.KeepAccountEvents.Seconds()); err != nil {
		return wrap("trim account events", err)
	}
	_, err := s.pool.Exec(ctx, `DELETE FROM sign_in_links WHERE expires_at < now() - interval '1 day'`)
	return wrap("trim sign-in links", err)
}
