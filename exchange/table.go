package exchange

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

const (
	// headerWithin is how many rows that are not empty may stand before the
	// header: titles, notes on how to fill in.
	headerWithin = 10
	// headerRows is how many rows a header may have.
	headerRows = 3
	// lookAhead is how many rows are read before any is understood: as many as a
	// form may have.
	lookAhead = 200
	// ditto in the place of a slug says that the row continues the one above:
	// its cells are added to that row's. XLSX has room for 32,767 characters in
	// a cell, and a text of a record for more.
	ditto = "〃"
)

// table reads the records of one table: a CSV file, a sheet of a workbook.
type table struct {
	place   Place
	kind    catalog.RecordKind // of rows that don't say
	headers []string
	typeAt  int  // of kindColumn in headers, -1 without
	typed   bool // the column of kinds holds kinds
	titleAt int  // -1 without
	columns map[catalog.RecordKind][]*column
	noted   map[int]bool // columns of which it has been told that they are not taken
	yield   func(record, error) bool

	ahead  []row // that were read and are not understood yet
	next   func() (row, error, bool)
	failed error    // of reading the file
	hidden []int    // rows that were left out for being hidden
	above  []string // the cells of the record before
	unit   fieldText
}

// readTable yields the records of a table's rows, and notes of what was not
// taken. kind is that of rows that don't say what they are. It reports whether
// yield wants more, and whether there was a table or a form; where there was none,
// nothing was yielded.
func readTable(place Place, kind catalog.RecordKind, rows iter.Seq2[row, error], yield func(record, error) bool) (more, understood bool) {
	next, stop := iter.Pull2(rows)
	defer stop()
	t := &table{place: place, kind: kind, typeAt: -1, titleAt: -1, columns: map[catalog.RecordKind][]*column{}, noted: map[int]bool{}, yield: yield, next: next}
	ended := !t.peek(lookAhead)
	if cases := t.transposed(); ended && cases != nil {
		return t.readTransposed(cases), true
	}
	header := t.findHeader()
	if f := formOf(t, header, ended); f != nil {
		return f.read(), true
	}
	if header < 0 {
		return true, len(t.ahead) == 0 && t.failed == nil && len(t.hidden) == 0
	}
	if !t.hasTitle(header) {
		return true, false
	}
	if !t.passedOver(header) || !t.begin() || !t.rows() {
		return false, true
	}
	return t.tellHidden(), true
}

// readTransposed yields the cases of a sheet that has a case a column.
func (t *table) readTransposed(cases iter.Seq[[]fieldText]) bool {
	for fields := range cases {
		at := t.place
		at.Line, at.Column = fields[0].place.Line, fields[0].place.Column
		for _, one := range recordOf(at, t.kind, fields) {
			if !t.yield(one, nil) {
				return false
			}
		}
	}
	return t.tellHidden()
}

// hasTitle reports whether the header at that place, with the rows that may belong to
// it, names the title: a table of cases without one is a table of something else.
func (t *table) hasTitle(header int) bool {
	if t.kind != catalog.KindCase {
		return true
	}
	for _, r := range t.ahead[max(0, header-headerRows+1):min(len(t.ahead), header+headerRows)] {
		if t.match(r).titled || slices.ContainsFunc(r.cells, saysKinds) {
			return true
		}
	}
	return false
}

// peek reads on until so many rows are there that are not empty, and reports
// whether there are.
func (t *table) peek(n int) bool {
	for len(t.ahead) < n && t.failed == nil {
		r, err, ok := t.next()
		switch {
		case !ok:
			return false
		case err != nil:
			t.failed = fmt.Errorf("read %s behind row %d: %w", t.place.File, r.number, err)
			return false
		case r.hidden:
			t.hidden = append(t.hidden, r.number)
		case !r.blank() || len(r.formulas) > 0:
			t.ahead = append(t.ahead, r)
		}
	}
	return len(t.ahead) >= n
}

