package files

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/server"
)

var _ server.Books = Files{}

// Book writes the collection of that slug as a book or a list.
func (f Files) Book(ctx context.Context, slug string, as server.BookForm, to func(title, media string) io.Writer) error {
	if as.Ending == ".pdf" && !exchange.CanPrintPDF() {
		return noPrinter(exchange.ErrNoFont)
	}
	names, err := exchange.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	return f.Store.ExportCollection(ctx, slug, func(in *catalog.CollectionInput, cases func(func(*catalog.CaseInput) error) error) error {
		book := exchange.Book{
			Collection: in, Date: catalog.Today(ctx).Text()[:len("2026年")], Cases: cases,
			Printing: func(c *catalog.CaseInput) exchange.Printing {
				p := exchange.Printing{Name: names.Name}
				if as.Address != "" && c.Slug != "" {
					p.Address = strings.TrimSuffix(as.Address, "/") + catalog.Permalink(catalog.KindCase, c.Slug)
				}
				return p
			},
		}
		switch as.Ending {
		case ".xlsx":
			return exchange.WriteBookList(to(in.Title, exchange.FormatXLSX.ContentType()), book)
		case ".csv", ".jsonl": // all that is written of the cases, for researchers
			format := exchange.Format(strings.TrimPrefix(as.Ending, "."))
			file, err := exchange.NewNamedWriter(to(in.Title, format.ContentType()), format, []catalog.RecordKind{catalog.KindCase}, names.Name)
			if err != nil {
				return err
			}
			if err := cases(func(c *catalog.CaseInput) error { return file.Write(c) }); err != nil {
				return err
			}
			return file.Close()
		case ".pdf":
			return exchange.PrintBook(to(in.Title, pdfMedia), book)
		case ".epub":
			id := "urn:jisi:collections:" + slug
			if as.Address != "" {
				id = strings.TrimSuffix(as.Address, "/") + catalog.Permalink(catalog.KindCollection, slug)
			}
			return exchange.WriteEPUB(to(in.Title, exchange.EPUBMedia), book, id, catalog.Now(ctx))
		}
		return exchange.WriteBook(to(in.Title, docxMedia), book)
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
	names, err := exchange.ReadNames(ctx, f.Store)
	if err != nil {
		return err
	}
	address := ""
	if as.Address != "" {
		address = strings.TrimSuffix(as.Address, "/") + "/calls/" + slug
	}
	switch as.Ending {
	case ".docx":
		return exchange.WriteNotice(to(in.Title, docxMedia), in, names.Name, address)
	case ".xlsx":
		return exchange.WriteCallForm(to(in.Title+"报送表", exchange.FormatXLSX.ContentType()), in, names.Name)
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
	return exchange.WriteCampaign(to(c.Title+"报送情况", exchange.FormatXLSX.ContentType()), c)
}

// CallResults reads what became of a call of earlier years from a workbook.
func (Files) CallResults(r io.ReaderAt, size int64) ([]catalog.CallResultInput, error) {
	return exchange.ReadCallResults(r, size)
}
