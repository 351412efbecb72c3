package store

import (
	"context"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// A viewer may change a record that names others which the viewer may not read: a person
// who was archived, a draft of another committee. What is sent back is made from what was
// shown, and so says nothing of these; they stay all the same.

// unseenIDs are the ids of records that stay named though the viewer may not read them, by
// kind and slug.
type unseenIDs map[catalog.RecordKind]map[string]catalog.ID

// has is a catalog.Unseen.
func (k unseenIDs) has(kind catalog.RecordKind, slug string) bool {
	_, has := k[kind][slug]
	return has
}

// hidden are the slugs of all records that a viewer may not read, of the kinds that
// others name.
type hidden map[catalog.RecordKind]map[string]bool

// has is a catalog.Unseen.
func (h hidden) has(kind catalog.RecordKind, slug string) bool { return h[kind][slug] }

// hiddenFrom returns what the context's viewer may not read. A record of no committee is
// neither the viewer's nor another's: Readable is NULL of it where it is not public.
func hiddenFrom(ctx context.Context, tx pgx.Tx) (hidden, error) {
	h := hidden{}
	for _, kind := range catalog.ReferredKinds() {
		h[kind] = map[string]bool{}
		var args Args
		name := tables[kind].name
		found, err := tx.Query(ctx, `SELECT r.slug FROM `+name+` r WHERE (`+Readable(ctx, name, "r", &args)+`) IS NOT TRUE`, args...)
		if err != nil {
			return nil, err
		}
		var slug string
		if _, err := pgx.ForEachRow(found, []any{&slug}, func() error {
			h[kind][slug] = true
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// unseenOf returns what each of the inputs names, by slugs, that the context's viewer
// may not read, with one statement for all.
func unseenOf(ctx context.Context, tx pgx.Tx, inputs ...catalog.Input) ([]unseenIDs, error) {
	of := make([]unseenIDs, len(inputs))
	if catalog.VisibilityOf(catalog.ViewerFrom(ctx)).All {
		return of, nil
	}
	slugs := map[catalog.RecordKind][]string{}
	for _, in := range inputs {
		for _, ref := range in.References() {
			slugs[ref.Kind] = append(slugs[ref.Kind], *ref.Name)
		}
	}
	var args Args
	var parts []string
	for _, kind := range catalog.RecordKinds {
		if len(slugs[kind]) > 0 {
			name := tables[kind].name
			parts = append(parts, `SELECT '`+string(kind)+`', r.slug, r.id FROM `+name+` r WHERE r.slug = ANY (`+args.Add(slugs[kind])+`) AND (`+Readable(ctx, name, "r", &args)+`) IS NOT TRUE`)
		}
	}
	if len(parts) == 0 {
		return of, nil
	}
	found, err := tx.Query(ctx, strings.Join(parts, ` UNION ALL `), args...)
	if err != nil {
		return nil, err
	}
	all := unseenIDs{}
	var (
		kind catalog.RecordKind
		slug string
		id   catalog.ID
	)
	_, err = pgx.ForEachRow(found, []any{&kind, &slug, &id}, func() error {
		all.add(kind, slug, id)
		return nil
	})
	for i, in := range inputs {
		for _, ref := range in.References() {
			if id, unseen := all[ref.Kind][*ref.Name]; unseen {
				if of[i] == nil {
					of[i] = unseenIDs{}
				}
				of[i].add(ref.Kind, *ref.Name, id)
			}
		}
	}
	return of, err
}

func (k unseenIDs) add(kind catalog.RecordKind, slug string, id catalog.ID) {
	if k[kind] == nil {
		k[kind] = map[string]catalog.ID{}
	}
	k[kind][slug] = id
}

// namesIn returns what an input names, as it calls it.
func namesIn(in catalog.Input) map[catalog.RecordKind]map[string]bool {
	named := map[catalog.RecordKind]map[string]bool{}
	for _, ref := range in.References() {
		if named[ref.Kind] == nil {
			named[ref.Kind] = map[string]bool{}
		}
		named[ref.Kind][*ref.Name] = true
	}
	return named
}

// without leaves out what the writer named: a viewer who names what it may not read is
// told, as ever, that there is no such record, whether it was there or not.
func (k unseenIDs) without(named map[catalog.RecordKind]map[string]bool) catalog.Unseen {
	return func(kind catalog.RecordKind, slug string) bool { return k.has(kind, slug) && !named[kind][slug] }
}

// back returns the input with what of old its writer does not see, and what that is.
// named is what the writer named.
func (k unseenIDs) back(in, old catalog.Input, named map[catalog.RecordKind]map[string]bool) (catalog.Input, unseenIDs) {
	if len(k) == 0 {
		return in, nil
	}
	unseen := k.without(named)
	in = catalog.WithUnseen(in, old, unseen)
	stay := unseenIDs{}
	for _, ref := range in.References() {
		if unseen(ref.Kind, *ref.Name) {
			stay.add(ref.Kind, *ref.Name, k[ref.Kind][*ref.Name])
		}
	}
	return in, stay
}

// keep lets the draft name records that its writer may not read.
func (d *draft) keep(known *lookup, k unseenIDs) {
	d.unseen = maps.Clone(k)
	for kind, slugs := range k {
		for slug, id := range slugs {
			known.setID(kind, slug, id)
		}
	}
}
