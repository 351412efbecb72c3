package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

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

// UnsentDeliveries returns how many deliveries were given up, and of how many nobody
// knows whether they arrived.
func (s *Store) UnsentDeliveries(ctx context.Context) (failed, uncertain int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'FAILED'), count(*) FILTER (WHERE state = 'UNCERTAIN') FROM deliveries WHERE state IN ('FAILED', 'UNCERTAIN')`).Scan(&failed, &uncertain)
	return failed, uncertain, wrap("unsent deliveries", err)
}
