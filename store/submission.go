package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// What somebody sees of a submission hangs on as what they see it, which one
// expression says, in every statement that reads submissions: s is the submission and
// c its call. The caller sees all. Its committee sees it without what the caller
// decides, until the selection is published. A reviewer sees what was accepted, until
// then, and of a blind call not whose it is. Everybody sees what was selected, once
// that is published.

// standing returns that expression, NULL for who sees nothing.
func standing(ctx context.Context, args *Args) string {
	v := catalog.ViewerFrom(ctx)
	sql := `CASE`
	if v != nil && v.Role == catalog.RoleAdmin {
		return `'CALLER'`
	}
	if v != nil && v.Committee != 0 && v.Role == catalog.RoleReviewer {
		sql += ` WHEN c.committee_id = ` + args.Add(v.Committee) + ` THEN 'CALLER'`
	}
	if v != nil && v.Committee != 0 && v.Role != catalog.RoleReader {
		sql += ` WHEN s.committee_id = ` + args.Add(v.Committee) + ` THEN 'SUBMITTER'`
	}
	if v != nil {
		sql += ` WHEN c.selected_on IS NULL AND s.state = 'ACCEPTED' AND c.status = 'PUBLISHED' AND EXISTS (SELECT FROM call_reviewers j
			WHERE j.call_id = c.id AND j.viewer = ` + args.Add(v.Name) + ` AND j.ends_at > ` + args.Add(catalog.Now(ctx)) + `::timestamptz) THEN 'REVIEWER'`
	}
	return sql + ` WHEN c.selected_on IS NOT NULL AND c.status = 'PUBLISHED' AND s.decision = 'SELECTED'
		AND EXISTS (SELECT FROM cases k WHERE k.id = s.case_id AND k.status = 'PUBLISHED') THEN 'PUBLIC' END`
}

// submissionState is the state that is seen: of who decides, the decision.
const submissionState = `CASE WHEN s.decision IS NULL OR s.state <> 'ACCEPTED' THEN s.state
	WHEN o.sees = 'CALLER' OR c.selected_on IS NOT NULL THEN s.decision ELSE s.state END`

// submissionVersion leaves out of the version what nobody else may notice.
const submissionVersion = `s.version + CASE WHEN o.sees = 'CALLER' OR c.selected_on IS NOT NULL THEN s.decided ELSE 0 END`

// scoresShown is whether the scores of others are seen.
const scoresShown = `(o.sees = 'CALLER' OR c.selected_on IS NOT NULL AND (o.sees = 'SUBMITTER' AND c.scores_visible_to <> 'CALLER'
	OR o.sees = 'PUBLIC' AND c.scores_visible_to = 'EVERYBODY'))`

// blinded is whether it is not seen whose the submission is.
const blinded = `(o.sees = 'REVIEWER' AND c.blind)`

// standings are the means of the weighted scores of those reviewers that scored by
// every criterion, their spread (the standard deviation of a sample) and the places, in
// the calls whose ids the query calls returns. The mean is a sum of decimals over a sum of
// weights, which are the same for each reviewer, to nine places: whose scores come to the
// same has the same place, which sums of binary fractions would part by their last bit.
//
// They are worked out only where the viewer sees some of them, which PostgreSQL asks
// once and before it reads a score: how long the answer takes would tell everybody else
// how much was scored.
func standings(ctx context.Context, args *Args, calls string) string {
	v := catalog.ViewerFrom(ctx)
	shown := `c0.selected_on IS NOT NULL AND c0.scores_visible_to = 'EVERYBODY'`
	switch {
	case v == nil || v.Role == catalog.RoleReader:
	case v.Role == catalog.RoleAdmin:
		shown = `true`
	case v.Committee != 0:
		shown = `c0.selected_on IS NOT NULL AND c0.scores_visible_to <> 'CALLER'`
		if v.Role == catalog.RoleReviewer {
			shown += ` OR c0.committee_id = ` + args.Add(v.Committee)
		}
	}
	return `SELECT t.submission_id, t.mean::float8 AS mean, t.spread::float8 AS spread, rank() OVER (PARTITION BY t.call_id ORDER BY t.mean DESC) AS place FROM (
	SELECT sheet.call_id, sheet.submission_id, round(sum(sheet.points) / sum(sheet.weight), 9) AS mean, round(stddev_samp(sheet.points / sheet.weight), 9) AS spread FROM (
		SELECT s.call_id, o.submission_id, sum(o.value::numeric * k.weight) AS points, sum(k.weight) AS weight FROM call_scores o
			JOIN submissions s ON s.id = o.submission_id AND s.state = 'ACCEPTED' JOIN call_criteria k ON k.call_id = s.call_id AND k.name = o.criterion
		WHERE (SELECT EXISTS (SELECT FROM calls c0 WHERE c0.id IN (` + calls + `) AND (` + shown + `))) AND s.call_id IN (` + calls + `)
		GROUP BY s.call_id, o.submission_id, o.reviewer_id
		HAVING count(*) = (SELECT count(*) FROM call_criteria k WHERE k.call_id = s.call_id)) sheet
	GROUP BY sheet.call_id, sheet.submission_id) t`
}

