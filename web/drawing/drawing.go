package drawing

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Form is how a table is drawn.
type Form string

// The forms.
const (
	Bars  Form = "bars"  // a bar a row, as long as its second cell
	Lines Form = "lines" // a line through the second cells over the years that the first ones are
	Heat  Form = "heat"  // a field a cell, the darker the more; the last column is left out
	Net   Form = "net"   // what the first two cells of a row name, joined as often as the third says
	Flow  Form = "flow"  // the same from the first to the second
)

// Figure is a table to draw, and what a picture of it has to say. Definition, Source and
// Day are written below it; the zero value of a text is left out.
type Figure struct {
	Title      string
	Scope      string // which records are counted
	Warning    string // what nobody may overlook, as that made-up records are among them
	Definition string // what the figures count
	Source     string
	Day        string
	Form       Form
	Head       []string
	Rows       [][]Cell
}

// Cell is a word, or a number with its text.
type Cell struct {
	Text   string
	Number float64
	Shade  int // of a field of Heat, 0 to 4
}

// The measures, in units of the picture.
const (
	width  = 960
	margin = 32
	size   = 15 // of letters
	row    = 28
	fonts  = `'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif`
)

// The colours are those of the pages on paper.
const (
	ink, soft, line, strong = "#22201d", "#625c54", "#e2dcd2", "#bb5346"
	warning                 = "#8c1f17"
)

var shades = [...]string{"#eeeae2", "#f0cfc6", "#dd9587", "#bb5346", "#8c1f17"}

// canvas is a picture on its way: y is where the next part begins.
type canvas struct {
	strings.Builder
	y float64
}

// SVG draws the figure. The same figure makes the same bytes; one without rows makes a
// picture that says so.
func SVG(f Figure) []byte {
	c := &canvas{y: margin}
	c.lines(f.Title, 22, ink, "bold")
	c.lines(f.Scope, size, soft, "")
	c.lines(f.Warning, size, warning, "bold")
	c.y += 8
	draw := map[Form]func(*canvas, Figure) bool{Bars: bars, Lines: lineChart, Heat: heat, Net: net, Flow: flow}[f.Form]
	if draw == nil || len(f.Rows) == 0 || !draw(c, f) {
		c.y += row
		c.text(margin, c.y, "没有可以画出的数字。", size, soft, "")
		c.y += row
	}
	c.y += 12
	c.shape(`<line x1="%d" y1="%s" x2="%d" y2="%s" stroke="%s"/>`, margin, n(c.y), width-margin, n(c.y), line)
	c.y += 6
	c.lines(prefixed("口径：", f.Definition), 13, soft, "")
	c.lines(prefixed("来源：", f.Source), 13, soft, "")
	c.lines(prefixed("统计于 ", f.Day), 13, soft, "")
	height := int(math.Ceil(c.y + margin - 10))
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s" font-family="%s">`+"\n",
		width, height, width, height, escape(f.Title), fonts)
	fmt.Fprintf(&out, "<title>%s</title>\n<desc>%s</desc>\n", escape(f.Title), escape(strings.TrimSpace(f.Scope+" "+f.Definition+" "+f.Source+" "+f.Day)))
	fmt.Fprintf(&out, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	out.WriteString(c.String())
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

func prefixed(with, text string) string {
	if text == "" {
		return ""
	}
	return with + text
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// n writes a coordinate, with no more digits than can be seen.
func n(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// shape writes an element, of values that need no escaping.
func (c *canvas) shape(format string, a ...any) { fmt.Fprintf(c, format+"\n", a...) }

// text writes a line of words with its baseline at y. The anchor is start, middle or end;
// "" is start.
func (c *canvas) text(x, y float64, s string, size float64, colour, anchor string) {
	if anchor != "" {
		anchor = ` text-anchor="` + anchor + `"`
	}
	fmt.Fprintf(c, `<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n", n(x), n(y), n(size), colour, anchor, escape(s))
}

// lines writes a text in as many lines as it needs from c.y on, and moves on.
func (c *canvas) lines(s string, size float64, colour, weight string) {
	if s == "" {
		return
	}
	if weight != "" {
		weight = ` font-weight="` + weight + `"`
	}
	for _, l := range wrap(s, (width-2*margin)/size) {
		c.y += size * 1.4
		fmt.Fprintf(c, `<text x="%d" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n", margin, n(c.y), n(size), colour, weight, escape(l))
	}
}

// ems is how wide a text is, in heights of its letters: a character of Chinese one, a
// letter some more than a half.
func ems(s string) float64 {
	w := 0.0
	for _, r := range s {
		w += em(r)
	}
	return w
}

func em(r rune) float64 {
	switch {
	case r >= 0x2E80 || r == '“' || r == '”' || r == '—' || r == '…':
		return 1
	case unicode.IsUpper(r):
		return 0.68
	}
	return 0.56
}

// wrap breaks a text into lines of at most so many ems, between characters of Chinese or
// at spaces, or within what is too long for a line.
func wrap(s string, most float64) []string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		var now []rune
		w, space := 0.0, -1
		for _, r := range paragraph {
			if w+em(r) > most && len(now) > 0 {
				end := len(now)
				if space > 0 && r < 0x2E80 && now[len(now)-1] < 0x2E80 && space > len(now)/2 {
					end = space // a word is not cut where a line of some length is left without it
				}
				lines = append(lines, strings.TrimSpace(string(now[:end])))
				now = append([]rune(nil), now[end:]...)
				w, space = ems(string(now)), -1
			}
			if r == ' ' {
				space = len(now)
			}
			now = append(now, r)
			w += em(r)
		}
		lines = append(lines, strings.TrimSpace(string(now)))
	}
	return lines
}

// cut shortens a text to so many ems.
func cut(s string, most float64) string {
	if ems(s) <= most {
		return s
	}
	w := 1.0
	for i, r := range s {
		if w += em(r); w > most {
			return s[:i] + "…"
		}
	}
	return s
}

// labels returns how wide a column of labels has to be, and no more than most of them.
func labels(rows [][]Cell, most float64) float64 {
	w := 0.0
	for _, r := range rows {
		w = max(w, ems(r[0].Text)*size)
	}
	return min(w, most) + 12
}

// scale returns the round number that an axis ends at, and its steps.
func scale(top float64) (end, step float64) {
	if top <= 0 {
		return 1, 1
	}
	step = math.Pow(10, math.Floor(math.Log10(top/4)))
	for _, times := range []float64{1, 2, 5, 10} {
		if step*times*5 >= top {
			step *= times
			break
		}
	}
	if top >= 4 || top == math.Trunc(top) {
		step = max(1, math.Trunc(step)) // what is counted has no halves
	}
	return math.Ceil(top/step) * step, step
}

func number(v float64) string { return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64) }
