package typeset

import (
	"strconv"

	"github.com/jisiguangyi/jisi/exchange/docx"
)

// Cover adds a book's first page, which stands before all others whenever it is added.
func (p *Printer) Cover(c docx.Cover) {
	p.flush()
	s := &section{front: true, bare: true, outline: "封面"}
	add := func(text string, st style) {
		if text != "" {
			s.lines = append(s.lines, p.paragraph(text, &st)...)
		}
	}
	add(c.Title, coverTitle)
	add(c.By, coverLine)
	add(c.Date, coverLine)
	for _, m := range c.Marks {
		add(m, styles[docx.PrintSubtitle])
	}
	p.section = s
	p.flush()
}

// Contents adds the contents, behind the cover: a title a line, with the number of the page
// on which its text begins, which it leads to.
func (p *Printer) Contents(titles []string) {
	p.flush()
	const name = "目　录"
	s := &section{lines: p.paragraph(name, &frontTitle), head: p.title, front: true, outline: "目录"}
	for i, title := range titles {
		lines := p.paragraph(title, &entryLine)
		together(lines)
		for j := range lines {
			lines[j].entry = &entry{links: []spot{{width: wide, to: p.starts[i]}}}
			if j < len(lines)-1 {
				lines[j].keep = true
			}
		}
		p.end(&lines[len(lines)-1], strconv.Itoa(p.numbers[i]))
		s.lines = append(s.lines, lines...)
	}
	p.section = s
	p.flush()
}

// entryGap is what stays free at both ends of the dots.
const entryGap = 4

// end sets a text at the right end of a line, and dots up to it.
func (p *Printer) end(l *line, text string) {
	if l.entry == nil {
		l.entry = &entry{}
	}
	l.entry.text = p.setText(text, l.style)
	room := wide - l.x - widthOf(l.text) - widthOf(l.entry.text) - 2*entryGap
	dot := p.setText(".", l.style)
	for range int(room / dot[0].advance()) {
		l.entry.dots = append(l.entry.dots, dot[0])
	}
}

// Front adds what stands before the texts, and Back what stands behind, each under its
// name.
func (p *Printer) Front(name, outline, text string) {
	p.flush()
	p.section = p.prose(name, outline, text)
	p.section.front = true
	p.flush()
}

// Back adds what stands behind the texts.
func (p *Printer) Back(name, outline, text string) {
	p.flush()
	p.section = p.prose(name, outline, text)
}

func (p *Printer) prose(name, outline, text string) *section {
	body := &docx.Print{}
	body.Text(text)
	return &section{lines: append(p.paragraph(name, &frontTitle), p.lines(body.Lines())...), head: p.title, outline: outline}
}

// Index adds an index: under its name each head with the pages of its texts, each of which
// leads there.
func (p *Printer) Index(name string, heads []string, of map[string][]int) {
	p.flush()
	s := &section{lines: p.paragraph(name, &frontTitle), head: p.title, outline: name}
	for _, head := range heads {
		lines := p.paragraph(head, &entryLine)
		together(lines)
		last := &lines[len(lines)-1]
		if docx.FitsLine(head, of[head], p.numbers) {
			text := p.pages(of[head])
			p.end(last, text)
			last.entry.links = p.spots(last.entry.text, of[head], wide-widthOf(last.entry.text))
			s.lines = append(s.lines, lines...)
			continue
		}
		last.keep = true // the head stays with its pages
		s.lines = append(s.lines, lines...)
		for texts := of[head]; len(texts) > 0; {
			n := min(docx.IndexPages, len(texts))
			text := p.pages(texts[:n])
			if n < len(texts) {
				text += "、"
			}
			below := p.paragraph(text, &entryLine)
			below[0].entry = &entry{links: p.spots(below[0].text, texts[:n], 0)}
			s.lines = append(s.lines, below...)
			texts = texts[n:]
		}
	}
	p.section = s
}

// pages returns the numbers of the pages on which texts begin, as an index has them.
func (p *Printer) pages(texts []int) string {
	text := ""
	for n, i := range texts {
		if n > 0 {
			text += "、"
		}
		text += strconv.Itoa(p.numbers[i])
	}
	return text
}

// spots returns where each number of a line is, which begins at x.
func (p *Printer) spots(list []set, texts []int, x float64) []spot {
	var spots []spot
	n, begin := 0, x
	for i := 0; i <= len(list); i++ {
		if i == len(list) || list[i].c == '、' {
			if n < len(texts) {
				spots = append(spots, spot{begin, x - begin, p.starts[texts[n]]})
			}
			n++
			if i < len(list) {
				x += list[i].advance()
			}
			begin = x
			continue
		}
		x += list[i].advance()
	}
	return spots
}

// NumberOf returns the page on which a text begins, by the number that Text returned.
func (p *Printer) NumberOf(text int) int { return p.numbers[text] }
