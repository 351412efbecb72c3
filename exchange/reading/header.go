package reading

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// hasTitle reports whether the header at that place, with the rows that may belong to
// it, names the title: a table of cases without one is a table of something else.
func (t *table) hasTitle(header int) bool {
	if t.kind != catalog.KindCase {
		return true
	}
	for _, r := range t.ahead[max(0, header-headerRows+1):min(len(t.ahead), header+headerRows)] {
		if t.match(r).titled || slices.ContainsFunc(r.cells, column.SaysKinds) {
			return true
		}
	}
	return false
}

// headerMatch is how well a row reads as a header.
type headerMatch struct {
	found  int // columns that it names
	filled int
	titled bool // one of them is the title, or the name
}

func (t *table) match(r row) headerMatch {
	var m headerMatch
	if r.err != nil {
		return m
	}
	names := make([]string, len(r.cells))
	for i := range r.cells {
		if names[i] = r.cell(i); names[i] != "" {
			m.filled++
		}
	}
	for _, c := range matchHeaders(t.kind, names) {
		if c != nil {
			m.found++
			m.titled = m.titled || c.Name == "title" || c.Name == "name"
		}
	}
	return m
}

// isHeader takes a row as a header where it names two columns of the kind, or
// the title beside others, or says no more than one thing and that is a column.
func (m headerMatch) isHeader() bool {
	return m.found >= 2 || m.found == 1 && (m.filled == 1 || m.titled)
}

// findHeader returns the place of the header among the first rows, -1 without.
// It is the one that names most: of a header of two rows the lower one has the
// names of both where cells are merged.
func (t *table) findHeader() int {
	best, most := -1, 0
	for i, r := range t.ahead[:min(len(t.ahead), headerWithin+1)] {
		m := t.match(r)
		score := 2 * m.found
		if m.titled {
			score += 3
		}
		if m.isHeader() && score > most {
			best, most = i, score
		}
		if best >= 0 && i >= best+headerRows {
			break
		}
	}
	return best
}

// isHeaderAgain reports whether a row below the first header is a header: that of
// a second block, or the same on a new page.
func (t *table) isHeaderAgain(r row) bool {
	if len(r.own()) < 2 {
		return false
	}
	m := t.match(r)
	return m.titled && m.found >= 2 && 2*m.found > m.filled
}

// passedOver notes the rows before the header and takes them away. Rows with
// which cells of the header are merged belong to it.
func (t *table) passedOver(header int) bool {
	top := header
	for top > 0 && slices.Contains(t.ahead[top].merged, true) {
		top--
	}
	t.groups = t.groupsAbove(header)
	for _, r := range t.ahead[:top] {
		if of, value := t.unitAbove(r); of != nil {
			t.unit = FieldText{Of: of, Text: value, place: t.at(r, 0)}
			continue
		}
		if !t.note(t.at(r, 0), "在表头之前，没有导入："+catalog.Clipped(t.firstText(r)), "stands before the header and was not taken: "+catalog.Clipped(t.firstText(r))) {
			return false
		}
	}
	t.ahead = t.ahead[header:]
	return true
}

// unitAbove reads 填报单位：某某政协 above a table, which is the unit of all rows of a
// table without a column of units.
func (t *table) unitAbove(r row) (*column.Column, string) {
	name, value, ok := label(t.firstText(r))
	if !ok || value == "" {
		return nil, ""
	}
	of := column.Match(t.kind, []string{name})[0]
	if of == nil || of.Name != "committee" {
		return nil, ""
	}
	value = strings.TrimSpace(column.HeaderRemark.ReplaceAllString(halfWidth(value), ""))
	if first, _, ok := strings.Cut(value, " "); ok {
		value = first
	}
	return of, value
}

// unitOfNext takes the unit of a second block from a row above its header, and reports
// whether there was one. A committee's name alone ends that of the block before.
func (t *table) unitOfNext(r row) bool {
	of, value := t.unitAbove(r)
	name := grouped.ReplaceAllString(strings.TrimSpace(t.firstText(r)), "")
	if of == nil && (t.unit.Of == nil || !committeeName.MatchString(name)) || !t.headerNext() {
		return false
	}
	t.unit = FieldText{Of: of, Text: value, place: t.at(r, 0)}
	return of != nil
}

