package docx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Book writes many texts as one printed book, section by section, as they come: a
// cover, contents with page numbers, what stands before, each text on a new page by
// the type of Print with its title above, and indexes. What it holds in memory is the
// text being written and the titles. It is for one goroutine.
//
// Page numbers are fields, which office programs work out when they open the book;
// until then they show what the caller has reckoned.
type Book struct {
	zip    *zip.Writer
	part   *bufio.Writer
	title  string
	heads  []string // of the sections that have one
	first  bool     // the next text begins with page 1
	ends   string   // how the section that was written last ends
	closed bool
}

// BookEntry is a line of the contents.
type BookEntry struct {
	Title string
	By    string
	Page  int
}

// Cover is what stands on a book's first page.
type Cover struct {
	Title, By, Date string
	Marks           []string // such as that it is made up
}

const bookNamespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// NewBook begins a book with its cover.
func NewBook(w io.Writer, c Cover) (*Book, error) {
	b := &Book{zip: zip.NewWriter(w), title: c.Title, first: true}
	part, err := b.zip.Create("word/document.xml")
	if err != nil {
		return nil, fmt.Errorf("begin a book: %w", err)
	}
	b.part = bufio.NewWriterSize(part, 64<<10)
	b.write(xml.Header + `<w:document ` + bookNamespaces + `><w:body>`)
	b.paragraph("BookCover", c.Title)
	b.paragraph("BookBy", c.By)
	b.paragraph("BookBy", c.Date)
	for _, m := range c.Marks {
		b.paragraph("PrintSubtitle", m)
	}
	b.section(``, "")
	return b, nil
}

func (b *Book) write(text string) { _, _ = b.part.WriteString(text) } // Close tells of an error

func (b *Book) paragraph(style PrintStyle, text string) {
	p := &Print{}
	p.add(style, text)
	b.write(p.b.String())
}

// Contents writes the contents: a line a text, whose page number is a field of its own.
// A TOC field around them would have LibreOffice show what was reckoned as it is.
func (b *Book) Contents(entries []BookEntry) {
	b.begin()
	b.paragraph("BookFront", "目　录")
	for i, e := range entries {
		b.write(`<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>`)
		name := bookmark(i)
		b.write(`<w:hyperlink w:anchor="` + name + `" w:history="1"><w:r>`)
		b.text(e.Title)
		b.write(`</w:r><w:r><w:tab/></w:r>` + reference(name, e.Page) + `</w:hyperlink></w:p>`)
	}
	b.section(`<w:pgNumType w:fmt="upperRoman" w:start="1"/>`, b.title)
}

func bookmark(i int) string { return fmt.Sprintf("_Toc%09d", i+1) }

func (b *Book) text(text string) {
	var s strings.Builder
	writeText(&s, text)
	b.write(s.String())
}

func fieldMark(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }

func instruction(text string) string {
	return `<w:r><w:instrText xml:space="preserve">` + text + `</w:instrText></w:r>`
}

// reference is the number of the page that a bookmark is on.
func reference(name string, reckoned int) string {
	return fieldMark("begin") + instruction(` PAGEREF `+name+` \h `) + fieldMark("separate") + fmt.Sprintf(`<w:r><w:t>%d</w:t></w:r>`, reckoned) + fieldMark("end")
}

// Front writes what stands before or behind the texts, under its name.
func (b *Book) Front(name, text string) {
	b.begin()
	b.paragraph("BookFront", name)
	p := &Print{}
	p.Text(text)
	b.write(p.b.String())
	numbers := ``
	if b.first {
		numbers = `<w:pgNumType w:fmt="upperRoman"/>`
	}
	b.section(numbers, b.title)
}

// Text writes the i-th text, on a new page, with its title above. The print holds what
// stands below the title.
func (b *Book) Text(i int, title string, p *Print) {
	b.begin()
	b.write(fmt.Sprintf(`<w:p><w:pPr><w:pStyle w:val="BookTitle"/></w:pPr><w:bookmarkStart w:id="%d" w:name="%s"/><w:r>`, i+1, bookmark(i)))
	b.text(title)
	b.write(fmt.Sprintf(`</w:r><w:bookmarkEnd w:id="%d"/></w:p>`, i+1))
	b.write(p.b.String())
	numbers := ``
	if b.first {
		numbers, b.first = `<w:pgNumType w:start="1"/>`, false
	}
	b.section(numbers, title)
}

// indexLine is how wide a line of an index is, in halves of a character: less than the
// 56 of the page, as the dots need room and fonts differ.
const indexLine = 48

