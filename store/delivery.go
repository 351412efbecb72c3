package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
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

// ClaimDelivery claims the delivery of that way that has been due longest, for as long
// as lease, and returns all that its sender needs; ok is false where none is due. What
// has nobody to go to any more, or nothing to say, is dropped on the way.
func (s *Store) ClaimDelivery(ctx context.Context, way catalog.DeliveryWay, claim string, lease time.Duration) (p *catalog.Parcel, ok bool, err error) {
	for {
		p = &catalog.Parcel{Claim: claim, Way: way}
		var viewer *string
		var hook *catalog.ID
		err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `UPDATE deliveries SET state = 'SENDING', tries = tries + 1, claim = $2, claimed_until = now() + $3::interval
				WHERE id = (SELECT id FROM deliveries WHERE way = $1 AND state = 'PENDING' AND due_at <= now() ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
				RETURNING id, key, purpose, tries, made_at, viewer, webhook_id`, way, claim, lease).
				Scan(&p.ID, &p.Key, &p.Purpose, &p.Tries, &p.MadeAt, &viewer, &hook)
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, wrap("claim delivery", err)
		}
		why := ""
		if viewer != nil {
			why, err = s.packEmail(ctx, p, *viewer)
		} else {
			why, err = s.packWebhook(ctx, p, *hook)
		}
		if err != nil {
			return nil, false, wrap("pack delivery", err)
		}
		if why == "" {
			return p, true, nil
		}
		if err := s.EndDelivery(ctx, p, catalog.DeliveryOutcome{State: catalog.DeliveryDropped, Problem: why}); err != nil {
			return nil, false, err
		}
	}
}

// packEmail puts into a parcel what an account is to get; why says for what it is to
// get nothing.
func (s *Store) packEmail(ctx context.Context, p *catalog.Parcel, viewer string) (why string, err error) {
	v := &catalog.Viewer{}
	var lives bool
	var email, asked *string
	err = s.pool.QueryRow(ctx, `SELECT `+accountLives+`, v.email, v.asked_email, `+viewerSelect+` FROM delivery_settings v WHERE v.viewer = $1`, viewer).
		Scan(append([]any{&lives, &email, &asked}, viewerScan(v)...)...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "没有这个账号的设置", nil
	case err != nil:
		return "", err
	case !lives:
		return "账号已撤销、过期或权限有变", nil
	}
	p.Name = v.Name
	if p.Purpose == catalog.ForConfirm {
		if asked == nil {
			return "不用再确认", nil
		}
		var hash [32]byte
		p.Email = *asked
		p.Code, hash = catalog.NewConfirmCode()
		_, err = s.pool.Exec(ctx, `UPDATE delivery_settings SET code_hash = $2, code_expires = now() + $3::interval, code_tries = 0 WHERE viewer = $1`, viewer, hash[:], catalog.ConfirmLife)
		return "", err
	}
	if email == nil {
		return "没有确认过的邮箱", nil
	}
	p.Email = *email
	var unread *bool
	if p.Purpose == catalog.ForDigest { // what was read in the day is no news
		only := true
		unread = &only
	}
	ctx = catalog.WithViewer(ctx, v)
	l, key := noticeList(ctx, v, unread)
	l.and(`r.id IN (SELECT notice_id FROM delivery_notices WHERE delivery_id = %s)`, p.ID)
	most := noticesAtOnce[catalog.ByEmail]
	page, err := top(pages(ctx, s, noticeRows(key), l, catalog.Parents{}, catalog.PageArgs{First: &most}))
	if err != nil {
		return "", err
	}
	if len(page.Items) == 0 {
		return "没有还要告知的内容", nil
	}
	if page.HasNext {
		n, err := top(counts(ctx, s, l, catalog.Parents{}))
		if err != nil {
			return "", err
		}
		p.More = n - len(page.Items)
	}
	slices.Reverse(page.Items)
	p.Notices = page.Items
	return "", nil
}

// noticePublic is the condition under which a notice's record is public.
var noticePublic = ofRecord(func(kind catalog.RecordKind, table, _ string) string {
	public := `EXISTS (SELECT FROM ` + table + ` x WHERE x.id = r.record_id AND x.status = 'PUBLISHED'`
	if kind == catalog.KindAdoption {
		public += ` AND EXISTS (SELECT FROM cases c WHERE c.id = x.case_id AND c.status = 'PUBLISHED')`
	}
	return public + `)`
}, `false`)

