package reading

import (
	"bytes"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/text"
)

var declaredCharset = regexp.MustCompile(`(?i)charset\s*=\s*["']?\s*(gb2312|gbk|gb18030)`)

// decodeHTML returns a page in UTF-8. A page that says that it is in GBK is read as
// GB18030, which is more of the same.
func decodeHTML(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if text.InvalidUTF8(raw) == 0 {
		return string(raw), nil
	}
	if decoded, column := text.FromGB18030(raw); column == 0 || declaredCharset.Match(raw[:min(len(raw), 2048)]) {
		return string(decoded), nil
	}
	return "", catalog.Invalid("", "不是有效的文字编码", "is not valid text")
}

// htmlReader gathers the blocks of a page.
type htmlReader struct {
	blocks []docx.Block
	line   strings.Builder
	level  int
	cell   *strings.Builder // of the table that is open
	tables [][]row
	rows   []row
	depth  int          // of tables
	spans  map[int]span // by column: cells that reach into the next rows
	left   []string     // what stands around the text
	filled int          // cells that spans have added
}

// span is a cell over several rows.
type span struct {
	rows int // that it still reaches into
	text string
}

// around are the elements of a page around its text.
var around = map[atom.Atom]bool{atom.Footer: true, atom.Aside: true}

// hiddenElements are those of a page that nobody reads.
var hiddenElements = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Noscript: true, atom.Template: true, atom.Nav: true, atom.Iframe: true, atom.Svg: true,
	atom.Select: true, atom.Button: true, atom.Textarea: true,
}

// ownLine are the elements whose text stands on lines of its own.
var ownLine = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Li: true, atom.Br: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Blockquote: true, atom.Dt: true, atom.Dd: true, atom.Pre: true, atom.Table: true,
}

func (h *htmlReader) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		h.write(n.Data)
		return
	case n.Type == html.ElementNode && (hiddenElements[n.DataAtom] || isHiddenElement(n)):
		return
	}
	if n.Type == html.ElementNode && around[n.DataAtom] && !isWithinArticle(n) {
		if text := column.OneLine(textWithin(n)); text != "" {
			h.left = append(h.left, text)
		}
		return
	}
	switch n.DataAtom {
	case atom.Table:
		if h.depth++; h.depth == 1 {
			h.end()
			h.rows, h.spans = nil, map[int]span{}
		}
	case atom.Tr:
		if h.depth == 1 {
			h.rows = append(h.rows, row{number: len(h.rows) + 1})
		}
	case atom.Td, atom.Th:
		if h.depth == 1 {
			h.cell = &strings.Builder{}
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		h.end()
		h.level = int(n.Data[1] - '0')
	default:
		if ownLine[n.DataAtom] {
			h.end()
		}
	}
	for c := range n.ChildNodes() {
		h.node(c)
	}
	h.close(n)
}

func isHiddenElement(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(strings.ToLower(a.Val), " ", ""), "display:none") {
			return true
		}
	}
	return false
}

func (h *htmlReader) close(n *html.Node) {
	switch n.DataAtom {
	case atom.Td, atom.Th:
		if h.depth == 1 && h.cell != nil && len(h.rows) > 0 {
			h.reached()
			h.put(strings.TrimSpace(h.cell.String()), false, n)
			h.cell = nil
		}
	case atom.Tr:
		if h.depth == 1 && len(h.rows) > 0 {
			h.reached()
		}
	case atom.Table:
		if h.depth--; h.depth == 0 {
			h.tables = append(h.tables, h.rows)
			h.add(docx.Block{Rows: cellsOfRows(h.rows)})
			h.rows = nil
		}
	default:
		if ownLine[n.DataAtom] {
			h.end()
		}
	}
}

const (
	// maxSpan is how many columns or rows a cell may reach over.
	maxSpan = 1000
	// maxSpanned bounds how many cells of a page are added for cells that reach over
	// several.
	maxSpanned = 100_000
)

// put puts a cell in the row that is open, which reaches over as many rows and columns
// as it says.
func (h *htmlReader) put(text string, merged bool, n *html.Node) {
	r := &h.rows[len(h.rows)-1]
	at := len(r.cells)
	r.cells, r.merged = append(r.cells, text), append(r.merged, merged)
	if n == nil {
		return
	}
	wide := min(spanOf(n, "colspan"), 1+max(0, maxSpanned-h.filled))
	h.filled += wide - 1
	for range wide - 1 {
		r.cells, r.merged = append(r.cells, ""), append(r.merged, false)
	}
	if rows := spanOf(n, "rowspan") - 1; rows > 0 {
		h.spans[at] = span{rows, text}
		for i := range wide - 1 {
			h.spans[at+1+i] = span{rows, ""}
		}
	}
}

// reached puts the cells of the rows above in the row that is open, where they reach
// into it next.
func (h *htmlReader) reached() {
	for {
		at := len(h.rows[len(h.rows)-1].cells)
		s, ok := h.spans[at]
		if !ok || h.filled >= maxSpanned {
			return
		}
		h.filled++
		h.put(s.text, true, nil)
		if s.rows--; s.rows == 0 {
			delete(h.spans, at)
		} else {
			h.spans[at] = s
		}
	}
}

func spanOf(n *html.Node, name string) int {
	for _, a := range n.Attr {
		if a.Key == name {
			if k, err := strconv.Atoi(strings.TrimSpace(a.Val)); err == nil {
				return min(max(k, 1), maxSpan)
			}
		}
	}
	return 1
}

func isWithinArticle(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Article {
			return true
		}
	}
	return false
}

// textWithin returns the text of an element.
func textWithin(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && !hiddenElements[c.Parent.DataAtom] {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func (h *htmlReader) write(s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	s = strings.Join(strings.Fields(text.Seen(s)), " ")
	if h.cell != nil {
		h.cell.WriteString(s)
		return
	}
	h.line.WriteString(s)
}

// end ends the line that is open.
func (h *htmlReader) end() {
	if h.cell != nil {
		if b := h.cell.String(); b != "" && !strings.HasSuffix(b, "\n") {
			h.cell.WriteByte('\n')
		}
		return
	}
	if s := strings.TrimSpace(h.line.String()); s != "" {
		h.add(docx.Block{Text: s, Level: h.level})
	}
	h.line.Reset()
	h.level = 0
}

func (h *htmlReader) add(b docx.Block) {
	b.Number = len(h.blocks) + 1
	h.blocks = append(h.blocks, b)
}

func cellsOfRows(rows []row) [][]docx.Cell {
	list := make([][]docx.Cell, len(rows))
	for i, row := range rows {
		for j, s := range row.cells {
			if row.isMerged(j) {
				s = ""
			}
			var cell docx.Cell
			for line := range strings.SplitSeq(s, "\n") {
				if line = strings.TrimSpace(line); line != "" {
					cell = append(cell, docx.Block{Text: line})
				}
			}
			list[i] = append(list[i], cell)
		}
	}
	return list
}

// largestTable returns the table with most rows, nil where none has three columns.
func (h *htmlReader) largestTable() []row {
	var largest []row
	for _, rows := range h.tables {
		wide := 0
		for _, r := range rows {
			wide = max(wide, len(r.cells))
		}
		if wide >= 3 && len(rows) > len(largest) {
			largest = rows
		}
	}
	return largest
}

func rowsOfCells(rows []row) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}