// newerText is the version of a submission's case whose text is not that which was sent;
// NULL where only its state has changed, as by publishing the selection.
const newerText = `(SELECT k.version FROM cases k JOIN revisions now ON now.record_id = k.id AND now.version = k.version JOIN revisions sent ON sent.record_id = k.id AND sent.version = s.case_version
	WHERE k.id = s.case_id AND k.version <> s.case_version AND now.snapshot - 'status' <> sent.snapshot - 'status')`

// submissionRows are read as the viewer sees them.
var submissionRows = noun[catalog.Submission]{
	table: table{name: "submissions"}, headless: true,
	selected: `s.id, ` + submissionVersion + `, s.call_id, CASE WHEN ` + blinded + ` THEN NULL ELSE s.case_id END, CASE WHEN ` + blinded + ` THEN NULL ELSE s.committee_id END,
		s.case_version, s.submitted_at, ` + submissionState + `,
		CASE WHEN ` + blinded + ` OR o.sees = 'PUBLIC' THEN NULL WHEN s.state = 'RETURNED' THEN s.reason ELSE s.note END,
		CASE WHEN o.sees = 'CALLER' OR c.selected_on IS NOT NULL THEN s.decision_note END,
		CASE WHEN ` + scoresShown + ` THEN g.mean END, CASE WHEN ` + scoresShown + ` THEN g.spread END, CASE WHEN ` + scoresShown + ` THEN g.place END,
		o.sees, ` + scoresShown + `, CASE WHEN o.sees IN ('CALLER', 'SUBMITTER') THEN ` + newerText + ` END`,
	scan: func(s *catalog.Submission) []any {
		return []any{
			&s.ID, &s.Version, &s.CallID, &s.CaseID, &s.CommitteeID, &s.CaseVersion, &s.SubmittedAt, &s.State, &s.Note, &s.Decision,
			&s.Mean, &s.Spread, &s.Rank, &s.Sees, &s.ScoresShown, &s.Newer,
		}
	},
}

// submissionsSeen is what submissions are read from, with as what the viewer sees them.
func submissionsSeen(ctx context.Context, args *Args) string {
	return `submissions s JOIN calls c ON c.id = s.call_id CROSS JOIN LATERAL (SELECT ` + standing(ctx, args) + ` AS sees) o`
}

// submissionsFrom is what submissionRows are read from; the query calls returns the ids of
// their calls.
func submissionsFrom(ctx context.Context, args *Args, calls string) string {
	return submissionsSeen(ctx, args) + ` LEFT JOIN (` + standings(ctx, args, calls) + `) g ON g.submission_id = s.id`
}

// submissionList says which submissions; fields are AND.
type submissionList struct {
	call    catalog.ID
	states  []catalog.SubmissionState
	orderBy *catalog.SubmissionOrder // nil: as they were sent
}

func (f submissionList) list(ctx context.Context) List {
	l := List{order: submissionOrder(f.orderBy), key: `s.id`, seen: `o.sees IS NOT NULL`}
	place := l.arg(f.call)
	l.from = submissionsFrom(ctx, &l.args, place)
	l.where = append(l.where, `s.call_id = `+place)
	f.concern(ctx, &l, place)
	if len(f.states) > 0 {
		l.and(submissionState+` = ANY (%s)`, f.states)
	}
	return l
}

