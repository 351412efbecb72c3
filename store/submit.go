package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// submissionRules are the sentences of the database's rules on submissions and scores.
var submissionRules = map[string]struct{ path, zh, en string }{
	"submission_in_time":         {"call", "征集现在不接受报送：还没有开始，或已截止", "the call does not take submissions now: it has not opened, or has closed"},
	"submission_of_who_is_asked": {"call", "这次征集没有向您所在的政协征集", "the call does not ask your committee"},
	"submission_of_an_own_case":  {"case", "只能报送本会自己的案例", "a committee submits cases of its own"},
	"submission_within_quota":    {"case", "报送数已满", "the quota is reached"},
	"score_before_selection":     {"id", "结果已公布，不能再评分", "the selection is published; scores are closed"},
	"score_of_accepted":          {"id", "这个报送现在不在评审中", "the submission is not being judged now"},
	"score_by_a_criterion":       {"scores", "没有这项评审标准", "there is no such criterion"},
	"score_of_a_reviewer":        {"id", "您不是这次征集的评审", "you are no reviewer of the call"},
}

// saidOfSubmissions puts the sentence of a broken rule in the place of the database's.
func saidOfSubmissions(err error) error {
	broken := brokenRule(err)
	if broken == nil {
		return err
	}
	for name, rule := range submissionRules {
		if strings.HasSuffix(broken.En, "rule "+name) {
			return &catalog.Error{Kind: catalog.KindInvalid, Path: rule.path, Zh: rule.zh, En: rule.en, Err: err}
		}
	}
	return broken
}

// inTurn runs f in a transaction, again where the database gave it up for the sake of
// another.
func (s *Store) inTurn(ctx context.Context, f func(tx pgx.Tx) error) error {
	var err error
	for range attempts {
		if err = s.InTx(ctx, pgx.TxOptions{}, f); !gaveWay(err) {
			break
		}
	}
	return err
}

// once runs f in turn, and keeps what it came to under the context's idempotency key:
// where the same request was run before, f is not run again.
func (s *Store) once(ctx context.Context, v *catalog.Viewer, f func(tx pgx.Tx) (catalog.Edited, error)) (done catalog.Edited, err error) {
	key := catalog.KeyFrom(ctx)
	err = s.inTurn(ctx, func(tx pgx.Tx) error {
		if key != nil {
			before, err := claimKey(ctx, tx, v, key)
			if before != nil || err != nil {
				done = value(before)
				return err
			}
		}
		var err error
		if done, err = f(tx); err == nil && key != nil {
			err = keepAnswer(ctx, tx, v, key, done)
		}
		return err
	})
	return done, err
}

// lockCall reads a published call and holds it as it is; where alone says so, nobody
// else changes anything of its submissions meanwhile.
func lockCall(ctx context.Context, tx pgx.Tx, id catalog.ID, alone bool) (*catalog.Call, error) {
	mode := ` FOR SHARE`
	if alone {
		mode = ` FOR UPDATE`
	}
	found, err := tx.Query(ctx, `SELECT `+calls.selectList()+` FROM calls r WHERE r.id = $1 AND `+published+mode, id)
	if err != nil {
		return nil, err
	}
	c, err := pgx.CollectExactlyOneRow(found, func(row pgx.CollectableRow) (*catalog.Call, error) {
		c := &catalog.Call{}
		return c, row.Scan(calls.scan(c)...)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		missing := catalog.NotFound(catalog.KindCall, catalog.EncodeID(catalog.KindCall, id))
		missing.Path = "call"
		return nil, missing
	}
	return c, err
}

// mayRun refuses who is not a reviewer of the calling committee.
func mayRun(v *catalog.Viewer, c *catalog.Call) error {
	return catalog.May(v, catalog.ActionClose, *c.CommitteeID, catalog.StatusPublished)
}

// signedInTo returns the context's viewer, UNAUTHENTICATED where nobody is signed in.
func signedInTo(ctx context.Context) (*catalog.Viewer, error) {
	if v := catalog.ViewerFrom(ctx); v != nil {
		return v, nil
	}
	return nil, catalog.May(nil, catalog.ActionUpdate, 0, catalog.StatusDraft)
}

// held is a submission that is locked.
type held struct {
	id, call, of, committee catalog.ID
	caseVersion             int
	state                   catalog.SubmissionState
	decision                *catalog.Decision
	version, decided        int
}

// lockSubmission reads a submission and has others wait who would change it.
func lockSubmission(ctx context.Context, tx pgx.Tx, id catalog.ID) (*held, *catalog.Call, error) {
	h := &held{id: id}
	missing := catalog.NoSubmission(catalog.EncodeSubmissionID(id))
	// Always the call first, so that two who wait for each other do not wait for ever.
	err := tx.QueryRow(ctx, `SELECT call_id FROM submissions WHERE id = $1`, id).Scan(&h.call)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, missing
	}
	if err != nil {
		return nil, nil, err
	}
	c, err := lockCall(ctx, tx, h.call, false)
	if catalog.ErrorKindOf(err) == catalog.KindNotFound {
		return nil, nil, missing
	}
	if err != nil {
		return nil, nil, err
	}
	err = tx.QueryRow(ctx, `SELECT case_id, committee_id, case_version, state, decision, version, decided FROM submissions WHERE id = $1 FOR UPDATE`, id).
		Scan(&h.of, &h.committee, &h.caseVersion, &h.state, &h.decision, &h.version, &h.decided)
	return h, c, err
}

