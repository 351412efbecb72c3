package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
)

// mergeAdoptionsVersion is the migration that mergeAdoptions is. It is code, since
// the digest of a record is made of its canonical JSON, which SQL does not write.
const mergeAdoptionsVersion = 42

// adoption42 is an adoption's input as it was at this migration, and stays so.
type adoption42 struct {
	Slug          string       `json:"slug"`
	Origin        string       `json:"origin,omitempty"`
	Status        string       `json:"status,omitempty"`
	Withdrawn     string       `json:"withdrawn,omitempty"`
	LeadsTo       string       `json:"leadsTo,omitempty"`
	Citations     []citation42 `json:"citations,omitempty"`
	Case          string       `json:"case"`
	Adopter       string       `json:"adopter"`
	AdoptedOn     string       `json:"adoptedOn,omitempty"`
	Changes       string       `json:"changes,omitempty"`
	Result        string       `json:"result,omitempty"`
	ResultingCase string       `json:"resultingCase,omitempty"`
	Thanks        string       `json:"thanks,omitempty"`
}

type citation42 struct {
	Source string   `json:"source"`
	Quote  string   `json:"quote"`
	Start  *int     `json:"start,omitempty"`
	Fields []string `json:"fields,omitempty"`
}

// doubled is one of several adoptions of the same case by the same committee.
type doubled struct {
	id, of, by int64
	version    int
	resulting  *int64
	in         adoption42
	merged     []string // the slugs of what came into it
}

// mergeAdoptions makes one of the adoptions of a case that a committee has
// recorded several times. The public one stays, of several the oldest; what only
// another one says that stands as it does comes into it. The others are archived;
// the reason in their revision says what they are part of now, and their tombstones
// lead there.
func mergeAdoptions(ctx context.Context, tx *sql.Tx) error {
	list, err := doubledAdoptions(ctx, tx)
	if err != nil {
		return err
	}
	for i := 0; i < len(list); {
		stays := list[i]
		for i++; i < len(list) && list[i].of == stays.of && list[i].by == stays.by; i++ {
			goes := list[i]
			if goes.in.Status == stays.in.Status && goes.in.Origin == stays.in.Origin && len(goes.in.Citations) == 0 {
				stays.take(goes)
			}
			reason := "并入推广记录“" + stays.in.Slug + "”：同一政协引进同一案例只记一条"
			goes.in.Status, goes.in.Withdrawn, goes.in.LeadsTo = "ARCHIVED", reason, "adoption "+stays.in.Slug
			if err := goes.write(ctx, tx, reason); err != nil {
				return err
			}
		}
		if len(stays.merged) > 0 {
			if err := stays.write(ctx, tx, "并入了推广记录“"+strings.Join(stays.merged, "”“")+"”"); err != nil {
				return err
			}
		}
	}
	return nil
}

func doubledAdoptions(ctx context.Context, tx *sql.Tx) ([]*doubled, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT a.id, a.case_id, a.adopter_id, a.version, a.resulting_case_id, v.snapshot
		FROM adoptions a JOIN revisions v ON v.record_id = a.id AND v.version = a.version
		WHERE a.status <> 'ARCHIVED' AND (a.case_id, a.adopter_id) IN (
			SELECT case_id, adopter_id FROM adoptions WHERE status <> 'ARCHIVED' GROUP BY 1, 2 HAVING count(*) > 1)
		ORDER BY a.case_id, a.adopter_id, a.origin = 'SYNTHETIC', a.status <> 'PUBLISHED', a.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*doubled
	for rows.Next() {
		d := &doubled{}
		var raw []byte
		if err := rows.Scan(&d.id, &d.of, &d.by, &d.version, &d.resulting, &raw); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &d.in); err != nil {
			return nil, fmt.Errorf("adoption %d: %w", d.id, err)
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// take adds what the other says and d does not.
func (d *doubled) take(other *doubled) {
	before := d.in
	if d.in.AdoptedOn == "" {
		d.in.AdoptedOn = other.in.AdoptedOn
	}
	if d.resulting == nil {
		d.resulting, d.in.ResultingCase = other.resulting, other.in.ResultingCase
	}
	for _, text := range []struct {
		to   *string
		from string
	}{{&d.in.Changes, other.in.Changes}, {&d.in.Result, other.in.Result}} {
		switch {
		case *text.to == "":
			*text.to = text.from
		case !strings.Contains(*text.to, text.from):
			*text.to += "\n\n" + text.from
		}
	}
	if before.AdoptedOn != d.in.AdoptedOn || before.ResultingCase != d.in.ResultingCase || before.Changes != d.in.Changes || before.Result != d.in.Result {
		d.merged = append(d.merged, other.in.Slug)
	}
}

// write writes the next version, with its revision and the notes for those who
// follow.
func (d *doubled) write(ctx context.Context, tx *sql.Tx, reason string) error {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false)
	if err := e.Encode(d.in); err != nil {
		return err
	}
	snapshot := bytes.TrimRight(raw.Bytes(), "\n")
	digest := sha256.Sum256(snapshot)
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO revisions (record_id, version, actor, origin, status, snapshot, reason) VALUES ($1, $2, 'jisi', $3, $4, $5, $6)`,
			[]any{d.id, d.version + 1, d.in.Origin, d.in.Status, string(snapshot), reason}},
		{`UPDATE adoptions SET version = version + 1, updated_at = now(), status = $2, digest = $3, adopted_on = nullif($4, ''), changes = nullif($5, ''),
			result = nullif($6, ''), resulting_case_id = $7 WHERE id = $1`,
			[]any{d.id, d.in.Status, digest[:], d.in.AdoptedOn, d.in.Changes, d.in.Result, d.resulting}},
		{`INSERT INTO outbox (kind, record_id, version) SELECT 'ADOPTION', $1::bigint, $2::integer UNION ALL SELECT 'CASE', id, version FROM cases WHERE id = $3`,
			[]any{d.id, d.version + 1, d.of}},
	} {
		if _, err := tx.ExecContext(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("adoption %s: %w", d.in.Slug, err)
		}
	}
	d.version++
	return nil
}