// concern asks once for the whole list whether the viewer may see any of it but what
// their own committee has sent, so that how long the answer takes says nothing of how
// much was sent, or scored, to who sees nothing of it.
func (f submissionList) concern(ctx context.Context, l *List, call string) {
	v := catalog.ViewerFrom(ctx)
	if v != nil && v.Role == catalog.RoleAdmin {
		return
	}
	all, own := `c0.selected_on IS NOT NULL`, ``
	if v != nil {
		all += ` OR EXISTS (SELECT FROM call_reviewers j WHERE j.call_id = c0.id AND j.viewer = ` + l.arg(v.Name) + ` AND j.ends_at > ` + l.arg(catalog.Now(ctx)) + `::timestamptz)`
	}
	if v != nil && v.Committee != 0 && v.Role != catalog.RoleReader {
		place := l.arg(v.Committee)
		own = ` OR s.committee_id = ` + place
		if v.Role == catalog.RoleReviewer {
			all += ` OR c0.committee_id = ` + place
		}
	}
	l.where = append(l.where, `((SELECT `+all+` FROM calls c0 WHERE c0.id = `+call+`)`+own+`)`)
}

// submissionOrder orders by the place only where the viewer sees it: where it does not,
// the order is that in which they were sent, and says nothing of the scores.
func submissionOrder(o *catalog.SubmissionOrder) order {
	switch {
	case o == nil:
		return order{"ID", `s.id`, "bigint", false}
	case o.Field == catalog.SubmissionsByRank && o.Direction == catalog.Ascending:
		return order{`RANK`, `coalesce(CASE WHEN ` + scoresShown + ` THEN g.place END, 9223372036854775807)`, "bigint", false}
	case o.Field == catalog.SubmissionsByRank:
		return order{`RANK DESC`, `coalesce(CASE WHEN ` + scoresShown + ` THEN g.place END, 0)`, "bigint", true}
	}
	return order{`SENT`, `s.id`, "bigint", o.Direction == catalog.Descending}
}

// Submissions returns a page of a call's submissions, as the context's viewer sees
// them, in one of the states, all where there are none, in an order, nil for that in
// which they were sent.
func (s *Store) Submissions(ctx context.Context, call catalog.ID, states []catalog.SubmissionState, orderBy *catalog.SubmissionOrder, page catalog.PageArgs) (*catalog.Page[*catalog.Submission], error) {
	found, err := top(pages(ctx, s, submissionRows, submissionList{call, states, orderBy}.list(ctx), catalog.Parents{}, page))
	if err != nil {
		return nil, err
	}
	return found, s.withTexts(ctx, found.Items)
}

// CountSubmissions counts what Submissions lists.
func (s *Store) CountSubmissions(ctx context.Context, call catalog.ID, states []catalog.SubmissionState) (int, error) {
	return top(counts(ctx, s, submissionList{call: call, states: states}.list(ctx), catalog.Parents{}))
}

// SubmissionsByID returns those of these submissions that the viewer sees something of.
func (s *Store) SubmissionsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Submission, error) {
	var key catalog.ID
	args := Args{ids}
	from := submissionsFrom(ctx, &args, `SELECT s0.call_id FROM submissions s0 WHERE s0.id = ANY ($1)`)
	found, err := collect(ctx, s, "submissions by id", `SELECT s.id, `+submissionRows.selected+` FROM `+from+` WHERE s.id = ANY ($1) AND o.sees IS NOT NULL`, args, &key,
		submissionRows.scan, func(m map[catalog.ID]*catalog.Submission, one *catalog.Submission) { m[key] = one })
	if err != nil {
		return nil, err
	}
	return found, s.withTexts(ctx, slices.Collect(maps.Values(found)))
}

// withTexts sets what is judged of submissions, and leaves of when a blind one was sent
// the day in the zone of the context's clock.
func (s *Store) withTexts(ctx context.Context, list []*catalog.Submission) error {
	ids := make([]catalog.ID, len(list))
	zone := catalog.ZoneOf(ctx)
	for i, one := range list {
		ids[i] = one.ID
		if one.CaseID == nil {
			one.SubmittedAt = catalog.Day(one.SubmittedAt.In(zone).Format(time.DateOnly)).Begins(zone)
		}
	}
	texts, err := s.JudgedTexts(ctx, ids)
	for _, one := range list {
		if one.Text = texts[one.ID]; one.Text == nil {
			one.Text = &catalog.JudgedText{} // taken back since
		}
	}
	return err
}

// JudgedTexts returns what is judged of these submissions, of those that the viewer
// sees something of.
func (s *Store) JudgedTexts(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.JudgedText, error) {
	args := Args{ids}
	from := submissionsSeen(ctx, &args)
	texts := map[catalog.ID]*catalog.JudgedText{}
	found, err := s.pool.Query(ctx, `SELECT s.id, v.snapshot FROM `+from+` JOIN revisions v ON v.record_id = s.case_id AND v.version = s.case_version
		WHERE s.id = ANY ($1) AND o.sees IS NOT NULL`, args...)
	if err != nil {
		return nil, wrap("judged texts", err)
	}
	var (
		id  catalog.ID
		raw []byte
	)
	_, err = pgx.ForEachRow(found, []any{&id, &raw}, func() error {
		in := &catalog.CaseInput{}
		if err := json.Unmarshal(raw, in); err != nil {
			return err
		}
		texts[id] = catalog.Judged(in)
		return nil
	})
	return texts, wrap("judged texts", err)
}

