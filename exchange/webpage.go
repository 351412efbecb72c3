package exchange

import (
	"bytes"
	"iter"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

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
	return "", invalid("", "不是有效的文字编码", "is not valid text")
}

// htmlReader gathers the blocks of a page.
type htmlReader struct {
	blocks []docx.Block
	line   strings.Builder
	level  int
	cell   *strings.Builder // of the table that is open
	tables [][][]string
	rows   [][]string
	depth  int // of tables
}

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
	switch n.DataAtom {
	case atom.Table:
		if h.depth++; h.depth == 1 {
			h.end()
			h.rows = nil
		}
	case atom.Tr:
		if h.depth == 1 {
			h.rows = append(h.rows, nil)
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
			last := len(h.rows) - 1
			h.rows[last] = append(h.rows[last], strings.TrimSpace(h.cell.String()))
			h.cell = nil
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

func cellsOfRows(rows [][]string) [][]docx.Cell {
	list := make([][]docx.Cell, len(rows))
	for i, row := range rows {
		for _, s := range row {
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
func (h *htmlReader) largestTable() [][]string {
	var largest [][]string
	for _, rows := range h.tables {
		wide := 0
		for _, r := range rows {
			wide = max(wide, len(r))
		}
		if wide >= 3 && len(rows) > len(largest) {
			largest = rows
		}
	}
	return largest
}

func rowsOfCells(rows [][]string) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for i, cells := range rows {
			if !yield(row{number: i + 1, cells: cells}, nil) {
				return
			}
		}
	}
}
