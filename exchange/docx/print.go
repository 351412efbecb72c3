package docx

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Print gathers a document as Chinese offices print one, by GB/T 9704-2012: on A4
// with 37 mm above and 28 mm at the binding, 156 by 225 mm of text, 22 lines of 28
// characters a page, the title in 方正小标宋 二号, the text in 仿宋_GB2312 三号 on
// lines of 28 points, headings of the first level in 黑体 and of the second in
// 楷体_GB2312, and — 1 — at the outer side below. Its zero value is an empty
// document.
//
// The fonts are named as offices have them; who opens the document on a machine
// without them sees the nearest that is there.
type Print struct {
	b     strings.Builder
	lines []PrintLine
}

// PrintStyle is how a paragraph of a Print is set; its value is the style's name in the
// file.
type PrintStyle string

// The styles of a Print. PrintNewPage is no paragraph: another text begins on a new page.
const (
	PrintText     PrintStyle = ""
	PrintTitle    PrintStyle = "PrintTitle"
	PrintSubtitle PrintStyle = "PrintSubtitle"
	PrintHeading  PrintStyle = "PrintHeading"
	PrintBelow    PrintStyle = "PrintBelow"
	PrintSigned   PrintStyle = "PrintSigned" // who signs, and the day: at the right
	PrintNewPage  PrintStyle = "PrintPage"
)

// PrintLine is a paragraph of a Print, as it was added, for who sets it elsewhere.
type PrintLine struct {
	Style    PrintStyle
	Text     string
	KeepNext bool // on one page with what follows, besides what its style says
}

// IsCentered reports whether the paragraph stands in the middle.
func (l PrintLine) IsCentered() bool { return l.Style == PrintTitle || l.Style == PrintSubtitle }

// Lines returns the paragraphs so far.
func (p *Print) Lines() []PrintLine { return p.lines }

func (p *Print) add(style PrintStyle, text string) {
	p.lines = append(p.lines, PrintLine{Style: style, Text: text})
	p.b.WriteString("<w:p>")
	if style != "" {
		p.b.WriteString(`<w:pPr><w:pStyle w:val="` + string(style) + `"/></w:pPr>`)
	}
	p.b.WriteString("<w:r>")
	writeText(&p.b, text)
	p.b.WriteString("</w:r></w:p>")
}

// Title adds the title, centered.
func (p *Print) Title(text string) { p.add(PrintTitle, text) }

// Subtitle adds a line below the title, centered: who wrote it, and when.
func (p *Print) Subtitle(text string) { p.add(PrintSubtitle, text) }

// Heading adds a heading of the first level; its number is the caller's.
func (p *Print) Heading(text string) { p.add(PrintHeading, text) }

// Text adds a text, a paragraph a line, empty ones left out.
func (p *Print) Text(text string) {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if strings.TrimSpace(line) != "" {
			p.add("", strings.TrimSpace(line))
		}
	}
}

// Below adds a line of what stands at the end: where it is from.
func (p *Print) Below(text string) { p.add(PrintBelow, text) }

// Sign ends a letter: its last line, and below it at the right who sends it and of which
// day. They stay on one page, as no page may have a signature or a date alone (GB/T 9704).
func (p *Print) Sign(last, by, day string) {
	const right = `<w:ind w:firstLineChars="0" w:firstLine="0" w:right="1280"/><w:jc w:val="right"/>`
	p.lines = append(p.lines, PrintLine{PrintText, last, true}, PrintLine{PrintSigned, by, true}, PrintLine{PrintSigned, day, false})
	for _, line := range []struct{ text, properties string }{{last, `<w:keepNext/><w:keepLines/>`}, {by, `<w:keepNext/>` + right}, {day, right}} {
		p.b.WriteString(`<w:p><w:pPr>` + line.properties + `</w:pPr><w:r>`)
		writeText(&p.b, line.text)
		p.b.WriteString(`</w:r></w:p>`)
	}
}

