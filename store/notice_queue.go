package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// accountLives is the condition under which an account, v with name, role and
// committee_id, is good: of a token that is, or seen by the identity provider in the
// last 90 days. What is sent goes to nobody whose access has ended or was changed.
const accountLives = `(EXISTS (SELECT FROM access_tokens t WHERE t.name = v.name AND t.role = v.role AND t.committee_id IS NOT DISTINCT FROM v.committee_id AND t.revoked_at IS NULL AND t.expires_at > now())
	OR EXISTS (SELECT FROM account_log l WHERE l.event = 'SIGNED_IN' AND l.way = 'PROVIDER' AND l.name = v.name AND l.role = v.role
		AND l.committee_id IS NOT DISTINCT FROM v.committee_id AND l.at > now() - interval '90 days'))`

// queueAtOnce is how many notices one transaction looks at, and noticesAtOnce how many
// one message has at most, by its way.
const queueAtOnce = 500

var noticesAtOnce = map[catalog.DeliveryWay]int{catalog.ByEmail: 100, catalog.ByWebhook: 10}

// listener is an account that may be told of something outside the site.
type listener struct {
	key     string
	viewer  catalog.Viewer
	mailed  bool // has an address
	choices map[catalog.NoticeKind]catalog.DeliveryChoice
}

// QueueNotices makes deliveries of the notices that nobody has looked at yet, and
// returns how many it looked at. A notice is looked at once, by whichever server comes
// first, in one transaction with the deliveries that it leads to.
func (s *Store) QueueNotices(ctx context.Context) (looked int, err error) {
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		found, err := tx.Query(ctx, `DELETE FROM notice_queue WHERE notice_id IN (SELECT notice_id FROM notice_queue ORDER BY notice_id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING notice_id`, queueAtOnce)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
		if looked = len(ids); err != nil || looked == 0 {
			return err
		}
		return queueFor(ctx, tx, ids)
	})
	return looked, wrap("queue notices", err)
}

