package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// lookup finds the records that inputs refer to, once a batch.
type lookup struct {
	tx pgx.Tx
	// restricted lets inputs name only what the context's viewer may read.
	restricted bool

	ids  map[catalog.RecordKind]map[string]catalog.ID // by slug
	slug map[catalog.RecordKind]map[string]string     // by what an input calls it
	// ambiguous holds what more than one record is called, with their slugs.
	ambiguous map[catalog.RecordKind]map[string][]string

	zone *time.Location // by which days begin and end

	regionLevel     map[string]catalog.Level // by code
	committeeRegion map[string]string        // by slug
	committeeLevel  map[string]catalog.Level // by slug
}

func newLookup(tx pgx.Tx) *lookup {
	return &lookup{
		tx:        tx,
		ids:       map[catalog.RecordKind]map[string]catalog.ID{},
		slug:      map[catalog.RecordKind]map[string]string{},
		ambiguous: map[catalog.RecordKind]map[string][]string{},

		regionLevel:     map[string]catalog.Level{},
		committeeRegion: map[string]string{},
		committeeLevel:  map[string]catalog.Level{},
	}
}

// timeZone is the zone by which days begin and end.
func (l *lookup) timeZone() *time.Location {
	if l == nil || l.zone == nil {
		return catalog.Zone()
	}
	return l.zone
}

func (l *lookup) setID(kind catalog.RecordKind, slug string, id catalog.ID) {
	if l.ids[kind] == nil {
		l.ids[kind] = map[string]catalog.ID{}
	}
	l.ids[kind][slug] = id
}

func (l *lookup) setSlug(kind catalog.RecordKind, name, slug string) {
	if l.slug[kind] == nil {
		l.slug[kind] = map[string]string{}
		l.ambiguous[kind] = map[string][]string{}
	}
	if old, ok := l.slug[kind][name]; ok && old != slug {
		for _, one := range []string{old, slug} {
			if !slices.Contains(l.ambiguous[kind][name], one) {
				l.ambiguous[kind][name] = append(l.ambiguous[kind][name], one)
			}
		}
	}
	l.slug[kind][name] = slug
}

// id returns the id of a record found before, nil for "".
func (l *lookup) id(kind catalog.RecordKind, slug string) any {
	if slug == "" {
		return nil
	}
	return l.ids[kind][slug]
}

// resolve puts slugs in the place of what inputs call the records that they
// refer to, and refuses inputs that refer to none. Then it fills what follows
// from the records found.
func (b *batch) resolve(ctx context.Context) error {
	for _, d := range b.drafts {
		if !d.refused() {
			b.known.setSlug(d.in.Kind(), d.result.Slug, d.result.Slug)
			b.known.learn(d.in)
		}
	}
	for kind, names := range b.unknownNames() {
		if err := b.known.find(ctx, kind, names); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	for again := true; again; { // a draft that is refused is no longer there for others
		again = false
		for _, d := range b.drafts {
			if d.refused() {
				continue
			}
			if problems := b.replaceNames(d); problems != nil {
				d.refuse(problems)
				again = b.known.forget(d) || again
			}
		}
	}
	for _, d := range b.drafts {
		if !d.refused() {
			b.known.fill(d.in)
		}
	}
	return nil
}

// learn keeps what other drafts of the batch may take over from this one.
func (l *lookup) learn(in catalog.Input) {
	switch in := in.(type) {
	case *catalog.RegionInput:
		l.regionLevel[in.Slug] = in.Level
	case *catalog.CommitteeInput:
		l.committeeRegion[in.Slug], l.committeeLevel[in.Slug] = in.Region, in.Level
	}
}

// forget takes a refused draft out, unless the database has a record by its
// slug, and reports whether it did.
func (l *lookup) forget(d *draft) bool {
	kind := d.in.Kind()
	if _, stored := l.ids[kind][d.result.Slug]; stored {
		return false
	}
	delete(l.slug[kind], d.result.Slug)
	return true
}

// unknownNames are the names that inputs use and that no draft of the batch
// has for its slug. The drafts' own slugs are asked for too where others refer
// to them, since a draft may yet be refused while its record is there.
func (b *batch) unknownNames() map[catalog.RecordKind][]string {
	names := map[catalog.RecordKind][]string{}
	seen := map[catalog.RecordKind]map[string]bool{}
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		for _, ref := range d.in.References() {
			if _, there := d.unseen[ref.Kind][*ref.Name]; there {
				continue
			}
			if seen[ref.Kind] == nil {
				seen[ref.Kind] = map[string]bool{}
			}
			if !seen[ref.Kind][*ref.Name] {
				seen[ref.Kind][*ref.Name] = true
				names[ref.Kind] = append(names[ref.Kind], *ref.Name)
			}
		}
	}
	return names
}

