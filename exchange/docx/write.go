package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Writer gathers a document of paragraphs, headings and tables, with Chinese
// fonts. Its zero value is an empty document. It is for one goroutine.
//
// A library would hold a limited tree of the document in memory, and all that is
// needed are these three.
type Writer struct{ b strings.Builder }

// The styles of paragraphs; "" is text.
const (
	Title    = "Title"
	Heading1 = "Heading1"
	Heading2 = "Heading2"
)

// Paragraph adds a paragraph in a style. A tab of its text is a tab of the
// document.
func (d *Writer) Paragraph(style, text string) {
	d.b.WriteString("<w:p>")
	if style != "" {
		d.b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	d.b.WriteString(`<w:r>`)
	writeText(&d.b, text)
	d.b.WriteString("</w:r></w:p>")
}

// Lines adds a paragraph a line.
func (d *Writer) Lines(style, text string) {
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		d.Paragraph(style, line)
	}
}

// writeText writes the elements of a run's text.
func writeText(b *strings.Builder, text string) {
	for i, piece := range strings.Split(text, "\t") {
		if i > 0 {
			b.WriteString("<w:tab/>")
		}
		b.WriteString(`<w:t xml:space="preserve">`)
		_ = xml.EscapeText(b, []byte(piece)) // a Builder takes everything
		b.WriteString("</w:t>")
	}
}

// Table adds a table with columns of these widths, in twentieths of a point: a
// paragraph a line of a cell.
func (d *Writer) Table(widths []int, rows [][]string) {
	d.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		d.b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	d.b.WriteString(`</w:tblBorders></w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		fmt.Fprintf(&d.b, `<w:gridCol w:w="%d"/>`, width)
	}
	d.b.WriteString(`</w:tblGrid>`)
	for _, row := range rows {
		d.b.WriteString(`<w:tr>`)
		for i, cell := range row {
			fmt.Fprintf(&d.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, widths[i])
			d.Lines("", cell)
			d.b.WriteString(`</w:tc>`)
		}
		d.b.WriteString(`</w:tr>`)
	}
	d.b.WriteString(`</w:tbl>`)
}

const (
	documentStart = xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	documentEnd   = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800"/></w:sectPr></w:body></w:document>`
)

// WriteTo writes the document. The same paragraphs make the same bytes.
func (d *Writer) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{to: w}
	err := writeParts(counted, [][2]string{
		{"[Content_Types].xml", types}, {"_rels/.rels", relations}, {"word/_rels/document.xml.rels", documentRelations}, {"word/styles.xml", styles},
		{"word/document.xml", documentStart + d.b.String() + documentEnd},
	})
	return counted.n, err
}

type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// writeParts writes a package of parts, each by its name.
func writeParts(w io.Writer, parts [][2]string) error {
	z := zip.NewWriter(w)
	for _, part := range parts {
		to, err := z.Create(part[0])
		if err != nil {
			return fmt.Errorf("write DOCX: %s: %w", part[0], err)
		}
		if _, err := io.WriteString(to, part[1]); err != nil {
			return fmt.Errorf("write DOCX: %s: %w", part[0], err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	return nil
}

// The parts of a document that are the same for every case (ECMA-376, part 1).
const (
	types = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	relations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	documentRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styles = xml.Header + `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="28"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="300"/><w:jc w:val="center"/></w:pPr>` +
		`<w:rPr><w:rFonts w:eastAsia="宋体"/><w:b/><w:sz w:val="44"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr>` +
		`<w:rPr><w:rFonts w:eastAsia="黑体"/><w:sz w:val="32"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="120"/><w:outlineLvl w:val="1"/></w:pPr>` +
		`<w:rPr><w:rFonts w:eastAsia="楷体"/><w:sz w:val="28"/></w:rPr></w:style></w:styles>`
)
