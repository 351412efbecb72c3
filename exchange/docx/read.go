package docx

import (
	"encoding/xml"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

// reader gathers blocks from the tokens of a body.
type reader struct {
	styles  map[string]style
	numbers *numbering
	doc     *Document

	open    []string // names of the elements that are open
	skipped int      // depth of an element whose content does not count, 0 for none
	number  int      // of the block that has begun last
	change  int      // counts what has been read, so that an empty alternative is noticed

	paragraphs []*paragraph // open ones: a text box has paragraphs within a paragraph
	carried    *paragraph   // whose mark was deleted, so that the next continues it
	tables     []*table
	runs       []run
	fields     []*field
	controls   []control
	choices    []choice
	drawings   []drawing
	readings   int // depth within w:rt
	formulas   int // depth within m:oMath
}

type paragraph struct {
	block Block
	text  strings.Builder
	num   numbered
	joins bool // its mark is deleted
	// hidden says that its style hides it.
	hidden bool
}

// run is a stretch of text of one format.
type run struct {
	hidden bool
	font   string
}

type table struct {
	number  int
	rows    [][]Cell
	row     []Cell
	deleted bool // the row is
	cell    Cell
}

// control is a content control (w:sdt).
type control struct{ placeholder, contents bool }

// choice is an mc:AlternateContent.
type choice struct {
	before int
	taken  bool
}

// drawing is a picture or shape that has begun.
type drawing struct {
	what     What
	hasText  bool
	withinIt bool // within another
}

// ignored are elements whose content is not the document's: what was deleted or
// moved away, what formats were, and codes that are read where fields end.
var ignored = map[string]bool{
	"moveFrom": true, "delText": true, "delInstrText": true, "pPrChange": true, "rPrChange": true, "tblPrChange": true, "trPrChange": true,
	"tcPrChange": true, "sectPrChange": true, "tblGridChange": true,
}

// leftOut are elements that are no text.
var leftOut = map[string]What{
	"footnoteReference": Footnote, "endnoteReference": Endnote, "commentReference": Comment, "oMath": Formula, "altChunk": Embedded,
}

func (r *reader) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		r.open = append(r.open, t.Name.Local)
		if r.skipped == 0 && r.isIgnored(t.Name.Local) {
			r.skipped = len(r.open)
		}
		if r.skipped == 0 {
			r.start(t)
		}
	case xml.EndElement:
		if r.skipped == 0 {
			r.end(t.Name.Local)
		}
		if r.skipped == len(r.open) {
			r.skipped = 0
		}
		r.open = r.open[:len(r.open)-1]
	case xml.CharData:
		if r.skipped > 0 || len(r.open) == 0 {
			return
		}
		switch r.open[len(r.open)-1] {
		case "t":
			r.write(r.ordinary(string(t)))
		case "instrText":
			if f := r.field(); f != nil && !f.result {
				f.code.Write(t)
			}
		}
	}
}

func (r *reader) isIgnored(name string) bool {
	switch name {
	case "del": // within properties it says that the mark, or the row, was deleted
		return !r.within("rPr") && !r.within("trPr")
	case "Choice", "Fallback":
		n := len(r.choices)
		return n > 0 && r.choices[n-1].taken
	}
	return ignored[name]
}

// within reports whether the element that has just begun stands in one of a name.
func (r *reader) within(name string) bool {
	return len(r.open) > 1 && r.open[len(r.open)-2] == name
}

// ofRun reports whether a property is that of a run and not of a paragraph's
// mark.
func (r *reader) ofRun() bool {
	return r.within("rPr") && len(r.open) > 2 && r.open[len(r.open)-3] == "r" && len(r.runs) > 0
}

func (r *reader) start(e xml.StartElement) {
	if what, ok := leftOut[e.Name.Local]; ok {
		r.leave(what, "")
	}
	switch e.Name.Local {
	case "p":
		r.beginParagraph()
	case "tbl", "tr", "tc":
		r.beginTable(e.Name.Local)
	case "r":
		r.runs = append(r.runs, run{hidden: r.paragraph() != nil && r.paragraph().hidden})
	case "AlternateContent":
		r.choices = append(r.choices, choice{before: r.change})
	case "drawing", "pict", "object":
		what := Picture
		if e.Name.Local == "object" {
			what = Object
		}
		r.drawings = append(r.drawings, drawing{what: what, withinIt: len(r.drawings) > 0})
	case "txbxContent":
		for i := range r.drawings {
			r.drawings[i].hasText = true
		}
	case "rt":
		r.readings++
	case "oMath":
		r.formulas++
	default:
		r.startWithin(e)
	}
}

