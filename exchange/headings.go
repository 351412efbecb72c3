package exchange

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

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
func isText(c *column) bool { return c.shape == catalog.ShapeProse }

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