func queueFor(ctx context.Context, tx pgx.Tx, ids []catalog.ID) error {
	all, err := listeners(ctx, tx, ids)
	if err != nil {
		return err
	}
	hooks, err := openWebhooks(ctx, tx)
	if err != nil {
		return err
	}
	posts := map[catalog.ID][]catalog.ID{} // notices, by the webhook
	for _, l := range all {
		var now, daily []catalog.ID
		told, err := l.told(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, n := range told {
			choice := l.choices[n.Of]
			switch {
			case !l.mailed:
			case choice.Email == catalog.EmailImmediate:
				now = append(now, n.ID)
			case choice.Email == catalog.EmailDaily:
				daily = append(daily, n.ID)
			}
			for hook, committee := range hooks {
				if choice.Webhook && (committee == 0 || committee == l.viewer.Committee) && !slices.Contains(posts[hook], n.ID) {
					posts[hook] = append(posts[hook], n.ID)
				}
			}
		}
		for part := range slices.Chunk(now, noticesAtOnce[catalog.ByEmail]) {
			key := fmt.Sprintf("notices %d %s", part[0], l.key)
			if err := queue(ctx, tx, part, `INSERT INTO deliveries (key, way, purpose, viewer) VALUES ($1, 'EMAIL', 'NOTICES', $2) ON CONFLICT (key) DO NOTHING RETURNING id`, key, l.key); err != nil {
				return err
			}
		}
		if len(daily) > 0 {
			if err := queueDaily(ctx, tx, l.key, daily, catalog.NextDigest(time.Now())); err != nil {
				return err
			}
		}
	}
	for _, hook := range slices.Sorted(maps.Keys(posts)) {
		slices.Sort(posts[hook])
		for part := range slices.Chunk(posts[hook], noticesAtOnce[catalog.ByWebhook]) {
			key := fmt.Sprintf("notices %d webhook %d", part[0], hook)
			if err := queue(ctx, tx, part, `INSERT INTO deliveries (key, way, purpose, webhook_id) VALUES ($1, 'WEBHOOK', 'NOTICES', $2) ON CONFLICT (key) DO NOTHING RETURNING id`, key, hook); err != nil {
				return err
			}
		}
	}
	return nil
}

// queue inserts a delivery of the notices, where it is not there yet.
func queue(ctx context.Context, tx pgx.Tx, notices []catalog.ID, insert string, args ...any) error {
	var id catalog.ID
	err := tx.QueryRow(ctx, insert, args...).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return enclose(ctx, tx, id, notices)
}

func enclose(ctx context.Context, tx pgx.Tx, delivery catalog.ID, notices []catalog.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO delivery_notices (delivery_id, notice_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING`, delivery, notices)
	return err
}

// queueDaily adds notices to the account's next e-mail of a day that has not begun to be
// sent.
func queueDaily(ctx context.Context, tx pgx.Tx, viewer string, notices []catalog.ID, due time.Time) error {
	for {
		var id catalog.ID
		var open bool
		err := tx.QueryRow(ctx, `INSERT INTO deliveries (key, way, purpose, viewer, due_at) VALUES ($1, 'EMAIL', 'DIGEST', $2, $3)
			ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key RETURNING id, state = 'PENDING' AND tries = 0`,
			"daily "+string(catalog.DayOf(due))+" "+viewer, viewer, due).Scan(&id, &open)
		if err != nil {
			return err
		}
		if open {
			return enclose(ctx, tx, id, notices)
		}
		due = due.AddDate(0, 0, 1)
	}
}

// listeners are the accounts that some of the notices may be for, in an order in which
// two servers never wait for each other.
func listeners(ctx context.Context, tx pgx.Tx, notices []catalog.ID) ([]*listener, error) {
	found, err := tx.Query(ctx, `SELECT v.viewer, v.email IS NOT NULL, `+viewerSelect+` FROM delivery_settings v
		WHERE EXISTS (SELECT FROM delivery_choices c WHERE c.viewer = v.viewer AND (c.email <> 'OFF' OR c.webhook)) AND `+accountLives+`
			AND EXISTS (SELECT FROM notices n WHERE n.id = ANY ($1) AND (n.to_viewer = v.viewer OR n.to_name = v.name OR n.to_committee IS NOT NULL AND v.committee_id IS NOT NULL))
		ORDER BY v.viewer`, notices)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*listener, error) {
		l := &listener{choices: map[catalog.NoticeKind]catalog.DeliveryChoice{}}
		return l, row.Scan(append([]any{&l.key, &l.mailed}, viewerScan(&l.viewer)...)...)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	by := map[string]*listener{}
	for _, l := range all {
		by[l.key] = l
	}
	found, err = tx.Query(ctx, `SELECT viewer, of, email, webhook FROM delivery_choices WHERE viewer = ANY ($1)`, slices.Collect(maps.Keys(by)))
	if err != nil {
		return nil, err
	}
	var key string
	var c catalog.DeliveryChoice
	_, err = pgx.ForEachRow(found, []any{&key, &c.Kind, &c.Email, &c.Webhook}, func() error {
		by[key].choices[c.Kind] = c
		return nil
	})
	return all, err
}

// told are those of the notices of which the account is told on the site, by id.
func (l *listener) told(ctx context.Context, tx pgx.Tx, notices []catalog.ID) ([]catalog.Notice, error) {
	list, _ := noticeList(catalog.WithViewer(ctx, &l.viewer), &l.viewer, nil)
	list.and(`r.id = ANY (%s)`, notices)
	found, err := tx.Query(ctx, `SELECT r.id, r.of FROM `+list.from+` WHERE `+list.Conditions()+` ORDER BY r.id`, list.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (n catalog.Notice, err error) {
		err = row.Scan(&n.ID, &n.Of)
		return n, err
	})
}

// openWebhooks are all webhooks with their committees, 0 for none.
func openWebhooks(ctx context.Context, tx pgx.Tx) (map[catalog.ID]catalog.ID, error) {
	found, err := tx.Query(ctx, `SELECT id, coalesce(committee_id, 0) FROM webhooks`)
	if err != nil {
		return nil, err
	}
	all := map[catalog.ID]catalog.ID{}
	var id, committee catalog.ID
	_, err = pgx.ForEachRow(found, []any{&id, &committee}, func() error {
		all[id] = committee
		return nil
	})
	return all, err
}

// QueuedNotices returns how many notices nobody has looked at yet.
func (s *Store) QueuedNotices(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM notice_queue`).Scan(&n)
	return n, wrap("queued notices", err)
}
