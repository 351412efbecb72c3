package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

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
