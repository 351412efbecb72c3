package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
)

// change is one viewer's edit on its way through the one way to write.
type change struct {
	edit   catalog.Edit
	viewer *catalog.Viewer
	status catalog.Status // the record's before; of a new one, the one that it comes in
	// own says that the input comes from the viewer, who may name only what it
	// may read. What comes from an earlier version names what it did then.
	own bool
	// unseen is what the input names that the viewer may not read, and was there.
	unseen unseenIDs
	// merge is the person that stays in a MERGE.
	merge *merger
	// again is the archived adoption that a new one of the same case by the same
	// committee brings back; 0 for none.
	again catalog.ID
}

// attempts is how often an edit is tried that the database gave up for the sake
// of another one.
const attempts = 3

// Edit does what the context's viewer asks for with one record, in one
// transaction: the record, its revision, the note for those who follow, and the
// key by which the same request is known again. Where nothing differs, nothing
// is written. It fails with UNAUTHENTICATED, NOT_FOUND for what the viewer may
// not read, FORBIDDEN, CONFLICT with what has changed since, INVALID for what
// the state does not allow, DUPLICATE for a slug that is taken, and Problems of
// the input; nothing is changed then.
func (s *Store) Edit(ctx context.Context, e catalog.Edit) (edited catalog.Edited, err error) {
	if catalog.ViewerFrom(ctx) == nil {
		return edited, catalog.May(nil, e.Action, 0, catalog.StatusDraft)
	}
	if err := e.Validate(); err != nil {
		return edited, err
	}
	slug := ""
	if e.Input != nil {
		slug = e.Input.Head().Slug
	}
	for range attempts {
		if e.Input != nil {
			e.Input.Head().Slug = slug // a try before this one may have numbered it
		}
		err = s.InTx(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
			edited, err = editIn(ctx, tx, e)
			return err
		})
		if !gaveWay(err) {
			break
		}
	}
	return edited, err
}

// gaveWay reports whether the database ended a transaction because it and
// another one waited for each other.
func gaveWay(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == deadlockDetected || pg.Code == serializationFailure)
}