// IndexPages is how many pages stand on a line below a head: eight of four digits fit in
// any font. Left to itself, LibreOffice parts a number where the line is full, so that
// 294 reads as 2 and 94.
const IndexPages = 8

// FitsLine reports whether a head of an index has the pages of its texts beside it.
func FitsLine(head string, texts, pages []int) bool {
	width := 2 * utf8.RuneCountInString(head)
	for n, i := range texts {
		if n > 0 {
			width += 2
		}
		width += len(strconv.Itoa(pages[i]))
	}
	return width <= indexLine
}

// Index writes an index: under its name each head with the pages of its texts.
func (b *Book) Index(name string, heads []string, of map[string][]int, pages []int) {
	b.begin()
	b.paragraph("BookFront", name)
	for _, head := range heads {
		keep, apart := ``, !FitsLine(head, of[head], pages)
		if apart { // the head stays with its pages
			keep = `<w:keepNext/>`
		}
		b.write(`<w:p><w:pPr><w:pStyle w:val="TOC1"/>` + keep + `</w:pPr><w:r>`)
		b.text(head)
		if apart {
			b.write(`</w:r></w:p><w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>`)
		} else {
			b.write(`</w:r><w:r><w:tab/></w:r>`)
		}
		for n, i := range of[head] {
			switch {
			case n > 0 && apart && n%IndexPages == 0:
				b.write(`<w:r><w:t>、</w:t></w:r><w:r><w:br/></w:r>`)
			case n > 0:
				b.write(`<w:r><w:t>、</w:t></w:r>`)
			}
			b.write(reference(bookmark(i), pages[i]))
		}
		b.write(`</w:p>`)
	}
	b.section(``, b.title)
}

// section ends a section; head is what stands above its pages, "" for a cover.
func (b *Book) section(numbers, head string) { b.ends = b.properties(numbers, head) }

// begin begins a section: what was before ends in a line of no height.
func (b *Book) begin() {
	b.write(`<w:p><w:pPr><w:pStyle w:val="BookEnd"/>` + b.ends + `</w:pPr></w:p>`)
}

func (b *Book) properties(numbers, head string) string {
	references := ``
	if head != "" {
		b.heads = append(b.heads, head)
		references = fmt.Sprintf(`<w:headerReference w:type="default" r:id="rIdHead%d"/><w:headerReference w:type="even" r:id="rIdBook"/>`, len(b.heads)) +
			`<w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference w:type="even" r:id="rIdEven"/>`
	} else {
		references = `<w:headerReference w:type="default" r:id="rIdNone"/><w:headerReference w:type="even" r:id="rIdNone"/><w:footerReference w:type="default" r:id="rIdNoFoot"/><w:footerReference w:type="even" r:id="rIdNoFoot"/>`
	}
	return fmt.Sprintf(`<w:sectPr>%s<w:type w:val="nextPage"/><w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="1134" w:footer="%d" w:gutter="0"/>%s<w:docGrid w:type="lines" w:linePitch="560"/></w:sectPr>`,
		references, twips(210), twips(297), twips(37), twips(26), twips(35), twips(28), twips(35-7-5), numbers)
}