// event keeps what became of a submission.
func event(ctx context.Context, tx pgx.Tx, id catalog.ID, what, detail string) error {
	v := catalog.ViewerFrom(ctx)
	_, err := tx.Exec(ctx, `INSERT INTO submission_events (submission_id, what, actor, case_version, detail)
		SELECT id, $2, $3, case_version, nullif($4, '') FROM submissions WHERE id = $1`, id, what, v.Name, detail)
	return err
}

// notify tells committees of a call, outside of a batch.
func notify(ctx context.Context, tx pgx.Tx, of catalog.NoticeKind, call catalog.ID, detail string, committees []catalog.ID) error {
	v := catalog.ViewerFrom(ctx)
	_, err := tx.Exec(ctx, `INSERT INTO notices (of, record_id, record_kind, version, actor, detail, to_committee)
		SELECT DISTINCT $1::text, c.id, 'CALL', c.version, $3::text, nullif($4::text, ''), m FROM calls c, unnest($5::bigint[]) m WHERE c.id = $2`,
		of, call, v.Name, detail, committees)
	return err
}

// seenCase is the case that is to be submitted, as it is.
type seenCase struct {
	id, committee catalog.ID
	slug          string
	version       int
	status        catalog.Status
	in            *catalog.CaseInput
}

// caseToSubmit reads a case that the viewer may read.
func caseToSubmit(ctx context.Context, tx pgx.Tx, id catalog.ID) (*seenCase, error) {
	k := &seenCase{id: id, in: &catalog.CaseInput{}}
	args := Args{id}
	var raw []byte
	err := tx.QueryRow(ctx, `SELECT r.slug, r.version, r.status, coalesce(r.committee_id, 0), v.snapshot FROM cases r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE r.id = $1 AND `+Readable(ctx, "cases", "r", &args)+` FOR SHARE OF r`, args...).Scan(&k.slug, &k.version, &k.status, &k.committee, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		missing := catalog.NotFound(catalog.KindCase, catalog.EncodeID(catalog.KindCase, id))
		missing.Path = "case"
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	return k, json.Unmarshal(raw, k.in)
}

// SubmissionChecks returns what the call demands of the case, and whether it holds. It
// fails with NOT_FOUND for what the context's viewer may not read, and FORBIDDEN for
// who does not write for the case's committee.
func (s *Store) SubmissionChecks(ctx context.Context, call, of catalog.ID) (checks []catalog.CallCheck, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return nil, err
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		c, err := lockCall(ctx, tx, call, false)
		if err != nil {
			return err
		}
		k, err := caseToSubmit(ctx, tx, of)
		if err != nil {
			return err
		}
		if err := catalog.May(v, catalog.ActionUpdate, k.committee, catalog.StatusDraft); err != nil {
			return atPath(err, "case")
		}
		checks, err = checksOf(ctx, tx, c, k, false)
		return err
	})
	return checks, err
}

