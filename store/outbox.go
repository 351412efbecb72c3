package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// writeOutbox notes every change for those who follow it, in the transaction
// that makes it.
func (b *batch) writeOutbox(ctx context.Context) error {
	var changed []row
	fresh := map[catalog.RecordKind][]catalog.ID{}
	for _, d := range b.drafts {
		if d.changes() {
			changed = append(changed, row{"kind": d.in.Kind(), "record_id": d.result.ID, "version": d.result.Version})
			fresh[d.in.Kind()] = append(fresh[d.in.Kind()], d.result.ID)
		}
	}
	if err := add(ctx, b.tx, "outbox", []string{"kind", "record_id", "version"}, changed); err != nil {
		return err
	}
	// What a new adoption or a new “possibly the same” says shows at other cases too.
	for _, kind := range []catalog.RecordKind{catalog.KindAdoption, catalog.KindCase} {
		if err := b.noteDependents(ctx, kind, fresh[kind]); err != nil {
			return err
		}
	}
	return nil
}

// dependents finds, for the kinds whose names or numbers show at other records,
// those others: what a follower keeps of them is no longer right.
var dependents = map[catalog.RecordKind]string{
	catalog.KindRegion: `SELECT 'CASE', r.id, r.version FROM cases r WHERE r.region_code IN (SELECT regions_below(ARRAY(SELECT code FROM regions WHERE id = ANY ($1))))
		UNION ALL SELECT 'BRAND', r.id, r.version FROM brands r WHERE r.region_code IN (SELECT regions_below(ARRAY(SELECT code FROM regions WHERE id = ANY ($1))))
		UNION ALL SELECT 'REGION', r.id, r.version FROM regions r WHERE r.code IN (SELECT regions_below(ARRAY(SELECT code FROM regions WHERE id = ANY ($1)))) AND NOT r.id = ANY ($1)
		UNION ALL SELECT 'COMMITTEE', r.id, r.version FROM committees r WHERE r.region_code IN (SELECT regions_below(ARRAY(SELECT code FROM regions WHERE id = ANY ($1))))
		UNION ALL SELECT 'VENUE', r.id, r.version FROM venues r WHERE r.region_code IN (SELECT regions_below(ARRAY(SELECT code FROM regions WHERE id = ANY ($1))))` +
		ofCommittees(`(SELECT id FROM committees WHERE region_code IN (SELECT regions_below(ARRAY(SELECT code FROM regions WHERE id = ANY ($1)))))`),
	catalog.KindCommittee: `SELECT 'CASE', r.id, r.version FROM cases r WHERE r.committee_id = ANY ($1)
		UNION ALL SELECT 'BRAND', r.id, r.version FROM brands r WHERE r.committee_id = ANY ($1)
		UNION ALL SELECT 'PROPOSAL', r.id, r.version FROM proposals r JOIN proposers p ON p.proposal_id = r.id WHERE p.committee_id = ANY ($1)` +
		ofCommittees(`(SELECT unnest($1::bigint[]))`),
	catalog.KindTopic: `SELECT 'CASE', r.id, r.version FROM cases r JOIN case_topics t ON t.case_id = r.id
			WHERE t.topic_id IN (SELECT topics_below(ARRAY(SELECT slug FROM topics WHERE id = ANY ($1))))
		UNION ALL SELECT 'PROPOSAL', r.id, r.version FROM proposals r JOIN proposal_topics t ON t.proposal_id = r.id
			WHERE t.topic_id IN (SELECT topics_below(ARRAY(SELECT slug FROM topics WHERE id = ANY ($1))))
		UNION ALL SELECT 'ACTIVITY', r.id, r.version FROM activities r JOIN activity_topics t ON t.activity_id = r.id
			WHERE t.topic_id IN (SELECT topics_below(ARRAY(SELECT slug FROM topics WHERE id = ANY ($1))))
		UNION ALL SELECT 'CALL', r.id, r.version FROM calls r JOIN call_topics t ON t.call_id = r.id
			WHERE t.topic_id IN (SELECT topics_below(ARRAY(SELECT slug FROM topics WHERE id = ANY ($1))))
		UNION ALL SELECT 'NEED', r.id, r.version FROM needs r JOIN need_topics t ON t.need_id = r.id
			WHERE t.topic_id IN (SELECT topics_below(ARRAY(SELECT slug FROM topics WHERE id = ANY ($1))))`,
	catalog.KindBrand: `SELECT 'CASE', r.id, r.version FROM cases r WHERE r.brand_id IN (SELECT brands_below(ARRAY(SELECT slug FROM brands WHERE id = ANY ($1))))
		UNION ALL SELECT 'BRAND', r.id, r.version FROM brands r WHERE r.id IN (SELECT brands_below(ARRAY(SELECT slug FROM brands WHERE id = ANY ($1))))`,
	catalog.KindAdoption: `SELECT 'CASE', r.id, r.version FROM cases r JOIN adoptions a ON a.case_id = r.id WHERE a.id = ANY ($1)`,
	catalog.KindCase: `SELECT 'CASE', r.id, r.version FROM cases r WHERE r.id IN (
			SELECT other_id FROM possibly_same WHERE case_id = ANY ($1) UNION SELECT case_id FROM possibly_same WHERE other_id = ANY ($1))`,
}

// ofCommittees adds, to a statement of dependents, those records that a search finds by
// the names, the level or the region of one of the committees.
func ofCommittees(committees string) string {
	var sql strings.Builder
	for _, kind := range []catalog.RecordKind{catalog.KindPerson, catalog.KindVenue, catalog.KindActivity, catalog.KindCall, catalog.KindCollection, catalog.KindNeed} {
		sql.WriteString(` UNION ALL SELECT '` + string(kind) + `', r.id, r.version FROM ` + tables[kind].name + ` r WHERE r.committee_id IN ` + committees)
	}
	return sql.String()
}

