package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var persons = nounOf(table{
	name: "persons", names: []string{"ARRAY[name]"},
}, func(p *catalog.Person, in *catalog.PersonInput, _ *lookup) []Column {
	return []Column{
		column("name", "name", Text, &p.Name, in.Name),
		column("offices", "offices", Text, &p.Offices, array(in.Offices)),
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

func PersonList() List {
	return List{from: `persons r`, order: order{"NAME", `r.name COLLATE jisi_zh`, "text", false}}
}

// Persons returns a page of all persons by name.
func (s *Store) Persons(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Person], error) {
	return top(pages(ctx, s, persons, PersonList(), catalog.Parents{}, page))
}

// CountPersons counts all persons.
func (s *Store) CountPersons(ctx context.Context) (int, error) {
	return top(counts(ctx, s, PersonList(), catalog.Parents{}))
}
