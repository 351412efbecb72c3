package reading

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

const sliceKind = reflect.Slice

// caseReader reads a document as committees write them: a title, a table or lines
// that say 单位, 时间, 品牌 and so on, and a part for each of 背景, 做法, 成效 and
// 启示, whose headings are known by their style or by their text. A letter around it
// (公文) is taken off. What it does not understand is told line by line, and a part
// that it cannot place is kept.
type caseReader struct {
	doc      *document
	title    []string
	titledBy string // the column's name by which the title was given, "" for a line
	values   map[string]string
	at       map[string]Place // where the values stand
	refused  catalog.Problems
	official bool   // it is a letter
	theme    string // what stands behind 主题：

	sections []*section
	current  *section
	unplaced []string // texts that belong to no part
	loose    int      // where the first of them stands
}

// section is a heading with the text below it.
type section struct {
	part    *column.Column // nil where the heading is not known
	exact   bool           // the heading is the part's name
	several bool           // it names another part too
	phase   bool           // it names a phase of the procedure
	heading string
	number  int
	rank    rank
	lines   []string
	below   int // the number of the heading below it that came last, where its parts are numbered as it is
}

func (s *section) text() string { return strings.TrimSpace(strings.Join(s.lines, "\n")) }

func newCaseReader(d *document) *caseReader {
	return &caseReader{doc: d, values: map[string]string{}, at: map[string]Place{}}
}

func (c *caseReader) note(number int, zh, en string) { c.doc.note(number, zh, en) }

func (c *caseReader) refuse(path, zh, en string) {
	if len(c.refused) < jsonl.MaxProblems {
		c.refused = append(c.refused, catalog.Invalid(path, zh, en))
	}
}

// read returns the case, or why it is none, and the notes.
func (c *caseReader) read() []Record {
	body := c.labelsAlone(spacedLabels(c.doc.body))
	body = c.cutTail(body)
	head := c.headEnd(body)
	body = c.readHead(body[:head], body[head:])
	for _, p := range body {
		c.paragraph(p)
	}
	c.place()
	return c.records()
}

// headEnd returns the place of the first heading of a part, or the end.
func (c *caseReader) headEnd(body []paragraph) int {
	for i, p := range body {
		if p.table == nil && c.beginsPart(p) {
			return i
		}
	}
	return len(body)
}

// beginsPart reports whether a paragraph begins a part before any has begun.
func (c *caseReader) beginsPart(p paragraph) bool {
	own := rankOf(p)
	if part := partCalled(p.text); part != nil && (part.IsText() || own != (rank{})) {
		return !strings.HasPrefix(p.style, "title")
	}
	if part, _ := stepCalled(p.text); part != nil {
		return true
	}
	if phaseCalled(p.text) != nil && (own != (rank{}) || phaseAlone(p.text)) {
		return true
	}
	if part, _ := gistOf(p.text); part != nil && (own.style > 0 || own.number > 0) {
		return own.number > 0 || own.style > 1 || !c.isAlone(p)
	}
	part, _, _ := c.partWithin(p)
	return part != nil
}

// isAlone reports whether a heading without a number is the only one of its level,
// as a title is that happens to have a word of a part in it.
func (c *caseReader) isAlone(p paragraph) bool {
	n := 0
	for _, other := range c.doc.body {
		if other.table == nil && other.level == p.level && p.level > 0 {
			n++
		}
	}
	return n < 2
}

// paragraph reads one paragraph or table behind the head.
func (c *caseReader) paragraph(p paragraph) {
	switch {
	case p.table != nil:
		c.table(p)
	case c.values["slug"] == "" && isContact(p.text): // wherever it stands: nobody's number is published
		c.note(p.number, "联系人和电话没有导入", "whom to call was not taken")
	case c.heading(p):
	case c.current != nil && c.current.part != nil && c.current.part.Name == "summary" && c.besideSummary(p):
	case c.current != nil:
		c.current.lines = append(c.current.lines, p.text)
	case c.line(p):
	default:
		c.keep(p)
	}
}

