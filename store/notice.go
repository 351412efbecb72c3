package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// noticed are the kinds of records that notices are about, each with the
// expression of what it is called; x is its row.
var noticed = []struct {
	kind  catalog.RecordKind
	title string
}{
	{catalog.KindCase, `x.title`},
	{catalog.KindBrand, `x.name`},
	{catalog.KindProposal, `x.title`},
	{catalog.KindAdoption, `(SELECT c.title FROM cases c WHERE c.id = x.case_id)`},
	{catalog.KindNeed, `x.problem`},
	{catalog.KindCall, `x.title`},
	{catalog.KindCollection, `x.title`},
	{catalog.KindEvaluation, `x.department`},
	{catalog.KindReport, `x.title`},
	{catalog.KindPractice, `x.title`},
	{catalog.KindPerson, `x.name`},
	{catalog.KindVenue, `x.name`},
	{catalog.KindActivity, `x.title`},
	{catalog.KindRound, `x.year::text`},
}

// ofRecord writes a CASE over the kinds of records of the notice r, with an
// expression of each one's row x.
func ofRecord(each func(kind catalog.RecordKind, table, title string) string, otherwise string) string {
	sql := `CASE r.record_kind`
	for _, n := range noticed {
		sql += ` WHEN '` + string(n.kind) + `' THEN ` + each(n.kind, tables[n.kind].name, n.title)
	}
	return sql + ` ELSE ` + otherwise + ` END`
}

// noticeRows are read with the title of the record, and with whether the viewer,
// of the place holder, has read them.
func noticeRows(viewer string) noun[catalog.Notice] {
	return noun[catalog.Notice]{
		table: table{name: "notices"}, headless: true,
		selected: noticeSelect + `, EXISTS (SELECT FROM notice_reads n WHERE n.notice_id = r.id AND n.viewer = ` + viewer + `)`,
		scan:     func(n *catalog.Notice) []any { return append(noticeScan(n), &n.Read) },
	}
}

// noticeSelect selects a notice, r, with its record's slug and title; of an adoption
// its case's.
var noticeSelect = `r.id, r.of, r.record_kind, r.record_id,
	coalesce(` + ofRecord(func(kind catalog.RecordKind, table, _ string) string {
	if kind == catalog.KindAdoption {
		return `(SELECT c.slug FROM adoptions x JOIN cases c ON c.id = x.case_id WHERE x.id = r.record_id)`
	}
	return `(SELECT x.slug FROM ` + table + ` x WHERE x.id = r.record_id)`
}, `''`) + `, ''),
	coalesce(` + ofRecord(func(_ catalog.RecordKind, table, title string) string {
	return `(SELECT ` + title + ` FROM ` + table + ` x WHERE x.id = r.record_id)`
}, `''`) + `, ''),
	coalesce((SELECT m.name FROM adoptions a JOIN committees m ON m.id = a.adopter_id WHERE a.id = r.record_id), ''),
	r.actor, coalesce(r.detail, ''), r.at`

func noticeScan(n *catalog.Notice) []any {
	return []any{&n.ID, &n.Of, &n.Kind, &n.RecordID, &n.Slug, &n.Title, &n.Adopter, &n.Actor, &n.Detail, &n.At}
}

