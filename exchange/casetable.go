package exchange

import (
	"fmt"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// table reads pairs of label and value, side by side or above each other; within a
// part a table without these is a text of that part, a line a row.
func (c *caseReader) table(p paragraph) {
	g := &grid{kind: catalog.KindCase, within: partsWithin, place: func(int, int) Place {
		at := c.doc.place
		at.Line = p.number
		return at
	}}
	for _, row := range p.table {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j], _ = text.Ordinary(cell.Text())
		}
		g.cells = append(g.cells, cells)
	}
	pairs, left := g.pairs()
	valued := 0
	for _, pair := range pairs {
		if pair.value[0] >= 0 {
			valued++
		}
	}
	if c.current != nil && !(valued > 0 && len(left) == 0 || valued >= 2 && len(left) <= valued) {
		for _, row := range g.cells {
			c.current.lines = append(c.current.lines, strings.TrimRight(strings.ReplaceAll(strings.Join(row, "\t"), "\n", " "), "\t"))
		}
		return
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
		default:
			c.set(pair.of, pair.text, p.number)
		}
	}
	for _, at := range left {
		what := clip(oneLine(g.cells[at[0]][at[1]]))
		c.note(p.number, fmt.Sprintf("表格第 %d 行第 %d 格不认识，没有导入：%s", at[0]+1, at[1]+1, what),
			fmt.Sprintf("row %d, cell %d of the table is not known, and was not taken: %s", at[0]+1, at[1]+1, what))
	}
}
