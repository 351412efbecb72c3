package exchange

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Namer gives the name by which people know a record, "" where only its slug
// will do.
type Namer func(kind catalog.RecordKind, slug string) string

// WriteDOCX writes a case as a document in the form that committees write cases
// in: title, a table of what is known about it, and its parts under headings. An
// import of it makes the same case, but for empty lines and for spaces at the
// ends of lines. name, which may be nil, turns slugs into names; it must give a
// name only where that stands for one record.
//
// The document is written here rather than with a library because all that it
// needs are paragraphs, headings and one table, with Chinese fonts, and no
// limit on how much is held in memory.
func WriteDOCX(w io.Writer, in *catalog.CaseInput, name Namer) error {
	if err := checkUTF8(in); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, part := range [][2]string{
		{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRelations}, {"word/_rels/document.xml.rels", docxDocumentRelations}, {"word/styles.xml", docxStyles},
	} {
		to, err := z.Create(part[0])
		if err != nil {
			return fmt.Errorf("write DOCX: %s: %w", part[0], err)
		}
		if _, err := io.WriteString(to, part[1]); err != nil {
			return fmt.Errorf("write DOCX: %s: %w", part[0], err)
		}
	}
	to, err := z.Create("word/document.xml")
	if err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	d := &docxWriter{}
	d.document(withNames(in, name))
	if _, err := io.WriteString(to, d.b.String()); err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	return nil
}

// withNames gives a copy of a case whose references are names.
func withNames(in *catalog.CaseInput, name Namer) *catalog.CaseInput {
	line, err := Encode(in)
	if err != nil || name == nil {
		return in
	}
	decoded, err := Decode(line)
	if err != nil {
		return in
	}
	for _, ref := range decoded.References() {
		if n := name(ref.Kind, *ref.Name); n != "" {
			*ref.Name = n
		}
	}
	return decoded.(*catalog.CaseInput)
}

// docxWriter writes the body of a document.
type docxWriter struct {
	b     strings.Builder
	parts int
}

func (d *docxWriter) document(in *catalog.CaseInput) {
	d.b.WriteString(xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	d.paragraph("Title", in.Title)
	if in.Origin == catalog.OriginSynthetic {
		d.paragraph("", syntheticMark)
	}
	columns, cells := columnsOf(catalog.KindCase), cellsOf(in)
	d.table(columns, cells)
	steps := false
	for i, c := range columns {
		switch {
		case !hasPart(&c) || cells[i] == "":
		case c.step != "":
			if !steps {
				d.part(labels["steps"])
				steps = true
			}
			d.paragraph("Heading2", c.label+" "+askOf(c.step))
			d.lines("", cells[i])
		default:
			d.part(c.label)
			d.lines("", cells[i])
		}
	}
	d.b.WriteString(`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800"/></w:sectPr></w:body></w:document>`)
}

func askOf(step catalog.StepCode) string {
	for _, p := range catalog.Procedure {
		if p.Code == step {
			return p.Asks
		}
	}
	return ""
}

// hasPart reports whether a column is a part of its own rather than a row of the
// table: prose, and lists whose entries have parts.
func hasPart(c *column) bool {
	return isText(c) || c.typ.Kind() == reflect.Slice && c.typ.Elem().Kind() == reflect.Struct
}

var chineseNumbers = strings.Fields("一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五")

func (d *docxWriter) part(label string) {
	d.paragraph("Heading1", chineseNumbers[d.parts]+"、"+label)
	d.parts++
}

func (d *docxWriter) paragraph(style, text string) {
	d.b.WriteString("<w:p>")
	if style != "" {
		d.b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	d.b.WriteString(`<w:r>`)
	for i, piece := range strings.Split(text, "\t") {
		if i > 0 {
			d.b.WriteString("<w:tab/>")
		}
		d.b.WriteString(`<w:t xml:space="preserve">`)
		_ = xml.EscapeText(&d.b, []byte(piece)) // a Builder takes everything
		d.b.WriteString("</w:t>")
	}
	d.b.WriteString("</w:r></w:p>")
}

// lines writes a paragraph a line.
func (d *docxWriter) lines(style, text string) {
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		d.paragraph(style, line)
	}
}

// table writes the columns that have no part of their own.
func (d *docxWriter) table(columns []column, cells []string) {
	d.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		d.b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
	}
	d.b.WriteString(`</w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="6300"/></w:tblGrid>`)
	for i, c := range columns {
		if hasPart(&c) || cells[i] == "" || c.name == "title" {
			continue
		}
		d.b.WriteString(`<w:tr><w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>`)
		d.paragraph("", c.label)
		d.b.WriteString(`</w:tc><w:tc><w:tcPr><w:tcW w:w="6300" w:type="dxa"/></w:tcPr>`)
		d.lines("", cells[i])
		d.b.WriteString(`</w:tc></w:tr>`)
	}
	d.b.WriteString(`</w:tbl>`)
}

// The parts of a document that are the same for every case (ECMA-376, part 1).
const (
	docxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	docxRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	docxDocumentRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	docxStyles = xml.Header + `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="28"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="300"/><w:jc w:val="center"/></w:pPr>` +
		`<w:rPr><w:rFonts w:eastAsia="宋体"/><w:b/><w:sz w:val="44"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr>` +
		`<w:rPr><w:rFonts w:eastAsia="黑体"/><w:sz w:val="32"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="120"/><w:outlineLvl w:val="1"/></w:pPr>` +
		`<w:rPr><w:rFonts w:eastAsia="楷体"/><w:sz w:val="28"/></w:rPr></w:style></w:styles>`
)
