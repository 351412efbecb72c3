package files

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/server"
)

var _ server.Books = Files{}

// Book writes the collection of that slug as a book or a list.
func (f Files) Book(ctx context.Context, slug string, as server.BookForm, to func(title, media string) io.Writer) error {
	if as.Ending == ".pdf" && !export.CanPrintPDF() {
		return noPrinter(export.ErrNoFont)
	}
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	return f.Store.ExportCollection(ctx, slug, func(in *catalog.CollectionInput, cases func(func(*catalog.CaseInput) error) error) error {
		book := export.Book{
			Collection: in, Date: catalog.Today(ctx).Text()[:len("2026年")], Cases: cases,
			Printing: func(c *catalog.CaseInput) export.Printing {
				p := export.Printing{Name: names.Name}
				if as.Address != "" && c.Slug != "" {
					p.Address = strings.TrimSuffix(as.Address, "/") + catalog.Permalink(catalog.KindCase, c.Slug)
				}
				return p
			},
		}
		switch as.Ending {
		case ".xlsx":
			return export.WriteBookList(to(in.Title, export.FormatXLSX.ContentType()), book)
		case ".csv", ".jsonl": // all that is written of the cases, for researchers
			format := export.Format(strings.TrimPrefix(as.Ending, "."))
			file, err := export.NewNamedWriter(to(in.Title, format.ContentType()), format, []catalog.RecordKind{catalog.KindCase}, names.Name)
			if err != nil {
				return err
			}
			if err := cases(func(c *catalog.CaseInput) error { return file.Write(c) }); err != nil {
				return err
			}
			return file.Close()
		case ".pdf":
			return export.PrintBook(to(in.Title, pdfMedia), book)
		case ".epub":
			id := "urn:jisi:collections:" + slug
			if as.Address != "" {
				id = strings.TrimSuffix(as.Address, "/") + catalog.Permalink(catalog.KindCollection, slug)
			}
			return export.WriteEPUB(to(in.Title, export.EPUBMedia), book, id, catalog.Now(ctx))
		}
		return export.WriteBook(to(in.Title, docxMedia), book)
	})
}

const (
	docxMedia = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	pdfMedia  = "application/pdf"
)

// noPrinter is told to who asks for a PDF where no font can print one.
func noPrinter(err error) error {
	return &catalog.Error{
		Kind: catalog.KindNotFound, Zh: "这台服务器没有可用的中文字体，不能生成 PDF；请下载 Word 文件（.docx），或请管理员安装中文字体（如 fonts-noto-cjk）", Err: err,
		En: "no font for Chinese is installed here, so there is no PDF; take the .docx, or have one installed (such as fonts-noto-cjk)",
	}
}

// CallFile writes the notice of a call, or the form to fill, or what was submitted.
func (f Files) CallFile(ctx context.Context, slug string, as server.BookForm, to func(title, media string) io.Writer) error {
	in, err := f.Store.CallInput(ctx, slug)
	if err != nil {
		return err
	}
	names, err := export.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	address := ""
	if as.Address != "" {
		address = strings.TrimSuffix(as.Address, "/") + "/calls/" + slug
	}
	switch as.Ending {
	case ".docx":
		return export.WriteNotice(to(in.Title, docxMedia), in, names.Name, address)
	case ".xlsx":
		return export.WriteCallForm(to(in.Title+"报送表", export.FormatXLSX.ContentType()), in, names.Name)
	}
	return fmt.Errorf("a call as %s: %w", cmp.Or(as.Ending, "nothing"), catalog.NotFound(catalog.KindCall, slug))
}

// Campaign writes what was submitted to a call, as the context's viewer may see it,
// with scores and progress.
func (f Files) Campaign(ctx context.Context, slug string, to func(title, media string) io.Writer) error {
	c, err := f.Store.CampaignOf(ctx, slug)
	if err != nil {
		return err
	}
	return export.WriteCampaign(to(c.Title+"报送情况", export.FormatXLSX.ContentType()), c)
}

// CallResults reads what became of a call of earlier years from a workbook.
func (Files) CallResults(r io.ReaderAt, size int64) ([]catalog.CallResultInput, error) {
	return exchange.ReadCallResults(r, size)
}
