package exchange

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
	"github.com/jisiguangyi/jisi/exchange/docx"
)

// readDOCX reads a document as committees write them: one case, with a title, a
// table or lines that say 单位, 时间, 品牌 and so on, and a part for each of
// 背景, 做法, 成效 and 启示, whose headings are known by their style or by their
// text. What it does not understand is told paragraph by paragraph.
func readDOCX(f File) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		place := Place{File: f.Name}
		spooled, size, remove, err := archive.Spool(f.Reader, archive.MaxDocument)
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		defer remove()
		z, refused := archive.Open(spooled, size, archive.MaxDocumentUnpacked)
		if refused != nil {
			if head := make([]byte, 4); readsAt(spooled, head) && string(head) == "\xD0\xCF\x11\xE0" {
				refused = invalid("", "是旧格式（.doc）或加了密码的文档，请另存为不加密的 .docx", "is an old .doc or protected by a password; save it as .docx without one")
			}
			yield(record{place: place, err: refused}, nil)
			return
		}
		read, err := docx.Read(z)
		if err != nil {
			if errors.Is(err, docx.ErrNoBody) {
				err = invalid("", "不是 Word 文档：里面没有正文", "is not a document: it has no body")
			}
			refuseFile(place, err, yield)
			return
		}
		c := newCaseReader(place)
		c.read(documentOf(read))
		for _, r := range c.records() {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// paragraph is a piece of a document's body: a paragraph, or a table, whose rows
// then hold the texts of its cells.
type paragraph struct {
	number int
	text   string
	style  string
	level  int
	rows   [][]string
}

// document is what is read of a .docx.
type document struct {
	body []paragraph
	// left counts what a body holds that is no text, by what it is called.
	left map[string]int
}

func documentOf(d *docx.Document) *document {
	doc := &document{left: map[string]int{}}
	for _, b := range d.Body {
		p := paragraph{number: b.Number, text: b.Label + b.Text, style: b.Style, level: b.Level}
		for _, row := range b.Rows {
			cells := make([]string, len(row))
			for i, cell := range row {
				cells[i] = cell.Text()
			}
			p.rows = append(p.rows, cells)
		}
		doc.body = append(doc.body, p)
	}
	for _, l := range d.Left {
		zh, _ := l.What.Names()
		doc.left[zh]++
	}
	return doc
}

// caseReader puts the paragraphs of a document in the fields of a case.
type caseReader struct {
	place   Place
	columns []column
	title   []string
	values  map[string]string // by column
	at      map[string]int    // the paragraph where a column's value began
	notes   []record
	refused catalog.Problems

	section *column // whose text is being read; nil before the first
	rank    rank    // of its heading
	unknown bool    // within a part whose heading is not known
}

func newCaseReader(place Place) *caseReader {
	return &caseReader{
		place: place, columns: append(slices.Clone(columnsOf(catalog.KindCase)), period),
		values: map[string]string{}, at: map[string]int{},
	}
}

// columnCalled finds the column of a name.
func (c *caseReader) columnCalled(name string) *column {
	name = folded(name)
	if name == "" {
		return nil
	}
	for _, is := range []func(*column, string) bool{(*column).isCalled, (*column).isAlsoCalled} {
		for i := range c.columns {
			if is(&c.columns[i], name) {
				return &c.columns[i]
			}
		}
	}
	return nil
}

func (c *caseReader) read(doc *document) {
	titleAt := titleOf(doc, c)
	for i, p := range doc.body {
		switch {
		case p.rows != nil:
			c.table(p)
		case p.text == "":
		case i == titleAt, i > 0 && i-1 == titleAt && isSubtitle(p):
			c.title = append(c.title, strings.Join(strings.Fields(p.text), " "))
		case c.heading(p):
		case c.section != nil && !c.unknown:
			c.append(c.section, p.text, p.number)
		case c.section == nil && !c.unknown && c.line(p):
		case c.unknown:
			c.note(p.number, "在不认识的部分里，没有导入："+clip(p.text), "stands in a part that is not known, and was not taken: "+clip(p.text))
		default:
			c.note(p.number, "不在任何部分里，没有导入："+clip(p.text), "belongs to no part, and was not taken: "+clip(p.text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.left)) {
		c.note(0, fmt.Sprintf("%s没有导入（%d 处）", name, doc.left[name]), fmt.Sprintf("%s: not taken, %d of them", name, doc.left[name]))
	}
}

func (c *caseReader) begin(part *column, own rank, number int) {
	c.section, c.rank, c.unknown = part, own, false
	if _, twice := c.at[part.name]; twice {
		c.refuse(part.name, fmt.Sprintf("第 %d 段：“%s”出现第二次；一个文件只写一个案例", number, part.label),
			fmt.Sprintf("paragraph %d: %s comes a second time; a file holds one case", number, part.label))
		return
	}
	c.at[part.name] = number
}

func (c *caseReader) refuse(path, zh, en string) {
	if len(c.refused) < maxProblems {
		c.refused = append(c.refused, invalid(path, zh, en))
	}
}

func (c *caseReader) append(part *column, text string, number int) {
	if c.at[part.name] == 0 {
		c.at[part.name] = number
	}
	if before := c.values[part.name]; before != "" {
		text = before + "\n" + text
	}
	c.values[part.name] = text
}

// set takes a value that a table or a line gives.
func (c *caseReader) set(of *column, value string, number int) {
	if c.values[of.name] != "" && c.values[of.name] != value {
		c.refuse(of.name, fmt.Sprintf("第 %d 段：“%s”出现第二次，内容不同", number, of.label), fmt.Sprintf("paragraph %d: %s comes a second time and differs", number, of.label))
		return
	}
	c.values[of.name], c.at[of.name] = value, number
}

func (c *caseReader) note(number int, zh, en string) {
	place := c.place
	place.Line = number
	c.notes = append(c.notes, record{place: place, err: invalid("", zh, en), note: true})
}

// line reads a line between title and first part: 单位：…, a date, a committee's
// name. It reports whether it has understood it.
func (c *caseReader) line(p paragraph) bool {
	if p.text == syntheticMark {
		return true
	}
	if name, value, ok := label(p.text); ok {
		if of := c.columnCalled(name); of != nil {
			if value != "" {
				c.set(of, value, p.number)
			}
			return true
		}
	}
	bare := strings.Trim(p.text, "（）() \u3000")
	if _, _, ok := parsePeriod(bare); ok && c.values[period.name] == "" {
		c.set(c.columnCalled(period.label), bare, p.number)
		return true
	}
	if committeeName.MatchString(bare) && c.values["committee"] == "" {
		c.set(c.columnCalled("committee"), bare, p.number)
		return true
	}
	return false
}

var committeeName = regexp.MustCompile(`^(?:(?:中国人民政治协商会议|政协)[\p{Han}]{2,15}委员会|[\p{Han}]{2,15}政协)$`)

// table reads pairs of label and value, side by side, or a row of labels above a
// row of values.
func (c *caseReader) table(p paragraph) {
	if c.above(p) {
		return
	}
	for i, cells := range p.rows {
		for j := 0; j < len(cells); j++ {
			of := c.columnCalled(strings.TrimRight(cells[j], "：:"))
			switch {
			case cells[j] == "":
			case of != nil && j+1 < len(cells):
				if j++; cells[j] != "" {
					c.set(of, cells[j], p.number)
				}
			default:
				c.note(p.number, fmt.Sprintf("表格第 %d 行第 %d 格不认识，没有导入：%s", i+1, j+1, clip(cells[j])),
					fmt.Sprintf("row %d, cell %d of the table is not known, and was not taken: %s", i+1, j+1, clip(cells[j])))
			}
		}
	}
}

// above reads a table of two rows whose first one is labels only.
func (c *caseReader) above(p paragraph) bool {
	if len(p.rows) != 2 || len(p.rows[0]) < 2 || len(p.rows[0]) != len(p.rows[1]) {
		return false
	}
	var columns []*column
	for _, name := range p.rows[0] {
		of := c.columnCalled(name)
		if of == nil {
			return false
		}
		columns = append(columns, of)
	}
	for _, value := range p.rows[1] {
		if c.columnCalled(value) != nil {
			return false
		}
	}
	for i, of := range columns {
		if value := p.rows[1][i]; value != "" {
			c.set(of, value, p.number)
		}
	}
	return true
}

// records are the case, or why it is none, and the notes.
func (c *caseReader) records() []record {
	in := &catalog.CaseInput{}
	if c.values["title"] == "" {
		c.values["title"] = strings.Join(c.title, "")
	}
	c.outcomesInProse()
	c.checkParts()
	reader := cellReader{problems: c.refused}
	r := record{place: c.place}
	v := reflect.ValueOf(in).Elem()
	for i := range c.columns {
		of := &c.columns[i]
		if text := strings.TrimSpace(c.values[of.name]); text != "" {
			r.size += len(text)
			reader.column(of, norm.NFC.String(text), v)
		}
	}
	giveSlug(in)
	if len(reader.problems) > 0 {
		r.err = &DecodeError{Kind: catalog.KindCase, Slug: in.Slug, Problems: reader.problems}
	} else {
		r.input = in
	}
	return append([]record{r}, c.notes...)
}

// outcomesInProse takes a part 协商成果 that is no list in the notation of cells
// for what it is: text about the results.
func (c *caseReader) outcomesInProse() {
	text := c.values["outcomes"]
	if text == "" || strings.ContainsAny(text, partSeparators) {
		return
	}
	delete(c.values, "outcomes")
	if before := c.values["results"]; before != "" {
		text = before + "\n" + text
	}
	c.values["results"] = text
}

// checkParts refuses a document that is no case.
func (c *caseReader) checkParts() {
	if c.values["title"] == "" {
		c.refuse("title", "没有找到标题", "there is no title")
	}
	for _, name := range []string{"summary", "background", "approach", "results", "lessons"} {
		if c.values[name] != "" {
			return
		}
	}
	var parts []string
	for _, name := range []string{"background", "approach", "results", "lessons"} {
		parts = append(parts, catalog.FieldLabel(catalog.KindCase, name))
	}
	c.refuse("", "没有找到“"+strings.Join(parts, "”“")+"”中的任何一部分", "has none of the parts "+strings.Join(parts, ", "))
}

// syntheticMark stands below the title of a case that a generator made.
const syntheticMark = "（合成数据，并非真实案例）"

func readsAt(f interface {
	ReadAt(p []byte, off int64) (int, error)
}, p []byte,
) bool {
	_, err := f.ReadAt(p, 0)
	return err == nil
}