// startWithin reads what stands within paragraphs, runs and their properties.
func (r *reader) startWithin(e xml.StartElement) {
	switch e.Name.Local {
	case "pStyle", "outlineLvl", "jc", "numId", "ilvl":
		r.paragraphProperty(e)
	case "del":
		r.deleted()
	case "vanish", "rStyle", "rFonts":
		r.runProperty(e)
	case "tab", "ptab":
		if r.within("r") {
			r.write("\t")
		}
	case "br", "cr":
		r.write("\n")
	case "noBreakHyphen":
		r.write("-")
	case "sym", "symEx":
		r.symbol(archive.Attribute(e, "font"), archive.Attribute(e, "char"), e.Name.Local == "symEx")
	case "fldChar":
		r.fieldChar(archive.Attribute(e, "fldCharType"))
	case "fldSimple":
		r.beginField()
		r.field().code.WriteString(archive.Attribute(e, "instr"))
		r.separate()
	case "sdt":
		r.controls = append(r.controls, control{})
	case "showingPlcHdr":
		if n := len(r.controls); n > 0 {
			r.controls[n-1].placeholder = isOn(e)
		}
	case "docPartGallery":
		if n := len(r.controls); n > 0 {
			r.controls[n-1].contents = archive.Attribute(e, "val") == "Table of Contents"
		}
	}
}

func (r *reader) end(name string) {
	switch name {
	case "p":
		r.endParagraph()
	case "tbl", "tr", "tc":
		r.endTable(name)
	case "r":
		r.runs = r.runs[:len(r.runs)-1]
	case "AlternateContent":
		r.choices = r.choices[:len(r.choices)-1]
	case "Choice", "Fallback":
		if n := len(r.choices); n > 0 {
			r.choices[n-1].taken = r.change > r.choices[n-1].before
		}
	case "drawing", "pict", "object":
		last := r.drawings[len(r.drawings)-1]
		r.drawings = r.drawings[:len(r.drawings)-1]
		if !last.hasText && !last.withinIt {
			r.leave(last.what, "")
		}
	case "rt":
		r.readings--
	case "oMath":
		r.formulas--
	case "fldSimple":
		r.endField()
	case "sdt":
		r.controls = r.controls[:len(r.controls)-1]
	}
}

func (r *reader) paragraph() *paragraph {
	if len(r.paragraphs) == 0 {
		return nil
	}
	return r.paragraphs[len(r.paragraphs)-1]
}

func (r *reader) beginParagraph() {
	if len(r.tables) == 0 {
		r.number++
	}
	p := &paragraph{block: Block{Number: r.number}}
	if r.carried != nil {
		p.text.WriteString(r.carried.text.String())
		p.block.Number = r.carried.block.Number
		r.carried = nil
	}
	r.paragraphs = append(r.paragraphs, p)
}

// paragraphProperty reads a property of a paragraph by the name of its element.
func (r *reader) paragraphProperty(e xml.StartElement) {
	p := r.paragraph()
	if p == nil {
		return
	}
	val := archive.Attribute(e, "val")
	switch e.Name.Local {
	case "pStyle":
		s := r.resolved(val)
		p.block.Style, p.block.Level, p.block.Centered, p.num, p.hidden = s.name, s.level, s.centered, s.num, s.hidden
		p.block.Contents = strings.HasPrefix(s.name, "toc ")
	case "outlineLvl":
		p.block.Level = outlineLevel(e)
	case "jc":
		if r.within("pPr") {
			p.block.Centered = val == "center"
		}
	case "numId":
		p.num.id = val
	case "ilvl":
		p.num.level = level(e)
	}
}

// deleted notes that a paragraph's mark, or a table's row, was deleted.
func (r *reader) deleted() {
	p := r.paragraph()
	switch {
	case r.within("trPr") && len(r.tables) > 0:
		r.tables[len(r.tables)-1].deleted = true
	case r.within("rPr") && len(r.open) > 2 && r.open[len(r.open)-3] == "pPr" && p != nil:
		p.joins = true
	}
}