// ChecksOfSubmission returns the checks of what was submitted, for the caller and for
// who submitted it; none for anybody else.
func (s *Store) ChecksOfSubmission(ctx context.Context, one *catalog.Submission) (checks []catalog.CallCheck, err error) {
	if one.CaseID == nil || one.Sees != catalog.StandsCaller && one.Sees != catalog.StandsSubmitter {
		return []catalog.CallCheck{}, nil
	}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		c, err := lockCall(ctx, tx, one.CallID, false)
		if err != nil {
			return err
		}
		k := &seenCase{id: *one.CaseID, committee: *one.CommitteeID, version: one.CaseVersion, in: &catalog.CaseInput{}}
		raw, err := snapshotOf(ctx, tx, k.id, k.version)
		if err == nil {
			err = json.Unmarshal(raw, k.in)
		}
		if err != nil {
			return err
		}
		checks, err = checksOf(ctx, tx, c, k, one.Sees == catalog.StandsCaller)
		return err
	})
	return checks, err
}

// checksOf checks a case's text for a call. Only the caller is told of what others
// have submitted; everybody, of what is public.
func checksOf(ctx context.Context, tx pgx.Tx, c *catalog.Call, k *seenCase, caller bool) ([]catalog.CallCheck, error) {
	names, err := namesOf(ctx, tx, k.committee)
	if err != nil {
		return nil, err
	}
	checks := catalog.CheckText(c, k.in, names)
	var sent int
	var fits bool
	var elsewhere []string
	err = tx.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM submissions WHERE call_id = $1 AND committee_id = $2 AND case_id <> $3 AND state IN ('SUBMITTED', 'ACCEPTED'))::int,
		NOT EXISTS (SELECT FROM call_topics WHERE call_id = $1) OR EXISTS (SELECT FROM case_topics t WHERE t.case_id = $3 AND t.topic_id IN (
			SELECT topics_below(ARRAY(SELECT o.slug FROM call_topics ct JOIN topics o ON o.id = ct.topic_id WHERE ct.call_id = $1)))),
		ARRAY(SELECT c.title FROM submissions s JOIN calls c ON c.id = s.call_id WHERE s.case_id = $3 AND s.call_id <> $1 AND s.state <> 'WITHDRAWN' AND c.status = 'PUBLISHED' ORDER BY c.id)`,
		c.ID, k.committee, k.id).Scan(&sent, &fits, &elsewhere)
	if err != nil {
		return nil, err
	}
	similar, err := similarTo(ctx, tx, c, k, caller)
	return append(checks, catalog.TopicsCheck(fits), catalog.ElsewhereCheck(elsewhere), similar, catalog.QuotaCheck(c, sent)), err
}

// namesOf returns what a blind text of a committee should not say: names of its
// region and of the prefecture, of itself and of its brands.
func namesOf(ctx context.Context, tx pgx.Tx, committee catalog.ID) ([]string, error) {
	var regions, others []string
	err := tx.QueryRow(ctx, `SELECT ARRAY(SELECT g.name FROM regions g WHERE g.code = m.region_code OR g.code = (SELECT p.region_code FROM committees p WHERE p.id = m.parent_id AND p.level = 'PREFECTURE')),
		ARRAY[m.name] || ARRAY(SELECT b.name FROM brands b WHERE b.committee_id = m.id AND b.status = 'PUBLISHED') FROM committees m WHERE m.id = $1`, committee).Scan(&regions, &others)
	for _, r := range regions {
		others = append(others, catalog.RegionStems(r)...)
	}
	return others, err
}

// similarTo looks for what is much the same: of public cases, and for the caller of
// other submissions to the call.
func similarTo(ctx context.Context, tx pgx.Tx, c *catalog.Call, k *seenCase, caller bool) (catalog.CallCheck, error) {
	mine := catalog.Shingles(catalog.WholeText(k.in))
	found, err := tx.Query(ctx, `SELECT v.snapshot FROM cases r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
			WHERE r.status = 'PUBLISHED' AND r.id <> $1 AND (r.title = $2 OR r.committee_id = $3 OR EXISTS (SELECT FROM case_topics a JOIN case_topics b USING (topic_id) WHERE a.case_id = r.id AND b.case_id = $1))
		UNION ALL SELECT v.snapshot FROM submissions s JOIN revisions v ON v.record_id = s.case_id AND v.version = s.case_version
			WHERE $4 AND s.call_id = $5 AND s.case_id <> $1 AND s.state <> 'WITHDRAWN'
		LIMIT 2000`, k.id, k.in.Title, k.committee, caller, c.ID)
	if err != nil {
		return catalog.CallCheck{}, err
	}
	defer found.Close()
	for found.Next() {
		var raw []byte
		if err := found.Scan(&raw); err != nil {
			return catalog.CallCheck{}, err
		}
		other := &catalog.CaseInput{}
		if err := json.Unmarshal(raw, other); err != nil {
			return catalog.CallCheck{}, err
		}
		if catalog.Alike(mine, catalog.Shingles(catalog.WholeText(other))) >= catalog.MuchTheSame {
			return catalog.SimilarCheck(true, "《"+other.Title+"》"), nil
		}
	}
	return catalog.SimilarCheck(false, ""), found.Err()
}

func atPath(err error, path string) error {
	var one *catalog.Error
	if errors.As(err, &one) && one.Path == "" {
		one.Path = path
	}
	return err
}

// Submit recommends a case to a call, at the revision that it has, in the name of the
// context's viewer: a reviewer, for a case of its own committee. It fails with
// NOT_FOUND for what the viewer may not read, FORBIDDEN, DUPLICATE where the case was
// submitted and was not returned, and Problems with what the call's checks say lacks.
func (s *Store) Submit(ctx context.Context, call, of catalog.ID, note string) (id catalog.ID, version int, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, 0, err
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err != nil {
			return edited, err
		}
		k, err := caseToSubmit(ctx, tx, of)
		if err != nil {
			return edited, err
		}
		if err := maySubmit(v, k.committee); err != nil {
			return edited, err
		}
		if k.status == catalog.StatusArchived {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "case", Zh: "已归档的案例不能报送", En: "an archived case cannot be submitted"}
		}
		if !c.Open(ctx) {
			return edited, notOpen(ctx, c)
		}
		edited.ID, edited.Version, err = put(ctx, tx, c, k, v, note)
		return edited, err
	})
	return done.ID, done.Version, err
}

func notOpen(ctx context.Context, c *catalog.Call) error {
	zh, en := "征集已截止", "the call has closed"
	if catalog.Now(ctx).Before(c.OpensAt) {
		zh, en = "征集"+c.OpensOn.Text()+"开始", "the call opens on "+string(c.OpensOn)
	}
	return &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: zh, En: en}
}

func maySubmit(v *catalog.Viewer, committee catalog.ID) error {
	if v.Role == catalog.RoleAdmin || v.Role == catalog.RoleReviewer && v.Committee != 0 && v.Committee == committee {
		return nil
	}
	return &catalog.Error{Kind: catalog.KindForbidden, Path: "case", Zh: "需要案例所属政协的审核来报送", En: "the reviewer of the case's committee may submit it"}
}

// put writes the submission, or what was returned or withdrawn as it is now.
func put(ctx context.Context, tx pgx.Tx, c *catalog.Call, k *seenCase, v *catalog.Viewer, note string) (id catalog.ID, version int, err error) {
	var state catalog.SubmissionState
	err = tx.QueryRow(ctx, `SELECT id, state FROM submissions WHERE call_id = $1 AND case_id = $2 FOR UPDATE`, c.ID, k.id).Scan(&id, &state)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, err
	}
	if id != 0 && state != catalog.SubmissionReturned && state != catalog.SubmissionWithdrawn {
		return 0, 0, &catalog.Error{Kind: catalog.KindDuplicate, Path: "case", Zh: "这个案例已报送", En: "the case was submitted already"}
	}
	checks, err := checksOf(ctx, tx, c, k, false)
	if err == nil {
		err = catalog.Refusal(checks)
	}
	if err != nil {
		return 0, 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO submissions (call_id, case_id, committee_id, case_version, submitted_at, submitted_by, state, note) VALUES ($1, $2, $3, $4, $5, $6, 'SUBMITTED', nullif($7, ''))
		ON CONFLICT (call_id, case_id) DO UPDATE SET case_version = EXCLUDED.case_version, submitted_at = EXCLUDED.submitted_at, submitted_by = EXCLUDED.submitted_by,
			state = 'SUBMITTED', note = EXCLUDED.note, reason = NULL, version = submissions.version + 1
		WHERE submissions.state IN ('RETURNED', 'WITHDRAWN')
		RETURNING id, version`, c.ID, k.id, k.committee, k.version, catalog.Now(ctx), v.Name, strings.TrimSpace(note)).Scan(&id, &version)
	if errors.Is(err, pgx.ErrNoRows) { // somebody else was quicker
		return 0, 0, &catalog.Error{Kind: catalog.KindDuplicate, Path: "case", Zh: "这个案例已报送", En: "the case was submitted already"}
	}
	if err != nil {
		return 0, 0, saidOfSubmissions(err)
	}
	return id, version, event(ctx, tx, id, "SUBMIT", note)
}

