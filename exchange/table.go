package exchange

import (
	"fmt"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/csv"
)

const (
	// headerWithin is how many rows that are not empty may stand before the
	// header: titles, notes on how to fill in.
	headerWithin = 10
	// ditto in the place of a slug says that the row continues the one above:
	// its cells are added to that row's. XLSX has room for 32,767 characters in
	// a cell, and a text of a record for more.
	ditto = "〃"
)

// row is one row of a table as it stands in its file.
type row struct {
	number int      // from 1, empty rows counted
	cells  []string // unguard has not been at them yet
	err    error    // the row can't be read
	column int      // of the cell where err is, 0 for the row as a whole
}

func (r *row) blank() bool {
	return r.err == nil && !slices.ContainsFunc(r.cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// table reads the records of one table: a CSV file, a sheet of a workbook.
type table struct {
	place   Place
	kind    catalog.RecordKind // of rows that don't say
	headers []string
	typeAt  int // of kindColumn in headers, -1 without
	columns map[catalog.RecordKind][]*column
	noted   map[int]bool // columns of which it has been told that they are not taken
	yield   func(record, error) bool
}

// readTable gives the records of a table's rows, and notes of what was not
// taken. kind is that of rows that don't say what they are. It reports whether
// yield wants more.
func readTable(place Place, kind catalog.RecordKind, rows iter.Seq2[row, error], yield func(record, error) bool) bool {
	t := &table{place: place, kind: kind, typeAt: -1, columns: map[catalog.RecordKind][]*column{}, noted: map[int]bool{}, yield: yield}
	var before []row // the header
	var last *row    // a row whose continuation may follow
	for r, err := range rows {
		switch {
		case err != nil:
			return yield(record{}, fmt.Errorf("read %s behind row %d: %w", place.File, r.number, err))
		case r.blank():
		case last != nil && t.continues(r):
			last.add(r, t.slugAt())
		case t.headers != nil:
			if last != nil && !t.record(*last) {
				return false
			}
			last = &r
		case t.isHeader(r):
			if !t.passedOver(before) {
				return false
			}
		case len(before) == headerWithin:
			return t.withoutHeader()
		default:
			before = append(before, r)
		}
	}
	if t.headers == nil {
		return len(before) == 0 || t.withoutHeader()
	}
	return last == nil || t.record(*last)
}

// isHeader takes a row as the header where it names two columns of the kind, or
// the title, or says no more than one thing and that is a column.
func (t *table) isHeader(r row) bool {
	if r.err != nil {
		return false
	}
	cells := make([]string, len(r.cells))
	filled, typeAt := 0, -1
	for i, c := range r.cells {
		cells[i] = csv.Unguard(c)
		if cells[i] != "" {
			filled++
		}
		if h := folded(cells[i]); typeAt < 0 && (kindColumn.isCalled(h) || kindColumn.isAlsoCalled(h)) {
			typeAt = i
		}
	}
	found, named := 0, false
	for _, c := range matchColumns(t.kind, cells) {
		if c != nil {
			found++
			named = named || c.name == "title" || c.name == "name"
		}
	}
	if found < 2 && (found < 1 || filled > 1 && !named) {
		return false
	}
	t.headers, t.typeAt = cells, typeAt
	return true
}

func (t *table) withoutHeader() bool {
	title, committee := catalog.FieldLabel(catalog.KindCase, "title"), catalog.FieldLabel(catalog.KindCase, "committee")
	zh := fmt.Sprintf("没有找到表头：前 10 行中要有一行写着“%s”“%s”等列名", title, committee)
	en := fmt.Sprintf("there is no header: one of the first 10 rows must name columns, such as %s and %s", title, committee)
	return t.refuse(t.place, invalid("", zh, en))
}

func (t *table) passedOver(rows []row) bool {
	for _, r := range rows {
		if !t.note(Place{File: t.place.File, Sheet: t.place.Sheet, Line: r.number}, "在表头之前，没有导入", "stands before the header and was not taken") {
			return false
		}
	}
	return true
}

func (t *table) refuse(at Place, err error) bool { return t.yield(record{place: at, err: err}, nil) }

func (t *table) note(at Place, zh, en string) bool {
	return t.yield(record{place: at, err: invalid("", zh, en), note: true}, nil)
}

// columnsFor matches the headers with a kind's columns, once a kind.
func (t *table) columnsFor(kind catalog.RecordKind) []*column {
	c, ok := t.columns[kind]
	if !ok {
		c = matchColumns(kind, t.headers)
		t.columns[kind] = c
	}
	return c
}

// slugAt is where the slugs stand, -1 for nowhere.
func (t *table) slugAt() int {
	return slices.IndexFunc(t.columnsFor(t.kind), func(c *column) bool { return c != nil && c.name == "slug" })
}

// continues reports whether a row continues the one before.
func (t *table) continues(r row) bool {
	at := t.slugAt()
	return at >= 0 && at < len(r.cells) && r.err == nil && strings.TrimSpace(r.cells[at]) == ditto
}

// add puts the cells of a continuation behind the row's own, but for the slug.
func (r *row) add(more row, slugAt int) {
	for i, c := range more.cells {
		if i == slugAt || c == "" {
			continue
		}
		for len(r.cells) <= i {
			r.cells = append(r.cells, "")
		}
		r.cells[i] = csv.Guard(csv.Unguard(r.cells[i]) + csv.Unguard(c))
	}
}

// record gives a row as a record.
func (t *table) record(r row) bool {
	place := t.place
	place.Line, place.Column = r.number, r.column
	if r.err != nil {
		return t.refuse(place, r.err)
	}
	kind := t.kind
	if t.typeAt >= 0 && t.typeAt < len(r.cells) && strings.TrimSpace(r.cells[t.typeAt]) != "" {
		code, ok := codeOf(kindColumn.typ, r.cells[t.typeAt])
		if !ok {
			place.Column = t.typeAt + 1
			return t.refuse(place, invalid("type", "没有“"+clip(r.cells[t.typeAt])+"”这一类记录", "there is no type "+quote(r.cells[t.typeAt])))
		}
		kind = catalog.RecordKind(code)
	}
	columns := t.columnsFor(kind)
	if !t.untaken(r, columns) {
		return false
	}
	return t.yield(recordOf(place, kind, columns, r.cells), nil)
}

// untaken tells of each column that has something in it and is not known, once.
func (t *table) untaken(r row, columns []*column) bool {
	for i, cell := range r.cells {
		if i == t.typeAt || i < len(columns) && columns[i] != nil || t.noted[i] || strings.TrimSpace(cell) == "" {
			continue
		}
		t.noted[i] = true
		place := Place{File: t.place.File, Sheet: t.place.Sheet, Line: r.number, Column: i + 1}
		zh, en := "这一列没有列名，没有导入", "this column has no name and was not taken"
		if i < len(t.headers) && t.headers[i] != "" {
			zh, en = "列“"+clip(t.headers[i])+"”不认识或重复，没有导入", "the column "+quote(t.headers[i])+" is not known, or stands twice, and was not taken"
		}
		if !t.note(place, zh, en) {
			return false
		}
	}
	return true
}

// recordOf reads the cells of one record; columns are nil for those that are not
// known.
func recordOf(place Place, kind catalog.RecordKind, columns []*column, cells []string) record {
	r := record{place: place, columns: map[string]int{}}
	in := catalog.NewInput(kind)
	v := reflect.ValueOf(in).Elem()
	var (
		reader   cellReader
		last     *column
		lastText string
	)
	for i, c := range columns {
		if c == nil || i >= len(cells) {
			continue
		}
		text := csv.Unguard(cells[i])
		r.size += len(text)
		field, _, _ := strings.Cut(c.name, ".")
		if c.period {
			field = "startedOn"
		}
		if _, ok := r.columns[field]; !ok {
			r.columns[field] = i + 1
		}
		switch {
		case text == "":
		case formulaError.MatchString(text):
			reader.report(c.name, "公式出错："+text, "is the error of a formula: "+text)
		case c.period:
			last, lastText = c, text // it must not be written over
		default:
			reader.column(c, norm.NFC.String(text), v)
		}
	}
	if last != nil {
		reader.column(last, lastText, v)
	}
	giveSlug(in)
	if len(reader.problems) > 0 {
		r.err = &DecodeError{Kind: kind, Slug: in.Head().Slug, Problems: reader.problems}
		return r
	}
	r.input = in
	return r
}

// formulaError is what a spreadsheet shows for a formula that has no value.
var formulaError = regexp.MustCompile(`^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)$`)

// column reads a cell into the field of its column.
func (c *cellReader) column(of *column, text string, v reflect.Value) {
	switch {
	case of.period:
		in := v.Addr().Interface().(*catalog.CaseInput)
		start, end, ok := parsePeriod(text)
		if d, err := parseCellDate(text); !ok && err == nil {
			start, ok = d, true
		}
		if !ok {
			c.report("startedOn", "“"+clip(text)+"”不是时间：请写 2021、2021-07、2021年7月15日，或 2021年3月至5月", quote(text)+" is no date or period")
			return
		}
		if in.StartedOn != "" && in.StartedOn != start || in.EndedOn != "" && end != "" && in.EndedOn != end {
			c.report("startedOn", "“"+clip(text)+"”与"+catalog.FieldLabel(catalog.KindCase, "startedOn")+"、"+catalog.FieldLabel(catalog.KindCase, "endedOn")+"不一致", quote(text)+" is not what startedOn and endedOn say")
			return
		}
		in.StartedOn = start
		if end != "" {
			in.EndedOn = end
		}
	case of.step != "":
		in := v.Addr().Interface().(*catalog.CaseInput)
		in.Steps = append(in.Steps, catalog.StepInput{Code: of.step, Text: text})
	default:
		c.parse(of.name, text, v.FieldByIndex(of.index))
	}
}

// cellsOf gives a record's cells in the order of its kind's columns.
func cellsOf(in catalog.Input) []string {
	v := reflect.ValueOf(in).Elem()
	columns := columnsOf(in.Kind())
	cells := make([]string, len(columns))
	byStep, inOrder := stepTexts(in)
	for i, c := range columns {
		switch {
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

// stepTexts gives a case's steps by their codes. Steps that are not in the
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
