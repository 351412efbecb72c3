package reading

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// paragraph is a piece of a document as it is understood: a line, or a table.
type paragraph struct {
	number   int
	text     string
	style    string // the style's name in lower case
	level    int    // of the outline, from 1; 0 for text
	centered bool
	table    [][]docx.Cell
}

// document is what a file of one case holds, whatever its format.
type document struct {
	place Place
	body  []paragraph
	notes []Record
	// copied says that the text was copied out of a PDF, whose lines end where the
	// page does.
	copied bool
}

// newDocument makes lines of the blocks of a file: soft breaks end lines, tables
// of contents and numbers of pages go, what fills one cell of a table is text as
// if it stood outside.
func newDocument(place Place, blocks []docx.Block, notes []Record) *document {
	d := &document{place: place, notes: notes}
	d.add(blocks)
	d.dropContents()
	d.dropPageNumbers()
	d.joinLines()
	return d
}

func (d *document) note(number int, zh, en string) {
	at := d.place
	at.Line = number
	d.notes = append(d.notes, Record{Place: at, Err: catalog.Invalid("", zh, en), Note: true})
}

// What a document may have, so that reading it takes some seconds at most: a thousand
// pages have less. maxCells are those of its tables.
const (
	maxParagraphs = 20_000
	maxCells      = 40_000
)

// tooLong says that a document is longer than that, nil where it is not.
func tooLong(blocks []docx.Block) error {
	paragraphs, cells := 0, 0
	var count func([]docx.Block)
	count = func(blocks []docx.Block) {
		for _, b := range blocks {
			paragraphs++
			for _, row := range b.Rows {
				cells += len(row)
				for _, cell := range row {
					count(cell)
				}
			}
		}
	}
	count(blocks)
	switch {
	case cells > maxCells: // each of which is a paragraph, too
		return catalog.Invalid("", fmt.Sprintf("文档的表格超过 %d 格，没有导入；请分成几个文件，大的表格另存为 .xlsx", maxCells),
			fmt.Sprintf("its tables have more than %d cells, and it was not taken; part it, or save large tables as .xlsx", maxCells))
	case paragraphs-cells > maxParagraphs:
		return catalog.Invalid("", fmt.Sprintf("文档超过 %d 段，没有导入；请分成几个文件", maxParagraphs), fmt.Sprintf("has more than %d paragraphs, and was not taken; part it", maxParagraphs))
	}
	return nil
}

func (d *document) add(blocks []docx.Block) {
	contents := false
	for _, b := range blocks {
		switch {
		case b.IsTable() && isFrame(b):
			for _, row := range b.Rows {
				for _, cell := range row {
					d.add(cell)
				}
			}
		case b.IsTable() && isImprint(b):
			for _, row := range b.Rows {
				for _, cell := range row {
					d.add(cell)
				}
			}
		case b.IsTable():
			d.body = append(d.body, paragraph{number: b.Number, table: b.Rows})
		case b.Contents:
			if !contents {
				d.note(b.Number, "目录没有导入", "the table of contents was not taken")
			}
			contents = true
		default:
			d.lines(b)
		}
	}
}

// lines adds the lines of a paragraph. The first has its style and its number.
func (d *document) lines(b docx.Block) {
	first := true
	for line := range strings.SplitSeq(b.Text, "\n") {
		line, copied := text.Ordinary(strings.TrimSpace(line))
		line = unspread(line)
		if line == "" {
			continue
		}
		if ruler.MatchString(squeezed(line)) {
			if !d.hasNote(rulerLeftOut) {
				d.note(b.Number, rulerLeftOut, "lines that only divide were not taken")
			}
			continue
		}
		p := paragraph{number: b.Number, text: line, centered: b.Centered, style: b.Style}
		if first {
			p.text, p.level = b.Label+line, b.Level
		}
		d.copied = d.copied || copied
		d.body = append(d.body, p)
		first = false
	}
}

const rulerLeftOut = "分隔线没有导入"