func editIn(ctx context.Context, tx pgx.Tx, e catalog.Edit) (catalog.Edited, error) {
	viewer := catalog.ViewerFrom(ctx)
	if e.Key != nil {
		before, err := claimKey(ctx, tx, viewer, e.Key)
		if before != nil || err != nil {
			return value(before), err
		}
	}
	c := &change{edit: e, viewer: viewer}
	w := &Writer{tx: tx, actor: catalog.Actor{Name: viewer.Name}, change: c}
	var in catalog.Input
	var err error
	if e.ID == 0 {
		if in, err = c.newRecord(); err == nil {
			err = c.oneAdoption(ctx, w)
		}
	} else {
		in, err = c.nextState(ctx, tx)
	}
	if err != nil {
		return catalog.Edited{}, err
	}
	written, err := w.putFree(ctx, in)
	if err != nil {
		return catalog.Edited{}, err
	}
	edited := catalog.Edited{ID: written.ID, Version: written.Version, Action: written.Action}
	if c.merge != nil {
		if edited, err = c.putMerged(ctx, w, in.(*catalog.PersonInput)); err != nil {
			return edited, err
		}
	}
	if e.Key != nil {
		err = keepAnswer(ctx, tx, viewer, e.Key, edited)
	}
	return edited, err
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// newRecord prepares the input of a record that is brought in.
func (c *change) newRecord() (catalog.Input, error) {
	in := c.edit.Input
	c.own = true
	c.status = catalog.StatusDraft
	if c.edit.Action == catalog.ActionRecord {
		c.status = catalog.StatusInReview
		if catalog.MayForAny(c.viewer, c.edit.Action, c.anyOwners(), catalog.StatusPublished) == nil {
			c.status = catalog.StatusPublished
		}
	}
	if err := c.mayEver(nil); err != nil {
		return nil, err
	}
	if err := catalog.SetOrigin(c.viewer, in, ""); err != nil {
		return nil, err
	}
	if c.viewer.Committee != 0 {
		catalog.SetOwner(in, nil, catalog.EncodeID(catalog.KindCommittee, c.viewer.Committee)) // who writes in answers for it
	}
	in.Head().Status = c.status
	return in, nil
}

// mayEver refuses who may not do the edit in any state, so that nobody else
// learns what the record's is. A nil owners is a record that is not there yet,
// whose owner askLeave will see.
func (c *change) mayEver(owners []catalog.ID) error {
	if owners == nil {
		owners = c.anyOwners()
	}
	err := catalog.MayForAny(c.viewer, c.edit.Action, owners, c.status)
	for _, status := range catalog.Statuses {
		if err == nil || catalog.MayForAny(c.viewer, c.edit.Action, owners, status) == nil {
			return nil
		}
	}
	return err
}

// anyOwners are all committees that may be the owner of a record that the viewer
// brings in, with none.
func (c *change) anyOwners() []catalog.ID {
	return append([]catalog.ID{0, c.viewer.Committee}, c.viewer.Below...)
}

// nextState locks the record, checks that the viewer may do what it asks for
// with it as it is now, and prepares the input for it.
func (c *change) nextState(ctx context.Context, tx pgx.Tx) (catalog.Input, error) {
	now, err := lockRecord(ctx, tx, c.edit)
	if err != nil {
		return nil, err
	}
	c.status = now.status
	switch c.edit.Action {
	case catalog.ActionThank:
		now.owners, err = c.caseOwners(ctx, tx)
	case catalog.ActionAnswer:
		var owner catalog.ID
		_, owner, err = c.answer(ctx, tx)
		now.owners = append(now.owners, owner)
	}
	if err != nil {
		return nil, err
	}
	if err := c.mayEver(now.owners); err != nil {
		return nil, err
	}
	if c.edit.Version != now.version {
		return nil, conflict(ctx, tx, c.edit, now)
	}
	if err := c.handIn(now); err != nil {
		return nil, err
	}
	next, err := catalog.Next(c.edit.Action, now.status)
	if err != nil {
		return nil, err
	}
	if err := catalog.MayForAny(c.viewer, c.edit.Action, now.owners, now.status); err != nil {
		return nil, err
	}
	in, err := c.content(ctx, tx, now)
	if err != nil {
		return nil, err
	}
	in.Head().Slug, in.Head().Status = now.slug, next
	if next != catalog.StatusArchived {
		in.Head().Withdrawn, in.Head().LeadsTo = "", "" // what comes out of the archive leads nowhere else
	}
	return in, nil
}

// handIn lets who publishes a draft of a call or a collection hand it in by that:
// who may do both need not do them one after the other.
func (c *change) handIn(now *current) error {
	straight := c.edit.Kind == catalog.KindCall || c.edit.Kind == catalog.KindCollection
	if !straight || c.edit.Action != catalog.ActionPublish || now.status != catalog.StatusDraft {
		return nil
	}
	if err := catalog.MayForAny(c.viewer, catalog.ActionPublish, now.owners, catalog.StatusInReview); err != nil {
		return err
	}
	if err := catalog.MayForAny(c.viewer, catalog.ActionSubmit, now.owners, catalog.StatusDraft); err != nil {
		return err
	}
	now.status = catalog.StatusInReview
	return nil
}

// content is what the record is to say.
func (c *change) content(ctx context.Context, tx pgx.Tx, now *current) (catalog.Input, error) {
	switch c.edit.Action {
	case catalog.ActionUpdate:
		in, err := c.updated(ctx, tx, now)
		if call, ok := in.(*catalog.CallInput); ok && err == nil {
			err = judgedStays(ctx, tx, c.edit.ID, call, now)
		}
		return in, err
	case catalog.ActionMerge:
		return c.merging(ctx, tx, now)
	case catalog.ActionThank:
		in, err := decodeInput(c.edit.Kind, now.snapshot)
		if adoption, ok := in.(*catalog.AdoptionInput); ok {
			adoption.Thanks = strings.TrimSpace(c.edit.Thanks)
		}
		return in, err
	case catalog.ActionClose:
		in, err := decodeInput(c.edit.Kind, now.snapshot)
		if call, ok := in.(*catalog.CallInput); ok && err == nil {
			err = closing(ctx, call, c.edit)
		}
		return in, err
	case catalog.ActionAnswer:
		in, err := decodeInput(c.edit.Kind, now.snapshot)
		if need, ok := in.(*catalog.NeedInput); ok && err == nil {
			err = c.answering(ctx, tx, need)
		}
		return in, err
	case catalog.ActionRestore:
		raw, err := snapshotOf(ctx, tx, c.edit.ID, c.edit.Revision)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, &catalog.Error{
				Kind: catalog.KindNotFound, Path: "revision",
				Zh: fmt.Sprintf("没有第 %d 版", c.edit.Revision), En: fmt.Sprintf("there is no version %d", c.edit.Revision),
			}
		}
		if err != nil {
			return nil, err
		}
		in, err := decodeInput(c.edit.Kind, raw)
		if err == nil {
			in.Head().Origin = now.origin // what a record is, its old content does not change
			err = keepOthers(in, c.edit.Kind, now.snapshot)
		}
		return in, err
	}
	return decodeInput(c.edit.Kind, now.snapshot)
}

