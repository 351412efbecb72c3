package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var sourceTable = table{
	name:    "sources",
	columns: []string{"title", "publisher", "published_on", "url", "text"},
	names:   []string{"ARRAY[title]"},
}

func (b *batch) addSource(in *catalog.SourceInput, r row) {
	r["title"], r["publisher"], r["published_on"] = in.Title, null(in.Publisher), null(in.PublishedOn)
	r["url"], r["text"] = null(in.URL), in.Text
	b.rows.add("sources", r)
}

var sources = noun[catalog.Source]{
	table: "sources", columns: `r.title, r.publisher, r.published_on, r.url`,
	scan: func(s *catalog.Source) []any {
		return append(headScan(&s.Meta), &s.Title, &s.Publisher, &s.PublishedOn, &s.URL)
	},
}

// SourcesByID gives the sources of these ids.
func (s *Store) SourcesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Source, error) {
	return byID(ctx, s, sources, ids)
}

// SourcesBySlug gives the sources of these slugs.
func (s *Store) SourcesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Source, error) {
	return bySlug(ctx, s, sources, slugs)
}

// SourceTexts gives the whole texts of these sources, as printed.
func (s *Store) SourceTexts(ctx context.Context, ids []catalog.ID) (map[catalog.ID]string, error) {
	return pairs[catalog.ID, string](ctx, s, "source texts", `SELECT r.id, r.text FROM sources r WHERE r.id = ANY ($1) AND `+published, ids)
}

func sourceList() list {
	return list{from: `sources r`, order: order{"TITLE", `r.title COLLATE jisi_zh`, "text", false}}
}

// Sources gives a page of all sources by title.
func (s *Store) Sources(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Source], error) {
	return top(pages(ctx, s, sources, sourceList(), catalog.Parents{}, page))
}

// CountSources counts all sources.
func (s *Store) CountSources(ctx context.Context) (int, error) {
	return top(counts(ctx, s, sourceList(), catalog.Parents{}))
}
