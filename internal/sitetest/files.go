package sitetest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/store"
)

// files is the store and the exchange's files as the server wants them, which
// know nothing of each other.
type files struct{ store *store.Store }

// MediaType gives the media type of a format.
func (files) MediaType(format string) string {
	if !slices.Contains(exchange.Formats, exchange.Format(format)) {
		return ""
	}
	return exchange.Format(format).ContentType()
}

// ExportCases writes the cases that the filter lets through.
func (f files) ExportCases(ctx context.Context, w io.Writer, format string, filter catalog.CaseFilter) error {
	to, err := exchange.NewRecordWriter(w, exchange.Format(format), []catalog.RecordKind{catalog.KindCase})
	if err != nil {
		return fmt.Errorf("export cases: %w", err)
	}
	if err := f.store.ExportCases(ctx, filter, func(in *catalog.CaseInput) error { return to.Write(in) }); err != nil {
		return err
	}
	return to.Close()
}

// Document gives a case as a .docx, and its title.
func (f files) Document(ctx context.Context, slug string) (title string, file []byte, err error) {
	in, err := f.store.CaseInput(ctx, slug)
	if err != nil {
		return "", nil, err
	}
	names, err := exchange.ReadNames(ctx, f.store)
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	if err := exchange.WriteDOCX(&b, in, names.Name); err != nil {
		return "", nil, err
	}
	return in.Title, b.Bytes(), nil
}
