package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var collections = nounOf(table{
	name:     "collections",
	names:    []string{"ARRAY[title]"},
	children: []child{{"collection_cases", "collection_id", []string{"collection_id", "case_id", "position"}}},
	lists:    (*batch).addCollected,
}, func(c *catalog.Collection, in *catalog.CollectionInput, known *lookup) []Column {
	return []Column{
		column("title", "title", Text, &c.Title, in.Title),
		column("preface", "preface", TextOrNull, &c.Preface, null(in.Preface)),
		column("colophon", "colophon", TextOrNull, &c.Colophon, null(in.Colophon)),
		internal("committee_id", &c.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		internal("call_id", &c.CallID, known.id(catalog.KindCall, in.Call)),
	}
})

func (b *batch) addCollected(input catalog.Input, id any) {
	for i, c := range input.(*catalog.CollectionInput).Cases {
		b.rows.add("collection_cases", row{"collection_id": id, "case_id": b.known.id(catalog.KindCase, c), "position": i})
	}
}

// CollectionsByID returns the collections of these ids.
func (s *Store) CollectionsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Collection, error) {
	return byID(ctx, s, collections, ids)
}

// CollectionsBySlug returns the collections of these slugs.
func (s *Store) CollectionsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Collection, error) {
	return bySlug(ctx, s, collections, slugs)
}

// CollectionList is all collections, newest first.
func CollectionList() List {
	return List{from: `collections r`, order: order{"CREATED_AT", `r.created_at`, "timestamptz", true}}
}

// Collections returns a page of all collections, newest first.
func (s *Store) Collections(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Collection], error) {
	return top(pages(ctx, s, collections, CollectionList(), catalog.Parents{}, page))
}

// CountCollections counts all collections.
func (s *Store) CountCollections(ctx context.Context) (int, error) {
	return top(counts(ctx, s, CollectionList(), catalog.Parents{}))
}

// refuseUnpublished refuses published collections with cases that are not public:
// their names would be told by the book's list, and its revisions.
func (b *batch) refuseUnpublished(ctx context.Context) error {
	for _, d := range b.drafts {
		in, ok := d.in.(*catalog.CollectionInput)
		if !ok || d.refused() || in.Status != catalog.StatusPublished {
			continue
		}
		var hidden []string
		err := b.tx.QueryRow(ctx, `SELECT coalesce(array_agg(title ORDER BY id), '{}') FROM cases WHERE slug = ANY ($1) AND status <> 'PUBLISHED'`, in.Cases).Scan(&hidden)
		if err != nil {
			return err
		}
		if len(hidden) > 0 {
			d.refuse(&catalog.Error{
				Kind: catalog.KindInvalid, Path: "cases",
				Zh: "还没有发布的案例不能收入公开的汇编：《" + hidden[0] + "》", En: "a case that is not published cannot stand in a public collection: " + hidden[0],
			})
		}
	}
	return nil
}
