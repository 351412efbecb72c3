package store

import (
	"context"
	"fmt"

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

// asDraft makes a draft of what the guest brings in; where it does not say whose
// it is, it is the guest's committee's.
func (b *batch) asDraft(in catalog.Input) {
	in.Head().Status = catalog.StatusDraft
	if owner := catalog.OwnerOf(in); owner != nil && *owner == "" && b.guest.Committee != 0 {
		*owner = catalog.EncodeID(catalog.KindCommittee, b.guest.Committee)
	}
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

// caseNow is a case that is there already.
type caseNow struct {
	status   catalog.Status
	origin   catalog.Origin
	owner    catalog.ID
	readable bool
}

// askForDrafts refuses what the batch's guest may not bring in.
func (b *batch) askForDrafts(ctx context.Context) error {
	there, err := b.storedCases(ctx)
	if err != nil {
		return err
	}
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		in, ok := d.in.(*catalog.CaseInput)
		if !ok {
			d.refuse(&catalog.Error{Kind: catalog.KindForbidden, Path: "type", Zh: "这里只能导入案例，其他记录请由管理员导入", En: "only cases come in here; other records are an administrator's to bring in"})
			continue
		}
		if err := b.mayDraft(in, there[d.result.Slug]); err != nil {
			d.refuse(err)
		}
	}
	return nil
}

func (b *batch) storedCases(ctx context.Context) (map[string]caseNow, error) {
	var slugs []string
	for _, d := range b.drafts {
		if !d.refused() && d.result.Action != catalog.WriteNew {
			slugs = append(slugs, d.result.Slug)
		}
	}
	there := map[string]caseNow{}
	if len(slugs) == 0 {
		return there, nil
	}
	args := Args{slugs}
	found, err := b.tx.Query(ctx, `SELECT r.slug, r.status, r.origin, coalesce(r.committee_id, 0), `+Readable(ctx, "cases", "r", &args)+` FROM cases r WHERE r.slug = ANY ($1)`, args...)
	if err != nil {
		return nil, err
	}
	var (
		slug string
		one  caseNow
	)
	_, err = pgx.ForEachRow(found, []any{&slug, &one.status, &one.origin, &one.owner, &one.readable}, func() error {
		there[slug] = one
		return nil
	})
	return there, err
}

// mayDraft says why the guest may not bring in the case; now is the one that is
// there, the zero value where there is none.
func (b *batch) mayDraft(in *catalog.CaseInput, now caseNow) error {
	owner := b.known.ids[catalog.KindCommittee][in.Committee] // 0 is no committee
	if now.status == "" {
		if err := catalog.SetOrigin(b.guest, in, ""); err != nil {
			return err
		}
		return at("committee", catalog.May(b.guest, catalog.ActionCreate, owner, catalog.StatusDraft))
	}
	switch {
	case !now.readable:
		return &catalog.Error{
			Kind: catalog.KindDuplicate, Path: "slug",
			Zh: fmt.Sprintf("永久链接“%s”已被使用，请换一个", in.Slug), En: fmt.Sprintf("the slug %q is taken; choose another", in.Slug),
		}
	case now.status != catalog.StatusDraft:
		return &catalog.Error{
			Kind: catalog.KindForbidden, Path: "slug",
			Zh: fmt.Sprintf("“%s”已有案例（%s），导入只更改草稿；请在案例页面上修改", in.Slug, now.status.Label()),
			En: fmt.Sprintf("there is a case %q, which is %s, and an import changes drafts only; change it on its page", in.Slug, now.status),
		}
	}
	if err := catalog.May(b.guest, catalog.ActionUpdate, now.owner, now.status); err != nil {
		return at("slug", err)
	}
	if err := catalog.SetOrigin(b.guest, in, now.origin); err != nil {
		return err
	}
	return at("committee", catalog.May(b.guest, catalog.ActionUpdate, owner, catalog.StatusDraft))
}

// at sets an error's field, where it has none.
func at(path string, err error) error {
	if e, ok := err.(*catalog.Error); ok && e.Path == "" { //nolint:errorlint // made just now
		e.Path = path
	}
	return err
}
