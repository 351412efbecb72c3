package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var practiceTable = table{
	name:     "practices",
	columns:  []string{"ordinal", "title", "text"},
	names:    []string{"ARRAY[title]"},
	children: []child{{"practice_mentions", "practice_id", []string{"practice_id", "record_id", "record_kind", "position"}}},
}

func (b *batch) addPractice(in *catalog.PracticeInput, r row) {
	r["ordinal"], r["title"], r["text"] = in.Ordinal, in.Title, in.Text
	b.rows.add("practices", r)
	mention := func(kind catalog.RecordKind, slugs []string) {
		for i, slug := range slugs {
			b.rows.add("practice_mentions", row{"practice_id": r["id"], "record_id": b.known.id(kind, slug), "record_kind": kind, "position": i})
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

var practices = noun[catalog.Practice]{
	table: "practices", columns: `r.ordinal, r.title, r.text`,
	scan: func(p *catalog.Practice) []any { return append(headScan(&p.Meta), &p.Ordinal, &p.Title, &p.Text) },
}

// PracticesByID gives the practices of these ids.
func (s *Store) PracticesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Practice, error) {
	return byID(ctx, s, practices, ids)
}

// PracticesBySlug gives the practices of these slugs.
func (s *Store) PracticesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Practice, error) {
	return bySlug(ctx, s, practices, slugs)
}

func practiceList() list {
	return list{from: `practices r`, order: order{"ORDINAL", `r.ordinal`, "integer", false}}
}

// Practices gives a page of all practices by their numbers.
func (s *Store) Practices(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Practice], error) {
	return top(pages(ctx, s, practices, practiceList(), catalog.Parents{}, page))
}

// CountPractices counts all practices.
func (s *Store) CountPractices(ctx context.Context) (int, error) {
	return top(counts(ctx, s, practiceList(), catalog.Parents{}))
}