// take returns the next row that is not empty.
func (t *table) take() (row, bool) {
	if !t.peek(1) {
		return row{}, false
	}
	r := t.ahead[0]
	t.ahead = t.ahead[1:]
	return r, true
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
			m.titled = m.titled || c.name == "title" || c.name == "name"
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
	for _, r := range t.ahead[:top] {
		if of, value := t.unitAbove(r); of != nil {
			t.unit = fieldText{of: of, text: value, place: t.at(r, 0)}
			continue
		}
		if !t.note(t.at(r, 0), "在表头之前，没有导入："+clip(t.firstText(r)), "stands before the header and was not taken: "+clip(t.firstText(r))) {
			return false
		}
	}
	t.ahead = t.ahead[header:]
	return true
}

// unitAbove reads 填报单位：某某政协 above a table, which is the unit of all rows of a
// table without a column of units.
func (t *table) unitAbove(r row) (*column, string) {
	name, value, ok := label(t.firstText(r))
	if !ok || value == "" {
		return nil, ""
	}
	of := matchColumns(t.kind, []string{name})[0]
	if of == nil || of.name != "committee" {
		return nil, ""
	}
	value = strings.TrimSpace(headerRemark.ReplaceAllString(halfWidth(value), ""))
	if first, _, ok := strings.Cut(value, " "); ok {
		value = first
	}
	return of, value
}

func (t *table) firstText(r row) string {
	for i := range r.cells {
		if text := r.cell(i); text != "" {
			return oneLine(text)
		}
	}
	return ""
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
			break
		}
		names = below
		t.ahead = t.ahead[1:]
	}
	t.headers, t.columns, t.noted = names, map[catalog.RecordKind][]*column{}, map[int]bool{}
	t.typeAt, t.titleAt, t.above = -1, -1, nil
	for i, name := range names {
		if saysKinds(name) && t.typeAt < 0 {
			t.typeAt = i
		}
	}
	t.typed = t.holdsKinds()
	for i, c := range t.columnsFor(t.kind) {
		if c != nil && (c.name == "title" || c.name == "name") {
			t.titleAt = i
		}
	}
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
		if matchColumns(t.kind, []string{text})[0] == nil && matchColumns(t.kind, []string{group + text})[0] != nil {
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
	for i, c := range matchColumns(t.kind, above) {
		if c != nil && matchColumns(t.kind, names[i:i+1])[0] == nil {
			return false
		}
	}
	return true
}

