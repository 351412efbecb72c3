package docx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
)

// Block is a piece of a document's body: a paragraph, or a table.
type Block struct {
	Number   int    // from 1, a table counted as one; within a table the table's
	Text     string // without Label; "\n" is a line break within the paragraph
	Label    string // the number that the program writes before the text: "一、", "1."
	Style    string // the style's name in lower case: "title", "heading 1"
	Level    int    // of the outline, from 1; 0 for text
	Centered bool
	Contents bool     // a line of a table of contents
	Rows     [][]Cell // of a table, nil for a paragraph
}

// IsTable reports whether the block is a table.
func (b Block) IsTable() bool { return b.Rows != nil }

// Cell is a cell of a table. Its blocks may be tables again.
type Cell []Block

// Text returns the cell's text, a line a paragraph.
func (c Cell) Text() string {
	var lines []string
	for _, b := range c {
		switch {
		case b.IsTable():
			for _, row := range b.Rows {
				var cells []string
				for _, inner := range row {
					cells = append(cells, inner.Text())
				}
				lines = append(lines, strings.Join(cells, "\t"))
			}
		case b.Text != "":
			lines = append(lines, b.Label+b.Text)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// What is a kind of thing that a body holds and that is no text of it.
type What int

// The kinds, as What.Names calls them.
const (
	Picture What = iota
	Object
	Footnote
	Endnote
	Comment
	Formula
	Hidden
	Placeholder
	Reading
	Embedded
	Field
	Symbol
	Clock
)

// Names returns what the kind is called in Chinese and in English.
func (w What) Names() (zh, en string) {
	names := [...][2]string{
		Picture: {"图片或图形", "pictures"}, Object: {"嵌入的对象", "embedded objects"}, Footnote: {"脚注", "footnotes"}, Endnote: {"尾注", "endnotes"},
		Comment: {"批注", "comments"}, Formula: {"公式", "formulas"}, Hidden: {"隐藏文字", "hidden text"}, Placeholder: {"未填写的占位提示", "a placeholder that nobody filled in"},
		Reading: {"注音", "readings of a phonetic guide"}, Embedded: {"嵌入的文件", "an embedded file"}, Field: {"没有结果的域", "a field without a result"},
		Symbol: {"不认识的符号", "a symbol that is not known"}, Clock: {"自动更新的日期", "dates that change by themselves"},
	}
	return names[w][0], names[w][1]
}

// Left is something that was left out of the text.
type Left struct {
	What   What
	Number int    // of the block where it stands
	Text   string // "" where it has none
}

// Document is what is read of a .docx.
type Document struct {
	Body []Block // without empty paragraphs
	Left []Left  // in the order in which they stand
}

// ErrNoBody says that a ZIP is no document.
var ErrNoBody = errors.New("there is no body")

// Read reads the body of a document: .docx, .docm, .dotx, .dotm. An error is
// ErrNoBody, one for users, or that of broken XML.
func Read(z *zip.Reader) (*Document, error) {
	main := archive.Main(z, "word/document.xml")
	part, err := archive.Part(z, main)
	if err != nil {
		return nil, ErrNoBody
	}
	if part.UncompressedSize64 > archive.MaxDocumentText {
		most := archive.Megabytes(archive.MaxDocumentText)
		return nil, archive.Refusal("正文解压后超过 "+most+" 的上限，没有读取", "has a body of more than the limit of "+most+", which was not read")
	}
	r := &reader{styles: map[string]style{}, doc: &Document{}}
	relations, err := archive.Relations(z, main)
	if err != nil {
		return nil, err
	}
	stylesPart, numberingPart := "word/styles.xml", "word/numbering.xml"
	for _, relation := range relations {
		switch relation.Type {
		case "styles":
			stylesPart = relation.Target
		case "numbering":
			numberingPart = relation.Target
		}
	}
	if r.styles, err = readStyles(z, stylesPart); err != nil {
		return nil, err
	}
	if r.numbers, err = readNumbering(z, numberingPart); err != nil {
		return nil, err
	}
	body := false
	err = archive.EachToken(part, func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "body" {
			body = true
		}
		r.token(t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !body {
		return nil, ErrNoBody
	}
	r.finish()
	return r.doc, nil
}

// eachToken calls f with the tokens of a part where there is one.
func eachToken(z *zip.Reader, name string, f func(xml.Token)) error {
	part, err := archive.Part(z, name)
	if err != nil {
		return nil //nolint:nilerr // styles and numbering may be missing
	}
	if part.UncompressedSize64 > archive.MaxDocumentText {
		return &catalog.Error{Kind: catalog.KindInvalid, Zh: "样式部分过大，没有读取", En: "has styles of more than the limit, and was not read"}
	}
	return archive.EachToken(part, func(t xml.Token) error {
		f(t)
		return nil
	})
}