// packWebhook puts into a parcel what a group is to get. Who is in it nobody knows, so
// that it gets no title of what is not public, and no word of who did what.
func (s *Store) packWebhook(ctx context.Context, p *catalog.Parcel, hook catalog.ID) (why string, err error) {
	err = s.pool.QueryRow(ctx, `SELECT name, form, url, secret FROM webhooks WHERE id = $1`, hook).Scan(&p.Name, &p.Form, &p.URL, &p.Secret)
	if errors.Is(err, pgx.ErrNoRows) {
		return "通知地址已删除", nil
	}
	if err != nil || p.Purpose == catalog.ForTest {
		return "", err
	}
	found, err := s.pool.Query(ctx, `SELECT `+noticeSelect+`, `+noticePublic+` FROM notices r
		WHERE r.id IN (SELECT notice_id FROM delivery_notices WHERE delivery_id = $1) ORDER BY r.id`, p.ID)
	if err != nil {
		return "", err
	}
	n, public := catalog.Notice{}, false
	_, err = pgx.ForEachRow(found, append(noticeScan(&n), &public), func() error {
		told := n
		told.Actor = ""
		if told.Of != catalog.NoticeThanked {
			told.Detail = ""
		}
		switch {
		case public:
		case n.Of == catalog.NoticeToReview || n.Of == catalog.NoticeReturned:
			told.Slug, told.Title, told.Adopter = "", "", ""
		default: // withdrawn since
			return nil
		}
		p.Notices = append(p.Notices, &told)
		return nil
	})
	if err == nil && len(p.Notices) == 0 {
		why = "没有还要告知的内容"
	}
	return why, err
}

// errClaimLost says that a delivery is another sender's by now.
var errClaimLost = &catalog.Error{Kind: catalog.KindConflict, Zh: "这次发送已由别的服务接手", En: "another sender has taken the delivery over"}

// HandDelivery notes, right before it happens, that the receiver may act on the delivery
// from now on. It fails with CONFLICT where the claim has been lost: then nothing may
// leave.
func (s *Store) HandDelivery(ctx context.Context, p *catalog.Parcel, lease time.Duration) error {
	tag, err := s.pool.Exec(ctx, `UPDATE deliveries SET state = 'HANDING', claimed_until = now() + $3::interval WHERE id = $1 AND claim = $2 AND state = 'SENDING'`, p.ID, p.Claim, lease)
	if err == nil && tag.RowsAffected() == 0 {
		err = errClaimLost
	}
	return wrap("hand delivery", err)
}

// EndDelivery notes what became of a try. PENDING is another one after a pause.
func (s *Store) EndDelivery(ctx context.Context, p *catalog.Parcel, o catalog.DeliveryOutcome) error {
	tag, err := s.pool.Exec(ctx, `UPDATE deliveries SET state = $3, problem = nullif($4, ''), claim = NULL, claimed_until = NULL,
			due_at = CASE WHEN $3 = 'PENDING' THEN now() + $5::interval ELSE due_at END, ended_at = CASE WHEN $3 = 'PENDING' THEN NULL ELSE now() END
		WHERE id = $1 AND claim = $2 AND state IN ('SENDING', 'HANDING')`, p.ID, p.Claim, string(o.State), catalog.Clip(o.Problem, catalog.MaxReason), catalog.RetryAfter(p.Tries))
	if err == nil && tag.RowsAffected() == 0 {
		err = errClaimLost
	}
	return wrap("end delivery", err)
}

