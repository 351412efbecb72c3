package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

var citationTable = child{"citations", "record_id", []string{"record_id", "position", "source_id", "quote", "start_at", "end_at", "fields"}}

// locateCitations finds every quote in its source's text and writes its place
// into the citation. An input with a quote that is not there is refused.
func (b *batch) locateCitations(ctx context.Context) error {
	texts, err := b.sourceTexts(ctx)
	if err != nil {
		return err
	}
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		var problems catalog.Problems
		citations := d.in.Head().Citations
		for i := range citations {
			start, _, err := citations[i].Locate(texts[citations[i].Source])
			if err != nil {
				problems = append(problems, atCitation(i, err))
				continue
			}
			citations[i].Start = &start
		}
		if err := problems.Or(); err != nil {
			d.refuse(err)
		}
	}
	return nil
}

// sourceTexts returns the texts of the sources that the batch cites, by slug.
func (b *batch) sourceTexts(ctx context.Context) (map[string]string, error) {
	texts := map[string]string{}
	var cited []string
	for _, d := range b.drafts {
		if d.refused() {
			continue
		}
		if in, ok := d.in.(*catalog.SourceInput); ok {
			texts[in.Slug] = in.Text
		}
		for _, c := range d.in.Head().Citations {
			cited = append(cited, c.Source)
		}
	}
	if len(cited) == 0 {
		return texts, nil
	}
	found, err := b.tx.Query(ctx, `SELECT slug, text FROM sources WHERE slug = ANY ($1)`, cited)
	if err != nil {
		return nil, err
	}
	var slug, text string
	_, err = pgx.ForEachRow(found, []any{&slug, &text}, func() error {
		if _, inBatch := texts[slug]; !inBatch {
			texts[slug] = text
		}
		return nil
	})
	return texts, err
}

// atCitation says which citation an error is about.
func atCitation(i int, err error) *catalog.Error {
	var e *catalog.Error
	if !errors.As(err, &e) {
		e = &catalog.Error{Kind: catalog.KindInvalid, Zh: "引文无法核对", En: "the quote cannot be checked", Err: err}
	}
	e.Path = fmt.Sprintf("citations.%d.quote", i)
	return e
}

func (b *batch) addCitations(d *draft) {
	for i, c := range d.in.Head().Citations {
		b.rows.add("citations", row{
			"record_id": d.result.ID, "position": i, "source_id": b.known.id(catalog.KindSource, c.Source), "quote": c.Quote,
			"start_at": *c.Start, "end_at": *c.Start + len([]rune(c.Quote)), "fields": array(c.Fields),
		})
	}
}

// CitationsByRecord returns the citations of each record, in their order.
func (s *Store) CitationsByRecord(ctx context.Context, records []catalog.ID) (map[catalog.ID][]*catalog.Citation, error) {
	return children(ctx, s, "citations by record", `
		SELECT id, record_id, source_id, quote, start_at, end_at, fields
		FROM citations WHERE record_id = ANY ($1) ORDER BY record_id, position`, records,
		func(c *catalog.Citation) (*catalog.ID, []any) {
			return &c.RecordID, []any{&c.ID, &c.RecordID, &c.SourceID, &c.Quote, &c.Start, &c.End, &c.Fields}
		})
}