// besideSummary reads a line behind the summary that says something else: 关键词：…,
// the committee, a date. It reports whether it was one.
func (c *caseReader) besideSummary(p paragraph) bool {
	if c.current.text() == "" {
		return false
	}
	if c.line(p) {
		return true
	}
	if name, value, ok := label(p.text); ok && value != "" && utf8.RuneCountInString(name) <= 8 {
		c.note(p.number, "不认识这一项，没有导入："+catalog.Clipped(p.text), "is not known, and was not taken: "+catalog.Clipped(p.text))
		return true
	}
	return false
}

// heading begins a section where the paragraph is a heading, and reports whether it
// was one.
func (c *caseReader) heading(p paragraph) bool {
	own := rankOf(p)
	if part := partCalled(p.text); part != nil && c.begins(part, own) && !c.isWeak(part, bare(p.text), own) {
		c.begin(&section{part: part, exact: true, heading: p.text, number: p.number, rank: own})
		return true
	}
	if part, question := stepCalled(p.text); part != nil {
		c.begin(&section{part: part, heading: question, number: p.number, rank: own})
		return true
	}
	fits := c.current == nil || c.current.rank.covers(own) || c.endsSummary(own)
	if part := phaseCalled(p.text); part != nil && c.beginsPhase(p.text, own, fits) {
		c.begin(&section{part: part, phase: true, heading: p.text, number: p.number, rank: own})
		return true
	}
	if part, several := gistOf(p.text); part != nil && (fits || c.isBracketed(p.text, own)) && (own.style > 0 || own.number > 0 || strings.HasPrefix(p.text, "【")) {
		c.begin(&section{part: part, several: several, heading: p.text, number: p.number, rank: own})
		return true
	}
	if part, heading, rest := c.partWithin(p); part != nil && !c.isWeak(part, heading, own) && (c.current == nil || c.current.rank == (rank{}) || c.current.rank.meets(own)) {
		c.begin(&section{part: part, exact: true, heading: heading, number: p.number, rank: own, lines: []string{rest}})
		return true
	}
	short := utf8.RuneCountInString(p.text) <= maxHeading && !strings.HasSuffix(p.text, "。")
	if c.isBelow(p, own) {
		return false
	}
	if short && (c.current != nil && (c.current.rank.covers(own) || c.endsSummary(own)) || c.current == nil && (own.number == 1 || own.style > 0)) {
		c.begin(&section{heading: p.text, number: p.number, rank: own})
		return true
	}
	return false
}

// isBracketed reports whether a line is 【…】 as the heading of its section is.
func (c *caseReader) isBracketed(line string, own rank) bool {
	s := c.current
	return own == (rank{}) && s != nil && s.rank == (rank{}) && strings.HasPrefix(s.heading, "【") && strings.HasPrefix(line, "【") && strings.HasSuffix(line, "】")
}

// endsSummary reports whether a numbered or styled heading ends a summary that stands
// before the parts, 摘要：…… on a line of its own.
func (c *caseReader) endsSummary(own rank) bool {
	s := c.current
	return s != nil && s.part != nil && s.part.Name == "summary" && s.rank == (rank{}) && s.text() != "" && (own.number == 1 || own.style > 0)
}

// isBelow reports whether a heading that is numbered as its section is stands below
// it all the same: the numbers begin anew within the section.
func (c *caseReader) isBelow(p paragraph, own rank) bool {
	n := ordinalOf(p.text)
	if c.current == nil || own.style > 0 || c.current.rank.style > 0 || own.number != c.current.rank.number || n != c.current.below+1 {
		return false
	}
	if n == 1 && ordinalOf(c.current.heading) == 0 {
		return false
	}
	c.current.below = n
	return true
}