func (r *reader) runProperty(e xml.StartElement) {
	if !r.ofRun() {
		return
	}
	of := &r.runs[len(r.runs)-1]
	switch e.Name.Local {
	case "vanish":
		of.hidden = isOn(e)
	case "rStyle":
		of.hidden = of.hidden || r.resolved(archive.Attribute(e, "val")).hidden
	case "rFonts":
		of.font = archive.Attribute(e, "ascii")
		if of.font == "" {
			of.font = archive.Attribute(e, "hAnsi")
		}
	}
}

func (r *reader) endParagraph() {
	p := r.paragraph()
	r.paragraphs = r.paragraphs[:len(r.paragraphs)-1]
	if p.joins {
		r.carried = p
		return
	}
	for _, f := range r.fields {
		p.block.Contents = p.block.Contents || f.contents
	}
	for _, c := range r.controls {
		p.block.Contents = p.block.Contents || c.contents
	}
	p.block.Text = strings.TrimSpace(p.text.String())
	if p.block.Text == "" {
		return // the program numbers an empty paragraph, but nobody reads the number
	}
	if p.num.id != "" && p.num.id != "0" {
		p.block.Label = r.numbers.next(p.num)
	}
	r.add(p.block)
}

// add puts a block in the cell that is open, or in the body.
func (r *reader) add(b Block) {
	r.change++
	if n := len(r.tables); n > 0 {
		r.tables[n-1].cell = append(r.tables[n-1].cell, b)
		return
	}
	r.doc.Body = append(r.doc.Body, b)
}

// finish adds a paragraph that none has continued.
func (r *reader) finish() {
	if r.carried == nil {
		return
	}
	b := r.carried.block
	if b.Text = strings.TrimSpace(r.carried.text.String()); b.Text != "" {
		r.add(b)
	}
	r.carried = nil
}

func (r *reader) beginTable(name string) {
	switch name {
	case "tbl":
		r.finish()
		if len(r.tables) == 0 {
			r.number++
		}
		r.tables = append(r.tables, &table{number: r.number, rows: [][]Cell{}})
	case "tr":
		if n := len(r.tables); n > 0 {
			r.tables[n-1].row, r.tables[n-1].deleted = nil, false
		}
	case "tc":
		if n := len(r.tables); n > 0 {
			r.tables[n-1].cell = nil
		}
	}
}

func (r *reader) endTable(name string) {
	n := len(r.tables)
	if n == 0 {
		return
	}
	t := r.tables[n-1]
	switch name {
	case "tc":
		r.finish()
		t.row = append(t.row, t.cell)
		t.cell = nil
	case "tr":
		if !t.deleted {
			t.rows = append(t.rows, t.row)
		}
	case "tbl":
		r.tables = r.tables[:n-1]
		r.add(Block{Number: t.number, Rows: t.rows})
	}
}

// write puts a text where it belongs: into the paragraph, into the code of a
// field, or among what was left out.
func (r *reader) write(text string) {
	p := r.paragraph()
	if text == "" || p == nil {
		return
	}
	for i := len(r.fields) - 1; i >= 0; i-- {
		if f := r.fields[i]; !f.result {
			f.code.WriteString(text)
			return
		}
	}
	placeholder := false
	for _, c := range r.controls {
		placeholder = placeholder || c.placeholder
	}
	switch {
	case r.readings > 0:
		r.leave(Reading, text)
	case r.formulas > 0: // without its form it says something else: 35 for 3/5
		r.leave(Formula, text)
	case r.isClock():
		r.leave(Clock, text)
	case placeholder:
		r.leave(Placeholder, text)
	case len(r.runs) > 0 && r.runs[len(r.runs)-1].hidden:
		r.leave(Hidden, text)
	default:
		r.change++
		if f := r.field(); f != nil {
			f.wrote = true
		}
		p.text.WriteString(text)
	}
}

// leave notes something that is no text. What follows each other in one block is
// one.
func (r *reader) leave(what What, text string) {
	r.change++
	if n := len(r.doc.Left); n > 0 && text != "" {
		if last := &r.doc.Left[n-1]; last.What == what && last.Number == r.number && what != Reading {
			last.Text += text
			return
		}
	}
	r.doc.Left = append(r.doc.Left, Left{What: what, Number: max(r.number, 1), Text: text})
}
