package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// verifyBatch is how many records are compared at once.
const verifyBatch = 500

// stored is a record's identity with the snapshot of its latest revision.
type stored struct {
	id       catalog.ID
	slug     string
	version  int
	digest   []byte
	snapshot []byte // nil where the revision is gone
}

// verifyContents compares every record with its latest revision: the digest kept
// with the record must be that of the revision's input, and the rows must be
// those that the input is written as. The rows are made by the very code that
// writes them, and compared by the database.
func verifyContents(ctx context.Context, tx pgx.Tx) (digests, contents *catalog.Check, err error) {
	digests = &catalog.Check{Name: "digests", Zh: "摘要值与最新修订一致", En: "every record's digest is that of its latest revision", Advice: pastJisi}
	contents = &catalog.Check{Name: "contents", Zh: "记录内容与最新修订一致", En: "every record says what its latest revision says", Advice: pastJisi}
	for _, kind := range catalog.RecordKinds {
		for after := catalog.ID(0); ; {
			found, err := storedAfter(ctx, tx, kind, after)
			if err != nil {
				return digests, contents, fmt.Errorf("%s: %w", kind, err)
			}
			if len(found) == 0 {
				break
			}
			after = found[len(found)-1].id
			drafts := readSnapshots(kind, found, digests)
			contents.Checked += len(drafts)
			if err := compareRows(ctx, tx, kind, drafts, contents); err != nil {
				return digests, contents, fmt.Errorf("%s: %w", kind, err)
			}
		}
	}
	return digests, contents, nil
}

func storedAfter(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, after catalog.ID) ([]stored, error) {
	found, err := tx.Query(ctx, `SELECT r.id, r.slug, r.version, r.digest, v.snapshot
		FROM `+tables[kind].name+` r LEFT JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE r.id > $1 ORDER BY r.id LIMIT $2`, after, verifyBatch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (stored, error) {
		var s stored
		return s, row.Scan(&s.id, &s.slug, &s.version, &s.digest, &s.snapshot)
	})
}

// readSnapshots turns snapshots back into drafts, and checks their digests. A
// record whose revision is gone or cannot be read has no draft; the check of
// versions, or that of digests, has told.
func readSnapshots(kind catalog.RecordKind, records []stored, digests *catalog.Check) []*draft {
	var drafts []*draft
	for _, s := range records {
		if s.snapshot == nil {
			continue
		}
		digests.Checked++
		in := catalog.NewInput(kind)
		raw, err := s.snapshot, json.Unmarshal(s.snapshot, in)
		if err == nil {
			raw, err = encode(in) // in the order of fields that the digest is of; the database keeps its own
		}
		if err != nil {
			digests.Fail(kind, s.slug, fmt.Sprintf("version %d cannot be read: %v", s.version, err))
			continue
		}
		if sum := sha256.Sum256(raw); !bytes.Equal(sum[:], s.digest) {
			digests.Fail(kind, s.slug, fmt.Sprintf("version %d", s.version))
		}
		drafts = append(drafts, &draft{
			in: in, snapshot: raw, digest: s.digest,
			result: catalog.Written{Action: catalog.WriteNew, Kind: kind, Slug: s.slug, ID: s.id, Version: s.version},
		})
	}
	return drafts
}

// compareRows compares the rows that the drafts would be written as with those
// that are there.
func compareRows(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, drafts []*draft, contents *catalog.Check) error {
	b := &batch{tx: tx, drafts: drafts, known: newLookup(tx), rows: rows{}}
	for kind, names := range b.unknownNames() {
		if err := b.known.find(ctx, kind, names); err != nil {
			return err
		}
	}
	ids := make([]catalog.ID, 0, len(drafts))
	for _, d := range drafts {
		if slices.ContainsFunc(d.in.Head().Citations, func(c catalog.CitationInput) bool { return c.Start == nil }) {
			contents.Fail(kind, d.result.Slug, "a citation of its revision has no offset")
			continue
		}
		b.addRows(d)
		ids = append(ids, d.result.ID)
	}
	t := tables[kind]
	columns := slices.Concat(headColumns, t.columns)
	if err := eachDifference(ctx, tx, kind, columnDifferences(t.name, columns), b.rows[t.name], ids, contents); err != nil {
		return err
	}
	for _, c := range slices.Concat(t.children, []child{citationTable}) {
		if err := eachDifference(ctx, tx, kind, childDifferences(t.name, c), b.rows[c.name], ids, contents); err != nil {
			return err
		}
	}
	return nil
}

func eachDifference(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, sql string, want []row, ids []catalog.ID, contents *catalog.Check) error {
	if want == nil {
		want = []row{}
	}
	raw, err := json.Marshal(want)
	if err != nil {
		return err
	}
	return eachFailure(ctx, tx, sql, contents, string(raw), ids, kind)
}

// columnDifferences names the columns of each row of a noun's table that are
// not as wanted.
func columnDifferences(table string, columns []string) string {
	differ := make([]string, len(columns))
	for i, c := range columns {
		differ[i] = `CASE WHEN w.` + c + ` IS DISTINCT FROM h.` + c + ` THEN '` + c + `' END`
	}
	names := strings.Join(columns, ", ")
	return `SELECT kind, slug, differ FROM (
		SELECT $3::text AS kind, h.slug, concat_ws(', ', ` + strings.Join(differ, ", ") + `) AS differ
		FROM (SELECT ` + names + ` FROM json_populate_recordset(NULL::` + table + `, $1)) w JOIN ` + table + ` h ON h.id = w.id AND h.id = ANY ($2)
	) d WHERE differ <> '' ORDER BY slug`
}

// childDifferences names the records whose rows in a table of what they list
// are not as wanted.
func childDifferences(table string, c child) string {
	list := strings.Join(c.columns, ", ")
	want := `SELECT ` + list + ` FROM json_populate_recordset(NULL::` + c.name + `, $1)`
	have := `SELECT ` + list + ` FROM ` + c.name + ` WHERE ` + c.owner + ` = ANY ($2)`
	return `SELECT DISTINCT $3::text, r.slug, '` + c.name + `' FROM (
			(` + want + ` EXCEPT ALL ` + have + `) UNION ALL (` + have + ` EXCEPT ALL ` + want + `)
		) d JOIN ` + table + ` r ON r.id = d.` + c.owner + ` ORDER BY 2`
}