func (c *caseReader) begin(s *section) {
	c.sections = append(c.sections, s)
	c.current = s
}

// weakNames are names of parts that a text says of other things too: 问题：路灯不亮.
var weakNames = map[string]bool{
	"问题": true, "存在问题": true, "存在的问题": true, "主要问题": true, "面临问题": true, "面临的问题": true, "难题": true,
	"对策": true, "过程": true, "结果": true, "处理结果": true, "启发": true,
}

// isWeak reports whether a line without a number or a style that has such a name is text
// of the part that it stands in: where headings have numbers or styles, or where the
// part of that name would stand before it.
func (c *caseReader) isWeak(part *column.Column, name string, own rank) bool {
	if !weakNames[name] || own != (rank{}) || c.current == nil {
		return false
	}
	order := []string{"background", "approach", "results", "lessons"}
	return c.current.rank != (rank{}) || c.current.part != nil && slices.Index(order, part.Name) <= slices.Index(order, c.current.part.Name)
}

// begins reports whether a paragraph that reads like a heading is one here:
// within a part, （二）成效 may well be a part of that, unless its parts are
// numbered in the same way.
func (c *caseReader) begins(part *column.Column, own rank) bool {
	if c.current == nil {
		return part.IsText() || own != (rank{}) // a label alone on its line begins nothing
	}
	return part.Step != "" || own == (rank{}) || c.current.rank == (rank{}) || c.current.rank.meets(own)
}

// beginsPhase reports whether the name of a phase is the heading of a part here: within
// the approach 协商前 is a heading below it, and its text belongs there.
func (c *caseReader) beginsPhase(line string, own rank, fits bool) bool {
	if own != (rank{}) && fits {
		return true
	}
	if own != (rank{}) || !phaseAlone(line) {
		return false
	}
	return c.current == nil || c.current.rank == (rank{}) && (c.current.phase || c.current.part == nil || c.current.part.Name != "approach")
}

// phaseAlone reports whether a line is the name of a phase and nothing else.
func phaseAlone(line string) bool {
	at := phase.FindStringIndex(bare(line))
	return at != nil && at[1] == len(bare(line))
}

var runIn = regexp.MustCompile(`^([^。：:，,；;]{2,14}?)(?:[。：:]|——|[\s\x{3000}]{2,}|\x{3000})(.+)$`)

// partWithin finds a heading that has its text on the same line: 背景：近年来……,
// （一）背景情况。近年来……, 【摘要】近年来…….
func (c *caseReader) partWithin(p paragraph) (part *column.Column, heading, rest string) {
	line, numbering := unnumbered(p.text)
	name, value, ok := label(line)
	if !ok {
		m := runIn.FindStringSubmatch(line)
		if m == nil {
			return nil, "", ""
		}
		name, value = m[1], m[2]
	}
	name = bare(name)
	if value == "" || name == "" {
		return nil, "", ""
	}
	part = columnCalled(name)
	if part == nil && (numbering > 0 || strings.HasPrefix(line, "【") && strings.Contains(value, "。")) {
		part, _ = gistOf(name)
	}
	if part != nil && part.Name == "outcomes" && c.current != nil && c.values["slug"] == "" {
		part, _ = gistOf(name) // within the text 协商成果：…… is prose, and no list of outcomes
	}
	if part == nil || !part.IsText() || part.Step != "" && c.current == nil {
		return nil, "", ""
	}
	return part, name, strings.TrimSpace(value)
}

// set takes a value that a table or a line has.
func (c *caseReader) set(of *column.Column, value string, number int) {
	if before := c.values[of.Name]; before != "" && before != value {
		c.note(number, fmt.Sprintf("“%s”出现第二次，内容不同，没有导入：%s", of.Label, catalog.Clipped(value)), fmt.Sprintf("%s comes a second time and differs, and was not taken: %s", of.Label, catalog.Clipped(value)))
		return
	}
	at := c.doc.place
	at.Line = number
	c.values[of.Name], c.at[of.Name] = value, at
}

