package reading

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
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
	// mostNoted is how many rows that are no records are told one by one.
	mostNoted = 1000
)

// table reads the records of one table: a CSV file, a sheet of a workbook.
type table struct {
	place   Place
	kind    catalog.RecordKind // of rows that don't say
	headers []string
	typeAt  int  // of column.Kind in headers, -1 without
	typed   bool // the column of kinds holds kinds
	titleAt int  // -1 without
	columns map[catalog.RecordKind][]*column.Column
	joins   map[int]joined
	groups  []string     // the names that stand above the header, over several columns
	noted   map[int]bool // columns of which it has been told that they are not taken
	yield   func(Record, error) bool

	ahead  []row // that were read and are not understood yet
	next   func() (row, error, bool)
	failed error    // of reading the file
	hidden []int    // rows that were left out for being hidden
	passed int      // rows that were noted for being no records
	beyond int      // the first row with something behind the columns that are read, 0 for none
	above  []string // the cells of the record before
	unit   FieldText
}

// readTable yields the records of a table's rows, and notes of what was not
// taken. kind is that of rows that don't say what they are. It reports whether
// yield wants more, and whether there was a table or a form; where there was none,
// nothing was yielded.
func readTable(place Place, kind catalog.RecordKind, rows iter.Seq2[row, error], yield func(Record, error) bool) (more, understood bool) {
	next, stop := iter.Pull2(rows)
	defer stop()
	t := &table{place: place, kind: kind, typeAt: -1, titleAt: -1, columns: map[catalog.RecordKind][]*column.Column{}, noted: map[int]bool{}, yield: yield, next: next}
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
func (t *table) readTransposed(cases iter.Seq[[]FieldText]) bool {
	for fields := range cases {
		at := t.place
		at.Line, at.Column = fields[0].place.Line, fields[0].place.Column
		for _, one := range FromTexts(at, t.kind, fields) {
			if !t.yield(one, nil) {
				return false
			}
		}
	}
	return t.tellHidden()
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
		case !t.within(&r).blank() || len(r.formulas) > 0:
			t.ahead = append(t.ahead, r)
		}
	}
	return len(t.ahead) >= n
}

