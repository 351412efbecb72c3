package verify

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// atOnce is how many records are compared at once.
const atOnce = 500

// stored is a record's identity with the snapshot of its latest revision.
type stored struct {
	id       catalog.ID
	slug     string
	version  int
	digest   []byte
	snapshot []byte // nil where the revision is gone
}

// checkContents compares every record with its latest revision: the digest kept
// with the record must be that of the revision's input, and the rows must be
// those that the input is written as. The rows are made by the very code that
// writes them, and compared by the database.
func checkContents(ctx context.Context, tx pgx.Tx) (digests, contents *catalog.Check, err error) {
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
			kept := readSnapshots(kind, found, digests)
			contents.Checked += len(kept)
			if err := compareRows(ctx, tx, kind, kept, contents); err != nil {
				return digests, contents, fmt.Errorf("%s: %w", kind, err)
			}
		}
	}
	return digests, contents, nil
}

func storedAfter(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, after catalog.ID) ([]stored, error) {
	found, err := tx.Query(ctx, `SELECT r.id, r.slug, r.version, r.digest, v.snapshot
		FROM `+store.TableName(kind)+` r LEFT JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE r.id > $1 ORDER BY r.id LIMIT $2`, after, atOnce)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (stored, error) {
		var s stored
		return s, row.Scan(&s.id, &s.slug, &s.version, &s.digest, &s.snapshot)
	})
}

// readSnapshots turns snapshots back into what they hold, and checks their digests.
// A record whose revision is gone or cannot be read is left out; the check of
// versions, or that of digests, has told.
func readSnapshots(kind catalog.RecordKind, records []stored, digests *catalog.Check) []store.Kept {
	var kept []store.Kept
	for _, r := range records {
		if r.snapshot == nil {
			continue
		}
		digests.Checked++
		in, sum, err := store.ReadSnapshot(kind, r.snapshot)
		if err != nil {
			digests.Fail(kind, r.slug, fmt.Sprintf("version %d cannot be read: %v", r.version, err))
			continue
		}
		if !bytes.Equal(sum, r.digest) {
			digests.Fail(kind, r.slug, fmt.Sprintf("version %d", r.version))
		}
		kept = append(kept, store.Kept{ID: r.id, Version: r.version, Digest: r.digest, Input: in})
	}
	return kept
}

// compareRows compares the rows that the records would be written as with those
// that are there.
func compareRows(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, kept []store.Kept, contents *catalog.Check) error {
	var comparable []store.Kept
	var ids []catalog.ID
	for _, k := range kept {
		if slices.ContainsFunc(k.Input.Head().Citations, func(c catalog.CitationInput) bool { return c.Start == nil }) {
			contents.Fail(kind, k.Input.Head().Slug, "a citation of its revision has no offset")
			continue
		}
		comparable = append(comparable, k)
		ids = append(ids, k.ID)
	}
	expected, err := store.RowsOf(ctx, tx, kind, comparable)
	if err != nil {
		return err
	}
	for _, e := range expected {
		sql := columnDifferences(e)
		if e.Owner != "" {
			sql = childDifferences(store.TableName(kind), e)
		}
		if err := eachFailure(ctx, tx, sql, contents, string(e.Rows), ids, kind); err != nil {
			return err
		}
	}
	return nil
}

// columnDifferences names the columns of each row of a noun's table that are
// not as wanted.
func columnDifferences(e store.ExpectedRows) string {
	table, columns := e.Table, e.Columns
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
func childDifferences(table string, c store.ExpectedRows) string {
	list := strings.Join(c.Columns, ", ")
	want := `SELECT ` + list + ` FROM json_populate_recordset(NULL::` + c.Table + `, $1)`
	have := `SELECT ` + list + ` FROM ` + c.Table + ` WHERE ` + c.Owner + ` = ANY ($2)`
	return `SELECT DISTINCT $3::text, r.slug, '` + c.Table + `' FROM (
			(` + want + ` EXCEPT ALL ` + have + `) UNION ALL (` + have + ` EXCEPT ALL ` + want + `)
		) d JOIN ` + table + ` r ON r.id = d.` + c.Owner + ` ORDER BY 2`
}
