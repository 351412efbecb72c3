package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// table is a noun's table, and the tables of what its records list, which are
// written anew with the record.
type table struct {
	name     string
	names    []string // SQL expressions of type text[]: what a reference may call a record, nearest first
	children []child
	lists    func(b *batch, in catalog.Input, id any) // adds the rows of the children; nil where there are none
	initial  []string                                 // columns that are written with a new record only; triggers keep them

	// nounOf sets these.
	described []Column
	columns   []string // their names
	fill      func(known *lookup, in catalog.Input, r row)
}

// child is the table of something that records list.
type child struct {
	name    string
	owner   string // the column that holds the record's id
	columns []string
}

// headColumns are the columns of every noun's table that a write fills.
var headColumns = []string{"id", "slug", "origin", "status", "version", "digest"}

// tables has every noun's table.
var tables = map[catalog.RecordKind]table{
	catalog.KindSource:     sources.table,
	catalog.KindRegion:     regions.table,
	catalog.KindCommittee:  committees.table,
	catalog.KindTopic:      topics.table,
	catalog.KindPerson:     persons.table,
	catalog.KindBrand:      brands.table,
	catalog.KindProposal:   proposals.table,
	catalog.KindCase:       cases.table,
	catalog.KindIndicator:  indicators.table,
	catalog.KindPractice:   practices.table,
	catalog.KindEvaluation: evaluations.table,
	catalog.KindAdoption:   adoptions.table,
	catalog.KindVenue:      venues.table,
	catalog.KindNeed:       needs.table,
	catalog.KindReport:     reports.table,
	catalog.KindCall:       calls.table,
	catalog.KindCollection: collections.table,
	catalog.KindActivity:   activities.table,
	catalog.KindRound:      evaluationRounds.table,
}

// row is one row of a table by its columns. rows are those of a batch by table.
type (
	row  = map[string]any
	rows map[string][]row
)

func (r rows) add(table string, one row) { r[table] = append(r[table], one) }

// head starts the row of a draft in its noun's table.
func (d *draft) head() row {
	h := d.in.Head()
	return row{
		"id": d.result.ID, "slug": h.Slug, "origin": h.Origin, "status": h.Status, "version": d.result.Version,
		"digest": byteArray(d.digest),
	}
}

// byteArray is the value of a bytea.
type byteArray []byte

// MarshalJSON writes the form in which PostgreSQL reads a bytea.
func (b byteArray) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `"\\x%x"`, []byte(b)), nil }

// null returns nil, which is written as NULL, for a value that says nothing.
func null[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// array returns an empty list in the place of none: the columns are NOT NULL.
func array[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// writeRows writes the rows of all drafts that change something: a statement a
// table.
func (b *batch) writeRows(ctx context.Context) error {
	groups := b.byKind()
	for _, kind := range catalog.RecordKinds {
		var stale []catalog.ID
		for _, d := range groups[kind] {
			if d.changes() {
				b.addRows(d)
			}
			if d.result.Action == catalog.WriteChanged {
				stale = append(stale, d.result.ID)
			}
		}
		t := tables[kind]
		if kind == catalog.KindCase {
			b.countAdoptions(groups[catalog.KindAdoption])
		}
		if err := b.noteDependents(ctx, kind, stale); err != nil {
			return err
		}
		if err := b.writeRecords(ctx, t); err != nil {
			return err
		}
		for _, c := range slices.Concat(t.children, []child{citationTable}) {
			if len(stale) > 0 {
				if _, err := b.tx.Exec(ctx, `DELETE FROM `+c.name+` WHERE `+c.owner+` = ANY ($1)`, stale); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
			if err := add(ctx, b.tx, c.name, c.columns, b.rows[c.name]); err != nil {
				return err
			}
			delete(b.rows, c.name) // outcomes and citations have several owners
		}
	}
	return nil
}

// writeRecords writes the rows of a noun's table. Those of records that are there
// already take their place.
func (b *batch) writeRecords(ctx context.Context, t table) error {
	var fresh, changed []row
	for _, r := range b.rows[t.name] {
		if r["version"] == 1 {
			fresh = append(fresh, r)
		} else {
			changed = append(changed, r)
		}
	}
	columns := slices.Concat(headColumns, t.columns)
	if err := add(ctx, b.tx, t.name, slices.Concat(columns, t.initial), fresh); err != nil {
		return err
	}
	return insert(ctx, b.tx, t.name, columns, changed, true)
}

// manyRows is from how many rows on a COPY is worth the second round trip. It takes
// half of the server's time that a statement takes, and a third of PostgreSQL's, which
// reads JSON as JSON and then each of its values.
var manyRows = 20

// add writes rows of which none is there yet.
func add(ctx context.Context, tx pgx.Tx, table string, columns []string, rows []row) error {
	if len(rows) < manyRows {
		return insert(ctx, tx, table, columns, rows, false)
	}
	values := make([]any, len(columns))
	_, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		for j, c := range columns {
			values[j] = rows[i][c]
		}
		return values, nil
	}))
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}

// insert writes rows, handed over as one JSON parameter that the server turns
// into the table's own row type: one statement, however many rows. With
// replace, a row whose id is there already takes its place.
func insert(ctx context.Context, tx pgx.Tx, table string, columns []string, rows []row, replace bool) error {
	if len(rows) == 0 {
		return nil
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	list := strings.Join(columns, ", ")
	sql := `INSERT INTO ` + table + ` (` + list + `) SELECT ` + list + ` FROM json_populate_recordset(NULL::` + table + `, $1)`
	if replace {
		set := make([]string, 0, len(columns))
		for _, c := range columns {
			if c != "id" {
				set = append(set, c+` = EXCLUDED.`+c)
			}
		}
		sql += ` ON CONFLICT (id) DO UPDATE SET updated_at = now(), ` + strings.Join(set, ", ")
	}
	if _, err := tx.Exec(ctx, sql, string(raw)); err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}

// addRows turns a draft into rows. What it refers to has been found, so every
// id is known.
func (b *batch) addRows(d *draft) {
	t, r := tables[d.in.Kind()], d.head()
	t.fill(b.known, d.in, r)
	b.rows.add(t.name, r)
	if t.lists != nil {
		t.lists(b, d.in, r["id"])
	}
	b.addCitations(d)
}