// unspread returns a line whose characters somebody has set apart with a space each, as
// titles are, without these spaces.
func unspread(line string) string {
	pieces := strings.Fields(line)
	if len(pieces) < 4 {
		return line
	}
	for _, piece := range pieces {
		if r := []rune(piece); len(r) > 2 || !unicode.Is(unicode.Han, r[0]) && !unicode.IsPunct(r[0]) || len(r) == 2 && !unicode.IsPunct(r[1]) {
			return line
		}
	}
	return strings.Join(pieces, "")
}

// isFrame reports whether a table is there for its border: one cell alone holds
// text, and several paragraphs of it, of which one is the heading of a part.
func isFrame(b docx.Block) bool {
	var only docx.Cell
	filled := 0
	for _, row := range b.Rows {
		for _, cell := range row {
			if cell.Text() != "" {
				only = cell
				filled++
			}
		}
	}
	return filled == 1 && (len(only) > 1 || len(only) == 1 && only[0].IsTable())
}

// isImprint reports whether a table is there for the rules above and below the last lines
// of a letter: who gets a copy, who has issued it and when.
func isImprint(b docx.Block) bool {
	told := false
	for _, row := range b.Rows {
		for _, cell := range row {
			for line := range strings.SplitSeq(cell.Text(), "\n") {
				switch line = strings.TrimSpace(line); {
				case line == "":
				case !isBelow(paragraph{text: line}):
					return false
				case imprint.MatchString(squeezed(line)):
					told = true
				}
			}
		}
	}
	return told
}

var imprint = regexp.MustCompile(`^(?:抄送|抄报|主送|分送|主题词|报|送|发)[：:]|印发[）)]?$|^[（(]?共印`)

var (
	// ruler is a line that is drawn with characters.
	ruler = regexp.MustCompile(`^(?:[=＝*＊~～#＃+＋]{4,}|[-—_＿─━]{6,})$`)

	contentsTitle = regexp.MustCompile(`^目[录次]$`)
	contentsLine  = regexp.MustCompile(`(?:[.．…·\-—_]{2,}\s*|\t\s*|\s{2,})[（(]?\d{1,4}[）)]?$`)
)

// dropContents takes off a table of contents that somebody has typed: lines that
// end with the number of a page.
func (d *document) dropContents() {
	kept := d.body[:0]
	within, told := false, false
	for _, p := range d.body {
		isLine := p.table == nil && contentsLine.MatchString(p.text) && utf8.RuneCountInString(p.text) < 80
		switch {
		case p.table == nil && contentsTitle.MatchString(squeezed(p.text)):
			within = true
		case within && isLine:
		case isLine && strings.ContainsAny(p.text, "…·\t") && !strings.HasSuffix(p.text, "。"):
		default:
			within = false
			kept = append(kept, p)
			continue
		}
		if !told && !d.hasNote("目录没有导入") {
			d.note(p.number, "目录没有导入", "the table of contents was not taken")
		}
		told = true
	}
	d.body = kept
}

func (d *document) hasNote(zh string) bool {
	return slices.ContainsFunc(d.notes, func(r Record) bool { return catalog.ProblemsOf(r.Err)[0].Zh == zh })
}

// dropRunningHeads takes off lines that stand at the top or the bottom of nearly
// every page.
func (d *document) dropRunningHeads(pages [][]string) {
	if len(pages) < 3 {
		return
	}
	count := map[string]int{}
	for _, lines := range pages {
		var filled []string
		for _, line := range lines {
			if line = strings.TrimSpace(line); line != "" {
				filled = append(filled, line)
			}
		}
		seen := map[string]bool{}
		for i, line := range filled {
			if (i == 0 || i == len(filled)-1) && !seen[line] {
				seen[line] = true
				count[line]++
			}
		}
	}
	told := false
	d.body = slices.DeleteFunc(d.body, func(p paragraph) bool {
		if 3*count[p.text] < 2*len(pages) || p.table != nil {
			return false
		}
		if !told {
			d.note(p.number, "页眉页脚没有导入："+p.text, "what stands on every page was not taken: "+p.text)
			told = true
		}
		return true
	})
}

