package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var sources = nounOf(table{
	name: "sources", names: []string{"ARRAY[title]"},
}, func(s *catalog.Source, in *catalog.SourceInput, _ *lookup) []Column {
	return []Column{
		column("title", "title", Text, &s.Title, in.Title),
		column("publisher", "publisher", TextOrNull, &s.Publisher, null(in.Publisher)),
		column("published_on", "publishedOn", WordOrNull, &s.PublishedOn, null(in.PublishedOn)),
		column("url", "url", TextOrNull, &s.URL, null(in.URL)),
		column("text", "text", Text, nil, in.Text), // read by SourceTexts
		internal("sections", &s.Sections, array(in.Sections)),
	}
})

// SourcesByID returns the sources of these ids.
func (s *Store) SourcesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Source, error) {
	return byID(ctx, s, sources, ids)
}

// SourcesBySlug returns the sources of these slugs.
func (s *Store) SourcesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Source, error) {
	return bySlug(ctx, s, sources, slugs)
}

// SourceTexts returns the whole texts, as printed, of those of these sources that the
// viewer may read.
func (s *Store) SourceTexts(ctx context.Context, ids []catalog.ID) (map[catalog.ID]string, error) {
	args := Args{ids}
	sql := `SELECT r.id, r.text FROM sources r WHERE r.id = ANY ($1) AND ` + Readable(ctx, sources.name, "r", &args)
	return pairs[catalog.ID, string](ctx, s, "source texts", sql, args...)
}

func SourceList() List {
	return List{from: `sources r`, order: byReading("TITLE", `r.title`)}
}

// Sources returns a page of all sources by title.
func (s *Store) Sources(ctx context.Context, page catalog.PageArgs) (*catalog.Page[*catalog.Source], error) {
	return top(pages(ctx, s, sources, SourceList(), catalog.Parents{}, page))
}

// CountSources counts all sources.
func (s *Store) CountSources(ctx context.Context) (int, error) {
	return top(counts(ctx, s, SourceList(), catalog.Parents{}))
}