// step is what is done with a submission.
type step struct {
	what    string
	from    []catalog.SubmissionState
	caller  bool // the caller's to do; else who submitted
	set     string
	detail  string
	decides bool
}

// take does a step with a submission at a version, and returns the version then.
func (s *Store) take(ctx context.Context, id catalog.ID, version int, st step, args ...any) (next int, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, err
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		h, c, err := lockSubmission(ctx, tx, id)
		if err != nil {
			return edited, err
		}
		if err := mayTake(v, h, c, st.caller); err != nil {
			return edited, err
		}
		seen := h.version
		if mayRun(v, c) == nil {
			seen += h.decided
		}
		if seen != version {
			return edited, &catalog.Error{
				Kind: catalog.KindConflict, Path: "version",
				Zh: fmt.Sprintf("您看到的是第 %d 版，现为第 %d 版，请刷新后再办", version, seen), En: fmt.Sprintf("you have seen version %d, it is version %d now", version, seen),
			}
		}
		if c.Selected() {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "id", Zh: "结果已公布，不能再改", En: "the selection is published; nothing is changed any more"}
		}
		if !contains(st.from, h.state) {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "id", Zh: "这个报送现在是“" + h.state.Label() + "”，不能这样办", En: "the submission is " + string(h.state) + " now"}
		}
		count := `version = version + 1`
		if st.decides {
			count = `decided = decided + 1`
		} else if st.what != "ACCEPT" { // what is no longer judged keeps no scores
			if _, err := tx.Exec(ctx, `DELETE FROM call_scores WHERE submission_id = $1`, id); err != nil {
				return edited, err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE submissions SET `+st.set+`, `+count+` WHERE id = $1`, append([]any{id}, args...)...); err != nil {
			return edited, saidOfSubmissions(err)
		}
		edited = catalog.Edited{ID: id, Version: version + 1}
		if err := event(ctx, tx, id, st.what, st.detail); err != nil {
			return edited, err
		}
		return edited, s.tellOfStep(ctx, tx, h, st)
	})
	return done.Version, err
}

func contains(states []catalog.SubmissionState, one catalog.SubmissionState) bool {
	for _, s := range states {
		if s == one {
			return true
		}
	}
	return false
}

// mayTake refuses who may not do a step: as if there were no submission to who sees
// nothing of it.
func mayTake(v *catalog.Viewer, h *held, c *catalog.Call, caller bool) error {
	runs, owns := mayRun(v, c) == nil, v.Committee != 0 && v.Committee == h.committee && v.Role != catalog.RoleReader
	switch {
	case !runs && !owns:
		return catalog.NoSubmission(catalog.EncodeSubmissionID(h.id))
	case caller && !runs:
		return &catalog.Error{Kind: catalog.KindForbidden, Path: "id", Zh: "需要征集方的审核", En: "the caller's reviewer may"}
	case !caller && v.Role != catalog.RoleAdmin:
		return atPath(maySubmit(v, h.committee), "id")
	}
	return nil
}

func (s *Store) tellOfStep(ctx context.Context, tx pgx.Tx, h *held, st step) error {
	kinds := map[string]catalog.NoticeKind{"RETURN": catalog.NoticeSubmissionReturned, "ACCEPT": catalog.NoticeSubmissionAccepted}
	kind, told := kinds[st.what]
	if !told {
		return nil
	}
	var title string
	if err := tx.QueryRow(ctx, `SELECT title FROM cases WHERE id = $1`, h.of).Scan(&title); err != nil {
		return err
	}
	detail := "《" + catalog.Clip(title, 60) + "》"
	if st.detail != "" {
		detail += "，" + st.detail
	}
	return notify(ctx, tx, kind, h.call, detail, []catalog.ID{h.committee})
}

// ReturnSubmission hands a submission back with a reason, for the caller. What was
// scored of it is gone: another text will be judged.
func (s *Store) ReturnSubmission(ctx context.Context, id catalog.ID, version int, reason string) (int, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return 0, &catalog.Error{Kind: catalog.KindInvalid, Path: "reason", Zh: "请说明原因", En: "say why"}
	}
	return s.take(ctx, id, version, step{
		what: "RETURN", caller: true, from: []catalog.SubmissionState{catalog.SubmissionSubmitted, catalog.SubmissionAccepted}, detail: reason,
		set: `state = 'RETURNED', reason = $2, decision = NULL, decision_note = NULL`,
	}, reason)
}

// AcceptSubmission takes a submission in to be judged, for the caller.
func (s *Store) AcceptSubmission(ctx context.Context, id catalog.ID, version int) (int, error) {
	return s.take(ctx, id, version, step{what: "ACCEPT", caller: true, from: []catalog.SubmissionState{catalog.SubmissionSubmitted}, set: `state = 'ACCEPTED'`})
}

// WithdrawSubmission takes a submission back, for who submitted it.
func (s *Store) WithdrawSubmission(ctx context.Context, id catalog.ID, version int) (int, error) {
	return s.take(ctx, id, version, step{
		what: "WITHDRAW", from: []catalog.SubmissionState{catalog.SubmissionSubmitted, catalog.SubmissionReturned, catalog.SubmissionAccepted},
		set: `state = 'WITHDRAWN', decision = NULL, decision_note = NULL`,
	})
}

// Decide writes what the caller decides of a submission, which nobody else sees before
// the selection is published.
func (s *Store) Decide(ctx context.Context, id catalog.ID, version int, d catalog.Decision, note string) (int, error) {
	if !d.Valid() {
		return 0, &catalog.Error{Kind: catalog.KindInvalid, Path: "decision", Zh: "没有这种决定", En: "there is no such decision"}
	}
	return s.take(ctx, id, version, step{
		what: "DECIDE", caller: true, from: []catalog.SubmissionState{catalog.SubmissionAccepted}, detail: strings.TrimSpace(string(d) + " " + note), decides: true,
		set: `decision = $2, decision_note = nullif($3, '')`,
	}, d, strings.TrimSpace(note))
}

// Score writes the context's viewer's own scores of a submission, over earlier ones.
func (s *Store) Score(ctx context.Context, id catalog.ID, scores []catalog.ScoreInput) error {
	v, err := signedInTo(ctx)
	if err != nil {
		return err
	}
	if err := catalog.ValidateScores(scores); err != nil {
		return err
	}
	_, err = s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		var reviewer, committee catalog.ID
		var accepted bool
		err = tx.QueryRow(ctx, `SELECT j.id, s.committee_id, s.state = 'ACCEPTED' FROM submissions s JOIN call_reviewers j ON j.call_id = s.call_id AND j.viewer = $2 AND j.ends_at > $3
			WHERE s.id = $1`, id, v.Name, catalog.Now(ctx)).Scan(&reviewer, &committee, &accepted)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !accepted {
			return edited, catalog.NoSubmission(catalog.EncodeSubmissionID(id))
		}
		if err != nil {
			return edited, err
		}
		if v.Committee != 0 && v.Committee == committee {
			return edited, &catalog.Error{Kind: catalog.KindForbidden, Path: "id", Zh: "本会的报送请回避", En: "nobody scores what their own committee has submitted"}
		}
		for _, o := range scores {
			_, err := tx.Exec(ctx, `INSERT INTO call_scores (submission_id, reviewer_id, criterion, value, comment) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (submission_id, reviewer_id, criterion) DO UPDATE SET value = EXCLUDED.value, comment = EXCLUDED.comment, at = now()`,
				id, reviewer, o.Criterion, o.Value, o.Comment)
			if err != nil {
				return edited, saidOfSubmissions(err)
			}
		}
		return catalog.Edited{ID: id}, nil
	})
	return err
}

// NameReviewer names who scores for a call until the end of a day: an account by its
// viewer's name, or, where that is "", whoever has the token that it returns. It is the
// caller's to do.
func (s *Store) NameReviewer(ctx context.Context, call catalog.ID, name, account string, until catalog.Day) (id catalog.ID, token string, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, "", err
	}
	name, account = strings.TrimSpace(name), strings.TrimSpace(account)
	if name == "" || len([]rune(name)) > 50 {
		return 0, "", &catalog.Error{Kind: catalog.KindInvalid, Path: "name", Zh: "请写评审人姓名", En: "name the reviewer"}
	}
	ends, now := until.Ends(catalog.ZoneOf(ctx)), catalog.Now(ctx)
	if !ends.After(now) || ends.Sub(now) > 366*24*time.Hour {
		return 0, "", &catalog.Error{Kind: catalog.KindInvalid, Path: "until", Zh: "请写一年之内的日期", En: "must be a day within a year"}
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err == nil {
			err = mayRun(v, c)
		}
		if err != nil {
			return edited, atPath(err, "call")
		}
		viewer := account
		var tokenID *string
		if account == "" { // each time that this is run: what was inserted before was taken back
			text, stored := catalog.NewCredential(catalog.TokenPrefix)
			token, tokenID, viewer = text, &stored.ID, "评审 "+name+"（"+c.Slug+"，"+stored.ID+"）"
			if _, err := tx.Exec(ctx, `INSERT INTO access_tokens (id, hash, name, role, expires_at) VALUES ($1, $2, $3, 'READER', $4)`, stored.ID, stored.Hash[:], viewer, ends); err != nil {
				return edited, err
			}
		}
		err = tx.QueryRow(ctx, `INSERT INTO call_reviewers (call_id, name, viewer, token_id, ends_at) SELECT $1, $2, $3, $4, $5
			WHERE (SELECT count(*) FROM call_reviewers WHERE call_id = $1) < 100 ON CONFLICT DO NOTHING RETURNING id`, call, name, viewer, tokenID, ends).Scan(&edited.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return edited, &catalog.Error{Kind: catalog.KindDuplicate, Path: "name", Zh: "已有同名的评审，或评审已满 100 人", En: "there is a reviewer of that name, or there are 100"}
		}
		return edited, err
	})
	return done.ID, token, err
}

// DismissReviewer ends that somebody scores for a call, with what they scored and the
// token that they had. It is the caller's to do.
func (s *Store) DismissReviewer(ctx context.Context, call catalog.ID, name string) error {
	v, err := signedInTo(ctx)
	if err != nil {
		return err
	}
	_, err = s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err == nil {
			err = mayRun(v, c)
		}
		if err != nil {
			return edited, atPath(err, "call")
		}
		if c.Selected() {
			return edited, &catalog.Error{Kind: catalog.KindInvalid, Path: "call", Zh: "结果已公布，不能再改", En: "the selection is published; nothing is changed any more"}
		}
		var token *string
		err = tx.QueryRow(ctx, `DELETE FROM call_reviewers WHERE call_id = $1 AND name = $2 RETURNING token_id`, call, name).Scan(&token)
		if errors.Is(err, pgx.ErrNoRows) {
			return edited, &catalog.Error{Kind: catalog.KindNotFound, Path: "name", Zh: "没有这位评审", En: "there is no such reviewer"}
		}
		if err == nil && token != nil {
			_, err = tx.Exec(ctx, `WITH ended AS (UPDATE access_tokens SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL) DELETE FROM sessions WHERE token_id = $1`, *token)
		}
		return edited, err
	})
	return err
}

// RemindCall tells the committees that a call asks and that have sent nothing that it
// closes, all of them or those given, and returns how many it told. It is the caller's
// to do.
func (s *Store) RemindCall(ctx context.Context, call catalog.ID, only []catalog.ID) (told int, err error) {
	v, err := signedInTo(ctx)
	if err != nil {
		return 0, err
	}
	done, err := s.once(ctx, v, func(tx pgx.Tx) (edited catalog.Edited, err error) {
		c, err := lockCall(ctx, tx, call, false)
		if err == nil {
			err = mayRun(v, c)
		}
		if err != nil {
			return edited, atPath(err, "call")
		}
		if !c.Open(ctx) {
			return edited, notOpen(ctx, c)
		}
		found, err := tx.Query(ctx, `SELECT m FROM call_asks($1) m WHERE ($2::bigint[] IS NULL OR m = ANY ($2))
			AND NOT EXISTS (SELECT FROM submissions s WHERE s.call_id = $1 AND s.committee_id = m AND s.state <> 'WITHDRAWN')`, call, only)
		if err != nil {
			return edited, err
		}
		to, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
		if err != nil {
			return edited, err
		}
		edited = catalog.Edited{ID: call, Version: len(to)}
		return edited, notify(ctx, tx, catalog.NoticeCallClosing, call, fmt.Sprintf("%s截止，还有 %d 天", c.ClosesOn.Text(), catalog.DaysLeft(ctx, c.ClosesOn)), to)
	})
	return done.Version, err
}