// ScoresBySubmission returns the scores of these submissions that the viewer may see:
// a reviewer's own, and where it may see those of others, theirs; who is not the
// caller sees no names of reviewers.
func (s *Store) ScoresBySubmission(ctx context.Context, ids []catalog.ID) (map[catalog.ID][]*catalog.Score, error) {
	args := Args{ids}
	from := submissionsSeen(ctx, &args)
	own := `false`
	if v := catalog.ViewerFrom(ctx); v != nil {
		own = `j.viewer = ` + args.Add(v.Name)
	}
	sql := `SELECT s.id, CASE WHEN o.sees = 'CALLER' OR ` + own + ` THEN j.name ELSE '评审' || dense_rank() OVER (PARTITION BY s.call_id ORDER BY j.id) END, k.criterion, k.value, k.comment
		FROM ` + from + ` JOIN call_scores k ON k.submission_id = s.id JOIN call_reviewers j ON j.id = k.reviewer_id
			LEFT JOIN call_criteria n ON n.call_id = s.call_id AND n.name = k.criterion
		WHERE s.id = ANY ($1) AND (` + scoresShown + ` OR o.sees = 'REVIEWER' AND ` + own + `) ORDER BY s.id, j.id, n.position`
	found, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap("scores", err)
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.Score, error) {
		o := &catalog.Score{}
		return o, row.Scan(&o.SubmissionID, &o.Reviewer, &o.Criterion, &o.Value, &o.Comment)
	})
	by := map[catalog.ID][]*catalog.Score{}
	for _, o := range all {
		by[o.SubmissionID] = append(by[o.SubmissionID], o)
	}
	return by, wrap("scores", err)
}

// progressRows are committees that a call asks, with what they have sent.
var progressRows = noun[catalog.CallProgress]{
	table: table{name: "call progress"}, headless: true,
	selected: `m.id, n.submitted, n.returned, n.accepted, n.selected`,
	scan: func(p *catalog.CallProgress) []any {
		return []any{&p.CommitteeID, &p.Submitted, &p.Returned, &p.Accepted, &p.Selected}
	},
}

// progressList is a line a committee that the call asks, for the caller; of others,
// who are asked, their own.
func progressList(ctx context.Context, call catalog.ID, missing *bool) List {
	l := List{order: order{"REGION", `coalesce(m.region_code, '')`, "text", false}, key: `m.id`, seen: `true`}
	v := catalog.ViewerFrom(ctx)
	place := l.arg(call)
	sees, runs := `false`, `false`
	switch {
	case v == nil || v.Role == catalog.RoleReader:
	case v.Role == catalog.RoleAdmin:
		sees, runs = `true`, `true`
	case v.Committee != 0:
		own := l.arg(v.Committee)
		sees = `m.id = ` + own
		if v.Role == catalog.RoleReviewer {
			runs = `c.committee_id = ` + own
			sees = `(` + sees + ` OR ` + runs + `)`
		}
	}
	l.from = `calls c JOIN committees m ON m.id IN (SELECT call_asks(` + place + `)) CROSS JOIN LATERAL (SELECT
		count(*) FILTER (WHERE s.state <> 'WITHDRAWN')::int AS submitted, count(*) FILTER (WHERE s.state = 'RETURNED')::int AS returned,
		count(*) FILTER (WHERE s.state = 'ACCEPTED')::int AS accepted,
		count(*) FILTER (WHERE s.decision = 'SELECTED' AND (c.selected_on IS NOT NULL OR ` + runs + `))::int AS selected
		FROM submissions s WHERE s.call_id = c.id AND s.committee_id = m.id) n`
	l.where = append(l.where, `c.id = `+place, sees, Readable(ctx, "calls", "c", &l.args))
	if missing != nil {
		l.and(`(n.submitted = 0) = %s`, *missing)
	}
	return l
}

