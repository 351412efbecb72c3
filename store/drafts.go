package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// BeginDrafts starts a transaction in which the context's viewer brings in
// drafts of cases, as an import over HTTP does. What it puts may name only what
// the viewer may read, becomes a draft of a committee that the viewer may write
// for, and changes drafts only: a case that is in review, published or archived
// is refused, as is one that the viewer has no say in. Put and the rest are to be
// given contexts of the same viewer.
func (s *Store) BeginDrafts(ctx context.Context) (*Writer, error) {
	viewer := catalog.ViewerFrom(ctx)
	if err := MayImport(viewer); err != nil {
		return nil, err
	}
	w, err := s.Begin(ctx, catalog.Actor{Name: viewer.Name})
	if err != nil {
		return nil, err
	}
	w.guest = viewer
	return w, nil
}

// Changes returns what was changed in the records that this transaction has
// written, by id: the difference of the version that Put returned from the one before.
// A record that is new has none. It takes one statement, however many there are.
func (w *Writer) Changes(ctx context.Context, written []catalog.Written) (map[catalog.ID][]catalog.FieldChange, error) {
	var (
		ids      []catalog.ID
		versions []int
	)
	for _, one := range written {
		if one.Action == catalog.WriteChanged {
			ids, versions = append(ids, one.ID), append(versions, one.Version)
		}
	}
	changes := make(map[catalog.ID][]catalog.FieldChange, len(ids))
	if len(ids) == 0 {
		return changes, nil
	}
	found, err := w.tx.Query(ctx, `SELECT now.record_id, before.snapshot, now.snapshot
		FROM unnest($1::bigint[], $2::integer[]) AS w (id, version)
		JOIN revisions now ON now.record_id = w.id AND now.version = w.version
		JOIN revisions before ON before.record_id = w.id AND before.version = w.version - 1`, ids, versions)
	if err != nil {
		return nil, wrap("changes", err)
	}
	var (
		id          catalog.ID
		before, now []byte
	)
	_, err = pgx.ForEachRow(found, []any{&id, &before, &now}, func() error {
		changes[id], err = catalog.Diff(before, now)
		return err
	})
	return changes, wrap("changes", err)
}

// asDrafts makes drafts of what the guest brings in; where it does not say whose it
// is, it is the guest's committee's. A record that is there keeps its state, and what
// the file has no place for stays as it is; of cases an import changes drafts only, so
// that one with another state is either the same or refused.
func (b *batch) asDrafts(ctx context.Context) error {
	there, err := b.stored(ctx)
	if err != nil {
		return err
	}
	old, err := b.changed(ctx, there)
	if err != nil {
		return err
	}
	for _, d := range b.drafts {
		head := d.in.Head()
		now := there[keyOf(d)]
		named := namesIn(d.in)
		head.Status = catalog.StatusDraft
		if was := old[d]; was.in != nil && (d.in.Kind() != catalog.KindCase || now.status != catalog.StatusDraft) {
			catalog.KeepAbsent(d.in, was.in)
			if head.Status = now.status; now.status == catalog.StatusArchived {
				head.Status = catalog.StatusDraft // askForDrafts refuses it
			}
		}
		if b.guest.Committee != 0 {
			catalog.SetOwner(d.in, old[d].in, catalog.EncodeID(catalog.KindCommittee, b.guest.Committee))
		}
		if was := old[d]; was.in != nil && len(was.unseen) > 0 {
			catalog.LeaveOut(d.in, was.unseen.without(named)) // which the guest is shown, and KeepAbsent took over
			var back unseenIDs
			d.in, back = was.unseen.back(d.in, was.in, named)
			d.keep(b.known, back)
		}
	}
	b.there = there
	return nil
}

// storedInput is a record that a draft changes, as it is, and what of it the guest
// does not see.
type storedInput struct {
	in     catalog.Input
	unseen unseenIDs
}

// changed returns what the drafts change, as far as the guest may read it.
func (b *batch) changed(ctx context.Context, there map[recordKey]*recordNow) (map[*draft]storedInput, error) {
	old := map[*draft]storedInput{}
	var drafts []*draft
	var inputs []catalog.Input
	for _, d := range b.drafts {
		now := there[keyOf(d)]
		if now == nil || !now.readable {
			continue
		}
		in, err := decodeInput(d.in.Kind(), now.snapshot)
		if err != nil {
			return nil, err
		}
		drafts, inputs = append(drafts, d), append(inputs, in)
	}
	unseen, err := unseenOf(ctx, b.tx, inputs...)
	for i, d := range drafts {
		if err == nil {
			old[d] = storedInput{inputs[i], unseen[i]}
		}
	}
	return old, err
}

// MayImport returns nil where the viewer may bring in drafts at all, for whatever
// committee.
func MayImport(viewer *catalog.Viewer) error {
	owners := []catalog.ID{0}
	if viewer != nil {
		owners = append(owners, viewer.Committee)
	}
	return catalog.MayForAny(viewer, catalog.ActionCreate, owners, catalog.StatusDraft)
}

// recordNow is a record that is there already.
type recordNow struct {
	slug     string
	status   catalog.Status
	origin   catalog.Origin
	owners   []catalog.ID
	readable bool
	snapshot []byte
}

