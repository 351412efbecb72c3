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
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
)

// readDOCX reads a document as committees write them: one case, with a title, a
// table or lines that say 单位, 时间, 品牌 and so on, and a part for each of
// 背景, 做法, 成效 and 启示, whose headings are known by their style or by their
// text. What it does not understand is told paragraph by paragraph.
func readDOCX(f File) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		place := Place{File: f.Name}
		spooled, size, remove, err := spool(f.Reader, MaxDocument)
		if err != nil {
			refuseFile(place, err, yield)
			return
		}
		defer remove()
		z, refused := openZIP(spooled, size, MaxDocumentUnpacked)
		if refused != nil {
			if head := make([]byte, 4); readsAt(spooled, head) && string(head) == "\xD0\xCF\x11\xE0" {
				refused = invalid("", "是旧格式（.doc）或加了密码的文档，请另存为不加密的 .docx", "is an old .doc or protected by a password; save it as .docx without one")
			}
			yield(record{place: place, err: refused}, nil)
			return
		}
		doc, err := readDocument(z)
		if err != nil {
			if errors.Is(err, errNoPart) {
				err = invalid("", "不是 Word 文档：里面没有正文", "is not a document: it has no body")
			}
			refuseFile(place, err, yield)
			return
		}
		c := newCaseReader(place)
		c.read(doc)
		for _, r := range c.records() {
			if !yield(r, nil) {
				return
			}
		}
	}
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

// rank says how high a heading stands: by its style's level, or by how it is
// numbered; 0 where it has no style or number.
type rank struct{ style, number int }

// covers reports whether a part with a heading of rank r ends where a heading of
// rank s stands whose name is not known. Where headings have styles, a line
// without one is text, however it is numbered.
func (r rank) covers(s rank) bool {
	if r.style > 0 {
		return s.style > 0 && s.style <= r.style
	}
	return r.number > 0 && s.number > 0 && s.number <= r.number
}

// meets is what covers is for a heading whose name is known: it may be numbered
// in the same way and lack the style.
func (r rank) meets(s rank) bool {
	return r.covers(s) || r.number > 0 && s.number > 0 && s.number <= r.number || r.style == 0 && s.style > 0
}

// numberings are the ways in which parts are numbered, highest first.
var numberings = []*regexp.Regexp{
	regexp.MustCompile(`^(?:第[一二三四五六七八九十]+[部章节]分?|[一二三四五六七八九十]+[、.．])[\s：:]*`),
	regexp.MustCompile(`^[（(][一二三四五六七八九十]+[)）][、.．]?\s*`),
	regexp.MustCompile(`^\d+[、.．)）]\s*`),
	regexp.MustCompile(`^[（(]\d+[)）]\s*|^[①②③④⑤⑥⑦⑧⑨⑩]\s*`),
}

// unnumbered takes the number off a heading, and tells which way it is numbered,
// from 1, or 0.
func unnumbered(text string) (rest string, numbering int) {
	for i, n := range numberings {
		if at := n.FindStringIndex(text); at != nil {
			return text[at[1]:], i + 1
		}
	}
	return text, 0
}

const (
	maxHeading = 40 // characters
	maxLabel   = 16
)

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

// titleOf finds the paragraph that is the title: the one in the style of titles,
// else the first heading that names no part, else the first line that says
// nothing else; -1 where there is none.
func titleOf(doc *document, c *caseReader) int {
	for i, p := range doc.body {
		if p.text != "" && (strings.HasPrefix(p.style, "title") || strings.HasPrefix(p.style, "标题 ") && p.level == 0) {
			return i
		}
	}
	for i, p := range doc.body {
		rest, numbering := unnumbered(p.text)
		if p.text != "" && p.level == 1 && numbering == 0 && c.columnCalled(rest) == nil {
			return i
		}
		if p.rows != nil || p.text != "" && c.partOf(p) != nil {
			break
		}
	}
	for i, p := range doc.body {
		switch {
		case p.rows != nil:
			return -1
		case p.text == "" || isAttachment(p.text):
		case c.partOf(p) != nil, c.gistOf(p) != nil:
			return -1
		default:
			if name, _, ok := label(p.text); ok && c.columnCalled(name) != nil {
				return -1
			}
			return i
		}
	}
	return -1
}

var attachment = regexp.MustCompile(`^(?:附件|附)\s*\d*[：:]?$`)