// CallProgress returns a page of what the committees that a call asks have sent, also
// of those that have sent nothing, by region; missing narrows it to these, or to the
// others.
func (s *Store) CallProgress(ctx context.Context, call catalog.ID, missing *bool, page catalog.PageArgs) (*catalog.Page[*catalog.CallProgress], error) {
	return top(pages(ctx, s, progressRows, progressList(ctx, call, missing), catalog.Parents{}, page))
}

// CountCallProgress counts what CallProgress lists.
func (s *Store) CountCallProgress(ctx context.Context, call catalog.ID, missing *bool) (int, error) {
	return top(counts(ctx, s, progressList(ctx, call, missing), catalog.Parents{}))
}

// CallReviewers returns who scores for a call and how far they are, for the caller;
// nobody for anybody else.
func (s *Store) CallReviewers(ctx context.Context, call catalog.ID) ([]*catalog.CallReviewer, error) {
	v := catalog.ViewerFrom(ctx)
	if v == nil || v.Role != catalog.RoleAdmin && (v.Role != catalog.RoleReviewer || v.Committee == 0) {
		return []*catalog.CallReviewer{}, nil
	}
	var committee *catalog.ID
	if v.Role != catalog.RoleAdmin {
		committee = &v.Committee
	}
	found, err := s.pool.Query(ctx, `SELECT j.id, j.name, d.done, t.total - d.done, j.ends_at FROM call_reviewers j JOIN calls c ON c.id = j.call_id
			CROSS JOIN LATERAL (SELECT count(*)::int AS total FROM submissions s WHERE s.call_id = c.id AND s.state = 'ACCEPTED') t
			CROSS JOIN LATERAL (SELECT count(*)::int AS done FROM (SELECT s.id FROM submissions s JOIN call_scores o ON o.submission_id = s.id AND o.reviewer_id = j.id
				WHERE s.call_id = c.id AND s.state = 'ACCEPTED' GROUP BY s.id HAVING count(*) = (SELECT count(*) FROM call_criteria k WHERE k.call_id = c.id)) x) d
		WHERE j.call_id = $1 AND ($2::bigint IS NULL OR c.committee_id = $2) ORDER BY j.id LIMIT 100`, call, committee)
	if err != nil {
		return nil, wrap("call reviewers", err)
	}
	list, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.CallReviewer, error) {
		r := &catalog.CallReviewer{}
		var ends = catalog.Now(ctx)
		err := row.Scan(&r.ID, &r.Name, &r.Done, &r.Left, &ends)
		r.EndsOn = catalog.Day(ends.Add(-1).In(catalog.ZoneOf(ctx)).Format("2006-01-02"))
		return r, err
	})
	return list, wrap("call reviewers", err)
}

// Judges reports whether the context's viewer scores for the call now.
func (s *Store) Judges(ctx context.Context, call catalog.ID) (bool, error) {
	v := catalog.ViewerFrom(ctx)
	if v == nil {
		return false, nil
	}
	var judges bool
	err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM call_reviewers j JOIN calls c ON c.id = j.call_id
		WHERE j.call_id = $1 AND j.viewer = $2 AND j.ends_at > $3 AND c.selected_on IS NULL AND c.status = 'PUBLISHED')`, call, v.Name, catalog.Now(ctx)).Scan(&judges)
	return judges, wrap("judges", err)
}

// CaseMarks is the expression of what a case, @, was called when it was selected, as
// an array.
const CaseMarks = `ARRAY(SELECT c.mark FROM submissions s JOIN calls c ON c.id = s.call_id WHERE s.case_id = @.id AND s.decision = 'SELECTED'
	AND c.selected_on IS NOT NULL AND c.status = 'PUBLISHED' AND c.mark IS NOT NULL ORDER BY c.selected_on, c.id)`

// MarksByCase returns what each case was called when it was selected, oldest first.
func (s *Store) MarksByCase(ctx context.Context, ids []catalog.ID) (map[catalog.ID][]*string, error) {
	args := Args{ids}
	found, err := s.pool.Query(ctx, `SELECT r.id, m FROM cases r CROSS JOIN LATERAL unnest(`+of(CaseMarks, `r`)+`) WITH ORDINALITY AS u (m, n) WHERE r.id = ANY ($1) AND `+Readable(ctx, "cases", "r", &args)+` ORDER BY r.id, n`, args...)
	if err != nil {
		return nil, wrap("marks", err)
	}
	marks := map[catalog.ID][]*string{}
	var id catalog.ID
	var mark string
	_, err = pgx.ForEachRow(found, []any{&id, &mark}, func() error {
		one := mark
		marks[id] = append(marks[id], &one)
		return nil
	})
	return marks, wrap("marks", err)
}
