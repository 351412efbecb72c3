package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var practices = nounOf(table{
	name:     "practices",
	names:    []string{"ARRAY[title]"},
	children: []child{{"practice_mentions", "practice_id", []string{"practice_id", "record_id", "record_kind", "position"}}},
	lists:    (*batch).addMentions,
}, func(p *catalog.Practice, in *catalog.PracticeInput, known *lookup) []Column {
	return []Column{
		column("ordinal", "ordinal", Plain, &p.Ordinal, in.Ordinal),
		column("title", "title", Text, &p.Title, in.Title),
		column("text", "text", Text, &p.Text, in.Text),
		internal("committee_id", &p.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
	}
})

func (b *batch) addMentions(input catalog.Input, id any) {
	in := input.(*catalog.PracticeInput)
	mention := func(kind catalog.RecordKind, slugs []string) {
		for i, slug := range slugs {
			b.rows.add("practice_mentions", row{"practice_id": id, "record_id": b.known.id(kind, slug), "record_kind": kind, "position": i})
		}
	}
	mention(catalog.KindCase, in.Cases)
	mention(catalog.KindBrand, in.Brands)
	mention(catalog.KindProposal, in.Proposals)
	mention(catalog.KindIndicator, in.Indicators)
}

// practiceMentions joins the records of a noun's table to the practices that
// name them.
func practiceMentions(table string) string {
	return `(SELECT practice_id AS parent, record_id, position FROM practice_mentions) l JOIN ` + table + ` r ON r.id = l.record_id`
}

// PracticesByID returns the practices of these ids.
func (s *Store) PracticesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Practice, error) {
	return byID(ctx, s, practices, ids)
}

// PracticesBySlug returns the practices of these slugs.
func (s *Store) PracticesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Practice, error) {
	return bySlug(ctx, s, practices, slugs)
}

// PracticeList is the practices of a filter, by their numbers.
func PracticeList(ctx context.Context, f catalog.PracticeFilter) (List, error) {
	l := List{from: `practices r`, order: order{"ORDINAL", `r.ordinal`, "integer", false}}
	l.inStates(ctx, "practices", f.Status)
	return l, l.andCommittees(`r.committee_id`, f.Committees)
}

// Practices returns a page of the practices of a filter, by their numbers.
func (s *Store) Practices(ctx context.Context, f catalog.PracticeFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Practice], error) {
	l, err := PracticeList(ctx, f)
	if err != nil {
		return nil, err
	}
	return top(pages(ctx, s, practices, l, catalog.Parents{}, page))
}

// CountPractices counts what Practices lists.
func (s *Store) CountPractices(ctx context.Context, f catalog.PracticeFilter) (int, error) {
	l, err := PracticeList(ctx, f)
	if err != nil {
		return 0, err
	}
	return top(counts(ctx, s, l, catalog.Parents{}))
}

// numberPractices sets for practices that bring no number the one that they have, or
// the next one of their committee.
func (b *batch) numberPractices(ctx context.Context) error {
	for _, d := range b.drafts {
		in, ok := d.in.(*catalog.PracticeInput)
		if !ok || d.refused() || in.Ordinal != 0 {
			continue
		}
		err := b.tx.QueryRow(ctx, `SELECT coalesce((SELECT ordinal FROM practices WHERE slug = $1),
			(SELECT max(ordinal) FROM practices WHERE committee_id IS NOT DISTINCT FROM $2) + 1, 1)`, in.Slug, b.known.id(catalog.KindCommittee, in.Committee)).Scan(&in.Ordinal)
		if err != nil {
			return err
		}
	}
	return nil
}