// fewNamesakes is how many records of one name an error lists.
const fewNamesakes = 5

// replaceNames puts slugs in the place of names and returns, as Problems, those
// that name nothing or more than one record.
func (b *batch) replaceNames(d *draft) error {
	var problems catalog.Problems
	for _, ref := range d.in.References() {
		slug, ok := b.known.slug[ref.Kind][*ref.Name]
		_, unseen := d.unseen[ref.Kind][*ref.Name]
		switch {
		case unseen: // by its slug already
		case !ok:
			problems = append(problems, unknownName(ref))
		case len(b.known.ambiguous[ref.Kind][*ref.Name]) > 0:
			slugs := slices.Sorted(slices.Values(b.known.ambiguous[ref.Kind][*ref.Name]))
			slugs = slugs[:min(len(slugs), fewNamesakes)]
			problems = append(problems, &catalog.Error{
				Kind: catalog.KindInvalid, Path: ref.Path,
				Zh: fmt.Sprintf("不止一个%s叫“%s”，请写永久链接（slug，网址的末尾）：%s", ref.Kind.Label(), *ref.Name, strings.Join(slugs, "、")),
				En: fmt.Sprintf("%q is the name of more than one record; give the slug: %s", *ref.Name, strings.Join(slugs, ", ")),
			})
		default:
			*ref.Name = slug
		}
	}
	return problems.Or()
}

// unknownName says that a reference names nothing, or the id of something else.
func unknownName(ref catalog.Reference) *catalog.Error {
	p := catalog.NotFound(ref.Kind, *ref.Name)
	var other *catalog.Error
	if _, err := catalog.DecodeIDOf(ref.Kind, *ref.Name); errors.As(err, &other) && other.Kind == catalog.KindInvalid {
		p = other
	}
	p.Path = ref.Path
	return p
}

