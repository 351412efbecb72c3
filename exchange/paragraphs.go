package exchange

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// paragraph is a piece of a document's body as a reader sees it: a paragraph, or
// a table, whose rows then hold the texts of its cells.
type paragraph struct {
	number int // from 1, tables counted as one
	text   string
	style  string // the style's name in lower case: "title", "heading 1"
	level  int    // of the outline, from 1; 0 for text
	rows   [][]string
}

// document is what is read of a .docx.
type document struct {
	body []paragraph
	// left counts what a body holds that is no text, by what it is called.
	left map[string]int
}

// style is what matters of one of a document's styles.
type style struct {
	name  string
	based string
	level int // of the outline, from 1; 0 where it does not say
}

// readDocument reads the text of a .docx with its styles. It knows no more of the
// format (ECMA-376, part 1) than text, styles and tables need.
func readDocument(z *zip.Reader) (*document, error) {
	styles, err := readStyles(z)
	if err != nil {
		return nil, err
	}
	d := &docxReader{styles: styles, doc: &document{left: map[string]int{}}}
	err = eachToken(z, "word/document.xml", d.token)
	if err != nil {
		return nil, err
	}
	return d.doc, nil
}

var errNoPart = errors.New("there is no such part")

// eachToken gives the tokens of one of a ZIP's parts.
func eachToken(z *zip.Reader, name string, f func(xml.Token)) error {
	for _, part := range z.File {
		if !strings.EqualFold(path.Clean(nameOf(part)), name) {
			continue
		}
		if part.UncompressedSize64 > maxDocumentText {
			return invalid("", fmt.Sprintf("正文解压后超过 %s 的上限，没有读取", megabytes(maxDocumentText)),
				fmt.Sprintf("has a body of more than the limit of %s, which was not read", megabytes(maxDocumentText)))
		}
		content, err := part.Open()
		if err != nil {
			return fmt.Errorf("open %s: %w", name, err)
		}
		defer func() { _ = content.Close() }() // it was only read
		tokens := xml.NewDecoder(content)
		depth := 0
		for {
			t, err := tokens.Token()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read %s: %w", name, err)
			}
			switch t.(type) {
			case xml.StartElement:
				depth++
			case xml.EndElement:
				depth--
			}
			if depth > maxDepth {
				return invalid("", "内部结构嵌套过深，没有读取", "is nested too deeply, and was not read")
			}
			f(t)
		}
	}
	return fmt.Errorf("read %s: %w", name, errNoPart)
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// outlineLevel reads w:outlineLvl, whose 0 is the first level and 9 is text.
func outlineLevel(e xml.StartElement) int {
	n, err := strconv.Atoi(attribute(e, "val"))
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

func readStyles(z *zip.Reader) (map[string]style, error) {
	styles := map[string]style{}
	id := ""
	err := eachToken(z, "word/styles.xml", func(t xml.Token) {
		e, ok := t.(xml.StartElement)
		if !ok {
			return
		}
		s := styles[id]
		switch e.Name.Local {
		case "style":
			id, s = attribute(e, "styleId"), style{}
		case "name":
			s.name = strings.ToLower(attribute(e, "val"))
		case "basedOn":
			s.based = attribute(e, "val")
		case "outlineLvl":
			s.level = outlineLevel(e)
		default:
			return
		}
		styles[id] = s
	})
	if errors.Is(err, errNoPart) {
		return styles, nil
	}
	return styles, err
}

// docxReader gathers paragraphs from the tokens of a body.
type docxReader struct {
	styles map[string]style
	doc    *document
	open   []string // names of the elements that are open

	number  int // of the paragraph that ended last
	current paragraph
	text    strings.Builder
	tables  int // nested in each other
	rows    [][]string
	cell    []string // paragraphs of the cell
	skipped int      // depth of an element whose content does not count, 0 for none
}

// ignored are elements whose text is not the document's: what was deleted, the
// codes of fields, and the second form of what older programs cannot show.
var ignored = map[string]bool{"del": true, "moveFrom": true, "instrText": true, "delText": true, "Fallback": true}

// leftOut are elements that are no text, by what they are called.
var leftOut = map[string]string{
	"drawing": "图片或图形", "pict": "图片或图形", "object": "嵌入的对象", "footnoteReference": "脚注", "endnoteReference": "尾注",
	"commentReference": "批注", "oMath": "公式",
}

func (d *docxReader) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		d.open = append(d.open, t.Name.Local)
		if d.skipped == 0 && ignored[t.Name.Local] {
			d.skipped = len(d.open)
		}
		if d.skipped == 0 {
			d.start(t)
		}
	case xml.EndElement:
		if d.skipped == 0 {
			d.end(t.Name.Local)
		}
		if d.skipped == len(d.open) {
			d.skipped = 0
		}
		d.open = d.open[:len(d.open)-1]
	case xml.CharData:
		if d.skipped == 0 && len(d.open) > 0 && d.open[len(d.open)-1] == "t" {
			d.text.Write(t)
		}
	}
}

