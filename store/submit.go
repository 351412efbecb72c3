package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
		if open, err := opensFor(ctx, tx, c, k); err != nil || !open {
			return edited, cmp.Or(err, notOpen(ctx, c))
		}
		edited.ID, edited.Version, err = put(ctx, tx, c, k, v, note)
		return edited, err
	})
	return done.ID, done.Version, err
}

// opensFor reports whether the call takes the case now: while it is open, and what was
// sent in time and given back to be mended also later, until the selection is
// published. The caller who gives it back asks for it again; whether it comes in time
// for the judging is the caller's to say, who need not accept it.
func opensFor(ctx context.Context, tx pgx.Tx, c *catalog.Call, k *seenCase) (open bool, err error) {
	if c.Open(ctx) || c.Selected() || catalog.Now(ctx).Before(c.OpensAt) {
		return c.Open(ctx), nil
	}
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM submissions WHERE call_id = $1 AND case_id = $2 AND state = 'RETURNED')`, c.ID, k.id).Scan(&open)
	return open, err
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
	checks, err := checksOf(ctx, tx, c, k, false, comparedTexts{})
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
		if !slices.Contains(st.from, h.state) {
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
		err = tx.QueryRow(ctx, `SELECT j.id, s.committee_id, s.state = 'ACCEPTED' FROM submissions s JOIN calls c ON c.id = s.call_id AND c.status = 'PUBLISHED'
				JOIN call_reviewers j ON j.call_id = s.call_id AND j.viewer = $2 AND j.ends_at > $3
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