var pageNumber = regexp.MustCompile(`^(?:[-—–－─]+\s*\d{1,4}\s*[-—–－─]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4})$`)

// dropPageNumbers takes off the lines that number pages: — 1 —. They come along
// with what is copied out of a PDF.
func (d *document) dropPageNumbers() {
	first := 0
	d.body = slices.DeleteFunc(d.body, func(p paragraph) bool {
		if p.table != nil || !pageNumber.MatchString(p.text) {
			return false
		}
		if first == 0 {
			first = p.number
		}
		return true
	})
	if first > 0 {
		d.copied = true
		d.note(first, "页码没有导入", "page numbers were not taken")
	}
}

var endsSentence = regexp.MustCompile(`[。！？!?；;：:…”’』」》）)\]】]$`)

// joinLines joins the lines of a text that was copied with its line ends: one that
// does not end a sentence goes on in the next, unless that begins something. Short
// lines and headings end without a stop too, so this is done only where page
// numbers or radicals tell of a PDF, or where lines end again and again at the same
// width.
func (d *document) joinLines() {
	width := d.wrapWidth()
	if !d.copied && width == 0 {
		return
	}
	var joined []paragraph
	open := false // the line before goes on in this one
	for _, p := range d.body {
		n := utf8.RuneCountInString(p.text)
		if open && p.table == nil && p.level == 0 && !begins(p.text) {
			last := &joined[len(joined)-1]
			last.text += gap(last.text, p.text) + p.text
		} else {
			joined = append(joined, p)
		}
		open = p.table == nil && p.level == 0 && !endsSentence.MatchString(p.text) && !isHeadingLine(p.text) &&
			(width > 0 && n >= width-2 && n <= width+1 || d.copied && width == 0 && n >= 12 && strings.ContainsAny(p.text, "，、；,"))
	}
	d.body = joined
}

// gap is what stands between two joined lines: a space between Latin words.
func gap(before, after string) string {
	if before != "" && after != "" && isWordByte(before[len(before)-1]) && isWordByte(after[0]) {
		return " "
	}
	return ""
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == ',' || c == '.'
}

// wrapWidth returns how many characters a line of a copied text has, 0 where lines
// do not end at one width: two or more that follow each other, end no sentence, are
// as long as each other and go on to the end of one.
func (d *document) wrapWidth() int {
	width, run, longest := 0, 0, 0
	comma := false
	for _, p := range d.body {
		n := utf8.RuneCountInString(p.text)
		isOpen := p.table == nil && p.level == 0 && n >= 15 && !endsSentence.MatchString(p.text) && !isHeadingLine(p.text) && (run == 0 || !begins(p.text))
		switch {
		case isOpen && (run == 0 || n >= longest-2 && n <= longest+2):
			run++
			longest = max(longest, n)
			comma = comma || strings.ContainsAny(p.text, "，。；、")
		case isOpen:
			run, longest, comma = 1, n, strings.ContainsAny(p.text, "，。；、")
		default:
			if run >= 2 && comma && p.table == nil && n <= longest+2 && !begins(p.text) {
				width = max(width, longest)
			}
			run, longest, comma = 0, 0, false
		}
	}
	return width
}

// begins reports whether a line begins something of its own.
func begins(line string) bool {
	_, numbering := unnumbered(line)
	if numbering > 0 || strings.HasPrefix(line, "【") {
		return true
	}
	if name, _, ok := label(line); ok && isLabelOfCase(name) {
		return true
	}
	return isHeadingLine(line)
}

// isHeadingLine reports whether a line is the name of a part and nothing else.
func isHeadingLine(line string) bool {
	return utf8.RuneCountInString(line) <= maxHeading && partCalled(line) != nil
}