func (t *table) named(names []string) int {
	n := 0
	for _, c := range matchColumns(t.kind, names) {
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
	if plainName(t.headers[t.typeAt]) != plainName(kindColumn.label) {
		return true
	}
	empty := true
	for _, r := range t.ahead {
		if text := r.cell(t.typeAt); text != "" {
			empty = false
			if _, ok := codeOf(kindColumn.typ, text); ok {
				return true
			}
		}
	}
	return empty
}

// rows reads the rows below the header.
func (t *table) rows() bool {
	var last *row // a row whose continuation may follow
	flush := func() bool {
		if last == nil {
			return true
		}
		r := *last
		last = nil
		return t.record(r)
	}
	for {
		r, ok := t.take()
		if ok {
			t.sameAsAbove(&r)
		}
		switch {
		case !ok && t.failed != nil:
			flush()
			return t.yield(record{}, t.failed)
		case !ok:
			return flush()
		case last != nil && t.isDitto(r):
			last.add(r, t.slugAt(), "")
		case last != nil && t.continues(r):
			last.add(r, -1, "\n")
		case t.isHeaderAgain(r):
			if !flush() {
				return false
			}
			t.ahead = slices.Insert(t.ahead, 0, r)
			if !t.begin() {
				return false
			}
		default:
			if !flush() {
				return false
			}
			if kind := t.classify(r); r.err == nil && kind != rowOfRecord {
				zh, en := kind.names()
				if !t.note(t.at(r, 0), zh+"："+clip(t.firstText(r)), en+": "+clip(t.firstText(r))) {
					return false
				}
				continue
			}
			last, t.above = &r, slices.Clone(r.cells)
		}
	}
}

// sameAsAbove puts the text above in the place of 同上 and its like. A title that is
// the same makes one record of both rows.
func (t *table) sameAsAbove(r *row) {
	if t.above == nil || r.err != nil {
		return
	}
	slug := t.slugAt()
	if r.cell(slug) != "" {
		return // an export wrote it
	}
	continued := t.titleAt >= 0 && isSame(r.cell(t.titleAt))
	for i := range r.cells {
		if i >= len(t.above) || !isSame(r.cell(i)) {
			continue
		}
		r.cells[i] = t.above[i]
		if continued {
			for len(r.merged) <= i {
				r.merged = append(r.merged, false)
			}
			r.merged[i] = true
		}
	}
}

// isSame reports whether a cell says that it is the same as the one above.
func isSame(text string) bool {
	switch strings.TrimSpace(text) {
	case "〃", "″", "同上", "同前", "（同上）", "(同上)", "”", "\"":
		return true
	}
	return false
}

// isDitto reports whether a row continues the one before since a text was too long
// for its cell.
func (t *table) isDitto(r row) bool {
	at := t.slugAt()
	return at >= 0 && r.err == nil && strings.TrimSpace(r.cell(at)) == ditto
}

// continues reports whether a row belongs to the one before: its title is the
// same cell, merged over both.
func (t *table) continues(r row) bool { return r.err == nil && t.titleAt >= 0 && r.isMerged(t.titleAt) }

// holdsCases reports whether a row would be a case.
func (t *table) holdsCases(r row) bool {
	if t.typed && t.typeAt >= 0 && r.cell(t.typeAt) != "" {
		code, ok := codeOf(kindColumn.typ, r.cell(t.typeAt))
		return ok && catalog.RecordKind(code) == catalog.KindCase
	}
	return t.kind == catalog.KindCase
}

func (t *table) at(r row, column int) Place {
	place := t.place
	place.Line, place.Column = r.number, column
	return place
}

func (t *table) refuse(at Place, err error) bool { return t.yield(record{place: at, err: err}, nil) }

func (t *table) note(at Place, zh, en string) bool {
	return t.yield(record{place: at, err: invalid("", zh, en), note: true}, nil)
}

// tellHidden notes the rows that were left out for being hidden.
func (t *table) tellHidden() bool {
	if len(t.hidden) == 0 {
		return true
	}
	place := t.place
	place.Line = t.hidden[0]
	zh, en := fmt.Sprintf("隐藏的行没有导入：第 %s 行", spans(t.hidden)), "hidden rows were not taken: "+spans(t.hidden)
	return t.note(place, zh, en)
}

// spans writes ascending numbers with those that follow each other joined: 3、5—9.
func spans(list []int) string {
	var parts []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		part := fmt.Sprint(list[i])
		if j > i {
			part += "—" + fmt.Sprint(list[j])
		}
		if parts = append(parts, part); len(parts) == 20 && j+1 < len(list) {
			return strings.Join(parts, "、") + "……"
		}
		i = j + 1
	}
	return strings.Join(parts, "、")
}

// withoutHeader says that a table has no header.
func withoutHeader() error {
	title, committee := catalog.FieldLabel(catalog.KindCase, "title"), catalog.FieldLabel(catalog.KindCase, "committee")
	return invalid("", fmt.Sprintf("没有找到表头：前 %d 行中要有一行写着“%s”“%s”等列名", headerWithin, title, committee),
		fmt.Sprintf("there is no header: one of the first %d rows must name columns, such as %s and %s", headerWithin, title, committee))
}

// columnsFor matches the headers with a kind's columns, once a kind.
func (t *table) columnsFor(kind catalog.RecordKind) []*column {
	c, ok := t.columns[kind]
	if !ok {
		c = matchHeaders(kind, t.headers)
		if t.typeAt >= 0 && t.typed {
			c[t.typeAt] = nil
		}
		t.columns[kind] = c
	}
	return c
}

// slugAt is where the slugs stand, -1 for nowhere.
func (t *table) slugAt() int {
	return slices.IndexFunc(t.columnsFor(t.kind), func(c *column) bool { return c != nil && c.name == "slug" })
}

