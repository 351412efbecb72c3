package store

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

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
		checks, err = checksOf(ctx, tx, c, k, false, comparedTexts{})
		return err
	})
	return checks, err
}

// ChecksBySubmission returns the checks of what was submitted, of those of these
// submissions that the viewer sent or runs the call of; none of others. It uses one
// connection however many there are, and reads each text that they are compared with
// once.
func (s *Store) ChecksBySubmission(ctx context.Context, ids []catalog.ID) (map[catalog.ID][]*catalog.CallCheck, error) {
	found, err := s.SubmissionsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := map[catalog.ID][]*catalog.CallCheck{}
	err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		known, compared := map[catalog.ID]*catalog.Call{}, comparedTexts{}
		for _, id := range slices.Sorted(maps.Keys(found)) {
			one := found[id]
			if one.CaseID == nil || one.Sees != catalog.StandsCaller && one.Sees != catalog.StandsSubmitter {
				continue
			}
			c := known[one.CallID]
			if c == nil {
				if c, err = lockCall(ctx, tx, one.CallID, false); err != nil {
					return err
				}
				known[one.CallID] = c
			}
			k := &seenCase{id: *one.CaseID, committee: *one.CommitteeID, version: one.CaseVersion, in: &catalog.CaseInput{}}
			raw, err := snapshotOf(ctx, tx, k.id, k.version)
			if err == nil {
				err = json.Unmarshal(raw, k.in)
			}
			if err != nil {
				return err
			}
			checks, err := checksOf(ctx, tx, c, k, one.Sees == catalog.StandsCaller, compared)
			if err != nil {
				return err
			}
			for i := range checks {
				all[id] = append(all[id], &checks[i])
			}
		}
		return nil
	})
	return all, wrap("checks of submissions", err)
}

// checksOf checks a case's text for a call. Only the caller is told of what others
// have submitted; everybody, of what is public.
func checksOf(ctx context.Context, tx pgx.Tx, c *catalog.Call, k *seenCase, caller bool, compared comparedTexts) ([]catalog.CallCheck, error) {
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
	similar, err := similarTo(ctx, tx, c, k, caller, compared)
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

// comparedText is a text that others are compared with, and comparedTexts are those of a
// request, by case and version.
type (
	comparedText struct {
		title  string
		pieces []uint64
	}
	comparedTexts map[caseVersion]comparedText
	caseVersion   struct {
		id      catalog.ID
		version int
	}
)

// mostCompared is how many texts a request has at hand to compare with, of some 30 KB of
// pieces each; what is past that is read again.
const mostCompared = 500

// similarTo looks for what is much the same: of public cases, and for the caller of
// other submissions to the call.
func similarTo(ctx context.Context, tx pgx.Tx, c *catalog.Call, k *seenCase, caller bool, compared comparedTexts) (catalog.CallCheck, error) {
	mine := catalog.Shingles(catalog.WholeText(k.in))
	found, err := tx.Query(ctx, `SELECT r.id, r.version FROM cases r
			WHERE r.status = 'PUBLISHED' AND r.id <> $1 AND (r.title = $2 OR r.committee_id = $3 OR EXISTS (SELECT FROM case_topics a JOIN case_topics b USING (topic_id) WHERE a.case_id = r.id AND b.case_id = $1))
		UNION ALL SELECT s.case_id, s.case_version FROM submissions s
			WHERE $4 AND s.call_id = $5 AND s.case_id <> $1 AND s.state <> 'WITHDRAWN'
		LIMIT 2000`, k.id, k.in.Title, k.committee, caller, c.ID)
	if err != nil {
		return catalog.CallCheck{}, err
	}
	var (
		at       caseVersion
		ids      []catalog.ID
		versions []int
		like     string
	)
	is := func(other comparedText) bool { return catalog.Alike(mine, other.pieces) >= catalog.MuchTheSame }
	_, err = pgx.ForEachRow(found, []any{&at.id, &at.version}, func() error {
		other, ok := compared[at]
		switch {
		case !ok:
			ids, versions = append(ids, at.id), append(versions, at.version)
		case like == "" && is(other):
			like = other.title
		}
		return nil
	})
	if err == nil && like == "" && len(ids) > 0 {
		like, err = likeUnread(ctx, tx, ids, versions, compared, is)
	}
	if err != nil || like == "" {
		return catalog.SimilarCheck(false, ""), err
	}
	return catalog.SimilarCheck(true, "《"+like+"》"), nil
}

// likeUnread reads cases at these versions, and returns the title of the first that is
// alike, "" for none.
func likeUnread(ctx context.Context, tx pgx.Tx, ids []catalog.ID, versions []int, compared comparedTexts, is func(comparedText) bool) (string, error) {
	found, err := tx.Query(ctx, `SELECT v.record_id, v.version, v.snapshot FROM unnest($1::bigint[], $2::int[]) AS u (id, version) JOIN revisions v ON v.record_id = u.id AND v.version = u.version`, ids, versions)
	if err != nil {
		return "", err
	}
	defer found.Close()
	for found.Next() {
		var at caseVersion
		var raw []byte
		if err := found.Scan(&at.id, &at.version, &raw); err != nil {
			return "", err
		}
		in := &catalog.CaseInput{}
		if err := json.Unmarshal(raw, in); err != nil {
			return "", err
		}
		other := comparedText{in.Title, catalog.Shingles(catalog.WholeText(in))}
		if len(compared) < mostCompared {
			compared[at] = other
		}
		if is(other) {
			return other.title, nil
		}
	}
	return "", found.Err()
}