// noticeList is what the viewer is told: what goes to it, of records that it may
// read, and never what it did itself. Of records that wait for review it is told
// for as long as they wait.
func noticeList(ctx context.Context, v *catalog.Viewer, unread *bool) (l List, viewer string) {
	l = List{from: `notices r`, order: order{"ID", `r.id`, "bigint", true}, seen: `true`}
	viewer = l.arg(viewerKey(v))
	l.and(`r.at > now() - make_interval(secs => %s)`, catalog.KeepNotices.Seconds())
	l.and(`r.actor <> %s`, v.Name)
	to := `r.to_viewer = ` + viewer
	if v.Role != catalog.RoleReader {
		to += ` OR r.to_name = ` + l.arg(v.Name)
	}
	if v.Committee != 0 && v.Role != catalog.RoleReader {
		to += ` OR r.of <> 'TO_REVIEW' AND r.to_committee = ` + l.arg(v.Committee)
	}
	// Whose review it is, the table of permissions says.
	var reviews []catalog.ID
	for _, committee := range append([]catalog.ID{v.Committee}, v.Below...) {
		if committee != 0 && catalog.May(v, catalog.ActionPublish, committee, catalog.StatusInReview) == nil {
			reviews = append(reviews, committee)
		}
	}
	if len(reviews) > 0 {
		to += ` OR r.of = 'TO_REVIEW' AND r.to_committee = ANY (` + l.arg(reviews) + `)`
	}
	l.where = append(l.where, `(`+to+`)`, ofRecord(func(kind catalog.RecordKind, table, _ string) string {
		readable := `EXISTS (SELECT FROM ` + table + ` x WHERE x.id = r.record_id AND (r.of <> 'TO_REVIEW' OR x.status = 'IN_REVIEW') AND ` + Readable(ctx, table, "x", &l.args)
		if kind == catalog.KindAdoption {
			readable += ` AND EXISTS (SELECT FROM cases c WHERE c.id = x.case_id AND ` + Readable(ctx, "cases", "c", &l.args) + `)`
		}
		return readable + `)`
	}, `false`))
	if unread != nil {
		l.and(`EXISTS (SELECT FROM notice_reads n WHERE n.notice_id = r.id AND n.viewer = `+viewer+`) <> %s`, *unread)
	}
	return l, viewer
}

// Notices returns a page of what the context's viewer is told, newest first.
func (s *Store) Notices(ctx context.Context, unread *bool, page catalog.PageArgs) (*catalog.Page[*catalog.Notice], error) {
	v, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	l, viewer := noticeList(ctx, v, unread)
	return top(pages(ctx, s, noticeRows(viewer), l, catalog.Parents{}, page))
}

// CountNotices counts what Notices lists.
func (s *Store) CountNotices(ctx context.Context, unread *bool) (int, error) {
	v, err := signedIn(ctx)
	if err != nil {
		return 0, err
	}
	l, _ := noticeList(ctx, v, unread)
	return top(counts(ctx, s, l, catalog.Parents{}))
}

// MarkNoticesRead marks notices of the context's viewer as read, all where ids is
// nil, and returns how many it marked and how many are left. What is not the
// viewer's is passed over.
func (s *Store) MarkNoticesRead(ctx context.Context, ids []catalog.ID) (marked, unread int, err error) {
	v, err := signedIn(ctx)
	if err != nil {
		return 0, 0, err
	}
	only := true
	l, viewer := noticeList(ctx, v, &only)
	if ids != nil {
		l.and(`r.id = ANY (%s)`, ids)
	}
	tag, err := s.pool.Exec(ctx, `INSERT INTO notice_reads (notice_id, viewer) SELECT r.id, `+viewer+` FROM notices r WHERE `+l.Conditions()+` ON CONFLICT DO NOTHING`, l.args...)
	if err != nil {
		return 0, 0, wrap("mark notices", err)
	}
	unread, err = s.CountNotices(ctx, &only)
	return int(tag.RowsAffected()), unread, err
}

// writeNotices tells of the batch's changes whom they concern, in the transaction
// that makes them. Of the changes that a viewer makes, the committees and people
// whose work it is are told; of all that is public, who follows it.
func (b *batch) writeNotices(ctx context.Context) error {
	public := map[catalog.RecordKind][]catalog.ID{}
	for _, d := range b.drafts {
		if !d.changes() {
			continue
		}
		if d.in.Head().Status == catalog.StatusPublished {
			public[d.in.Kind()] = append(public[d.in.Kind()], d.result.ID)
		}
		if b.change != nil {
			if err := b.tellOf(ctx, d); err != nil {
				return err
			}
		}
	}
	for kind, ids := range public {
		if err := b.tellFollowers(ctx, kind, ids); err != nil {
			return err
		}
	}
	return nil
}

