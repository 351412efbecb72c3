package typeset

import (
	"math"
	"strings"
	"unicode"

	"github.com/jisiguangyi/jisi/exchange/typeset/face"
	"github.com/jisiguangyi/jisi/exchange/typeset/pdfwriter"
)

// set is a character that has its glyph. Widths are in points.
type set struct {
	c          rune
	font       *pdfwriter.Font
	name       string // of the font on pages
	glyph      face.Glyph
	width      float64 // with what is closer, without what is trimmed
	trimBefore float64
	trimAfter  float64
}

func (s set) advance() float64 { return s.width - s.trimBefore - s.trimAfter }

// line is a line of a paragraph that is ready to be drawn.
type line struct {
	style    *style
	text     []set
	x        float64 // from the left of the text
	stretch  float64 // between characters
	leading  float64 // with what is before and after the paragraph
	baseline float64 // from above
	keep     bool    // no page ends after it
	mark     string  // its line in the outline
	entry    *entry  // what stands at its right end
}

// entry is what stands at the right of a line of contents.
type entry struct {
	text  []set
	dots  []set
	links []spot
}

// spot is a part of a line that is a link.
type spot struct {
	x, width float64
	to       pdfwriter.Place
}

// invisible are characters that are no text to see: joiners, marks of order, variants.
func invisible(c rune) bool {
	return unicode.In(c, unicode.Cf, unicode.Cc, unicode.Variation_Selector) && c != '\t'
}

// setText returns the characters of a text with their glyphs.
func (p *Printer) setText(text string, st *style) []set {
	list := make([]set, 0, len(text)/2)
	for _, c := range text {
		switch {
		case c == '\t' || unicode.IsSpace(c) && c != '　':
			c = ' '
		case invisible(c):
			continue
		}
		g := p.glyph(st.role, c)
		list = append(list, set{c: c, font: g.font, name: g.name, glyph: g.glyph, width: g.glyph.Advance*st.size - st.closer})
	}
	for i := 1; i < len(list); i++ { // of two marks beside each other one half stands empty
		a, b := &list[i-1], &list[i]
		if !isSquare(a) || !isSquare(b) {
			continue
		}
		switch {
		case strings.ContainsRune(emptyRight, a.c) && (strings.ContainsRune(emptyRight, b.c) || strings.ContainsRune(emptyLeft, b.c)):
			a.trimAfter = st.size / 2
		case strings.ContainsRune(emptyLeft, a.c) && strings.ContainsRune(emptyLeft, b.c):
			b.trimBefore = st.size / 2
		}
	}
	return list
}

func isSquare(s *set) bool { return s.glyph.Advance > 0.99 && s.glyph.Advance < 1.01 }

func widthOf(list []set) float64 {
	w := 0.0
	for i := range list {
		w += list[i].advance()
	}
	return w
}

// Bounds of justifying: past this an extracted text has spaces in it, and the eye sees
// gaps. A mark within the line gives up to a quarter of its square.
const (
	mostStretch = 0.08
	mostSqueeze = 0.25
)

// paragraph breaks a text into lines.
func (p *Printer) paragraph(text string, st *style) []line {
	list := p.setText(text, st)
	width := wide - st.right
	ends := p.lineEnds(list, st, width)
	if st.align == centered { // the lines of a title are about as long
		for narrower := width - st.size; narrower > width/2 && len(ends) > 1; narrower -= st.size {
			more := p.lineEnds(list, st, narrower)
			if len(more) > len(ends) {
				break
			}
			ends = more
		}
	}
	lines := make([]line, 0, len(ends))
	from := 0
	for n, end := range ends {
		l := line{style: st, text: list[from:end], leading: st.leading, baseline: (st.leading-st.size)/2 + 0.88*st.size, keep: st.keep}
		if n == 0 {
			l.x = st.indent * (st.size - st.closer)
			l.leading += st.before
			l.baseline += st.before
			if st.level > 0 {
				l.mark = text
			}
		}
		p.align(&l, width, n == len(ends)-1)
		lines = append(lines, l)
		from = end
	}
	if len(lines) > 0 {
		lines[len(lines)-1].leading += st.after
	}
	return lines
}

