// Package files puts the store and the exchange's files together as the server
// wants them, which know nothing of each other.
package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// Files brings the store's records out in files, and in. It is a server.Files.
type Files struct{ Store *store.Store }

var _ server.Files = Files{}

// MediaType returns the media type of a format.
func (Files) MediaType(format string) string {
	if !slices.Contains(export.Formats, export.Format(format)) {
		return ""
	}
	return export.Format(format).ContentType()
}

// ExportCases writes the cases that the filter lets through.
func (f Files) ExportCases(ctx context.Context, w io.Writer, format string, filter catalog.CaseFilter) error {
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return fmt.Errorf("export cases: %w", err)
	}
	to, err := export.NewNamedWriter(w, export.Format(format), []catalog.RecordKind{catalog.KindCase}, names.Name)
	if err != nil {
		return fmt.Errorf("export cases: %w", err)
	}
	if err := f.Store.ExportCases(ctx, filter, func(in *catalog.CaseInput) error { return to.Write(in) }); err != nil {
		return err
	}
	return to.Close()
}

// Document returns a case as a document, with its title and its media type.
func (f Files) Document(ctx context.Context, slug string, as server.DocumentForm) (title, media string, file []byte, err error) {
	in, err := f.Store.CaseInput(ctx, slug)
	if err != nil {
		return "", "", nil, err
	}
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return "", "", nil, err
	}
	if as.Exchange && !as.PDF {
		var b bytes.Buffer
		err = export.WriteDOCX(&b, in, names.Name)
		return in.Title, docxMedia, b.Bytes(), err
	}
	file, media, err = f.print(ctx, []*catalog.CaseInput{in}, names, as.PDF, func(*catalog.CaseInput) string { return as.Address })
	return in.Title, media, file, err
}

// print writes cases as an office prints them, with the names of what they cite.
func (f Files) print(ctx context.Context, cases []*catalog.CaseInput, names *export.Names, pdf bool, address func(*catalog.CaseInput) string) (file []byte, media string, err error) {
	var slugs []string
	for _, in := range cases {
		for _, c := range in.Citations {
			slugs = append(slugs, c.Source)
		}
	}
	sources, err := f.Store.SourcesBySlug(ctx, slugs)
	if err != nil {
		return nil, "", err
	}
	title := func(slug string) string {
		if s := sources[slug]; s != nil {
			return s.Title
		}
		return ""
	}
	reports, err := f.reports(ctx, cases)
	if err != nil {
		return nil, "", err
	}
	how := func(in *catalog.CaseInput) export.Printing {
		return export.Printing{Name: names.Name, Address: address(in), Source: title, Reports: reports[in.Slug]}
	}
	if !pdf {
		var b bytes.Buffer
		err = export.PrintDOCX(&b, cases, how)
		return b.Bytes(), docxMedia, err
	}
	file, err = export.PrintPDF(cases, how)
	if errors.Is(err, export.ErrNoFont) {
		err = noPrinter(err)
	}
	return file, pdfMedia, err
}

// CanPrintPDF reports whether this machine has fonts to make PDFs in.
func (Files) CanPrintPDF() bool { return export.CanPrintPDF() }

// Found writes the cases of these slugs, in their order, as one file: a .docx as an
// office prints them, each from a new page, or a table. Those that the context's
// viewer may not read are left out.
func (f Files) Found(ctx context.Context, w io.Writer, format string, slugs []string, address string) error {
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	var cases []*catalog.CaseInput
	for _, slug := range slugs {
		in, err := f.Store.CaseInput(ctx, slug)
		if catalog.ErrorKindOf(err) == catalog.KindNotFound {
			continue // withdrawn since it was found
		}
		if err != nil {
			return err
		}
		cases = append(cases, in)
	}
	if format == "docx" {
		file, _, err := f.print(ctx, cases, names, false, func(in *catalog.CaseInput) string {
			if address == "" {
				return ""
			}
			return address + catalog.Permalink(catalog.KindCase, in.Slug)
		})
		if err != nil {
			return err
		}
		_, err = w.Write(file)
		return err
	}
	to, err := export.NewNamedWriter(w, export.Format(format), []catalog.RecordKind{catalog.KindCase}, names.Name)
	if err != nil {
		return err
	}
	for _, in := range cases {
		if err := to.Write(in); err != nil {
			return err
		}
	}
	return to.Close()
}

// Template writes a workbook for committees to fill their cases in.
func (f Files) Template(ctx context.Context, w io.Writer) error {
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	return export.WriteTemplate(w, names)
}

// MayImport returns nil where the context's viewer may bring in drafts.
func (Files) MayImport(ctx context.Context) error { return store.MayImport(catalog.ViewerFrom(ctx)) }

// Prepare gets ready to read files.
func (Files) Prepare() { reading.Prepare() }

// settleFrom is from how many written records on the tables are settled.
const settleFrom = 500

// Import brings in drafts in the name of the context's viewer.
func (f Files) Import(ctx context.Context, im server.Import) (*server.ImportReport, error) {
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if im.Previewed != nil {
		return f.importPreviewed(ctx, im, names)
	}
	list := make([]reading.File, len(im.Files))
	for i, one := range im.Files {
		list[i] = reading.File{Name: one.Name, Reader: one.Reader, Size: one.Size}
	}
	into := newDraftSink(f.Store, im, names)
	report, err := exchange.Import(ctx, into, catalog.Actor{}, list, exchange.ImportOptions{
		DryRun: im.DryRun, Strict: im.Strict, Refused: im.Refused, StopAfter: exchange.MaxRefusals,
		Keep: func(name string, content []byte) (string, error) { return f.keep(ctx, name, content) },
	})
	n := report.Counts()
	if refused := im.Strict && n.Refused > 0; err != nil && !refused { // whose report says so
		return nil, err
	}
	if report.Committed && n.New+n.Changed >= settleFrom {
		_ = f.Store.Settle(ctx) // the database does so by itself soon, too
	}
	told := &server.ImportReport{
		DryRun: im.DryRun, Committed: report.Committed, New: n.New, Changed: n.Changed, Same: n.Same, Refused: n.Refused, More: report.More,
		Records: into.written, Refusals: []json.RawMessage{},
	}
	if told.Names, err = into.namesFor(ctx); err != nil {
		return nil, err
	}
	for _, refusal := range report.Refusals {
		line, err := json.Marshal(refusal)
		if err != nil {
			return nil, fmt.Errorf("report an import: %w", err)
		}
		told.Refusals = append(told.Refusals, line)
	}
	if im.Accepted != nil && into.count > 0 {
		if err := (previewedTold{&previewedReport{told.Refused, told.More, told.Refusals}}).write(im.Accepted); err != nil {
			return nil, fmt.Errorf("report an import: %w", err)
		}
	}
	return told, nil
}