// updated is the viewer's input with what it cannot set. A committee that it
// leaves out stays, as does the permalink, and what the viewer does not see.
func (c *change) updated(ctx context.Context, tx pgx.Tx, now *current) (catalog.Input, error) {
	in := c.edit.Input
	c.own = true
	if slug := in.Head().Slug; slug != "" && slug != now.slug {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "slug", Zh: "永久链接不能更改，现为 " + now.slug, En: "the permalink stays; it is " + now.slug}
	}
	if err := catalog.SetOrigin(c.viewer, in, now.origin); err != nil {
		return nil, err
	}
	old, err := decodeInput(c.edit.Kind, now.snapshot)
	if err != nil {
		return nil, err
	}
	if owner := catalog.OwnerOf(in); owner != nil && *owner == "" {
		*owner = *catalog.OwnerOf(old)
	}
	unseen, err := unseenOf(ctx, tx, old)
	if err != nil {
		return nil, err
	}
	named := namesIn(in)
	if err := keepOthers(in, c.edit.Kind, now.snapshot); err != nil {
		return nil, err
	}
	in, c.unseen = unseen[0].back(in, old, named)
	return in, nil
}

func decodeInput(kind catalog.RecordKind, raw []byte) (catalog.Input, error) {
	in := catalog.NewInput(kind)
	if err := json.Unmarshal(raw, in); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return in, nil
}

// freeSlugs is how many numbers a slug is tried with in a row that others take
// first.
const freeSlugs = 20

// putFree writes the one input. Where its slug was made and is taken, it gets
// the next number that is free.
func (w *Writer) putFree(ctx context.Context, in catalog.Input) (catalog.Written, error) {
	base := in.Head().Slug
	for tries := 0; ; tries++ {
		if w.change.edit.FreeSlug {
			if err := w.numberSlug(ctx, in, base); err != nil {
				return catalog.Written{}, err
			}
		}
		written, err := w.Put(ctx, []catalog.Input{in})
		if err != nil {
			return catalog.Written{}, err
		}
		one := written[0]
		if one.Action != catalog.WriteRefused {
			return one, nil
		}
		if !w.change.edit.FreeSlug || !slugTaken(one.Err) || tries == freeSlugs {
			return one, one.Err
		}
	}
}

// slugTaken reports whether a record was refused for its slug alone.
func slugTaken(err error) bool {
	var e *catalog.Error
	return errors.As(err, &e) && e.Kind == catalog.KindDuplicate && e.Path == "slug"
}

