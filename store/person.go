package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var persons = nounOf(table{
	name: "persons", names: []string{"ARRAY[name]"},
}, func(p *catalog.Person, in *catalog.PersonInput, known *lookup) []Column {
	return []Column{
		column("name", "name", Text, &p.Name, in.Name),
		column("offices", "offices", Text, &p.Offices, array(in.Offices)),
		internal("committee_id", &p.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
	}
})

// PersonsByID returns the persons of these ids.
func (s *Store) PersonsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Person, error) {
	return byID(ctx, s, persons, ids)
}

// PersonsBySlug returns the persons of these slugs.
func (s *Store) PersonsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Person, error) {
	return bySlug(ctx, s, persons, slugs)
}

// PersonsByCase returns the persons who took part in each case, in its order.
func (s *Store) PersonsByCase(ctx context.Context, cases []catalog.ID) (map[catalog.ID][]*catalog.Person, error) {
	return linked(ctx, s, persons, `(SELECT case_id AS parent, person_id, min(position) AS position FROM participants WHERE person_id IS NOT NULL GROUP BY 1, 2) l
		JOIN persons r ON r.id = l.person_id`, `l.parent, l.position`, cases)
}

// PersonList is the persons of a filter, by name.
func PersonList(ctx context.Context, f catalog.PersonFilter) (List, error) {
	l := List{from: `persons r`, order: byReading("NAME", `r.name`)}
	l.inStates(ctx, "persons", f.Status)
	if f.Name != nil {
		l.and(`r.name = %s`, *f.Name)
	}
	return l, l.andCommittees(`r.committee_id`, f.Committees)
}

// Persons returns a page of the persons of a filter, by name.
func (s *Store) Persons(ctx context.Context, f catalog.PersonFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Person], error) {
	l, err := PersonList(ctx, f)
	if err != nil {
		return nil, err
	}
	return top(pages(ctx, s, persons, l, catalog.Parents{}, page))
}

// CountPersons counts what Persons lists.
func (s *Store) CountPersons(ctx context.Context, f catalog.PersonFilter) (int, error) {
	l, err := PersonList(ctx, f)
	if err != nil {
		return 0, err
	}
	return top(counts(ctx, s, l, catalog.Parents{}))
}