// Close ends the book.
func (b *Book) Close() error {
	if b.closed {
		return nil
	}
	b.closed = true
	b.write(b.ends + `</w:body></w:document>`)
	if err := b.part.Flush(); err != nil {
		return fmt.Errorf("write a book: %w", err)
	}
	var kinds, links strings.Builder
	const header = `application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml`
	kinds.WriteString(strings.TrimSuffix(printTypes, `</Types>`))
	links.WriteString(strings.TrimSuffix(printRelations, `</Relationships>`))
	add := func(id, name, kind string) {
		fmt.Fprintf(&kinds, `<Override PartName="/word/%s" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.%s+xml"/>`, name, kind)
		fmt.Fprintf(&links, `<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, officeRelation, kind, name)
	}
	add("rIdBook", "headerbook.xml", "header")
	add("rIdNone", "headernone.xml", "header")
	add("rIdNoFoot", "footernone.xml", "footer")
	parts := [][2]string{
		{"_rels/.rels", relations}, {"word/styles.xml", bookStyles()},
		{"word/settings.xml", xml.Header + `<w:settings ` + bookNamespaces + `><w:updateFields w:val="true"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/></w:settings>`},
		{"word/footer1.xml", footer(bookNamespaces, "right")}, {"word/footer2.xml", footer(bookNamespaces, "left")},
		{"word/headerbook.xml", runningHead(b.title)}, {"word/headernone.xml", xml.Header + `<w:hdr ` + bookNamespaces + `><w:p/></w:hdr>`},
		{"word/footernone.xml", xml.Header + `<w:ftr ` + bookNamespaces + `><w:p/></w:ftr>`},
	}
	for i, head := range b.heads {
		name := fmt.Sprintf("header%d.xml", i+1)
		add(fmt.Sprintf("rIdHead%d", i+1), name, "header")
		parts = append(parts, [2]string{"word/" + name, runningHead(head)})
	}
	parts = append(parts, [2]string{"[Content_Types].xml", kinds.String() + `</Types>`}, [2]string{"word/_rels/document.xml.rels", links.String() + `</Relationships>`})
	for _, part := range parts {
		to, err := b.zip.Create(part[0])
		if err == nil {
			_, err = io.WriteString(to, part[1])
		}
		if err != nil {
			return fmt.Errorf("write a book: %s: %w", part[0], err)
		}
	}
	if err := b.zip.Close(); err != nil {
		return fmt.Errorf("write a book: %w", err)
	}
	return nil
}

// mostOfHead is how many characters of a title stand above a page.
const mostOfHead = 36

// RunningHead returns what of a title stands above a page.
func RunningHead(text string) string {
	if r := []rune(text); len(r) > mostOfHead {
		text = string(r[:mostOfHead]) + "……"
	}
	return text
}

func runningHead(text string) string {
	text = RunningHead(text)
	var s strings.Builder
	writeText(&s, text)
	return xml.Header + `<w:hdr ` + bookNamespaces + `><w:p><w:pPr><w:pStyle w:val="BookHead"/></w:pPr><w:r>` + s.String() + `</w:r></w:p></w:hdr>`
}

// bookStyles are those of Print, with those of a book; the headings within a text are
// a level below its title.
func bookStyles() string {
	const plain = `<w:ind w:firstLineChars="0" w:firstLine="0"/>`
	style := func(id, name, properties, run string) string {
		return `<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/><w:basedOn w:val="Normal"/><w:pPr>` + properties + `</w:pPr><w:rPr>` + run + `</w:rPr></w:style>`
	}
	font := func(name string, size int) string {
		return fmt.Sprintf(`<w:rFonts w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s"/><w:sz w:val="%d"/><w:szCs w:val="%d"/>`, name, name, name, size, size)
	}
	styles := strings.Replace(printStyles, `<w:name w:val="heading 1"/>`, `<w:name w:val="heading 2"/>`, 1)
	styles = strings.Replace(styles, `<w:outlineLvl w:val="0"/>`, `<w:outlineLvl w:val="1"/>`, 1)
	styles = strings.Replace(styles, `<w:name w:val="Normal"/><w:pPr>`, `<w:name w:val="Normal"/><w:pPr><w:widowControl w:val="0"/>`, 1)
	return strings.TrimSuffix(styles, `</w:styles>`) +
		style("BookTitle", "heading 1", `<w:keepNext/><w:spacing w:before="0" w:after="0" w:line="640" w:lineRule="exact"/>`+plain+`<w:jc w:val="center"/><w:outlineLvl w:val="0"/>`, font("方正小标宋简体", 44)) +
		style("BookCover", "Book Cover", `<w:spacing w:before="3360" w:after="1680" w:line="960" w:lineRule="exact"/>`+plain+`<w:jc w:val="center"/>`, font("方正小标宋简体", 72)) +
		style("BookBy", "Book By", `<w:spacing w:before="280" w:after="0" w:line="640" w:lineRule="exact"/>`+plain+`<w:jc w:val="center"/>`, font("楷体_GB2312", 36)) +
		style("BookFront", "Book Front", `<w:keepNext/><w:spacing w:before="0" w:after="560" w:line="640" w:lineRule="exact"/>`+plain+`<w:jc w:val="center"/>`, font("黑体", 44)) +
		style("BookHead", "header", `<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="auto"/></w:pBdr><w:spacing w:line="320" w:lineRule="exact"/>`+plain+`<w:jc w:val="center"/>`, font("宋体", 21)) +
		style("BookEnd", "Book End", `<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>`+plain, `<w:sz w:val="2"/>`) +
		style("TOC1", "toc 1", `<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8844"/></w:tabs>`+`<w:ind w:firstLineChars="0" w:firstLine="0" w:right="560"/>`+`<w:jc w:val="left"/>`, font("仿宋_GB2312", 28)) + `</w:styles>`
}