// find asks the database for records by slug first, and by what else they are
// called for those not found: few inputs need the second, slower question.
func (l *lookup) find(ctx context.Context, kind catalog.RecordKind, names []string) error {
	t := tables[kind]
	if err := l.findByID(ctx, kind, names); err != nil {
		return err
	}
	missing := func(by string) []string {
		var missing []string
		for _, n := range names {
			if _, known := l.slug[kind][n]; !known || by == bySlugs && catalog.ValidSlug(n) {
				missing = append(missing, n)
			}
		}
		return missing
	}
	// What was withdrawn is called by its name only where nothing else is: two persons that
	// were one are not two.
	for _, archived := range []string{``, ` AND r.status <> 'ARCHIVED'`, ` AND r.status = 'ARCHIVED'`} {
		expressions := t.names
		if archived == `` {
			expressions = []string{bySlugs}
		}
		for _, expression := range expressions {
			left := missing(expression)
			if len(left) == 0 {
				return nil
			}
			if err := l.findBy(ctx, kind, expression, archived, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// bySlugs is what records are called first.
const bySlugs = "ARRAY[slug]"

func (l *lookup) findBy(ctx context.Context, kind catalog.RecordKind, expression, and string, names []string) error {
	region, level := "NULL", "NULL"
	switch kind {
	case catalog.KindCommittee:
		region, level = "region_code", "level"
	case catalog.KindRegion:
		level = "level"
	}
	where := expression + ` && $1`
	if expression == bySlugs {
		where = `slug = ANY ($1)` // by its index
	}
	args := Args{names}
	found, err := l.tx.Query(ctx, `SELECT id, slug, called.as_name, `+region+`, `+level+` FROM `+tables[kind].name+` r
		CROSS JOIN LATERAL unnest(`+expression+`) AS called (as_name) WHERE `+where+` AND called.as_name = ANY ($1) AND `+l.mayName(ctx, kind, &args)+and, args...)
	if err != nil {
		return err
	}
	var (
		id         catalog.ID
		slug, name string
		code       *string
		lev        *catalog.Level
	)
	_, err = pgx.ForEachRow(found, []any{&id, &slug, &name, &code, &lev}, func() error {
		l.setID(kind, slug, id)
		l.setSlug(kind, name, slug)
		l.setSlug(kind, slug, slug)
		// What a draft of the same batch says of the record goes before what is stored.
		if kind == catalog.KindCommittee && l.committeeLevel[slug] == "" {
			l.committeeRegion[slug], l.committeeLevel[slug] = *code, *lev
		}
		if kind == catalog.KindRegion && l.regionLevel[slug] == "" {
			l.regionLevel[slug] = *lev
		}
		return nil
	})
	return err
}

// mayName is the condition under which an input may name a record r.
func (l *lookup) mayName(ctx context.Context, kind catalog.RecordKind, args *Args) string {
	if !l.restricted {
		return `true`
	}
	return Readable(ctx, tables[kind].name, "r", args)
}

// findByID finds records by the global ids that inputs may call them by. The
// slugs that belong to them are looked for with the others.
func (l *lookup) findByID(ctx context.Context, kind catalog.RecordKind, names []string) error {
	global := map[catalog.ID]string{}
	var ids []catalog.ID
	for _, n := range names {
		if id, err := catalog.DecodeIDOf(kind, n); err == nil {
			global[id] = n
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	args := Args{ids}
	found, err := l.tx.Query(ctx, `SELECT id, slug FROM `+tables[kind].name+` r WHERE id = ANY ($1) AND `+l.mayName(ctx, kind, &args), args...)
	if err != nil {
		return err
	}
	slugs := []string{}
	var (
		id   catalog.ID
		slug string
	)
	_, err = pgx.ForEachRow(found, []any{&id, &slug}, func() error {
		l.setSlug(kind, global[id], slug)
		slugs = append(slugs, slug)
		return nil
	})
	if err != nil || len(slugs) == 0 {
		return err
	}
	return l.findBy(ctx, kind, bySlugs, ``, slugs) // with what fill needs of them
}

// fill sets in an input what follows from the records that it refers to.
func (l *lookup) fill(in catalog.Input) {
	switch in := in.(type) {
	case *catalog.CaseInput:
		l.fillRegion(&in.Region, in.Committee)
		if in.Level == "" {
			in.Level = l.levelOf(in.Committee, in.Region)
		}
		if in.Year == nil && in.StartedOn != "" {
			year := in.StartedOn.Year()
			in.Year = &year
		}
	case *catalog.BrandInput:
		l.fillRegion(&in.Region, in.Committee)
	case *catalog.VenueInput:
		l.fillRegion(&in.Region, in.Committee)
	}
}

func (l *lookup) fillRegion(region *string, committee string) {
	if *region == "" && committee != "" {
		*region = l.committeeRegion[committee]
	}
}

// levelOf is the committee's level, else the region's, else UNSTATED: a level
// is never guessed.
func (l *lookup) levelOf(committee, region string) catalog.Level {
	if level := l.committeeLevel[committee]; level != "" {
		return level
	}
	if level := l.regionLevel[region]; level != "" {
		return level
	}
	return catalog.LevelUnstated
}
