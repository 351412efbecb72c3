package store

import (
	"context"
	"encoding/json"

	"github.com/jisiguangyi/jisi/catalog"
)

// writeRevisions records who made every change, when, and the whole record as
// it is now; what changed is its difference from the version before.
func (b *batch) writeRevisions(ctx context.Context) error {
	var revisions []row
	for _, d := range b.drafts {
		if d.changes() {
			h := d.in.Head()
			revisions = append(revisions, row{
				"record_id": d.result.ID, "version": d.result.Version, "actor": b.actor.Name, "origin": h.Origin, "status": h.Status,
				"snapshot": json.RawMessage(d.snapshot), "reason": null(b.reason()),
			})
		}
	}
	return add(ctx, b.tx, "revisions", []string{"record_id", "version", "actor", "origin", "status", "snapshot", "reason"}, revisions)
}

// revisions are read with the one before beside each, to tell what changed: the
// last one before that the viewer may read, so that nobody learns from a
// difference what a draft said.
func revisions(before string) noun[revisionRow] {
	return noun[revisionRow]{
		table: table{name: "revisions"}, headless: true,
		selected: `r.record_id, r.version, r.at, r.actor, r.status, r.reason, r.snapshot,
			(SELECT b.snapshot FROM revisions b WHERE b.record_id = r.record_id AND b.version < r.version AND ` + before + `
			ORDER BY b.version DESC LIMIT 1)`,
		scan: func(r *revisionRow) []any {
			return []any{&r.RecordID, &r.Version, &r.At, &r.By, &r.Status, &r.Reason, &r.after, &r.before}
		},
	}
}

type revisionRow struct {
	catalog.Revision
	before, after []byte
}

func RevisionList(ctx context.Context, of catalog.Parents) List {
	l := List{
		from: `revisions r`, where: []string{`r.record_id = parent.id`},
		order: order{"VERSION", `r.version`, "integer", true}, key: `r.version`,
	}
	l.seen = ReadableVersion(ctx, tables[of.Kind].name, "r", &l.args)
	return l
}

// Revisions returns a page of the revisions of each record, newest first, with
// what each changed. Versions that the viewer may not read are left out, as are
// all that were not public where it may not read the record's drafts.
func (s *Store) Revisions(ctx context.Context, of catalog.Parents, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Revision], error) {
	l := RevisionList(ctx, of)
	before := ReadableVersion(ctx, tables[of.Kind].name, "b", &l.args)
	found, err := pages(ctx, s, revisions(before), l, of, page)
	if err != nil {
		return nil, err
	}
	lists := make(map[catalog.ID]*catalog.Page[*catalog.Revision], len(found))
	for id, rows := range found {
		list := &catalog.Page[*catalog.Revision]{Cursors: rows.Cursors, HasNext: rows.HasNext, HasPrevious: rows.HasPrevious}
		for _, r := range rows.Items {
			if r.Changes, err = catalog.Diff(r.before, r.after); err != nil {
				return nil, wrap("revisions", err)
			}
			if r.Fields, err = catalog.DiffFields(r.before, r.after); err != nil {
				return nil, wrap("revisions", err)
			}
			list.Items = append(list.Items, &r.Revision)
		}
		lists[id] = list
	}
	return lists, nil
}

// CountRevisions counts what Revisions lists.
func (s *Store) CountRevisions(ctx context.Context, of catalog.Parents) (map[catalog.ID]int, error) {
	return counts(ctx, s, RevisionList(ctx, of), of)
}