// noteDependents notes the records at which these ones show.
func (b *batch) noteDependents(ctx context.Context, kind catalog.RecordKind, ids []catalog.ID) error {
	find, ok := dependents[kind]
	if !ok || len(ids) == 0 {
		return nil
	}
	if _, err := b.tx.Exec(ctx, `INSERT INTO outbox (kind, record_id, version) `+find, ids); err != nil {
		return fmt.Errorf("dependents of %s: %w", kind, err)
	}
	return nil
}

// Changes returns up to limit changes after the cursor, in the order in which
// they are to be followed. Only changes whose transactions are older than every
// one still running are given: what a transaction that began earlier and is
// still running may yet add belongs before them. Truncated says that the outbox
// no longer reaches back to the cursor, or that the cursor is of another feed, as
// after a restore, so that what follows it has to be built anew.
func (s *Store) Changes(ctx context.Context, after catalog.Cursor, limit int) (changes []catalog.Change, truncated bool, err error) {
	err = s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var h horizon
		var base string
		// A place past every transaction that there has been is of another feed too,
		// but on a standby, which may not have come so far yet.
		if err := tx.QueryRow(ctx, `SELECT feed, (xid, seq) > ($1::text::xid8, $2::bigint) OR feed <> coalesce(nullif($3, ''), feed)
				OR $1::text::xid8 > pg_snapshot_xmax(pg_current_snapshot()) AND NOT pg_is_in_recovery(), `+timelineSelect+`, xid::text, seq
				FROM outbox_horizon`, xidText(after), after.Seq, after.Feed).Scan(&h.feed, &truncated, &h.timeline, &base, &h.base.Seq); err != nil {
			return err
		}
		if truncated {
			return nil
		}
		if h.base.XID, err = strconv.ParseUint(base, 10, 64); err != nil {
			return err
		}
		at, ok, err := s.prove(ctx, tx, after, h)
		if err != nil || !ok {
			truncated = !ok
			return err
		}
		found, err := tx.Query(ctx, `
			SELECT xid::text::bigint, seq, kind, record_id, version, `+changeSum+` FROM outbox
			WHERE (xid, seq) > ($1::text::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
			ORDER BY xid, seq LIMIT $3`, xidText(after), after.Seq, limit)
		if err != nil {
			return err
		}
		changes, err = pgx.CollectRows(found, func(r pgx.CollectableRow) (c catalog.Change, err error) {
			var sum int64
			err = r.Scan(&at.XID, &at.Seq, &c.Kind, &c.RecordID, &c.Version, &sum)
			at.Feed, at.Sum = h.feed, at.Sum+uint64(sum) //nolint:gosec // modulo 2 to the 64
			c.Cursor = at
			return c, err
		})
		return err
	})
	return changes, truncated, wrap("changes", err)
}

// Failed records that a follower could not apply a change.
func (s *Store) Failed(ctx context.Context, c catalog.Change, cause error) error {
	_, err := s.pool.Exec(ctx, `UPDATE outbox SET attempts = attempts + 1, last_error = $2 WHERE seq = $1`, c.Cursor.Seq, cause.Error())
	return wrap("failed change", err)
}

// Backlog says how far a follower at the cursor is behind: how many changes it
// has not seen, and the age of the oldest.
func (s *Store) Backlog(ctx context.Context, after catalog.Cursor) (changes int, age time.Duration, err error) {
	var seconds float64
	err = s.pool.QueryRow(ctx, `
		SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)
		FROM outbox WHERE (xid, seq) > ($1::text::xid8, $2::bigint)`, xidText(after), after.Seq).Scan(&changes, &seconds)
	return changes, time.Duration(seconds * float64(time.Second)), wrap("backlog", err)
}

// TrimOutbox removes changes that are older than keep and returns their number.
// Who has not followed them by then builds anew.
func (s *Store) TrimOutbox(ctx context.Context, keep time.Duration) (removed int, err error) {
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		// A transaction's changes go together, and only those that every follower may see.
		err := tx.QueryRow(ctx, `
			WITH gone AS (
				DELETE FROM outbox
				WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
					AND xid <= (SELECT xid FROM outbox WHERE at < now() - make_interval(secs => $1) ORDER BY xid DESC LIMIT 1)
				RETURNING xid, seq),
			last AS (SELECT xid, seq FROM gone ORDER BY xid DESC, seq DESC LIMIT 1),
			moved AS (UPDATE outbox_horizon h SET xid = last.xid, seq = last.seq FROM last)
			SELECT count(*) FROM gone`, keep.Seconds()).Scan(&removed)
		return err
	})
	return removed, wrap("trim outbox", err)
}

// xidText returns the cursor's transaction as xid8 is written.
func xidText(c catalog.Cursor) string { return strconv.FormatUint(c.XID, 10) }

// snapshotCursor is the place in the feed from which a transaction's snapshot
// has to be followed: every change of an older transaction is in it.
func snapshotCursor(ctx context.Context, tx pgx.Tx) (catalog.Cursor, error) {
	var c catalog.Cursor
	var xmin, base string
	if err := tx.QueryRow(ctx, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text, feed, `+timelineSelect+`, xid::text, seq FROM outbox_horizon`).
		Scan(&xmin, &c.Feed, &c.Timeline, &base, &c.Base.Seq); err != nil {
		return c, err
	}
	var err error
	if c.XID, err = strconv.ParseUint(xmin, 10, 64); err != nil {
		return c, err
	}
	if c.Base.XID, err = strconv.ParseUint(base, 10, 64); err != nil {
		return c, err
	}
	c.Sum, err = sumUpTo(ctx, tx, c.Base, c.Place())
	return c, err
}