// ReleaseDeliveries takes over what was claimed by senders that have not been heard of,
// and returns how many. What had not been handed over is due again; what had, only
// where the receiver can tell that it has it already. What nobody could send for days
// is given up.
func (s *Store) ReleaseDeliveries(ctx context.Context) (released int, err error) {
	tag, err := s.pool.Exec(ctx, `UPDATE deliveries d SET claim = NULL, claimed_until = NULL,
			state = CASE WHEN again THEN 'PENDING' ELSE 'UNCERTAIN' END, ended_at = CASE WHEN again THEN NULL ELSE now() END,
			problem = CASE WHEN again THEN problem ELSE '发送途中服务停止，不知道对方是否收到' END
		FROM (SELECT x.id, x.state = 'SENDING' OR w.form = 'GENERIC' AS again FROM deliveries x LEFT JOIN webhooks w ON w.id = x.webhook_id
			WHERE x.state IN ('SENDING', 'HANDING') AND x.claimed_until < now() FOR UPDATE OF x SKIP LOCKED) late
		WHERE d.id = late.id`)
	if err != nil {
		return 0, wrap("release deliveries", err)
	}
	_, err = s.pool.Exec(ctx, `UPDATE deliveries SET state = 'FAILED', ended_at = now(), problem = coalesce(problem, '几天内没有服务能发送，见 jisi doctor')
		WHERE state = 'PENDING' AND due_at < now() - interval '4 days'`)
	return int(tag.RowsAffected()), wrap("give up deliveries", err)
}

// TrimDeliveries removes what was sent long ago.
func (s *Store) TrimDeliveries(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM deliveries WHERE ended_at < now() - make_interval(secs => $1)`, catalog.KeepDeliveries.Seconds()); err != nil {
		return wrap("trim deliveries", err)
	}
	return s.trimAccounts(ctx)
}

// Deliveries returns what is and was sent, in these states where any are given, the
// last first. It fails with FORBIDDEN for all but admins.
func (s *Store) Deliveries(ctx context.Context, states []catalog.DeliveryState, most int) ([]*catalog.Delivery, error) {
	if _, err := admin(ctx); err != nil {
		return nil, err
	}
	found, err := s.pool.Query(ctx, `SELECT d.id, d.way, d.purpose, coalesce(v.name, w.name, ''), d.state, d.tries, (SELECT count(*) FROM delivery_notices n WHERE n.delivery_id = d.id),
			d.problem, d.made_at, d.due_at, d.ended_at
		FROM deliveries d LEFT JOIN delivery_settings v ON v.viewer = d.viewer LEFT JOIN webhooks w ON w.id = d.webhook_id
		WHERE cardinality($1::text[]) = 0 OR d.state = ANY ($1) ORDER BY d.id DESC LIMIT $2`, append([]catalog.DeliveryState{}, states...), most)
	if err != nil {
		return nil, wrap("deliveries", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Delivery, error) {
		d := &catalog.Delivery{}
		return d, row.Scan(&d.ID, &d.Way, &d.Purpose, &d.To, &d.State, &d.Tries, &d.Notices, &d.Problem, &d.MadeAt, &d.DueAt, &d.EndedAt)
	})
	return list, wrap("deliveries", err)
}

// RetryDelivery has what was given up, or may not have arrived, sent again, as an admin
// says. It fails with NOT_FOUND where it is neither.
func (s *Store) RetryDelivery(ctx context.Context, global string) error {
	if _, err := admin(ctx); err != nil {
		return err
	}
	id, _ := strconv.ParseInt(global, 10, 64) // 0 is none's
	tag, err := s.pool.Exec(ctx, `UPDATE deliveries SET state = 'PENDING', tries = 0, due_at = now(), ended_at = NULL WHERE id = $1 AND state IN ('UNCERTAIN', 'FAILED')`, id)
	if err == nil && tag.RowsAffected() == 0 {
		err = &catalog.Error{Kind: catalog.KindNotFound, Path: "id", Zh: "没有这条未发出的通知", En: "there is no such delivery that was given up"}
	}
	return wrap("retry delivery", err)
}

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

// QueuedNotices returns how many notices nobody has looked at yet.
func (s *Store) QueuedNotices(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM notice_queue`).Scan(&n)
	return n, wrap("queued notices", err)
}

// UnsentDeliveries returns how many deliveries were given up, and of how many nobody
// knows whether they arrived.
func (s *Store) UnsentDeliveries(ctx context.Context) (failed, uncertain int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'FAILED'), count(*) FILTER (WHERE state = 'UNCERTAIN') FROM deliveries WHERE state IN ('FAILED', 'UNCERTAIN')`).Scan(&failed, &uncertain)
	return failed, uncertain, wrap("unsent deliveries", err)
}
