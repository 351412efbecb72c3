package typeset

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/typeset/face"
	"github.com/jisiguangyi/jisi/exchange/typeset/pdfwriter"
)

// ErrNoFont says that no font of the machine is for Chinese.
var ErrNoFont = errors.New("no font for Chinese is installed")

// CanPrint reports whether this machine has a font for Chinese.
func CanPrint() bool { return face.Machine() != nil }

// LookIn names a folder in which fonts are looked for before the system's. It is called
// before anything is printed.
func LookIn(folder string) { face.LookIn(folder) }

// Printer prints texts, each from a new page. It is for one goroutine.
type Printer struct {
	doc     *pdfwriter.Document
	fonts   *face.Fonts
	faces   map[*face.Face]drawn
	glyphs  map[character]drawn
	used    map[face.Role]bool
	missing []rune
	title   string // of a book, above even pages
	author  string

	section *section // that is not yet on pages, as notes may follow
	starts  []pdfwriter.Place
	numbers []int // on which page each text begins
	number  int   // of the last page
	fronts  int   // of the last page of what stands before
	fronted []string
	places  []pdfwriter.Place // of these
}

type character struct {
	role face.Role
	c    rune
}

// drawn is how a character is drawn, or, without a glyph, what a font is called.
type drawn struct {
	font  *pdfwriter.Font
	name  string
	glyph face.Glyph
}

// section is what begins on a new page.
type section struct {
	lines   []line
	head    string // above its pages, "" for nothing
	front   bool
	bare    bool // has no numbers: a cover
	outline string
	text    bool // is one of the numbered texts
}

// New begins a document in the fonts of this machine. The error is ErrNoFont where none
// is for Chinese.
func New(w io.Writer) (*Printer, error) {
	fonts := face.Machine()
	if fonts == nil {
		return nil, ErrNoFont
	}
	return NewWith(w, fonts), nil
}

// NewWith begins a document in these fonts.
func NewWith(w io.Writer, fonts *face.Fonts) *Printer {
	return &Printer{
		doc: pdfwriter.New(w, pageWidth, pageHeight), fonts: fonts,
		faces: map[*face.Face]drawn{}, glyphs: map[character]drawn{}, used: map[face.Role]bool{},
	}
}

// About says what the document is, which stands in its properties.
func (p *Printer) About(title, author string) { p.title, p.author = title, author }

// standIn is printed where no font has a character (GB/T 15834 has no sign for it; this is
// what compositors put).
const standIn = '〓'

// glyph returns how a character is drawn. One that no font has is drawn as standIn, is
// noted, and is copied out of the document as what it is.
func (p *Printer) glyph(role face.Role, c rune) drawn {
	key := character{role, c}
	if d, ok := p.glyphs[key]; ok {
		return d
	}
	p.used[role] = true
	f, g, ok := p.fonts.For(role, c)
	if !ok {
		if f, g, ok = p.fonts.For(role, standIn); !ok {
			f = p.fonts.Best(role)
			g = f.Missing()
		}
		if !slices.Contains(p.missing, c) {
			p.missing = append(p.missing, c)
		}
	}
	d, ok := p.faces[f]
	if !ok {
		d.font, d.name = p.doc.Font(f)
		p.faces[f] = d
	}
	d.glyph = g
	p.glyphs[key] = d
	return d
}

// Text adds a text, from a new page, below a running head, "" for none, and returns its
// number, from 0. It stands in the outline under its titles and headings.
func (p *Printer) Text(lines []docx.PrintLine, head string) int {
	p.flush()
	p.section = &section{lines: p.lines(lines), head: head, text: true}
	return len(p.starts)
}

// lines sets paragraphs.
func (p *Printer) lines(list []docx.PrintLine) []line {
	var all []line
	for _, one := range list {
		st := styles[one.Style]
		lines := p.paragraph(one.Text, &st)
		together(lines)
		if one.KeepNext {
			lines[len(lines)-1].keep = true
		}
		all = append(all, lines...)
	}
	return all
}

// Notes adds to what was added last which fonts were taken that are not the standard's,
// and which characters no font has; texts are those that are added after it.
func (p *Printer) Notes(texts ...string) {
	for _, text := range texts {
		for _, c := range text {
			if c > ' ' && !invisible(c) {
				p.glyph(face.TextRole, c)
			}
		}
	}
	if p.section == nil {
		return
	}
	for {
		note := p.note()
		var lines []line
		for _, text := range note {
			lines = append(lines, p.lines([]docx.PrintLine{{Style: docx.PrintBelow, Text: text}})...)
		}
		if slices.Equal(note, p.note()) { // the note itself took a font
			p.section.lines = append(p.section.lines, lines...)
			return
		}
	}
}