// recordKey names a record of a batch.
type recordKey struct {
	kind catalog.RecordKind
	slug string
}

func keyOf(d *draft) recordKey { return recordKey{d.in.Kind(), d.in.Head().Slug} }

// imported are the kinds of records that whoever may write brings in.
var imported = []catalog.RecordKind{
	catalog.KindCase, catalog.KindBrand, catalog.KindProposal, catalog.KindPerson, catalog.KindVenue, catalog.KindActivity,
	catalog.KindRound, catalog.KindEvaluation, catalog.KindPractice, catalog.KindNeed,
}

// Imported returns the kinds of records that whoever may write brings in by files.
func Imported() []catalog.RecordKind { return slices.Clone(imported) }

// askForDrafts refuses what the batch's guest may not bring in.
func (b *batch) askForDrafts(context.Context) error {
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		if !slices.Contains(imported, d.in.Kind()) {
			d.refuse(&catalog.Error{Kind: catalog.KindForbidden, Path: "type", Zh: "这一类记录不能在这里导入，请由管理员导入：" + d.in.Kind().Label(), En: "records of this kind are an administrator's to bring in"})
			continue
		}
		var now *recordNow
		if d.result.Action != catalog.WriteNew {
			now = b.there[keyOf(d)]
		}
		if d.result.Action == catalog.WriteSame && now != nil && now.readable && now.status != catalog.StatusDraft {
			continue // the file says what stands there
		}
		if err := b.mayDraft(d.in, now); err != nil {
			d.refuse(err)
		}
	}
	return nil
}

// stored reads the records that are there by the slugs of the drafts, and by the
// slugs that versions before made of the same.
func (b *batch) stored(ctx context.Context) (map[recordKey]*recordNow, error) {
	there := map[recordKey]*recordNow{}
	for kind, drafts := range b.byKind() {
		if !slices.Contains(imported, kind) {
			continue
		}
		var slugs []string
		former := map[string]*draft{}
		for _, d := range drafts {
			head := d.in.Head()
			slugs = append(slugs, head.Slug)
			if head.FormerSlug != "" {
				slugs = append(slugs, head.FormerSlug)
				former[head.FormerSlug] = d
			}
		}
		table := tables[kind].name
		args := Args{slugs}
		found, err := b.tx.Query(ctx, `SELECT r.slug, r.status, r.origin, ARRAY(`+ownersOfEach(table)+`), (`+Readable(ctx, table, "r", &args)+`) IS TRUE, v.snapshot
			FROM `+table+` r JOIN revisions v ON v.record_id = r.id AND v.version = r.version WHERE r.slug = ANY ($1)`, args...)
		if err != nil {
			return nil, err
		}
		all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*recordNow, error) {
			one := &recordNow{}
			return one, row.Scan(&one.slug, &one.status, &one.origin, &one.owners, &one.readable, &one.snapshot)
		})
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			there[recordKey{kind, one.slug}] = one
		}
		for slug, d := range former {
			if one := there[recordKey{kind, slug}]; one != nil && there[keyOf(d)] == nil {
				there[keyOf(d)] = one
			}
		}
	}
	return there, nil
}

// mayDraft says why the guest may not bring in the record; now is the one that is
// there, nil where there is none.
func (b *batch) mayDraft(in catalog.Input, now *recordNow) error {
	var owners []catalog.ID
	for _, slug := range catalog.OwnersOf(in) {
		owners = append(owners, b.known.ids[catalog.KindCommittee][slug])
	}
	field := ownerField(in.Kind())
	if now == nil {
		if err := catalog.SetOrigin(b.guest, in, ""); err != nil {
			return err
		}
		return at(field, catalog.MayForAny(b.guest, catalog.ActionCreate, owners, catalog.StatusDraft))
	}
	slug := in.Head().Slug
	switch {
	case !now.readable:
		return &catalog.Error{
			Kind: catalog.KindDuplicate, Path: "slug",
			Zh: fmt.Sprintf("永久链接“%s”已被使用，请换一个", slug), En: fmt.Sprintf("the slug %q is taken; choose another", slug),
		}
	case in.Kind() == catalog.KindCase && now.status != catalog.StatusDraft:
		return &catalog.Error{
			Kind: catalog.KindForbidden, Path: "slug",
			Zh: fmt.Sprintf("“%s”已有案例（%s），导入只更改草稿；请在案例页面上修改", slug, now.status.Label()),
			En: fmt.Sprintf("there is a case %q, which is %s, and an import changes drafts only; change it on its page", slug, now.status),
		}
	}
	if err := catalog.MayForAny(b.guest, catalog.ActionUpdate, now.owners, now.status); err != nil {
		return at("slug", err)
	}
	if err := catalog.SetOrigin(b.guest, in, now.origin); err != nil {
		return err
	}
	return at(field, catalog.MayForAny(b.guest, catalog.ActionUpdate, owners, now.status))
}

// at sets an error's field, where it has none.
func at(path string, err error) error {
	if e, ok := err.(*catalog.Error); ok && e.Path == "" { //nolint:errorlint // made just now
		e.Path = path
	}
	return err
}