// keep keeps a text that belongs to no part, where it is one: sentences are kept,
// a line that only announces or names something is noted.
func (c *caseReader) keep(p paragraph) {
	if announces.MatchString(p.text) || utf8.RuneCountInString(p.text) < 6 || !strings.ContainsAny(p.text, "。；") {
		c.note(p.number, "不在任何部分里，没有导入："+catalog.Clipped(p.text), "belongs to no part, and was not taken: "+catalog.Clipped(p.text))
		return
	}
	c.keepText(p.text, p.number)
}

func (c *caseReader) keepText(text string, number int) {
	if len(c.unplaced) == 0 {
		c.loose = number
	}
	c.unplaced = append(c.unplaced, text)
}

// announces are the sentences of a letter that say what comes.
var announces = regexp.MustCompile(`^(?:现将|现就|根据|按照|为|经|您好|你们好).{0,90}(?:如下(?:案例|材料)?|报送|报告|上报|审阅|审定|查收|指正)[。：:]?$|^(?:特此|以上|妥否|当否).{0,20}[。：:]?$`)

// spacedLabels puts a colon behind labels that have a tab or wide spaces instead.
func spacedLabels(body []paragraph) []paragraph {
	body = slices.Clone(body)
	for i, p := range body {
		if p.table != nil || strings.ContainsAny(p.text, "：:。") || !wideSpace.MatchString(p.text) {
			continue
		}
		pieces := spreadLabel(wideSpace.Split(p.text, -1))
		isLabel := func(s string) bool {
			of := columnCalled(squeezed(s))
			return of != nil && !of.IsText() && utf8.RuneCountInString(squeezed(s)) >= 2
		}
		var b strings.Builder
		for k := 0; k+1 < len(pieces) && len(pieces)%2 == 0; k += 2 {
			if !isLabel(pieces[k]) || isLabel(pieces[k+1]) {
				b.Reset()
				break
			}
			if b.Len() > 0 {
				b.WriteString("　")
			}
			b.WriteString(squeezed(pieces[k]) + "：" + pieces[k+1])
		}
		if b.Len() > 0 {
			body[i].text = b.String()
		}
	}
	return body
}

// spreadLabel joins the characters of a label that are spread: 题　　目　　夜市共治.
func spreadLabel(pieces []string) []string {
	n := 0
	for n < len(pieces) && n < 4 && utf8.RuneCountInString(strings.TrimSpace(pieces[n])) == 1 {
		n++
	}
	if n < 2 {
		return pieces
	}
	return append([]string{squeezed(strings.Join(pieces[:n], ""))}, pieces[n:]...)
}

// labelsAlone joins labels that stand on a line of their own with their values on the
// next, where a document has several: 案例名称 over 夜市治理, 报送单位 over 某某政协.
func (c *caseReader) labelsAlone(body []paragraph) []paragraph {
	isLabelAlone := func(i int) bool {
		p := body[i]
		if p.table != nil || utf8.RuneCountInString(p.text) > maxLabel || strings.ContainsAny(p.text, "：:。") {
			return false
		}
		of := columnCalled(p.text)
		return of != nil && !of.IsText() && partCalled(p.text) == nil
	}
	count := 0
	for i := range body {
		if i+1 < len(body) && isLabelAlone(i) && body[i+1].table == nil && !isLabelAlone(i+1) && partCalled(body[i+1].text) == nil {
			count++
		}
	}
	if count < 2 {
		return body
	}
	var joined []paragraph
	for i := 0; i < len(body); i++ {
		p := body[i]
		if i+1 < len(body) && isLabelAlone(i) && body[i+1].table == nil && !isLabelAlone(i+1) && partCalled(body[i+1].text) == nil {
			i++
			p.text += "：" + body[i].text
		}
		joined = append(joined, p)
	}
	return joined
}