// NewPage begins a page, for another text in the same document.
func (p *Print) NewPage() {
	p.lines = append(p.lines, PrintLine{Style: PrintNewPage})
	p.b.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
}

// twips are twentieths of a point.
func twips(mm float64) int { return int(mm*1440/25.4 + 0.5) }

// page is A4 with the margins of the standard: 37 mm above, 28 mm at the binding,
// and what is left of 210 by 297 mm beside 156 by 225 mm of text. Its grid is of
// 22 lines of 28 points.
func page() string {
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference w:type="even" r:id="rIdEven"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`+
		`<w:docGrid w:type="lines" w:linePitch="560"/></w:sectPr>`,
		twips(210), twips(297), twips(37), twips(26), twips(35), twips(28), twips(35-7-5))
}

// WriteTo writes the document. The same texts make the same bytes.
func (p *Print) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{to: w}
	const namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	err := writeParts(counted, [][2]string{
		{"[Content_Types].xml", printTypes},
		{"_rels/.rels", relations},
		{"word/_rels/document.xml.rels", printRelations},
		{"word/styles.xml", printStyles},
		{"word/settings.xml", xml.Header + `<w:settings ` + namespaces + `><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/></w:settings>`},
		{"word/footer1.xml", footer(namespaces, "right")},
		{"word/footer2.xml", footer(namespaces, "left")},
		{"word/document.xml", xml.Header + `<w:document ` + namespaces + `><w:body>` + p.b.String() + page() + `</w:body></w:document>`},
	})
	return counted.n, err
}

// footer is — 1 — in 宋体 四号, a character from the outer edge.
func footer(namespaces, side string) string {
	run := func(inner string) string {
		return `<w:r><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>` + inner + `</w:r>`
	}
	return xml.Header + `<w:ftr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:left="280" w:right="280"/><w:jc w:val="` + side + `"/></w:pPr>` +
		run(`<w:t xml:space="preserve">— </w:t>`) + run(`<w:fldChar w:fldCharType="begin"/>`) + run(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) +
		run(`<w:fldChar w:fldCharType="separate"/>`) + run(`<w:t>1</w:t>`) + run(`<w:fldChar w:fldCharType="end"/>`) + run(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`
}

const (
	printTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`
	officeRelation = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	printRelations = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRelation + `styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + officeRelation + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rIdOdd" Type="` + officeRelation + `footer" Target="footer1.xml"/><Relationship Id="rIdEven" Type="` + officeRelation + `footer" Target="footer2.xml"/></Relationships>`

	// Sizes are in half points: 二号 44, 三号 32. Lines are exactly 28 points; an
	// indent of two characters is in hundredths of a character. Characters stand a quarter
	// of a point closer than they are wide (in twentieths), as 28 of them fill 156 mm.
	// Lines are not justified: LibreOffice then loses marks at their ends from the PDF.
	printStyles = xml.Header + `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="仿宋_GB2312" w:hAnsi="仿宋_GB2312" w:eastAsia="仿宋_GB2312"/><w:spacing w:val="-5"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>` +
		`<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="left"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="PrintTitle"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="0" w:after="0" w:line="640" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>` +
		`<w:rPr><w:rFonts w:ascii="方正小标宋简体" w:hAnsi="方正小标宋简体" w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/><w:szCs w:val="44"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="PrintSubtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>` +
		`<w:rPr><w:rFonts w:ascii="楷体_GB2312" w:hAnsi="楷体_GB2312" w:eastAsia="楷体_GB2312"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="PrintHeading"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr>` +
		`<w:rPr><w:rFonts w:ascii="黑体" w:hAnsi="黑体" w:eastAsia="黑体"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="PrintBelow"><w:name w:val="Source"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="left"/></w:pPr><w:rPr><w:rFonts w:ascii="楷体_GB2312" w:hAnsi="楷体_GB2312" w:eastAsia="楷体_GB2312"/><w:sz w:val="28"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:line="240" w:lineRule="auto"/><w:ind w:firstLineChars="0" w:firstLine="0"/></w:pPr></w:style></w:styles>`
)
