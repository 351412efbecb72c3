package typeset

import (
	"fmt"
	"math"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/typeset/pdfwriter"
)

// paginate cuts lines into pages of that height. Where it cuts, no paragraph has one line
// alone on either side, nothing ends a page that is kept with what follows, and the last
// page has more than one line.
func paginate(lines []line, height float64) [][]line {
	var pages [][]line
	for from := 0; from < len(lines); {
		h, end := 0.0, from
		for end < len(lines) && h+lines[end].leading <= height+0.01 {
			h += lines[end].leading
			end++
		}
		end = max(end, from+1)
		if end < len(lines) {
			cut := end
			for cut > from && lines[cut-1].keep {
				cut--
			}
			if cut > from { // else there is no place: a page full of what is kept together
				end = cut
			}
		}
		pages = append(pages, lines[from:end])
		from = end
	}
	return pages
}

// together marks the lines of a paragraph after which no page may end: its first and the
// one before its last.
func together(lines []line) {
	if n := len(lines); n > 1 {
		lines[0].keep, lines[n-2].keep = true, true
	}
}

// page draws a page.
type page struct {
	b     strings.Builder
	links []pdfwriter.Link
	font  string
}

func (g *page) draw(l *line, y float64) {
	g.run(l.text, left+l.x, y, l.style.size, l.stretch-l.style.closer)
	if l.entry == nil {
		return
	}
	e := l.entry
	w := widthOf(e.text)
	at := left + wide - w
	if len(e.dots) > 0 {
		g.b.WriteString("/Artifact BMC\n")
		g.run(e.dots, at-entryGap-widthOf(e.dots), y, l.style.size, -l.style.closer)
		g.b.WriteString("EMC\n")
	}
	if len(e.text) > 0 {
		g.run(e.text, at, y, l.style.size, -l.style.closer)
	}
	for _, s := range e.links {
		g.links = append(g.links, pdfwriter.Link{X: left + s.x, Y: y - 0.12*l.style.size - 4, Width: s.width, Height: l.style.size + 8, To: s.to})
	}
}

// parts is into how many parts of an em the cut of a shortened mark is rounded.
const parts = 20

// run shows characters one after another; apart is what stands between them besides
// their widths. A mark that is shortened is shown by a code of that width: a step back
// would do for the eye, but poppler takes it for a new line when it copies the text.
func (g *page) run(list []set, x, y, size, apart float64) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(&g.b, "BT 1 0 0 1 %s %s Tm %s Tc\n", number(x-list[0].trimBefore), number(y), number(apart))
	font, open := "", false
	for i := range list {
		s := &list[i]
		if s.name != font {
			if open {
				g.b.WriteString(">]TJ\n")
			}
			font = s.name
			fmt.Fprintf(&g.b, "/%s %s Tf[<", font, number(size))
			open = true
		}
		cut := s.trimAfter
		if i+1 < len(list) {
			cut += list[i+1].trimBefore
		}
		glyph, rest := s.glyph, 0.0
		if cut > 0 {
			whole := math.Round(parts*cut/size) / parts
			glyph.Advance -= whole
			rest = cut/size - whole
		}
		fmt.Fprintf(&g.b, "%04X", s.font.Code(s.c, glyph))
		if text := number(1000 * rest); text != "0" {
			fmt.Fprintf(&g.b, ">%s<", text)
		}
	}
	g.b.WriteString(">]TJ ET\n")
}

// rule draws a thin line across the text.
func (g *page) rule(y float64) {
	fmt.Fprintf(&g.b, "/Artifact BMC 0.5 w %s %s m %s %s l S EMC\n", number(left), number(y), number(left+wide), number(y))
}

func number(v float64) string {
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
	if text == "-0" || text == "" {
		return "0"
	}
	return text
}