// within takes off what stands behind the columns that are read. A sheet has room for
// 16,384; nobody's table of cases has as many as are read.
func (t *table) within(r *row) *row {
	if len(r.cells) > mostColumns {
		if t.beyond == 0 && slices.ContainsFunc(r.cells[mostColumns:], func(c string) bool { return strings.TrimSpace(c) != "" }) {
			t.beyond = r.number
		}
		r.cells = r.cells[:mostColumns]
		r.merged = r.merged[:min(len(r.merged), mostColumns)]
	}
	if t.beyond == 0 && len(r.formulas) > 0 && slices.Max(r.formulas) > mostColumns {
		t.beyond = r.number
	}
	r.formulas = slices.DeleteFunc(r.formulas, func(c int) bool { return c > mostColumns })
	return r
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

func (t *table) firstText(r row) string {
	for i := range r.cells {
		if text := r.cell(i); text != "" {
			return column.OneLine(text)
		}
	}
	return ""
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
			return t.yield(Record{}, t.failed)
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
				if t.unitOfNext(r) {
					continue
				}
				if t.passed++; t.passed > mostNoted {
					continue
				}
				zh, en := kind.names()
				if !t.note(t.at(r, 0), zh+"："+catalog.Clipped(t.firstText(r)), en+": "+catalog.Clipped(t.firstText(r))) {
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
	return at >= 0 && r.err == nil && strings.TrimSpace(r.cell(at)) == column.Ditto
}

// continues reports whether a row belongs to the one before: its title is the
// same cell, merged over both.
func (t *table) continues(r row) bool { return r.err == nil && t.titleAt >= 0 && r.isMerged(t.titleAt) }

// holdsCases reports whether a row would be a case.
func (t *table) holdsCases(r row) bool {
	if t.typed && t.typeAt >= 0 && r.cell(t.typeAt) != "" {
		code, ok := cell.CodeOf(column.Kind.Type, r.cell(t.typeAt))
		return ok && catalog.RecordKind(code) == catalog.KindCase
	}
	return t.kind == catalog.KindCase
}

func (t *table) at(r row, column int) Place {
	place := t.place
	place.Line, place.Column = r.number, column
	return place
}

func (t *table) refuse(at Place, err error) bool { return t.yield(Record{Place: at, Err: err}, nil) }

func (t *table) note(at Place, zh, en string) bool {
	return t.yield(Record{Place: at, Err: catalog.Invalid("", zh, en), Note: true}, nil)
}

// tellHidden notes the rows that were left out for being hidden, and the columns for
// being too many.
func (t *table) tellHidden() bool {
	if more := t.passed - mostNoted; more > 0 && !t.note(t.place, fmt.Sprintf("另有 %d 行也不是案例，没有导入", more), fmt.Sprintf("%d further rows are no records either, and were not taken", more)) {
		return false
	}
	if t.beyond > 0 {
		at := t.place
		at.Line, at.Column = t.beyond, mostColumns+1
		if !t.note(at, fmt.Sprintf("只读前 %d 列，其后的列没有导入", mostColumns), fmt.Sprintf("only the first %d columns were read, and those behind them were not taken", mostColumns)) {
			return false
		}
	}
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

// columnsFor matches the headers with a kind's columns, once a kind.
func (t *table) columnsFor(kind catalog.RecordKind) []*column.Column {
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
	return slices.IndexFunc(t.columnsFor(t.kind), func(c *column.Column) bool { return c != nil && c.Name == "slug" })
}

// record yields a row as a record.
func (t *table) record(r row) bool {
	place := t.at(r, r.column)
	if r.err != nil {
		return t.refuse(place, r.err)
	}
	kind := t.kind
	if t.typed && r.cell(t.typeAt) != "" {
		code, ok := cell.CodeOf(column.Kind.Type, r.cell(t.typeAt))
		if !ok {
			return t.refuse(t.at(r, t.typeAt+1), catalog.Invalid("type", "没有“"+catalog.Clipped(r.cell(t.typeAt))+"”这一类记录", "there is no type "+catalog.Quoted(r.cell(t.typeAt))))
		}
		kind = catalog.RecordKind(code)
	}
	columns := t.columnsFor(kind)
	if !t.untaken(r, columns) {
		return false
	}
	var fields []FieldText
	var notes []Record
	for i, c := range columns {
		switch {
		case i >= len(r.cells):
		case c != nil:
			fields = append(fields, FieldText{Of: c, Text: r.cell(i), place: t.at(r, i+1)})
		case kind == t.kind && t.joins[i].of != nil:
		case t.isWhole(i, columns):
			within, told := partsWithin(r.cell(i), t.at(r, i+1))
			fields, notes = append(fields, within...), append(notes, told...)
		}
	}
	if kind == t.kind {
		fields = t.join(r, fields)
		fields = append(fields, t.unplaced(r, columns)...)
	}
	if t.unit.Of != nil && kind == t.kind && !slices.ContainsFunc(columns, func(c *column.Column) bool { return c != nil && c.Name == "committee" }) {
		fields = append(fields, t.unit)
	}
	given := []string{}
	for _, c := range columns {
		if c != nil {
			given = append(given, c.Name)
		}
	}
	for _, one := range append(FromTexts(place, kind, fields), notes...) {
		if one.Input != nil && kind != catalog.KindCase {
			one.Input.Head().Given = given
		}
		if !t.yield(one, nil) {
			return false
		}
	}
	return true
}

// isWhole reports whether a column holds the whole texts of cases, with their parts
// in them, where no column has a part.
func (t *table) isWhole(i int, columns []*column.Column) bool {
	return t.kind == catalog.KindCase && i < len(t.headers) && isFormText(t.headers[i]) && columns[i] == nil && !hasParts(columns)
}

// counts are the headers of columns that only count the rows.
var counts = map[string]bool{"序号": true, "序": true, "顺序号": true, "顺序": true, "行号": true, "no": true, "#": true, "№": true}

// untaken tells of each column that has something in it and is not known, once,
// and of each formula without a value.
func (t *table) untaken(r row, columns []*column.Column) bool {
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
		if i < len(t.headers) && counts[column.PlainName(t.headers[i])] {
			continue
		}
		if of := t.joins[i].of; of != nil {
			if !t.note(t.at(r, i+1), "列“"+catalog.Clipped(t.headers[i])+"”并入“"+of.Label+"”", "the column "+catalog.Quoted(t.headers[i])+" was taken as text of the "+of.Name) {
				return false
			}
			continue
		}
		if t.keeps(r, i, columns) {
			if !t.note(t.at(r, i+1), "列“"+catalog.Clipped(t.headers[i])+"”不知归入哪一部分，原文已保留，案例存为草稿", "the column "+catalog.Quoted(t.headers[i])+" is no part that is known; its text was kept, and the case is a draft") {
				return false
			}
			continue
		}
		zh, en := "这一列没有列名，没有导入", "this column has no name and was not taken"
		switch {
		case i == t.typeAt:
			zh = "列“" + catalog.Clipped(t.headers[i]) + "”写的不是记录类型，没有导入：" + catalog.Clipped(r.cell(i))
			en = "the column " + catalog.Quoted(t.headers[i]) + " does not say what the rows are, and was not taken: " + catalog.Clipped(r.cell(i))
		case i < len(t.headers) && t.headers[i] != "":
			zh, en = "列“"+catalog.Clipped(t.headers[i])+"”不认识或重复，没有导入", "the column "+catalog.Quoted(t.headers[i])+" is not known, or stands twice, and was not taken"
		}
		if !t.note(t.at(r, i+1), zh, en) {
			return false
		}
	}
	return true
}
