package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// admin returns the context's viewer where it is an admin.
func admin(ctx context.Context) (*catalog.Viewer, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	if v.Role != catalog.RoleAdmin {
		return nil, &catalog.Error{
			Kind: catalog.KindForbidden,
			Zh:   fmt.Sprintf("您的身份是%s，通知地址和发送记录由管理员管理", v.Role.Label()),
			En:   "webhooks and what was sent are an admin's to manage",
		}
	}
	return v, nil
}

// Webhooks returns the addresses that notices are sent to. It fails with FORBIDDEN for
// all but admins.
func (s *Store) Webhooks(ctx context.Context) ([]*catalog.Webhook, error) {
	if _, err := admin(ctx); err != nil {
		return nil, err
	}
	return s.AllWebhooks(ctx)
}

// AllWebhooks is Webhooks for whoever runs the server.
func (s *Store) AllWebhooks(ctx context.Context) ([]*catalog.Webhook, error) {
	found, err := s.pool.Query(ctx, `SELECT id, name, form, url, committee_id, made_by, made_at FROM webhooks ORDER BY name`)
	if err != nil {
		return nil, wrap("webhooks", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Webhook, error) {
		w := &catalog.Webhook{}
		var address string
		err := row.Scan(&w.ID, &w.Name, &w.Form, &address, &w.CommitteeID, &w.MadeBy, &w.MadeAt)
		if u, wrong := url.Parse(address); wrong == nil {
			w.Host, w.Address = u.Host, u.Host
			if u.Port() == "" {
				w.Address = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
			}
		}
		return w, err
	})
	return list, wrap("webhooks", err)
}

// AddWebhook keeps an address in the name of the context's viewer, an admin, and
// returns its id with the secret that signs what is sent there, which is shown this
// once. It fails with the input's Problems and CONFLICT for a name that is taken.
func (s *Store) AddWebhook(ctx context.Context, in *catalog.WebhookInput) (made *catalog.Webhook, secret string, err error) {
	v, err := admin(ctx)
	if err != nil {
		return nil, "", err
	}
	if err := in.Validate(); err != nil {
		return nil, "", err
	}
	if in.Form == catalog.WebhookGeneric { // as Standard Webhooks has it
		var bits [32]byte
		rand.Read(bits[:]) //nolint:errcheck // crypto/rand.Read never fails: it ends the process
		secret = "whsec_" + base64.StdEncoding.EncodeToString(bits[:])
	}
	kept := secret
	if in.Secret != nil && in.Form != catalog.WebhookGeneric {
		kept = *in.Secret
	}
	var id catalog.ID
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		called := ""
		if in.Committee != nil {
			called = *in.Committee
		}
		committee, err := committeeCalled(ctx, tx, called)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `INSERT INTO webhooks (name, form, url, secret, committee_id, made_by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING RETURNING id`,
			in.Name, in.Form, in.URL, kept, committee, v.Name).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return &catalog.Error{Kind: catalog.KindConflict, Path: "name", Zh: "已有同名的通知地址，请换一个名称", En: "there is a webhook of that name; choose another"}
		}
		if err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventWebhookChanged, name: in.Name, committee: committee, detail: "新增 " + in.Form.Label()})
	})
	if err != nil {
		return nil, "", wrap("add webhook", err)
	}
	all, err := s.AllWebhooks(ctx)
	for _, w := range all {
		if w.ID == id {
			made = w
		}
	}
	return made, secret, err
}

// RemoveWebhook forgets an address, with what waits to be sent there.
func (s *Store) RemoveWebhook(ctx context.Context, global string) error {
	return s.withWebhook(ctx, global, func(tx pgx.Tx, id catalog.ID, name string, committee *catalog.ID) error {
		if _, err := tx.Exec(ctx, `DELETE FROM webhooks WHERE id = $1`, id); err != nil {
			return err
		}
		return logAccount(ctx, tx, accountLine{event: catalog.EventWebhookChanged, name: name, committee: committee, detail: "删除"})
	})
}

// TestWebhook sends a message there that says that it is a test.
func (s *Store) TestWebhook(ctx context.Context, global string) error {
	return s.withWebhook(ctx, global, func(tx pgx.Tx, id catalog.ID, _ string, _ *catalog.ID) error {
		_, err := tx.Exec(ctx, `INSERT INTO deliveries (key, way, purpose, webhook_id) VALUES ($1, 'WEBHOOK', 'TEST', $2)`, "test "+global+" "+rand.Text(), id)
		return err
	})
}

func (s *Store) withWebhook(ctx context.Context, global string, do func(tx pgx.Tx, id catalog.ID, name string, committee *catalog.ID) error) error {
	if _, err := admin(ctx); err != nil {
		return err
	}
	number, _ := strconv.ParseInt(global, 10, 64) // 0 is none's
	err := s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		var name string
		var committee *catalog.ID
		err := tx.QueryRow(ctx, `SELECT name, committee_id FROM webhooks WHERE id = $1 FOR UPDATE`, number).Scan(&name, &committee)
		if errors.Is(err, pgx.ErrNoRows) {
			return &catalog.Error{Kind: catalog.KindNotFound, Path: "id", Zh: "没有这个通知地址", En: "there is no such webhook"}
		}
		if err != nil {
			return err
		}
		return do(tx, catalog.ID(number), name, committee)
	})
	return wrap("webhook", err)
}
