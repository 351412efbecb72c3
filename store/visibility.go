package store

import (
	"context"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
)

// Args are the parameters of a statement that is being written.
type Args []any

// Add adds a parameter and returns its place holder, as $1.
func (a *Args) Add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}

// owners says, by table, to which committees a record belongs: the column that
// names one, and the table that has it where that is not the record's own, with
// the column by which its rows belong to the record. Records of other tables
// belong to none.
var owners = map[string]struct{ column, in, by string }{
	"cases":       {column: "committee_id"},
	"brands":      {column: "committee_id"},
	"evaluations": {column: "committee_id"},
	"venues":      {column: "committee_id"},
	"needs":       {column: "committee_id"},
	"reports":     {column: "entered_by_id"},
	"calls":       {column: "committee_id"},
	"collections": {column: "committee_id"},
	"persons":     {column: "committee_id"},
	"practices":   {column: "committee_id"},
	"activities":  {column: "committee_id"},

	"evaluation_rounds": {column: "committee_id"},

	"adoptions": {column: "adopter_id"},
	"proposals": {column: "committee_id", in: "proposers", by: "proposal_id"},
}

// owned returns the condition under which a record of the table, by its alias,
// belongs to one of the committees of the place holder; has is false where the
// table's records belong to none.
func owned(table, alias, committees string) (condition string, has bool) {
	o, has := owners[table]
	if o.in == "" {
		return alias + `.` + o.column + ` = ANY (` + committees + `)`, has
	}
	return `EXISTS (SELECT FROM ` + o.in + ` own WHERE own.` + o.by + ` = ` + alias + `.id AND own.` + o.column + ` = ANY (` + committees + `))`, has
}

// ownersOf returns the statement that returns the committees to which the record $1
// of the table belongs.
func ownersOf(table string) string {
	o, has := owners[table]
	switch {
	case !has:
		return `SELECT NULL::bigint WHERE $1::bigint IS NULL`
	case o.in == "":
		return `SELECT ` + o.column + ` FROM ` + table + ` WHERE id = $1 AND ` + o.column + ` IS NOT NULL`
	}
	return `SELECT ` + o.column + ` FROM ` + o.in + ` WHERE ` + o.by + ` = $1 AND ` + o.column + ` IS NOT NULL`
}

// ownersOfEach is ownersOf for the row r of the table in a statement.
func ownersOfEach(table string) string {
	o, has := owners[table]
	switch {
	case !has:
		return `SELECT NULL::bigint WHERE false`
	case o.in == "":
		return `SELECT r.` + o.column + ` WHERE r.` + o.column + ` IS NOT NULL`
	}
	return `SELECT own.` + o.column + ` FROM ` + o.in + ` own WHERE own.` + o.by + ` = r.id AND own.` + o.column + ` IS NOT NULL`
}

// Readable returns the condition under which the context's viewer may read a
// record of the table, which goes by the alias: what is published, and what
// catalog's permissions let it see beyond that. An anonymous reader's has no
// parameter, so that all of them share their prepared statements.
func Readable(ctx context.Context, table, alias string, args *Args) string {
	return orOwn(ctx, table, alias+`.status = 'PUBLISHED'`, func(committees string) string {
		own, _ := owned(table, alias, committees)
		return own
	}, args)
}

// ReadableVersion is Readable for the revisions of the table's records: a
// version that was public, or one of a record whose drafts the viewer may read.
func ReadableVersion(ctx context.Context, table, alias string, args *Args) string {
	return orOwn(ctx, table, alias+`.status = 'PUBLISHED'`, func(committees string) string {
		own, _ := owned(table, "owner", committees)
		return `EXISTS (SELECT FROM ` + table + ` owner WHERE owner.id = ` + alias + `.record_id AND ` + own + `)`
	}, args)
}

// orOwn widens the condition of what is public by what of the table belongs to the
// committees whose records the context's viewer sees in every state; own is the condition
// of that, of the place holder of their ids.
func orOwn(ctx context.Context, table, public string, own func(committees string) string, args *Args) string {
	visible := catalog.VisibilityOf(catalog.ViewerFrom(ctx))
	_, has := owners[table]
	switch {
	case visible.All:
		return `true`
	case len(visible.Committees) == 0 || !has:
		return public
	}
	return `(` + public + ` OR ` + own(args.Add(visible.Committees)) + `)`
}