func (d *docxReader) start(e xml.StartElement) {
	if name := leftOut[e.Name.Local]; name != "" {
		d.doc.left[name]++
	}
	switch e.Name.Local {
	case "tbl":
		if d.tables++; d.tables == 1 {
			d.rows = nil
		}
	case "tr":
		if d.tables == 1 {
			d.rows = append(d.rows, nil)
		}
	case "tc":
		if d.tables == 1 {
			d.cell = nil
		}
	case "p":
		if d.text.Len() == 0 {
			d.current = paragraph{}
		}
	case "pStyle":
		d.styled(attribute(e, "val"))
	case "outlineLvl":
		d.current.level = outlineLevel(e)
	case "numPr":
		d.current.style += " numbered"
	case "tab":
		if d.within("r") {
			d.text.WriteByte('\t')
		}
	case "br", "cr":
		d.text.WriteByte('\n')
	case "noBreakHyphen":
		d.text.WriteByte('-')
	}
}

func (d *docxReader) within(name string) bool {
	return len(d.open) > 1 && d.open[len(d.open)-2] == name
}

// styled notes a paragraph's style by the name that it has in every language of
// the program, and its outline level, or that of a style which it is based on.
func (d *docxReader) styled(id string) {
	s := d.styles[id]
	d.current.style = s.name
	for range d.styles {
		if s.level > 0 {
			d.current.level = s.level
		}
		if n, ok := strings.CutPrefix(s.name, "heading "); ok {
			if level, err := strconv.Atoi(n); err == nil {
				d.current.level = level
			}
		}
		if d.current.level > 0 || s.based == "" {
			return
		}
		s = d.styles[s.based]
	}
}

func (d *docxReader) end(name string) {
	switch name {
	case "p":
		d.endParagraph()
	case "tc":
		if d.tables == 1 && len(d.rows) > 0 {
			last := len(d.rows) - 1
			d.rows[last] = append(d.rows[last], strings.TrimSpace(strings.Join(d.cell, "\n")))
		}
	case "tbl":
		if d.tables--; d.tables == 0 {
			d.add(paragraph{rows: d.rows})
		}
	}
}

func (d *docxReader) endParagraph() {
	// A text box stands within a paragraph: its text comes before the rest.
	p := d.current
	p.text = strings.TrimSpace(d.text.String())
	d.text.Reset()
	switch {
	case d.tables > 0:
		if p.text != "" {
			d.cell = append(d.cell, p.text)
		}
	default:
		d.add(p)
	}
}

// add keeps a paragraph with its number; empty ones only count.
func (d *docxReader) add(p paragraph) {
	d.number++
	p.number = d.number
	if p.text != "" || p.rows != nil {
		d.doc.body = append(d.doc.body, p)
	}
}
