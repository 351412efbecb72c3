package reading

import (
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// grid are the cells of a form: a sheet, or a table of a document.
type grid struct {
	kind  catalog.RecordKind
	cells [][]string
	place func(row, column int) Place // both from 0
	// within reads a cell that holds the text of several parts, and returns it as
	// fields with notes, nil where it is no such text.
	within func(text string, at Place) ([]FieldText, []Record)
}

// formText are the labels of a cell which holds a whole text with its parts.
var formText = []string{"案例正文", "正文", "案例内容", "主要内容", "案例全文", "内容", "案例材料", "材料正文", "案例文本", "具体内容", "全文", "案例主体"}

func isFormText(text string) bool { return slices.Contains(formText, column.HeaderName(text)) }

// pair is a label of a form with its value, by their places; value is -1 where
// the label stands alone.
type pair struct {
	of            *column.Column
	label         [2]int
	value         [2]int
	text          string
	holdsTheWhole bool
	joins         bool // its text is added to that of the part
}

// labelled returns the column that a cell is the label of, nil where it is none.
func (g *grid) labelled(text string) *column.Column {
	text = strings.TrimRight(strings.TrimSpace(text), "：:")
	if text == "" || len([]rune(text)) > maxHeading {
		return nil
	}
	if c := column.Match(g.kind, []string{text})[0]; c != nil || g.kind != catalog.KindCase {
		return c
	}
	if c := guessed(text, false); c != nil {
		return c
	}
	if c := phaseCalled(column.OneLine(text)); c != nil {
		return c
	}
	c, _ := guessedOfSeveral(text)
	return c
}

// labelledWithin returns the column and the value of a cell that holds both: 填报单位：
// 某某政协.
func (g *grid) labelledWithin(text string) (of *column.Column, value string) {
	name, value, ok := label(text)
	if !ok || value == "" {
		return nil, ""
	}
	return g.labelled(name), value
}

func (g *grid) isLabel(row, column int) bool {
	text := g.cells[row][column]
	return g.labelled(text) != nil || isFormText(text)
}

// pairs finds the labels with their values: the next cell to the right that has a
// text, or else the one below. left are the cells that belong to none.
func (g *grid) pairs() (pairs []pair, left [][2]int) {
	taken := map[[2]int]bool{}
	filled := make([][]int, len(g.cells))
	for i, row := range g.cells {
		filled[i] = filledCells(row)
	}
	for i, row := range g.cells {
		if i == 0 && namesColumns(row, filled[0]) {
			continue
		}
		for j, text := range row {
			at := [2]int{i, j}
			if text == "" || taken[at] {
				continue
			}
			if of, value := g.labelledWithin(text); of != nil && !g.isLabel(i, j) {
				pairs = append(pairs, g.several(pair{of: of, label: at, value: at, text: value}, text)...)
				continue
			}
			if !g.isLabel(i, j) {
				left = append(left, at)
				continue
			}
			p := pair{of: g.labelled(text), label: at, value: [2]int{-1, -1}, holdsTheWhole: isFormText(text) && g.labelled(text) == nil}
			if value, ok := g.valueOf(i, j, filled, taken); ok {
				p.value, p.text = value, g.cells[value[0]][value[1]]
				taken[value] = true
			}
			if p.joins = g.kind == catalog.KindCase && phaseCalled(column.OneLine(text)) != nil && p.of != nil && p.value[0] >= 0; p.joins {
				p.text = under(strings.TrimRight(column.OneLine(text), "：:"), p.text)
			}
			pairs = append(pairs, p)
		}
	}
	return phasesPlaced(pairs), left
}

// phasesPlaced takes 协商后 for the end of the approach where the form has the results
// elsewhere.
func phasesPlaced(pairs []pair) []pair {
	told := slices.ContainsFunc(pairs, func(p pair) bool { return !p.joins && p.of != nil && p.of.Name == "results" && p.value[0] >= 0 })
	for i := range pairs {
		if p := &pairs[i]; told && p.joins && p.of.Name == "results" {
			p.of = columnCalled("approach")
		}
	}
	return pairs
}

// several returns the pairs of a cell with several labels on one line: 报送单位：…
// 协商时间：…. What is known of them is taken, and the rest stays with the first.
func (g *grid) several(whole pair, text string) []pair {
	pieces := piecesOf(text)
	if g.kind != catalog.KindCase || strings.Contains(text, "\n") || whole.of.IsText() || len(labelsOf(text)) < 2 {
		return []pair{whole}
	}
	var list []pair
	for _, piece := range pieces {
		of, value := g.labelledWithin(strings.TrimSpace(piece))
		if of == nil {
			return []pair{whole}
		}
		list = append(list, pair{of: of, label: whole.label, value: whole.value, text: value})
	}
	return list
}

// namesColumns reports whether the first row of a form says what its columns are:
// 项目, 内容.
func namesColumns(row []string, filled []int) bool {
	if len(filled) != 2 {
		return false
	}
	switch column.HeaderName(row[filled[0]]) {
	case "项目", "栏目", "字段", "要素", "事项", "名目", "填报项目", "填写项目", "指标":
	default:
		return false
	}
	switch column.HeaderName(row[filled[1]]) {
	case "内容", "填写内容", "填报内容", "具体内容", "说明", "填写":
		return true
	}
	return false
}

// valueOf finds the value of a label. filled are the cells of each row with a text.
func (g *grid) valueOf(i, j int, filled [][]int, taken map[[2]int]bool) ([2]int, bool) {
	row := g.cells[i]
	for k := j + 1; k < len(row); k++ {
		if row[k] == "" {
			continue
		}
		if !g.isLabel(i, k) && !taken[[2]int{i, k}] {
			return [2]int{i, k}, true
		}
		break
	}
	if i+1 >= len(g.cells) {
		return [2]int{}, false
	}
	// Below it: in the same column, or the only cell of the next row.
	below := g.cells[i+1]
	at := j
	if len(filled[i+1]) == 1 && len(filled[i]) == 1 {
		at = filled[i+1][0]
	}
	if at >= len(below) || below[at] == "" || g.isLabel(i+1, at) || taken[[2]int{i + 1, at}] {
		return [2]int{}, false
	}
	// A label with an empty value beside it has none below.
	if at == j && j+1 < len(row) && len(filled[i]) == 1 && len(filled[i+1]) > 1 {
		return [2]int{}, false
	}
	return [2]int{i + 1, at}, true
}

func filledCells(row []string) []int {
	var list []int
	for i, text := range row {
		if text != "" {
			list = append(list, i)
		}
	}
	return list
}

// form is a sheet that is one case, or several below each other: labels left and
// values right, or labels above values.
type form struct {
	t     *table
	grid  *grid
	pairs []pair
	left  [][2]int
}

// formOf returns the sheet as a form, nil where it is a table or nothing. A form
// has three labels with values, or two of which one is a part, on several rows, and
// no row that reads as the header of a table with rows below it.
func formOf(t *table, header int, ended bool) *form {
	if !ended || t.failed != nil || t.kind != catalog.KindCase || len(t.ahead) == 0 {
		return nil
	}
	f := &form{t: t, grid: &grid{kind: t.kind, within: partsWithin}}
	for _, r := range t.ahead {
		if r.err != nil {
			return nil
		}
		cells := make([]string, len(r.cells))
		for j := range r.cells {
			if !r.isMerged(j) {
				cells[j] = r.cell(j)
			}
		}
		f.grid.cells = append(f.grid.cells, cells)
	}
	f.grid.place = func(i, j int) Place { return t.at(t.ahead[i], j+1) }
	f.pairs, f.left = f.grid.pairs()
	rows := map[int]bool{}
	labels := map[string]bool{}
	parts := false
	for _, p := range f.pairs {
		if p.value[0] < 0 {
			continue
		}
		rows[p.label[0]] = true
		if p.holdsTheWhole {
			labels["text"], parts = true, true
			continue
		}
		labels[p.of.Name] = true
		parts = parts || p.of.IsText()
	}
	if len(labels) < 2 || len(labels) < 3 && !parts || len(rows) < 2 {
		return nil
	}
	if header >= 0 && f.isTable(header) {
		return nil
	}
	return f
}

// isTable reports whether the header's row names more columns than it has values,
// and the rows below it hold no labels.
func (f *form) isTable(header int) bool {
	run := 0 // labels side by side
	for j, text := range f.grid.cells[header] {
		if column.SaysKinds(text) {
			return true
		}
		if run++; text == "" || !f.grid.isLabel(header, j) {
			run = 0
		}
		if run == 3 {
			return true
		}
	}
	m := f.t.match(f.t.ahead[header])
	if m.found < 2 || 2*m.found <= m.filled {
		return false
	}
	below, labels := 0, 0
	for i := header + 1; i < len(f.grid.cells); i++ {
		if f.t.isHeaderAgain(f.t.ahead[i]) {
			continue
		}
		for j, text := range f.grid.cells[i] {
			if text != "" {
				below++
				if f.grid.isLabel(i, j) {
					labels++
				}
			}
		}
	}
	return 4*labels < below || labels == 0
}

// read yields the cases of the form: one, and another wherever the label of the
// title stands again.
func (f *form) read() bool {
	var fields []FieldText
	var notes []Record
	begun := Place{}
	flush := func() bool {
		if len(fields) > 0 {
			records := FromTexts(begun, f.t.kind, fields)
			for _, one := range append(records, notes...) {
				if !f.t.yield(one, nil) {
					return false
				}
			}
		}
		fields, notes = nil, nil
		return true
	}
	cases := 0
	for _, p := range f.pairs {
		if p.of != nil && p.of.Name == "title" {
			cases++
		}
	}
	var kept map[[2]int]bool
	if texts, of := f.grid.kept(f.left); cases < 2 && len(texts) > 0 && len(f.pairs) > 0 {
		kept = of
		at := f.grid.place(f.pairs[0].label[0], 0)
		fields = append(fields, FieldText{Of: columnCalled("unplaced"), Text: strings.Join(texts, "\n"), place: at})
		begun = Place{File: f.t.place.File, Sheet: f.t.place.Sheet, Line: at.Line}
		zh, en := "有的文字不知归入哪一部分，原文已保留，案例存为草稿："+catalog.Clipped(column.OneLine(texts[0])), "has text that is no part that is known; it was kept, and the case is a draft: "+catalog.Clipped(column.OneLine(texts[0]))
		notes = append(notes, Record{Place: at, Err: catalog.Invalid("unplaced", zh, en), Note: true})
	}
	seen, joined := map[string]bool{}, map[string]bool{}
	for _, p := range f.pairs {
		if p.joins {
			joined[p.of.Name] = true
		}
	}
	for _, p := range f.pairs {
		if p.of != nil && seen[p.of.Name] && p.of.Name == "title" {
			if !flush() {
				return false
			}
			seen = map[string]bool{}
		}
		if len(fields) == 0 {
			begun = Place{File: f.t.place.File, Sheet: f.t.place.Sheet, Line: f.grid.place(p.label[0], 0).Line}
		}
		at := f.grid.place(p.label[0], p.label[1])
		switch {
		case p.value[0] < 0:
		case p.holdsTheWhole:
			within, told := f.grid.within(p.text, f.grid.place(p.value[0], p.value[1]))
			fields, notes = append(fields, within...), append(notes, told...)
		case (p.joins || joined[p.of.Name]) && seen[p.of.Name]:
			for i := range fields {
				if fields[i].Of.Name == p.of.Name {
					fields[i].Text += "\n" + p.text
				}
			}
		case seen[p.of.Name]:
			zh, en := "“"+catalog.Clipped(f.grid.cells[p.label[0]][p.label[1]])+"”在表中出现第二次，没有导入："+catalog.Clipped(p.text), catalog.Quoted(p.of.Label)+" stands twice, and the second was not taken: "+catalog.Clipped(p.text)
			notes = append(notes, Record{Place: at, Err: catalog.Invalid(p.of.Name, zh, en), Note: true})
		default:
			seen[p.of.Name] = true
			fields = append(fields, FieldText{Of: p.of, Text: p.text, place: f.grid.place(p.value[0], p.value[1])})
		}
	}
	if !flush() {
		return false
	}
	for _, at := range f.left {
		if kept[at] {
			continue
		}
		text := catalog.Clipped(column.OneLine(f.grid.cells[at[0]][at[1]]))
		if !f.t.note(f.grid.place(at[0], at[1]), "不属于任何一项，没有导入："+text, "belongs to no label, and was not taken: "+text) {
			return false
		}
	}
	return f.t.tellHidden()
}
