package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Kept is a record as its latest revision says that it is.
type Kept struct {
	ID      catalog.ID
	Version int
	Digest  []byte        // as the record has it
	Input   catalog.Input // what the revision holds
}

// ExpectedRows are the rows that records ought to have in one table.
type ExpectedRows struct {
	Table   string
	Owner   string // the column that holds the record's id, where the table is of something that records list; else empty
	Columns []string
	Rows    json.RawMessage // an array of objects by column
}

// EveryRecord returns a table expression with the kind, id, slug, origin, status and
// version of every record, under the alias r.
func EveryRecord() string {
	union := ``
	for i, kind := range catalog.RecordKinds {
		if i > 0 {
			union += ` UNION ALL `
		}
		union += `SELECT kind, id, slug, origin, status, version FROM ` + tables[kind].name
	}
	return `(` + union + `) r`
}

// ReadSnapshot returns what a revision of a noun holds, and its digest: the SHA-256
// of its JSON in the order of the noun's fields, whereas the database has an order
// of its own. It fails where the JSON is not that of the noun.
func ReadSnapshot(kind catalog.RecordKind, snapshot []byte) (in catalog.Input, digest []byte, err error) {
	in = catalog.NewInput(kind)
	if err := json.Unmarshal(snapshot, in); err != nil {
		return nil, nil, err
	}
	raw, err := encode(in)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(raw)
	return in, sum[:], nil
}

// RowsOf returns the rows that records of one noun are written as, a table each,
// the noun's own first, made by the code that writes them. It reads only. Every
// citation must have its offset.
func RowsOf(ctx context.Context, tx pgx.Tx, kind catalog.RecordKind, records []Kept) ([]ExpectedRows, error) {
	b := &batch{tx: tx, known: newLookup(tx), rows: rows{}}
	for _, k := range records {
		b.drafts = append(b.drafts, &draft{
			in: k.Input, digest: k.Digest,
			result: catalog.Written{Action: catalog.WriteNew, Kind: kind, Slug: k.Input.Head().Slug, ID: k.ID, Version: k.Version},
		})
	}
	for kind, names := range b.unknownNames() {
		if err := b.known.find(ctx, kind, names); err != nil {
			return nil, err
		}
	}
	for _, d := range b.drafts {
		b.addRows(d)
	}
	t := tables[kind]
	expected := []ExpectedRows{{Table: t.name, Columns: slices.Concat(headColumns, t.columns)}}
	for _, c := range slices.Concat(t.children, []child{citationTable}) {
		expected = append(expected, ExpectedRows{Table: c.name, Owner: c.owner, Columns: c.columns})
	}
	for i := range expected {
		e := &expected[i]
		raw, err := json.Marshal(array(b.rows[e.Table]))
		if err != nil {
			return nil, err
		}
		e.Rows = raw
	}
	return expected, nil
}
