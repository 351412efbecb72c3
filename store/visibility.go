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

// owned says, by table, which records belong to one of the committees: the
// condition, for the table's alias and the place holder of the committees.
// Records of other tables belong to none.
var owned = map[string]func(alias, committees string) string{
	"cases":       ownedBy("committee_id"),
	"brands":      ownedBy("committee_id"),
	"evaluations": ownedBy("committee_id"),
	"venues":      ownedBy("committee_id"),
	"adoptions":   ownedBy("adopter_id"),
	"proposals": func(alias, committees string) string {
		return `EXISTS (SELECT FROM proposers own WHERE own.proposal_id = ` + alias + `.id AND own.committee_id = ANY (` + committees + `))`
	},
}

func ownedBy(column string) func(alias, committees string) string {
	return func(alias, committees string) string { return alias + `.` + column + ` = ANY (` + committees + `)` }
}

// Readable returns the condition under which the context's viewer may read a
// record of the table, which goes by the alias: what is published, and what
// catalog's permissions let it see beyond that. An anonymous reader's has no
// parameter, so that all of them share their prepared statements.
func Readable(ctx context.Context, table, alias string, args *Args) string {
	visible := catalog.VisibilityOf(catalog.ViewerFrom(ctx))
	public := alias + `.status = 'PUBLISHED'`
	own, has := owned[table]
	switch {
	case visible.All:
		return `true`
	case len(visible.Committees) == 0 || !has:
		return public
	}
	return `(` + public + ` OR ` + own(alias, args.Add(visible.Committees)) + `)`
}

// ReadableVersion is Readable for the revisions of the table's records: a
// version that was public, or one of a record whose drafts the viewer may read.
func ReadableVersion(ctx context.Context, table, alias string, args *Args) string {
	visible := catalog.VisibilityOf(catalog.ViewerFrom(ctx))
	public := alias + `.status = 'PUBLISHED'`
	own, has := owned[table]
	switch {
	case visible.All:
		return `true`
	case len(visible.Committees) == 0 || !has:
		return public
	}
	return `(` + public + ` OR EXISTS (SELECT FROM ` + table + ` owner WHERE owner.id = ` + alias + `.record_id AND ` + own("owner", args.Add(visible.Committees)) + `))`
}