// record yields a row as a record.
func (t *table) record(r row) bool {
	place := t.at(r, r.column)
	if r.err != nil {
		return t.refuse(place, r.err)
	}
	kind := t.kind
	if t.typed && r.cell(t.typeAt) != "" {
		code, ok := codeOf(kindColumn.typ, r.cell(t.typeAt))
		if !ok {
			return t.refuse(t.at(r, t.typeAt+1), invalid("type", "没有“"+clip(r.cell(t.typeAt))+"”这一类记录", "there is no type "+quote(r.cell(t.typeAt))))
		}
		kind = catalog.RecordKind(code)
	}
	columns := t.columnsFor(kind)
	if !t.untaken(r, columns) {
		return false
	}
	var fields []fieldText
	var notes []record
	for i, c := range columns {
		switch {
		case i >= len(r.cells):
		case c != nil:
			fields = append(fields, fieldText{of: c, text: r.cell(i), place: t.at(r, i+1)})
		case t.isWhole(i, columns):
			within, told := partsWithin(r.cell(i), t.at(r, i+1))
			fields, notes = append(fields, within...), append(notes, told...)
		}
	}
	if t.unit.of != nil && kind == t.kind && !slices.ContainsFunc(columns, func(c *column) bool { return c != nil && c.name == "committee" }) {
		fields = append(fields, t.unit)
	}
	given := []string{}
	for _, c := range columns {
		if c != nil {
			given = append(given, c.name)
		}
	}
	for _, one := range append(recordOf(place, kind, fields), notes...) {
		if one.input != nil && kind != catalog.KindCase {
			one.input.Head().Given = given
		}
		if !t.yield(one, nil) {
			return false
		}
	}
	return true
}

// isWhole reports whether a column holds the whole texts of cases, with their parts
// in them, where no column has a part.
func (t *table) isWhole(i int, columns []*column) bool {
	return t.kind == catalog.KindCase && i < len(t.headers) && isFormText(t.headers[i]) && columns[i] == nil && !hasParts(columns)
}

// untaken tells of each column that has something in it and is not known, once,
// and of each formula without a value.
func (t *table) untaken(r row, columns []*column) bool {
	for _, i := range r.formulas {
		if !t.note(t.at(r, i), "公式没有计算结果，没有导入：请在表格软件里打开并保存一次", "is a formula without a value, and was not taken: open and save the file once") {
			return false
		}
	}
	for i := range r.cells {
		if i == t.typeAt && t.typed || i < len(columns) && (columns[i] != nil || t.isWhole(i, columns)) || t.noted[i] || r.cell(i) == "" {
			continue
		}
		t.noted[i] = true
		zh, en := "这一列没有列名，没有导入", "this column has no name and was not taken"
		switch {
		case i == t.typeAt:
			zh = "列“" + clip(t.headers[i]) + "”写的不是记录类型，没有导入：" + clip(r.cell(i))
			en = "the column " + quote(t.headers[i]) + " does not say what the rows are, and was not taken: " + clip(r.cell(i))
		case i < len(t.headers) && t.headers[i] != "":
			zh, en = "列“"+clip(t.headers[i])+"”不认识或重复，没有导入", "the column "+quote(t.headers[i])+" is not known, or stands twice, and was not taken"
		}
		if !t.note(t.at(r, i+1), zh, en) {
			return false
		}
	}
	return true
}

// cellsOf returns a record's cells in the order of its kind's columns.
func cellsOf(in catalog.Input) []string {
	v := reflect.ValueOf(in).Elem()
	columns := columnsOf(in.Kind())
	cells := make([]string, len(columns))
	byStep, inOrder := stepTexts(in)
	parts := partCells(in)
	for i, c := range columns {
		apart, ok := parts[c.name]
		switch {
		case ok:
			cells[i] = apart
		case c.step != "":
			if inOrder {
				cells[i] = byStep[c.step]
			}
		case c.name == "steps" && inOrder:
		default:
			cells[i] = formatCell(v.FieldByIndex(c.index))
		}
	}
	return cells
}

// stepTexts returns a case's steps by their codes. Steps that are not in the
// procedure's order do not fit into eight columns, and are written as a list.
func stepTexts(in catalog.Input) (byStep map[catalog.StepCode]string, inOrder bool) {
	c, ok := in.(*catalog.CaseInput)
	if !ok {
		return nil, true
	}
	byStep = map[catalog.StepCode]string{}
	at := -1
	for _, s := range c.Steps {
		next := slices.IndexFunc(catalog.Procedure, func(p catalog.ProcedureStep) bool { return p.Code == s.Code })
		if next <= at {
			return nil, false
		}
		byStep[s.Code], at = s.Text, next
	}
	return byStep, true
}
