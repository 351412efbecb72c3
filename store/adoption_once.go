package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// A committee takes over a case once. The index adoptions_once holds that; here
// it is said in time, with the name of the adoption that is there, and an adoption
// that was withdrawn is brought back in the place of a second one.

// oneAdoption looks, before a new adoption is written, for one of the same case by
// the same committee: one that stands refuses the new one, one that was archived
// becomes what the new one says, a draft again.
func (c *change) oneAdoption(ctx context.Context, w *Writer) error {
	in, ok := c.edit.Input.(*catalog.AdoptionInput)
	if !ok {
		return nil
	}
	known := newLookup(w.tx)
	known.restricted = true
	for _, ref := range []catalog.Reference{{Kind: catalog.KindCase, Name: &in.Case}, {Kind: catalog.KindCommittee, Name: &in.Adopter}} {
		if *ref.Name == "" {
			return nil // Validate says so
		}
		if err := known.find(ctx, ref.Kind, []string{*ref.Name}); err != nil {
			return err
		}
	}
	of, by := known.called(catalog.KindCase, in.Case), known.called(catalog.KindCommittee, in.Adopter)
	if of == 0 || by == 0 || catalog.May(c.viewer, c.edit.Action, by, c.status) != nil {
		return nil // what is wrong is said where references are resolved and leave is asked for
	}
	// Two who record the same at once wait for each other, so that the second one is told of the first.
	if _, err := w.tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('adoptions_once'), hashint8($1))`, of); err != nil {
		return err
	}
	now := &current{}
	var id catalog.ID
	err := w.tx.QueryRow(ctx, `SELECT id, slug, origin, status, version FROM adoptions WHERE case_id = $1 AND adopter_id = $2
		ORDER BY status = 'ARCHIVED', updated_at DESC, id LIMIT 1 FOR UPDATE`, of, by).Scan(&id, &now.slug, &now.origin, &now.status, &now.version)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if now.status != catalog.StatusArchived {
		return secondAdoption(now.slug)
	}
	if now.snapshot, err = snapshotOf(ctx, w.tx, id, now.version); err != nil {
		return err
	}
	old, err := decodeInput(catalog.KindAdoption, now.snapshot)
	if err != nil {
		return err
	}
	if len(in.Citations) == 0 {
		in.Citations = old.Head().Citations
	}
	c.again, c.edit.FreeSlug = id, false
	in.Head().Slug, in.Head().Origin = now.slug, now.origin
	return keepOthers(in, catalog.KindAdoption, now.snapshot)
}

// called returns the id of the record that an input calls so, 0 where there is
// none or more than one.
func (l *lookup) called(kind catalog.RecordKind, name string) catalog.ID {
	slug, ok := l.slug[kind][name]
	if !ok || len(l.ambiguous[kind][name]) > 0 {
		return 0
	}
	return l.ids[kind][slug]
}

func secondAdoption(slug string) error {
	return &catalog.Error{
		Kind: catalog.KindDuplicate, Path: "case",
		Zh: fmt.Sprintf("这家政协已登记引进这个案例，见推广记录“%s”；请在那里修改", slug),
		En: fmt.Sprintf("this committee has recorded already that it took over this case, as %q; change it there", slug),
	}
}

// keepOthers takes over what other committees have said, which is not the owner's
// to write: thanks for an adoption, answers to a need.
func keepOthers(in catalog.Input, kind catalog.RecordKind, snapshot []byte) error {
	switch in.(type) {
	case *catalog.AdoptionInput, *catalog.NeedInput, *catalog.CallInput:
	default:
		return nil
	}
	old, err := decodeInput(kind, snapshot)
	if err != nil {
		return err
	}
	switch in := in.(type) {
	case *catalog.AdoptionInput:
		in.Thanks = old.(*catalog.AdoptionInput).Thanks
	case *catalog.NeedInput:
		in.Answers = old.(*catalog.NeedInput).Answers
	case *catalog.CallInput:
		was := old.(*catalog.CallInput)
		in.SelectedOn = was.SelectedOn
		if in.ClosesOn == was.ClosesOn {
			in.ClosedAt, in.ClosedReason = was.ClosedAt, was.ClosedReason
		}
	}
	return nil
}

// caseOwners are the committees in whose name thanks are given: whose case was
// taken over.
func (c *change) caseOwners(ctx context.Context, tx pgx.Tx) ([]catalog.ID, error) {
	var owner catalog.ID
	err := tx.QueryRow(ctx, `SELECT coalesce(c.committee_id, 0) FROM adoptions a JOIN cases c ON c.id = a.case_id WHERE a.id = $1`, c.edit.ID).Scan(&owner)
	return []catalog.ID{owner}, err
}

// refuseSecondAdoptions refuses adoptions of a case by a committee that has one
// already, in the database or in the batch.
func (b *batch) refuseSecondAdoptions(ctx context.Context) error {
	type edge struct{ of, by catalog.ID }
	pending := map[edge][]*draft{}
	var cases []catalog.ID
	var slugs []string
	for _, d := range b.drafts {
		in, ok := d.in.(*catalog.AdoptionInput)
		if !ok || d.refused() || in.Status == catalog.StatusArchived {
			continue
		}
		// A case of the same batch has no id yet, and so no adoptions.
		of := b.known.ids[catalog.KindCase][in.Case]
		if e := (edge{of, b.known.ids[catalog.KindCommittee][in.Adopter]}); e.of != 0 && e.by != 0 {
			pending[e] = append(pending[e], d)
			cases, slugs = append(cases, of), append(slugs, d.result.Slug)
		}
	}
	if len(pending) == 0 {
		return nil
	}
	for e, drafts := range pending {
		for _, second := range drafts[1:] {
			second.refuse(secondAdoption(drafts[0].result.Slug))
		}
		pending[e] = drafts[:1]
	}
	found, err := b.tx.Query(ctx, `SELECT slug, case_id, adopter_id FROM adoptions WHERE case_id = ANY ($1) AND status <> 'ARCHIVED' AND slug <> ALL ($2)`, cases, slugs)
	if err != nil {
		return err
	}
	var (
		slug string
		e    edge
	)
	_, err = pgx.ForEachRow(found, []any{&slug, &e.of, &e.by}, func() error {
		for _, d := range pending[e] {
			d.refuse(secondAdoption(slug))
		}
		return nil
	})
	return err
}
