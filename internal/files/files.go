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
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// Files brings the store's records out in files, and in. It is a server.Files.
type Files struct{ Store *store.Store }

var _ server.Files = Files{}

// MediaType returns the media type of a format.
func (Files) MediaType(format string) string {
	if !slices.Contains(exchange.Formats, exchange.Format(format)) {
		return ""
	}
	return exchange.Format(format).ContentType()
}

// ExportCases writes the cases that the filter lets through.
func (f Files) ExportCases(ctx context.Context, w io.Writer, format string, filter catalog.CaseFilter) error {
	names, err := exchange.ReadNames(ctx, f.Store)
	if err != nil {
		return fmt.Errorf("export cases: %w", err)
	}
	to, err := exchange.NewNamedWriter(w, exchange.Format(format), []catalog.RecordKind{catalog.KindCase}, names.Name)
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
	names, err := exchange.ReadNames(ctx, f.Store)
	if err != nil {
		return "", "", nil, err
	}
	var b bytes.Buffer
	media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	if as.Exchange {
		err = exchange.WriteDOCX(&b, in, names.Name)
	} else {
		err = f.print(ctx, &b, in, names, as.Address)
	}
	if err != nil || !as.PDF {
		return in.Title, media, b.Bytes(), err
	}
	file, err = exchange.PrintPDF(ctx, &b)
	if errors.Is(err, exchange.ErrNoPrinter) {
		err = &catalog.Error{
			Kind: catalog.KindNotFound, Zh: "这台服务器没有安装 LibreOffice，不能生成 PDF；请下载 Word 文件（.docx）", Err: err,
			En: "LibreOffice is not installed here, so there is no PDF; take the .docx",
		}
	}
	return in.Title, "application/pdf", file, err
}

// print writes a case as an office prints it, with the names of what it cites.
func (f Files) print(ctx context.Context, w io.Writer, in *catalog.CaseInput, names *exchange.Names, address string) error {
	slugs := make([]string, 0, len(in.Citations))
	for _, c := range in.Citations {
		slugs = append(slugs, c.Source)
	}
	sources, err := f.Store.SourcesBySlug(ctx, slugs)
	if err != nil {
		return err
	}
	title := func(slug string) string {
		if s := sources[slug]; s != nil {
			return s.Title
		}
		return ""
	}
	return exchange.PrintDOCX(w, []*catalog.CaseInput{in}, func(*catalog.CaseInput) exchange.Printing {
		return exchange.Printing{Name: names.Name, Address: address, Source: title}
	})
}

// Template writes a workbook for committees to fill their cases in.
func (f Files) Template(ctx context.Context, w io.Writer) error {
	names, err := exchange.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	return exchange.WriteTemplate(w, names)
}

// MayImport returns nil where the context's viewer may bring in drafts.
func (Files) MayImport(ctx context.Context) error { return store.MayImport(catalog.ViewerFrom(ctx)) }

// Import brings in drafts in the name of the context's viewer.
func (f Files) Import(ctx context.Context, im server.Import) (*server.ImportReport, error) {
	names, err := exchange.ReadNames(ctx, f.Store)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if im.Previewed != nil {
		return f.importKept(ctx, im, names)
	}
	list := make([]exchange.File, len(im.Files))
	for i, one := range im.Files {
		list[i] = exchange.File{Name: one.Name, Reader: one.Reader, Size: one.Size}
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
	return told, nil
}
