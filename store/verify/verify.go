// Package verify checks that a database holds what was written into it. It reads by
// the store's own statements where a rule is the database's, and asks the store for
// the rows that a record is written as where it compares.
package verify

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// A rule is a check that one statement makes. checked counts what there is to
// check; broken returns the kind, slug and place of each thing that breaks it.
type rule struct {
	name, zh, en    string
	checked, broken string
}

// What to do about a database that is not what jisi wrote. There is no way to
// mend it from within that would not hide what has happened.
var pastJisi = catalog.Advice{
	Zh: "数据不是经由 jisi 改动的，或磁盘有误：请保存现状备查，再用 jisi restore 恢复最近一份核对无误的备份",
	En: "something changed this past jisi, or a disk forgot: keep the database as it is for whoever looks into it, and bring the last good backup back with jisi restore",
}

// everyRecord has the kind, id, slug, origin, status and version of every record.
var everyRecord = store.EveryRecord()

// rules are the checks that need no more than the database knows itself. What
// is here is also held by its constraints and triggers: a failure means that
// somebody went past them, or that a disk forgot.
var rules = []rule{
	{
		name: "quotes", zh: "引文与出处原文逐字相符", en: "every quote stands in its source at its offsets",
		checked: `SELECT count(*) FROM citations`,
		broken: `SELECT r.kind, r.slug, format('citation %s of source %s at %s', c.position, coalesce(s.slug, '?'), c.start_at)
			FROM citations c LEFT JOIN sources s ON s.id = c.source_id LEFT JOIN ` + everyRecord + ` ON r.id = c.record_id
			WHERE s.id IS NULL OR r.id IS NULL OR substr(s.text, c.start_at + 1, c.end_at - c.start_at) <> c.quote OR c.end_at - c.start_at <> char_length(c.quote)
			ORDER BY 2, 3`,
	},
	{
		name: "cited", zh: "有出处的记录都有引证", en: "every documented record has a citation",
		checked: `SELECT count(*) FROM ` + everyRecord + ` WHERE r.origin = 'DOCUMENTED' AND r.kind <> 'SOURCE'`,
		broken: `SELECT r.kind, r.slug, 'no citation' FROM ` + everyRecord + `
			WHERE r.origin = 'DOCUMENTED' AND r.kind <> 'SOURCE' AND NOT EXISTS (SELECT FROM citations c WHERE c.record_id = r.id) ORDER BY 1, 2`,
	},
	{
		name: "versions", zh: "版本从 1 起连续，且与记录一致", en: "every record has a revision of each of its versions, and no more",
		checked: `SELECT count(*) FROM revisions`,
		broken: `SELECT r.kind, r.slug, CASE WHEN v.version IS NULL THEN format('version %s has no revision', n) ELSE format('revision %s is of no version', v.version) END
			FROM ` + everyRecord + ` CROSS JOIN LATERAL generate_series(1, r.version) n FULL JOIN revisions v ON v.record_id = r.id AND v.version = n
			WHERE v.version IS NULL OR r.id IS NULL ORDER BY 1, 2, 3`,
	},
	{
		name: "identities", zh: "每个编号恰有一条记录", en: "every id has its one record",
		checked: `SELECT count(*) FROM records`,
		broken: `SELECT coalesce(i.kind, r.kind), coalesce(r.slug, '?'), CASE WHEN i.id IS NULL THEN format('id %s is not known', r.id) ELSE format('id %s has no record', i.id) END
			FROM records i FULL JOIN ` + everyRecord + ` ON r.id = i.id AND r.kind = i.kind WHERE i.id IS NULL OR r.id IS NULL ORDER BY 1, 2, 3`,
	},
	{
		name: "counts", zh: "案例所存计数与实际一致", en: "the counts kept with every case are right",
		checked: `SELECT count(*) FROM cases`,
		broken: `SELECT kind, slug, format('%s adoptions kept, %s there; %s steps kept, %s there', adoption_count, adopted, documented_steps, documented) FROM (
			SELECT c.*, (SELECT count(*) FROM adoptions a WHERE a.case_id = c.id AND a.status = 'PUBLISHED') AS adopted,
				(SELECT count(*) FROM steps s WHERE s.case_id = c.id) AS documented FROM cases c) c
			WHERE adoption_count <> adopted OR documented_steps <> documented ORDER BY 2`,
	},
	{
		name: "attachments", zh: "附件的内容与校验和一致", en: "the bytes of every attachment have its checksum",
		checked: `SELECT count(*) FROM attachments WHERE removed_at IS NULL`,
		broken: `SELECT 'CASE', c.slug, format('attachment %s, %s', a.id, a.name) FROM attachments a JOIN cases c ON c.id = a.case_id LEFT JOIN files f ON f.sum = a.sum
			WHERE a.removed_at IS NULL AND (f.sum IS NULL OR sha256(f.content) <> f.sum OR octet_length(f.content) <> a.bytes) ORDER BY 2, 3`,
	},
	{
		name: "adopters", zh: "没有政协推广引进自己的案例", en: "no committee has taken over a case of its own",
		checked: `SELECT count(*) FROM adoptions`,
		broken:  `SELECT a.kind, a.slug, 'of ' || c.slug FROM adoptions a JOIN cases c ON c.id = a.case_id WHERE c.committee_id = a.adopter_id ORDER BY 2`,
	},
	sectionsRule,
	reportsRule,
	countsTowardsRule,
	chainRule,
}

// Database checks the whole database as of one moment: the rules of the domain,
// that every revision is what was written, and that every record is what its
// latest revision says, to the byte. It changes nothing. What it cannot see is a
// record whose last revisions were all written anew with their digests, by
// somebody who knows how: for that, see Released. Its error means that it could not
// look; what it found is in the Verification. It is safe beside writers.
func Database(ctx context.Context, s *store.Store) (*catalog.Verification, error) {
	v := &catalog.Verification{}
	err := s.InTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, r := range rules {
			c, err := r.check(ctx, tx)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			v.Checks = append(v.Checks, c)
		}
		digests, contents, err := checkContents(ctx, tx)
		v.Checks = append(v.Checks, digests, contents)
		return err
	})
	if err != nil {
		return v, fmt.Errorf("verify: %w", err)
	}
	return v, nil
}

func (r rule) check(ctx context.Context, tx pgx.Tx) (*catalog.Check, error) {
	c := &catalog.Check{Name: r.name, Zh: r.zh, En: r.en, Advice: pastJisi}
	if err := tx.QueryRow(ctx, r.checked).Scan(&c.Checked); err != nil {
		return nil, err
	}
	return c, eachFailure(ctx, tx, r.broken, c)
}

// eachFailure notes the failures that a statement returns.
func eachFailure(ctx context.Context, tx pgx.Tx, sql string, c *catalog.Check, args ...any) error {
	found, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	var kind, slug *string // of what has no record, or a record of no kind, there is none
	var what string
	_, err = pgx.ForEachRow(found, []any{&kind, &slug, &what}, func() error {
		unknown := "?"
		if kind == nil {
			kind = &unknown
		}
		if slug == nil {
			slug = &unknown
		}
		c.Fail(catalog.RecordKind(*kind), *slug, what)
		return nil
	})
	return err
}
