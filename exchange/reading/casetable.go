package reading

import (
	"fmt"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// table reads pairs of label and value, side by side or above each other; within a
// part a table without these is a text of that part, a line a row.
func (c *caseReader) table(p paragraph) {
	g := gridOf(p)
	g.place = func(int, int) Place {
		at := c.doc.place
		at.Line = p.number
		return at
	}
	pairs, left := g.pairs()
	valued := 0
	for _, pair := range pairs {
		if pair.value[0] >= 0 && !(pair.joins && c.current != nil) { // within a part phases are what its table is about
			valued++
		}
	}
	if c.current != nil && !(valued > 0 && len(left) == 0 || valued >= 2 && len(left) <= valued) {
		for _, row := range g.cells {
			c.current.lines = append(c.current.lines, strings.TrimRight(strings.ReplaceAll(strings.Join(row, "\t"), "\n", " "), "\t"))
		}
		return
	}
	joined := map[string]bool{}
	for _, pair := range pairs {
		if pair.joins {
			joined[pair.of.Name] = true
		}
	}
	for _, pair := range pairs {
		switch {
		case pair.value[0] < 0:
		case pair.holdsTheWhole:
			d := newDocument(c.doc.place, p.table[pair.value[0]][pair.value[1]], nil)
			for _, line := range d.body {
				line.number = p.number
				c.paragraph(line)
			}
			c.doc.notes = append(c.doc.notes, d.notes...)
		case pair.of != nil && joined[pair.of.Name] && c.values[pair.of.Name] != "":
			c.values[pair.of.Name] += "\n" + pair.text
		default:
			c.set(pair.of, pair.text, p.number)
		}
	}
	texts, kept := g.kept(left)
	for _, text := range texts {
		c.note(p.number, "“"+catalog.Clipped(column.OneLine(text))+"”不知归入哪一部分，原文已保留，案例存为草稿", catalog.Quoted(column.OneLine(text))+" is no part that is known; its text was kept, and the case is a draft")
		c.keepText(text, p.number)
	}
	for _, at := range left {
		if kept[at] {
			continue
		}
		what := catalog.Clipped(column.OneLine(g.cells[at[0]][at[1]]))
		c.note(p.number, fmt.Sprintf("表格第 %d 行第 %d 格不认识，没有导入：%s", at[0]+1, at[1]+1, what),
			fmt.Sprintf("row %d, cell %d of the table is not known, and was not taken: %s", at[0]+1, at[1]+1, what))
	}
}

// gridOf returns the cells of a document's table.
func gridOf(p paragraph) *grid {
	g := &grid{kind: catalog.KindCase, within: partsWithin}
	for _, row := range p.table {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j], _ = text.Ordinary(cell.Text())
		}
		g.cells = append(g.cells, cells)
	}
	return g
}