// lineEnds returns where the lines of a text end.
func (p *Printer) lineEnds(list []set, st *style, width float64) []int {
	text := make([]rune, len(list))
	for i := range list {
		text[i] = list[i].c
	}
	may := breaks(text)
	var ends []int
	room := width - st.indent*(st.size-st.closer)
	for from := 0; from < len(list); {
		end := fit(list, may, from, room, st.size)
		ends = append(ends, end)
		from, room = end, width
	}
	if len(ends) == 0 {
		ends = []int{0}
	}
	return ends
}

// fit returns where the line ends that begins at from.
func fit(list []set, may []bool, from int, room, size float64) int {
	const hair = 0.01
	w, last, wordly := 0.0, from, 0
	for i := from; i < len(list); i++ {
		if i > from && may[i] {
			last = i
		}
		w += list[i].advance()
		if w <= room+hair || list[i].c == ' ' {
			continue
		}
		// It is full. A mark that may not begin a line hangs outside it, others are squeezed in
		// where that is enough.
		end := i
		for end < len(list) && !may[end] || end == i {
			end++
		}
		if end == i+1 && strings.ContainsRune(hanging, list[i].c) {
			return end
		}
		if closes(list[i:end]) && shortest(list[from:end], size) <= room+hair {
			return end
		}
		if last > from && room-widthOf(list[from:last]) > 6*size && isLatin(list[i].c) {
			wordly = i // rather than leave a quarter of the line empty
		}
		switch {
		case wordly > from:
			return wordly
		case last > from:
			return last
		}
		return max(i, from+1) // a word longer than the line
	}
	return len(list)
}

// closes reports whether all are marks that begin no line.
func closes(list []set) bool {
	for _, s := range list {
		if !strings.ContainsRune(neverFirst, s.c) {
			return false
		}
	}
	return len(list) > 0
}

// give returns how much a character can give up: half its square at the end of a line, a
// quarter within.
func give(s *set, size float64, atEnd bool) float64 {
	if s.trimAfter > 0 || s.trimBefore > 0 || !isSquare(s) {
		return 0
	}
	switch right := strings.ContainsRune(emptyRight, s.c); {
	case right && atEnd:
		return size / 2
	case right, strings.ContainsRune(emptyLeft, s.c):
		return size * mostSqueeze
	}
	return 0
}

func shortest(list []set, size float64) float64 {
	w := widthOf(list)
	for i := range list {
		w -= give(&list[i], size, i == len(list)-1)
	}
	return w
}

// align places a line within its width, squeezed or stretched to its end.
func (p *Printer) align(l *line, width float64, isLast bool) {
	text := l.text
	for len(text) > 0 && text[len(text)-1].c == ' ' { // a space at the end takes no room
		text = text[:len(text)-1]
	}
	room := width - l.x
	rest := room - widthOf(text)
	if n := len(text) - 1; rest < -0.01 && strings.ContainsRune(hanging, text[n].c) && rest+text[n].advance() > -0.01 {
		text = text[:n]
		rest = room - widthOf(text)
	}
	size := l.style.size
	if rest < -0.01 && len(text) > 0 {
		rest = p.squeeze(text, -rest, size)
	}
	switch l.style.align {
	case centered:
		l.x += (wide - widthOf(text)) / 2
	case flushRight:
		l.x = width - widthOf(text)
	case justified:
		if !isLast && len(text) > 1 && rest > 0 {
			if gap := rest / float64(len(text)-1); gap <= mostStretch*size {
				l.stretch = gap
			}
		}
	case flushLeft:
	}
}

// squeeze takes so much out of a line's marks, the last one's first, and returns what is
// left of the room then: nothing, or less where a word is too long.
func (p *Printer) squeeze(text []set, over, size float64) float64 {
	last := &text[len(text)-1]
	take := math.Min(over, give(last, size, true))
	total := 0.0
	for i := range text[:len(text)-1] {
		total += give(&text[i], size, false)
	}
	rest := over - take
	if total > 0 && rest > 0 {
		share := math.Min(1, rest/total)
		for i := range text[:len(text)-1] {
			s := &text[i]
			switch part := give(s, size, false) * share; {
			case part == 0:
			case strings.ContainsRune(emptyRight, s.c):
				s.trimAfter = part
			default:
				s.trimBefore = part
			}
		}
		rest -= total * share
	}
	last.trimAfter += take
	return -rest
}