// headerNext reports whether a header comes before the next record.
func (t *table) headerNext() bool {
	for i := range headerWithin {
		if !t.peek(i+1) || !t.isHeaderAgain(t.ahead[i]) && t.classify(t.ahead[i]) == rowOfRecord {
			return false
		}
		if t.isHeaderAgain(t.ahead[i]) {
			return true
		}
	}
	return false
}

// begin reads the header, whose first row is the next one.
func (t *table) begin() bool {
	first := t.ahead[0]
	names := make([]string, len(first.cells))
	for i := range first.cells {
		names[i] = first.cell(i)
	}
	t.ahead = t.ahead[1:]
	for n := 1; n < headerRows && t.peek(1); n++ {
		below, ok := t.headerBelow(names, t.ahead[0])
		if !ok {
			if below, ok = t.subHeader(names, t.ahead[0]); ok {
				t.groups = carried(names)
			}
		}
		if !ok {
			break
		}
		names = below
		t.ahead = t.ahead[1:]
	}
	t.headers, t.columns, t.noted = names, map[catalog.RecordKind][]*column.Column{}, map[int]bool{}
	t.typeAt, t.titleAt, t.above = -1, -1, nil
	for i, name := range names {
		if column.SaysKinds(name) && t.typeAt < 0 {
			t.typeAt = i
		}
	}
	t.typed = t.holdsKinds()
	for i, c := range t.columnsFor(t.kind) {
		if c != nil && (c.Name == "title" || c.Name == "name") {
			t.titleAt = i
		}
	}
	t.joins = t.joinedColumns()
	t.groups = nil
	return true
}

// headerBelow adds a second or third row to the names of columns: one whose cells
// name columns where the row above has nothing, or the name of a group.
func (t *table) headerBelow(above []string, r row) ([]string, bool) {
	own := r.own()
	if r.err != nil || len(own) == 0 {
		return nil, false
	}
	names := slices.Clone(above)
	for len(names) < len(r.cells) {
		names = append(names, "")
	}
	before := t.named(names)
	group := ""
	for i := range names {
		if i < len(above) && above[i] != "" {
			group = above[i]
		}
		text := r.cell(i)
		if text == "" || r.isMerged(i) {
			continue
		}
		if len([]rune(text)) > 20 {
			return nil, false
		}
		if column.Match(t.kind, []string{text})[0] == nil && column.Match(t.kind, []string{group + text})[0] != nil {
			text = group + text
		}
		names[i] = text
	}
	after := t.named(names)
	if after <= before || 2*(after-before) < len(own) || !keepsNames(t, above, names) {
		return nil, false
	}
	return names, true
}

// keepsNames reports whether a row below a header leaves the columns that the
// header names: a record writes over all of them.
func keepsNames(t *table, above, names []string) bool {
	for i, c := range column.Match(t.kind, above) {
		if c != nil && column.Match(t.kind, names[i:i+1])[0] == nil {
			return false
		}
	}
	return true
}

func (t *table) named(names []string) int {
	n := 0
	for _, c := range column.Match(t.kind, names) {
		if c != nil {
			n++
		}
	}
	return n
}

// holdsKinds reports whether the column of kinds says what the rows are. Offices
// have a column 类型 for 经济类, 社会类.
func (t *table) holdsKinds() bool {
	if t.typeAt < 0 {
		return false
	}
	if column.PlainName(t.headers[t.typeAt]) != column.PlainName(column.Kind.Label) {
		return true
	}
	empty := true
	for _, r := range t.ahead {
		if text := r.cell(t.typeAt); text != "" {
			empty = false
			if _, ok := cell.CodeOf(column.Kind.Type, text); ok {
				return true
			}
		}
	}
	return empty
}

// withoutHeader says that a table has no header.
func withoutHeader() error {
	title, committee := catalog.FieldLabel(catalog.KindCase, "title"), catalog.FieldLabel(catalog.KindCase, "committee")
	return catalog.Invalid("", fmt.Sprintf("没有找到表头：前 %d 行中要有一行写着“%s”“%s”等列名", headerWithin, title, committee),
		fmt.Sprintf("there is no header: one of the first %d rows must name columns, such as %s and %s", headerWithin, title, committee))
}
