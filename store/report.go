package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var reports = nounOf(table{name: "reports"}, func(r *catalog.Report, in *catalog.ReportInput, known *lookup) []Column {
	kind, name := in.Named()
	return []Column{
		internal("record_id", &r.RecordID, known.id(kind, name)),
		internal("record_kind", &r.RecordKind, kind),
		column("fields", "fields", Text, &r.Fields, array(in.Fields)),
		column("relation", "relation", Word, &r.Relation, in.Relation),
		column("statement", "statement", Text, &r.Statement, in.Statement),
		column("title", "title", Text, &r.Title, in.Title),
		column("publisher", "publisher", TextOrNull, &r.Publisher, null(in.Publisher)),
		column("published_on", "publishedOn", WordOrNull, &r.PublishedOn, null(in.PublishedOn)),
		column("url", "url", Text, &r.URL, in.URL),
		column("checked_on", "checkedOn", WordOrNull, &r.CheckedOn, null(in.CheckedOn)),
		internal("entered_by_id", &r.EnteredByID, known.id(catalog.KindCommittee, in.EnteredBy)),
	}
})

// ReportsByID returns the reports of these ids.
func (s *Store) ReportsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Report, error) {
	return byID(ctx, s, reports, ids)
}

// ReportsBySlug returns the reports of these slugs.
func (s *Store) ReportsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Report, error) {
	return bySlug(ctx, s, reports, slugs)
}

// ReportOrder is the order of the reports beside a record, where @ is a report's
// row: in that of their pages' days, those without last.
const ReportOrder = `coalesce(first_day(@.published_on), 'infinity'), @.id`

// ReportsByRecord returns the public reports beside each record.
func (s *Store) ReportsByRecord(ctx context.Context, records []catalog.ID) (map[catalog.ID][]*catalog.Report, error) {
	return linked(ctx, s, reports, `(SELECT record_id AS parent, id FROM reports) l JOIN reports r ON r.id = l.id AND `+published,
		`l.parent, `+of(ReportOrder, `r`), records)
}

// ReportList is the reports of a filter, newest first.
func ReportList(ctx context.Context, f catalog.ReportFilter) (List, error) {
	l := List{from: `reports r`, order: order{"CREATED_AT", `r.created_at`, "timestamptz", true}}
	l.inStates(ctx, "reports", f.Status)
	if err := l.andCommittees(`r.entered_by_id`, f.Committees); err != nil {
		return List{}, err
	}
	andOneOf(&l, `r.relation`, f.Relations)
	if f.Checked != nil {
		l.and(`(r.checked_on IS NOT NULL) = %s`, *f.Checked)
	}
	return l, nil
}

// Reports returns a page of the reports of a filter, newest first.
func (s *Store) Reports(ctx context.Context, f catalog.ReportFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Report], error) {
	l, err := ReportList(ctx, f)
	if err != nil {
		return nil, err
	}
	return top(pages(ctx, s, reports, l, catalog.Parents{}, page))
}

// CountReports counts what Reports lists.
func (s *Store) CountReports(ctx context.Context, f catalog.ReportFilter) (int, error) {
	l, err := ReportList(ctx, f)
	if err != nil {
		return 0, err
	}
	return top(counts(ctx, s, l, catalog.Parents{}))
}
