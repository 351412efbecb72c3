package store

import (
	"cmp"
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// DeliverySettings returns how the context's viewer is told outside the site.
func (s *Store) DeliverySettings(ctx context.Context) (*catalog.DeliverySettings, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	set := &catalog.DeliverySettings{Webhooks: []string{}}
	err = s.pool.QueryRow(ctx, `SELECT email, asked_email FROM delivery_settings WHERE viewer = $1`, viewerKey(v)).Scan(&set.Email, &set.PendingEmail)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, wrap("delivery settings", err)
	}
	found, err := s.pool.Query(ctx, `SELECT of, email, webhook FROM delivery_choices WHERE viewer = $1`, viewerKey(v))
	if err != nil {
		return nil, wrap("delivery settings", err)
	}
	chosen := map[catalog.NoticeKind]catalog.DeliveryChoice{}
	var c catalog.DeliveryChoice
	if _, err = pgx.ForEachRow(found, []any{&c.Kind, &c.Email, &c.Webhook}, func() error { chosen[c.Kind] = c; return nil }); err != nil {
		return nil, wrap("delivery settings", err)
	}
	for _, kind := range catalog.NoticeKinds {
		choice := chosen[kind]
		choice.Kind, choice.Email = kind, cmp.Or(choice.Email, catalog.EmailOff)
		set.Kinds = append(set.Kinds, &choice)
	}
	found, err = s.pool.Query(ctx, `SELECT name FROM webhooks WHERE committee_id IS NULL OR committee_id = $1 ORDER BY name`, v.Committee)
	if err != nil {
		return nil, wrap("delivery settings", err)
	}
	set.Webhooks, err = pgx.CollectRows(found, pgx.RowTo[string])
	return set, wrap("delivery settings", err)
}

// settle makes the row of the viewer's settings where there is none, and locks it.
func settle(ctx context.Context, tx pgx.Tx, v *catalog.Viewer) error {
	_, err := tx.Exec(ctx, `INSERT INTO delivery_settings (viewer, name, role, committee_id) VALUES ($1, $2, $3, nullif($4::bigint, 0))
		ON CONFLICT (viewer) DO UPDATE SET name = EXCLUDED.name`, viewerKey(v), v.Name, v.Role, v.Committee)
	return err
}

// ChooseDelivery notes how the context's viewer wants to be told of kinds of notices;
// what is not named stays.
func (s *Store) ChooseDelivery(ctx context.Context, choices []catalog.DeliveryChoice) error {
	v, err := signedIn(ctx)
	if err != nil {
		return err
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := settle(ctx, tx, v); err != nil {
			return err
		}
		for _, c := range choices {
			if _, err := tx.Exec(ctx, `INSERT INTO delivery_choices (viewer, of, email, webhook) VALUES ($1, $2, $3, $4)
				ON CONFLICT (viewer, of) DO UPDATE SET email = EXCLUDED.email, webhook = EXCLUDED.webhook`, viewerKey(v), c.Kind, c.Email, c.Webhook); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("choose delivery", err)
}

// confirmsADay is how many codes one viewer may have sent in a day.
const confirmsADay = 10

// AskEmail has a code sent to the address, by which the context's viewer confirms that
// it is its own; nil forgets the address that is there. It fails with INVALID, and with
// LIMIT where codes are asked for too often.
func (s *Store) AskEmail(ctx context.Context, address *string) error {
	v, err := signedIn(ctx)
	if err != nil {
		return err
	}
	key := viewerKey(v)
	if address == nil {
		_, err := s.pool.Exec(ctx, `UPDATE delivery_settings SET email = NULL, asked_email = NULL, code_hash = NULL WHERE viewer = $1`, key)
		return wrap("forget email", err)
	}
	if err := catalog.CheckEmail("email", *address); err != nil {
		return err
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := settle(ctx, tx, v); err != nil {
			return err
		}
		var often bool
		err := tx.QueryRow(ctx, `SELECT coalesce(asked_at > now() - $2::interval, false) OR (SELECT count(*) >= $3 FROM deliveries WHERE viewer = $1 AND purpose = 'CONFIRM' AND made_at > now() - interval '1 day')
			FROM delivery_settings WHERE viewer = $1`, key, catalog.ConfirmPause, confirmsADay).Scan(&often)
		if err != nil {
			return err
		}
		if often {
			return &catalog.Error{Kind: catalog.KindLimit, Path: "email", Zh: "确认邮件发得太频繁，请过一分钟再试，一天最多 10 封", En: "too many codes were asked for; wait a minute, at most ten a day"}
		}
		if _, err := tx.Exec(ctx, `UPDATE delivery_settings SET asked_email = $2, asked_at = now(), code_hash = NULL WHERE viewer = $1`, key, *address); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO deliveries (key, way, purpose, viewer) VALUES ('confirm ' || gen_random_uuid(), 'EMAIL', 'CONFIRM', $1)`, key)
		return err
	})
	return wrap("ask for email", err)
}

// ConfirmEmail confirms the address to which the code was sent. It fails with INVALID
// where the code is wrong, has expired or was tried too often.
func (s *Store) ConfirmEmail(ctx context.Context, code string) error {
	v, err := signedIn(ctx)
	if err != nil {
		return err
	}
	good := false
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var hash []byte
		err := tx.QueryRow(ctx, `UPDATE delivery_settings SET code_tries = code_tries + 1
			WHERE viewer = $1 AND asked_email IS NOT NULL AND code_hash IS NOT NULL AND code_expires > now() AND code_tries < $2 RETURNING code_hash`, viewerKey(v), catalog.ConfirmTries).Scan(&hash)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if good = err == nil && catalog.ConfirmCodeMatches(code, hash); !good {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE delivery_settings SET email = asked_email, asked_email = NULL, code_hash = NULL WHERE viewer = $1`, viewerKey(v))
		return err
	})
	if err == nil && !good {
		err = &catalog.Error{Kind: catalog.KindInvalid, Path: "code", Zh: "确认码不对或已失效，请核对，或重新发送", En: "the code is wrong or has expired; look again, or have another sent"}
	}
	return wrap("confirm email", err)
}