func isAttachment(text string) bool { return attachment.MatchString(text) }

func isSubtitle(p paragraph) bool {
	return strings.HasPrefix(p.text, "——") || strings.HasPrefix(p.text, "--") || strings.HasPrefix(p.style, "title") || strings.HasPrefix(p.style, "subtitle")
}

// partOf gives the column that a paragraph is the heading of, nil where it is
// none: its text without its number is a column's name.
func (c *caseReader) partOf(p paragraph) *column {
	if utf8.RuneCountInString(p.text) > maxHeading {
		return nil
	}
	rest, _ := unnumbered(p.text)
	return c.columnCalled(strings.Trim(rest, "【】〔〕[]：: \t\u3000"))
}

// gists are the words by which a heading is known that says more than a part's
// name: 协商背景及缘起, 工作成效和社会反响.
var gists = map[string][]string{
	"background": {"背景", "缘起", "起因"}, "approach": {"做法", "举措", "过程"}, "results": {"成效", "效果", "成果"}, "lessons": {"启示", "体会", "思考"},
}

const maxGist = 14 // characters

// gistOf gives the part that a heading is about whose text has the words of one
// part and of no other. Only a heading that is one by its style or by 一、 is
// looked at in this way, and within a part only one of the same rank.
func (c *caseReader) gistOf(p paragraph) *column {
	rest, numbering := unnumbered(p.text)
	own := rank{p.level, numbering}
	if utf8.RuneCountInString(rest) > maxGist || own.style == 0 && own.number != 1 || c.section != nil && !c.rank.covers(own) {
		return nil
	}
	var found *column
	for name, words := range gists {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(rest, w) }) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c.columnCalled(name)
	}
	return found
}

// heading begins a part where the paragraph is a heading, and reports whether it
// was one.
func (c *caseReader) heading(p paragraph) bool {
	_, numbering := unnumbered(p.text)
	own := rank{p.level, numbering}
	if part := c.partOf(p); part != nil && c.begins(part, own) {
		c.begin(part, own, p.number)
		return true
	}
	if part := c.gistOf(p); part != nil {
		c.begin(part, own, p.number)
		return true
	}
	if part, text := c.partWithin(p); part != nil && (c.section == nil || c.rank == (rank{}) || c.rank.meets(own)) {
		c.begin(part, own, p.number)
		c.append(part, text, p.number)
		return true
	}
	short := utf8.RuneCountInString(p.text) <= maxHeading && !strings.HasSuffix(p.text, "。")
	if (c.section != nil || c.unknown) && short && c.rank.covers(own) {
		c.unknown, c.rank = true, own
		c.note(p.number, "不认识的部分，没有导入："+clip(p.text), "a part that is not known, and was not taken: "+clip(p.text))
		return true
	}
	return false
}

// begins reports whether a paragraph that reads like a heading is one here:
// within a part, （二）成效 may well be a part of that, unless its parts are
// numbered in the same way.
func (c *caseReader) begins(part *column, own rank) bool {
	if !isText(part) && c.section == nil && own == (rank{}) {
		return false // a label alone on its line
	}
	return c.section == nil || part.step != "" || own == (rank{}) || c.rank == (rank{}) || c.rank.meets(own)
}

// isText reports whether a column's value is prose, which has a part of its own.
func isText(c *column) bool {
	switch c.name {
	case "summary", "background", "approach", "results", "lessons":
		return true
	}
	return c.step != ""
}

// partWithin finds a heading that has its text on the same line: 背景：近年来……
func (c *caseReader) partWithin(p paragraph) (*column, string) {
	rest, _ := unnumbered(p.text)
	name, text, ok := label(rest)
	if !ok || text == "" {
		return nil, ""
	}
	part := c.columnCalled(strings.Trim(name, "【】〔〕[] "))
	if part == nil || !isText(part) || part.step != "" && c.section == nil {
		return nil, ""
	}
	return part, text
}

// label parts “单位：长春市政协” at its colon.
func label(text string) (name, value string, ok bool) {
	at := strings.IndexAny(text, "：:")
	if at < 0 || utf8.RuneCountInString(text[:at]) > maxLabel {
		return "", "", false
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+size:]), true
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
	c.refuse("", "没有找到“案例背景”“主要做法”“取得成效”“经验启示”中的任何一部分", "has none of the parts 案例背景, 主要做法, 取得成效 and 经验启示")
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
