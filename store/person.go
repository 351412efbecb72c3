package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var personTable = table{name: "persons", columns: []string{"name", "offices"}, names: []string{"ARRAY[name]"}}

func (b *batch) addPerson(in *catalog.PersonInput, r row) {
	r["name"], r["offices"] = in.Name, array(in.Offices)
	b.rows.add("persons", r)
}

var persons = noun[catalog.Person]{
	table: "persons", columns: `r.name, r.offices`,
	scan: func(p *catalog.Person) []any { return append(headScan(&p.Meta), &p.Name, &p.Offices) },
}

// PersonsByID gives the persons of these ids.
func (s *Store) PersonsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Person, error) {
	return byID(ctx, s, persons, ids)
}

// PersonsBySlug gives the persons of these slugs.
func (s *Store) PersonsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Person, error) {
	return bySlug(ctx, s, persons, slugs)
}

func personList() list {
	return list{from: `persons r`, order: order{"NAME", `r.name COLLATE jisi_zh`, "text", false}}
}

// Persons gives a page of all persons by name.
func (s *Store) Persons(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Person], error) {
	return top(pages(ctx, s, persons, personList(), catalog.Parents{}, page))
}

// CountPersons counts all persons.
func (s *Store) CountPersons(ctx context.Context) (int, error) {
	return top(counts(ctx, s, personList(), catalog.Parents{}))
}
