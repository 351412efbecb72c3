package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
)

// Book is a workbook that is open for reading. It is for one goroutine.
type Book struct {
	Sheets []*Sheet // in their order

	zip      *zip.Reader
	date1904 bool
	strings  *sharedStrings
	formats  []numberFormat // by a cell's style
}

// Sheet is one sheet of a workbook.
type Sheet struct {
	Name   string
	Hidden bool // by its author
	Chart  bool // a chart or a dialog, which has no rows
	Macro  bool // of macros, whose cells are a program

	book   *Book
	target string // the name of its part
	hidden []span // columns
}

// span is a range of columns or rows, both ends in it, from 1.
type span struct{ from, to int }

// oleHeader begins a compound file: an old .xls, or a workbook with a password.
var oleHeader = []byte("\xD0\xCF\x11\xE0")

// Open opens a workbook of size bytes. An error is one for users.
func Open(f io.ReaderAt, size int64) (*Book, error) {
	head := make([]byte, 4)
	if _, err := f.ReadAt(head, 0); err == nil && bytes.Equal(head, oleHeader) {
		return nil, archive.Refusal("是旧格式（.xls）或加了密码的工作簿，请另存为不加密的 .xlsx", "is an old .xls or protected by a password; save it as .xlsx without one")
	}
	z, refused := archive.Open(f, size, archive.MaxWorkbookUnpacked)
	if refused != nil {
		return nil, refused
	}
	b := &Book{zip: z}
	if err := b.open(); err != nil {
		b.Close()
		var known *catalog.Error
		if errors.As(err, &known) {
			return nil, known
		}
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Zh: "不是可以读取的工作簿", En: "is not a workbook that can be read", Err: err}
	}
	return b, nil
}

// Close removes what Open has put into temporary files.
func (b *Book) Close() {
	if b.strings != nil {
		b.strings.remove()
	}
}

func (b *Book) open() error {
	main := archive.Main(b.zip, "xl/workbook.xml")
	relations, err := archive.Relations(b.zip, main)
	if err != nil {
		return err
	}
	byID := map[string]archive.Relation{}
	for _, r := range relations {
		byID[r.ID] = r
		switch r.Type {
		case "sharedStrings":
			err = b.readStrings(r.Target)
		case "styles":
			err = b.readStyles(r.Target)
		}
		if err != nil {
			return err
		}
	}
	part, err := archive.Part(b.zip, main)
	if err != nil {
		return err
	}
	return archive.EachToken(part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "workbookPr":
			b.date1904 = isTrue(archive.Attribute(e, "date1904"))
		case "sheet":
			r := byID[relationID(e)]
			state := archive.Attribute(e, "state")
			b.Sheets = append(b.Sheets, &Sheet{
				Name: archive.Attribute(e, "name"), Hidden: state == "hidden" || state == "veryHidden", Chart: r.Type != "worksheet", Macro: strings.HasSuffix(r.Type, "acrosheet"),
				book: b, target: r.Target,
			})
		}
		return nil
	})
}

// relationID returns the attribute id of the namespace of relations; sheetId is
// another.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || strings.EqualFold(s, "true") }