// tellOf tells of one viewer's change.
func (b *batch) tellOf(ctx context.Context, d *draft) error {
	var owners []catalog.ID
	for _, slug := range catalog.OwnersOf(d.in) {
		owners = append(owners, b.known.ids[catalog.KindCommittee][slug])
	}
	status := d.in.Head().Status
	if in, ok := d.in.(*catalog.CallInput); ok && status == catalog.StatusPublished {
		return b.tellOfCall(ctx, d, in)
	}
	switch action := b.change.edit.Action; {
	case action == catalog.ActionReturn:
		return b.tellWriters(ctx, d, catalog.NoticeReturned)
	case action == catalog.ActionThank:
		if in := d.in.(*catalog.AdoptionInput); in.Thanks != "" {
			return b.tell(ctx, d, catalog.NoticeThanked, in.Thanks, owners)
		}
	case action == catalog.ActionAnswer:
		return b.tellAskers(ctx, d, owners)
	case status == catalog.StatusInReview && b.change.status != status || action == catalog.ActionRecord && status == catalog.StatusInReview:
		return b.tell(ctx, d, catalog.NoticeToReview, "", owners)
	case status == catalog.StatusPublished && (b.change.status != status || action == catalog.ActionRecord):
		if in, ok := d.in.(*catalog.AdoptionInput); ok {
			if err := b.tellOrigin(ctx, d, in); err != nil {
				return err
			}
		}
		if action == catalog.ActionPublish {
			return b.tellWriters(ctx, d, catalog.NoticePublished)
		}
	}
	return nil
}

// tell writes a notice for each of the committees.
func (b *batch) tell(ctx context.Context, d *draft, of catalog.NoticeKind, detail string, committees []catalog.ID) error {
	slices.Sort(committees)
	_, err := b.tx.Exec(ctx, `INSERT INTO notices (of, record_id, record_kind, version, actor, detail, to_committee)
		SELECT $1::text, $2::bigint, $3::text, $4::integer, $5::text, nullif($6::text, ''), c FROM unnest($7::bigint[]) c WHERE c <> 0`,
		of, d.result.ID, d.in.Kind(), d.result.Version, b.actor.Name, detail, slices.Compact(committees))
	return err
}

// tellWriters writes a notice for each who has written the record.
func (b *batch) tellWriters(ctx context.Context, d *draft, of catalog.NoticeKind) error {
	_, err := b.tx.Exec(ctx, `INSERT INTO notices (of, record_id, record_kind, version, actor, detail, to_name)
		SELECT DISTINCT $1::text, $2::bigint, $3::text, $4::integer, $5::text, nullif($6::text, ''), v.actor FROM revisions v WHERE v.record_id = $2 AND v.actor <> $5`,
		of, d.result.ID, d.in.Kind(), d.result.Version, b.actor.Name, b.reason())
	return err
}

// tellOrigin tells the committee whose case was taken over.
func (b *batch) tellOrigin(ctx context.Context, d *draft, in *catalog.AdoptionInput) error {
	var owner catalog.ID
	err := b.tx.QueryRow(ctx, `SELECT coalesce(committee_id, 0) FROM cases WHERE id = $1`, b.known.ids[catalog.KindCase][in.Case]).Scan(&owner)
	if err != nil {
		return err
	}
	return b.tell(ctx, d, catalog.NoticeAdopted, "", []catalog.ID{owner})
}

// tellAskers tells the committee of a need, and the others that asked for the same,
// that a case answers it.
func (b *batch) tellAskers(ctx context.Context, d *draft, owners []catalog.ID) error {
	found, err := b.tx.Query(ctx, `SELECT committee_id FROM need_askers WHERE need_id = $1 AND committee_id IS NOT NULL`, d.result.ID)
	if err != nil {
		return err
	}
	askers, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
	if err != nil {
		return err
	}
	return b.tell(ctx, d, catalog.NoticeNeedMatched, "", append(askers, owners...))
}