func (p *Printer) note() []string {
	var notes []string
	if text := substitutes(p.fonts, func(r face.Role) bool { return p.used[r] }); text != "" {
		notes = append(notes, "字体：本机"+text+"。")
	}
	if len(p.missing) > 0 {
		list := make([]string, len(p.missing))
		for i, c := range p.missing {
			list[i] = fmt.Sprintf("U+%04X", c)
		}
		notes = append(notes, fmt.Sprintf("缺字：本机的字体没有下列字符，以%c代替：%s。", standIn, strings.Join(list, "、")))
	}
	return notes
}

// Substitutes says which fonts of this machine stand for those of the standard that it does
// not have: “没有仿宋、楷体，以 Noto Serif CJK SC 代替”. It is "" where it has all. The error is
// ErrNoFont where none is for Chinese.
func Substitutes() (string, error) {
	fonts := face.Machine()
	if fonts == nil {
		return "", ErrNoFont
	}
	return substitutes(fonts, func(face.Role) bool { return true }), nil
}

func substitutes(fonts *face.Fonts, used func(face.Role) bool) string {
	var families []string
	of := map[string][]string{}
	for r := face.TitleRole; r <= face.SongRole; r++ {
		if !used(r) || fonts.Exact(r) {
			continue
		}
		family := fonts.Best(r).Family()
		if of[family] == nil {
			families = append(families, family)
		}
		of[family] = append(of[family], r.Name())
	}
	parts := make([]string, len(families))
	for i, family := range families {
		parts[i] = "没有" + strings.Join(of[family], "、") + "，以 " + family + " 代替"
	}
	return strings.Join(parts, "；")
}

// flush puts what was added last on pages.
func (p *Printer) flush() {
	s := p.section
	if s == nil {
		return
	}
	p.section = nil
	if n := len(s.lines); n > 1 { // no last page has one line
		s.lines[n-2].keep = true
	}
	for i, lines := range paginate(s.lines, high) {
		at := p.draw(s, lines)
		first := pdfwriter.Place{Page: at, Y: pageHeight - top + 14}
		if i == 0 {
			if s.text {
				p.starts, p.numbers = append(p.starts, first), append(p.numbers, p.number)
			}
			if s.outline != "" && !s.front {
				p.doc.Mark(s.outline, 1, first)
			} else if s.outline != "" {
				p.fronted, p.places = append(p.fronted, s.outline), append(p.places, first)
			}
		}
		y := pageHeight - top
		for j := range lines {
			if l := &lines[j]; l.mark != "" {
				p.doc.Mark(l.mark, l.style.level, pdfwriter.Place{Page: at, Y: y})
			}
			y -= lines[j].leading
		}
	}
}

// draw writes a page of a section.
func (p *Printer) draw(s *section, lines []line) pdfwriter.Page {
	g, label, number, text := &page{}, "", 0, ""
	switch {
	case s.bare:
		label = pdfwriter.NoLabel
	case s.front:
		p.fronts++
		number, text = p.fronts, roman(p.fronts)
		if number == 1 {
			label = pdfwriter.Roman
		}
	default:
		p.number++
		number, text = p.number, strconv.Itoa(p.number)
		if number == 1 {
			label = pdfwriter.Decimal
		}
	}
	if s.head != "" {
		head := s.head
		if number%2 == 0 {
			head = p.title
		}
		g.b.WriteString("/Artifact BMC\n")
		for _, l := range p.paragraph(docx.RunningHead(head), &headLine)[:1] {
			g.draw(&l, pageHeight-headAt-l.baseline)
		}
		g.b.WriteString("EMC\n")
		g.rule(pageHeight - headAt - headLine.leading - 1)
	}
	y := pageHeight - top
	for i := range lines {
		g.draw(&lines[i], y-lines[i].baseline)
		y -= lines[i].leading
	}
	if text != "" {
		list := p.setText("— "+text+" —", &pageNumber)
		x := left + pageNumber.size // a character from the outer edge
		if number%2 == 1 {
			x = left + wide - pageNumber.size - widthOf(list)
		}
		g.b.WriteString("/Artifact BMC\n")
		g.run(list, x, numberAt, pageNumber.size, 0)
		g.b.WriteString("EMC\n")
	}
	return p.doc.Add([]byte(g.b.String()), g.links, s.front || s.bare, label)
}

func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.sign)
		}
	}
	return b.String()
}

// Close writes what is left of the document.
func (p *Printer) Close() error {
	p.flush()
	p.doc.MarkBefore(p.fronted, p.places)
	if err := p.doc.Close(pdfwriter.About{Title: p.title, Author: p.author, Language: "zh-CN", Producer: "jisi"}); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
