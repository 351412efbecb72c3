package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// newPerson is a person that is made with the record of a draft.
type newPerson struct {
	of        *draft
	path      string // of the input's field
	slug      string
	committee string // as the record's input calls it; "" for none
	person    *catalog.NewPerson
}

// nameNewPersons puts a reference in the place of each person that is to be made:
// to the one that is there by that name, with these offices and of that committee,
// so that the same input again makes no second one, or to the one that makePersons
// will make. What it changes in an input, draft.undo takes back.
func (b *batch) nameNewPersons(ctx context.Context) error {
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		for _, mention := range catalog.NewPersons(d.in) {
			made := newPerson{of: d, path: mention.Path + ".newPerson", person: *mention.New, committee: b.entering(d.in)}
			there, err := b.equalPerson(ctx, &made)
			if err != nil {
				return err
			}
			if !there {
				b.persons = append(b.persons, made)
			}
			was := *mention.New
			*mention.Name, *mention.New = made.slug, nil
			d.undo = append(d.undo, func() { *mention.Name, *mention.New = "", was })
		}
	}
	return nil
}

// entering is the committee that enters the persons of a record: the first that it
// belongs to, else the viewer's.
func (b *batch) entering(in catalog.Input) string {
	if owners := catalog.OwnersOf(in); len(owners) > 0 {
		return owners[0]
	}
	for _, v := range []*catalog.Viewer{b.viewer(), b.guest} {
		if v != nil && v.Committee != 0 {
			return catalog.EncodeID(catalog.KindCommittee, v.Committee)
		}
	}
	return ""
}

func (b *batch) viewer() *catalog.Viewer {
	if b.change == nil {
		return nil
	}
	return b.change.viewer
}

// equalPerson sets the slug of a new person, and reports whether it is that of one
// who is there, or who another draft of the batch makes.
func (b *batch) equalPerson(ctx context.Context, made *newPerson) (there bool, err error) {
	for _, other := range b.persons {
		if other.committee == made.committee && other.person.Name == made.person.Name && slices.Equal(other.person.Offices, made.person.Offices) && !other.of.refused() {
			made.slug = other.slug
			return true, nil
		}
	}
	var committee any
	if made.committee != "" {
		if err := b.known.find(ctx, catalog.KindCommittee, []string{made.committee}); err != nil {
			return false, err
		}
		if id := b.known.called(catalog.KindCommittee, made.committee); id != 0 {
			committee = id
		}
	}
	args := Args{made.person.Name, array(made.person.Offices), committee}
	err = b.tx.QueryRow(ctx, `SELECT r.slug FROM persons r WHERE r.name = $1 AND r.offices = $2 AND r.committee_id IS NOT DISTINCT FROM $3 AND r.status <> 'ARCHIVED'
		AND `+b.known.mayName(ctx, catalog.KindPerson, &args)+` ORDER BY r.id LIMIT 1`, args...).Scan(&made.slug)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return false, err
	}
	base := made.person.Slug
	if !catalog.ValidSlug(base) {
		sum := sha256.Sum256([]byte(made.committee + "\x00" + made.person.Name + "\x00" + strings.Join(made.person.Offices, "\x00")))
		base = "person-" + hex.EncodeToString(sum[:4])
	}
	made.slug, err = freeSlug(ctx, b.tx, catalog.KindPerson, base, func(slug string) bool {
		return slices.ContainsFunc(b.persons, func(p newPerson) bool { return p.slug == slug })
	})
	b.known.setSlug(catalog.KindPerson, made.slug, made.slug)
	return false, err
}

// makePersons makes the persons of the drafts that are written, in their state and
// of their committee, by a batch of its own.
func (b *batch) makePersons(ctx context.Context) error {
	var inputs []catalog.Input
	var of []newPerson
	for _, p := range b.persons {
		if p.of.refused() || !p.of.changes() {
			continue
		}
		head := p.of.in.Head()
		in := &catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: p.slug, Origin: catalog.OriginContributed, Status: head.Status}, Name: p.person.Name, Offices: p.person.Offices, Committee: p.committee}
		if head.Origin == catalog.OriginSynthetic {
			in.Origin = head.Origin
		}
		if in.Status == catalog.StatusArchived {
			in.Status = catalog.StatusDraft
		}
		inputs, of = append(inputs, in), append(of, p)
	}
	return b.within(ctx, inputs, func(i int, d *draft) {
		if d.refused() {
			of[i].of.refuse(below(of[i].path, d.result.Err))
		}
	})
}

// within writes inputs by a batch of its own, in the same transaction and the name
// of the same actor, of which nobody is told, and calls each with what became of it.
func (b *batch) within(ctx context.Context, inputs []catalog.Input, each func(i int, d *draft)) error {
	if len(inputs) == 0 {
		return nil
	}
	inner := newBatch(b.tx, b.actor, inputs)
	inner.why = b.reason()
	if err := inner.write(ctx); err != nil {
		return err
	}
	for i, d := range inner.drafts {
		each(i, d)
		b.known.setSlug(d.in.Kind(), d.result.Slug, d.result.Slug)
		b.known.setID(d.in.Kind(), d.result.Slug, d.result.ID)
	}
	return nil
}

// below puts the errors of a part of an input at its place in the whole.
func below(path string, err error) error {
	var all catalog.Problems
	var one *catalog.Error
	switch {
	case errors.As(err, &all):
	case errors.As(err, &one):
		all = catalog.Problems{one}
	default:
		return err
	}
	placed := make(catalog.Problems, len(all))
	for i, e := range all {
		moved := *e
		moved.Path = strings.TrimSuffix(path+"."+e.Path, ".")
		placed[i] = &moved
	}
	return placed
}

// publishPersons publishes, with the records that are published, the persons whom
// they name and who are drafts, where the viewer may publish those. An operator's
// import may.
func (b *batch) publishPersons(ctx context.Context) error {
	if b.guest != nil {
		return nil
	}
	var named []catalog.ID
	for _, d := range b.drafts {
		if d.refused() || !d.changes() || d.in.Head().Status != catalog.StatusPublished {
			continue
		}
		for _, ref := range d.in.References() {
			if id := b.known.ids[ref.Kind][*ref.Name]; ref.Kind == catalog.KindPerson && id != 0 {
				named = append(named, id)
			}
		}
	}
	if len(named) == 0 {
		return nil
	}
	found, err := b.tx.Query(ctx, `SELECT v.snapshot, coalesce(r.committee_id, 0) FROM persons r JOIN revisions v ON v.record_id = r.id AND v.version = r.version
		WHERE r.id = ANY ($1) AND r.status IN ('DRAFT', 'IN_REVIEW') ORDER BY r.id FOR UPDATE OF r`, named)
	if err != nil {
		return err
	}
	var (
		raw    []byte
		owner  catalog.ID
		inputs []catalog.Input
	)
	_, err = pgx.ForEachRow(found, []any{&raw, &owner}, func() error {
		if v := b.viewer(); b.change != nil && catalog.May(v, catalog.ActionPublish, owner, catalog.StatusInReview) != nil {
			return nil
		}
		in := &catalog.PersonInput{}
		if err := json.Unmarshal(raw, in); err != nil {
			return err
		}
		in.Status = catalog.StatusPublished
		inputs = append(inputs, in)
		return nil
	})
	if err != nil {
		return err
	}
	return b.within(ctx, inputs, func(int, *draft) {})
}