// followed are the kinds of records that can be followed: the conditions under
// which one, r, is about a topic of the list, of a committee, and of a region.
var followed = map[catalog.RecordKind]struct{ topic, committee, region string }{
	catalog.KindCase:  {aboutTopic("case"), sameCommittee, sameRegion},
	catalog.KindBrand: {`false`, sameCommittee, sameRegion},
	catalog.KindProposal: {
		aboutTopic("proposal"), `EXISTS (SELECT FROM proposers p WHERE p.proposal_id = r.id AND p.committee_id = f.committee_id)`,
		`EXISTS (SELECT FROM proposers p JOIN committees m ON m.id = p.committee_id WHERE p.proposal_id = r.id AND m.region_code IN (SELECT regions_below(ARRAY[f.region_code])))`,
	},
	catalog.KindNeed:       {aboutTopic("need"), sameCommittee, fromRegion("committee_id")},
	catalog.KindActivity:   {aboutTopic("activity"), sameCommittee, fromRegion("committee_id")},
	catalog.KindPractice:   {`false`, sameCommittee, fromRegion("committee_id")},
	catalog.KindCollection: {`false`, sameCommittee, fromRegion("committee_id")},
	catalog.KindRound:      {`false`, sameCommittee, fromRegion("committee_id")},
	catalog.KindAdoption:   {`false`, `r.adopter_id = f.committee_id`, fromRegion("adopter_id")},
}

const (
	sameCommittee = `r.committee_id = f.committee_id`
	sameRegion    = `r.region_code IN (SELECT regions_below(ARRAY[f.region_code]))`
)

// aboutTopic is the condition under which a record of the kind is about a topic of the list.
func aboutTopic(kind string) string {
	return `EXISTS (SELECT FROM ` + kind + `_topics t WHERE t.` + kind + `_id = r.id AND t.topic_id IN (SELECT topics_below(f.topics)))`
}

// fromRegion is the condition under which the committee of a column is of the region.
func fromRegion(column string) string {
	return `EXISTS (SELECT FROM committees m WHERE m.id = r.` + column + ` AND m.region_code IN (SELECT regions_below(ARRAY[f.region_code])))`
}

// tellFollowers tells who follows what the public records are about. Who has not
// read of a record yet is not told of it again.
func (b *batch) tellFollowers(ctx context.Context, kind catalog.RecordKind, ids []catalog.ID) error {
	about, ok := followed[kind]
	if !ok {
		return nil
	}
	_, err := b.tx.Exec(ctx, `INSERT INTO notices (of, record_id, record_kind, version, actor, to_viewer)
		SELECT DISTINCT 'FOLLOWED_CHANGED', r.id, r.kind, r.version, $2::text, f.viewer
		FROM (SELECT *, ARRAY(SELECT slug FROM topics WHERE id = topic_id) AS topics FROM follows) f
			JOIN `+tables[kind].name+` r ON r.id = ANY ($1)
			JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE CASE WHEN f.topic_id IS NOT NULL THEN `+about.topic+` WHEN f.committee_id IS NOT NULL THEN `+about.committee+`
				WHEN f.region_code IS NOT NULL THEN `+about.region+`
				ELSE NOT EXISTS (SELECT FROM regexp_split_to_table(lower(f.query), '\s+') word WHERE strpos(lower(v.snapshot::text), word) = 0) END
			AND NOT EXISTS (SELECT FROM notices n WHERE n.record_id = r.id AND n.to_viewer = f.viewer AND n.of = 'FOLLOWED_CHANGED'
				AND NOT EXISTS (SELECT FROM notice_reads d WHERE d.notice_id = n.id AND d.viewer = f.viewer))`, ids, b.actor.Name)
	return err
}