// numberSlug returns the input the base as its slug, with the first small number
// that is free where somebody has it, and where all of these are taken, with any
// large one: to look for the next would take the longer the more there are.
func (w *Writer) numberSlug(ctx context.Context, in catalog.Input, base string) error {
	small := []string{base}
	for n := 2; n <= freeSlugs; n++ {
		small = append(small, catalog.Numbered(base, n))
	}
	found, err := w.tx.Query(ctx, `SELECT slug FROM `+tables[in.Kind()].name+` WHERE slug = ANY ($1)`, small)
	if err != nil {
		return err
	}
	taken, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return err
	}
	in.Head().Slug = anySlug(base)
	for _, slug := range small {
		if !slices.Contains(taken, slug) {
			in.Head().Slug = slug
			break
		}
	}
	return nil
}

// anySlug returns the base with a large number, which is hardly taken.
func anySlug(base string) string {
	return catalog.Numbered(base, 1000+rand.IntN(1_000_000_000)) //nolint:gosec // nobody has to be kept from guessing it
}

// askLeave refuses what the viewer may not do with the record as it would be:
// its references are known by now. Operators' imports ask nobody.
func (b *batch) askLeave(ctx context.Context) error {
	if b.guest != nil {
		return b.askForDrafts(ctx)
	}
	c := b.change
	if c == nil {
		return nil
	}
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		if c.edit.ID == 0 && d.result.Action != catalog.WriteNew && d.result.ID != c.again {
			d.refuse(&catalog.Error{
				Kind: catalog.KindDuplicate, Path: "slug",
				Zh: fmt.Sprintf("永久链接“%s”已被使用，请换一个", d.result.Slug), En: fmt.Sprintf("the slug %q is taken; choose another", d.result.Slug),
			})
			continue
		}
		if err := c.mayOwn(b, d); err != nil {
			d.refuse(err)
			continue
		}
		if adoption, ok := d.in.(*catalog.AdoptionInput); ok && adoption.ResultingCase != "" {
			if err := b.resultIsAdopters(ctx, d, adoption); err != nil {
				return err
			}
		}
	}
	return nil
}

// resultIsAdopters refuses an adoption whose resulting case is another
// committee's: what came of it is the adopter's own.
func (b *batch) resultIsAdopters(ctx context.Context, d *draft, in *catalog.AdoptionInput) error {
	var own bool
	err := b.tx.QueryRow(ctx, `SELECT committee_id IS NOT DISTINCT FROM $2 FROM cases WHERE id = $1`,
		b.known.ids[catalog.KindCase][in.ResultingCase], b.known.ids[catalog.KindCommittee][in.Adopter]).Scan(&own)
	if err == nil && !own {
		d.refuse(&catalog.Error{Kind: catalog.KindInvalid, Path: "resultingCase", Zh: "须是引进方自己的案例", En: "must be the adopter's own case"})
	}
	return err
}

// mayOwn asks for leave in the name of the committees that the record would
// belong to: nobody gives away a record, or takes one, that it has no say in.
func (c *change) mayOwn(b *batch, d *draft) error {
	if !c.own && c.edit.Action != catalog.ActionRestore {
		return nil // nothing but the state changes
	}
	var owners []catalog.ID
	for _, slug := range catalog.OwnersOf(d.in) {
		owners = append(owners, b.known.ids[catalog.KindCommittee][slug])
	}
	err := catalog.MayForAny(c.viewer, c.edit.Action, owners, c.status)
	var refused *catalog.Error
	if errors.As(err, &refused) {
		refused.Path = ownerField(d.in.Kind())
	}
	return err
}

// ownerField is the field that says to whom a record of the kind belongs.
func ownerField(kind catalog.RecordKind) string {
	switch kind {
	case catalog.KindProposal:
		return "proposers"
	case catalog.KindAdoption:
		return "adopter"
	case catalog.KindReport:
		return "enteredBy"
	}
	return "committee"
}

// reason is why the change is made, "" where nobody says.
func (b *batch) reason() string {
	if b.change == nil {
		return b.why
	}
	return b.change.edit.Reason
}
