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
}, func(p *catalog.Practice, in *catalog.PracticeInput, _ *lookup) []Column {
	return []Column{
		column("ordinal", "ordinal", Plain, &p.Ordinal, in.Ordinal),
		column("title", "title", Text, &p.Title, in.Title),
		column("text", "text", Text, &p.Text, in.Text),
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

func PracticeList() List {
	return List{from: `practices r`, order: order{"ORDINAL", `r.ordinal`, "integer", false}}
}

// Practices returns a page of all practices by their numbers.
func (s *Store) Practices(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Practice], error) {
	return top(pages(ctx, s, practices, PracticeList(), catalog.Parents{}, page))
}

// CountPractices counts all practices.
func (s *Store) CountPractices(ctx context.Context) (int, error) {
	return top(counts(ctx, s, PracticeList(), catalog.Parents{}))
}
