package reading

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// place puts the sections into the case's parts.
func (c *caseReader) place() {
	has := map[string]bool{}
	for _, s := range c.sections {
		if s.part != nil && s.text() != "" {
			has[s.part.Name] = true
		}
	}
	for i, s := range c.sections {
		switch {
		case s.phase:
			c.placePhase(s)
		case s.part == nil && !has["approach"] && c.standsBetween(i):
			s.part = columnCalled("approach")
			c.note(s.number, "“"+catalog.Clipped(s.heading)+"”在背景之后、成效之前，按“"+s.part.Label+"”导入", catalog.Quoted(s.heading)+" stands where the approach does, and was taken as it")
			if c.unknownBetween(i) > 1 {
				s.lines = append([]string{s.heading}, s.lines...)
			}
		case s.part == nil:
			c.note(s.number, "“"+catalog.Clipped(s.heading)+"”不知归入哪一部分，原文已保留，案例存为草稿", catalog.Quoted(s.heading)+" is no part that is known; its text was kept, and the case is a draft")
			c.keepText(strings.TrimSpace(s.heading+"\n"+s.text()), s.number)
			continue
		case s.several:
			c.note(s.number, "“"+catalog.Clipped(s.heading)+"”写了两部分，都按“"+s.part.Label+"”导入", catalog.Quoted(s.heading)+" is about two parts, and was taken as the first of them")
		}
		c.join(s)
	}
}

// placePhase finds the part of a section that is a phase of the procedure. Where the
// document tells of the results elsewhere, what was done behind the consultation is the
// end of how it was gone about.
func (c *caseReader) placePhase(s *section) {
	told := slices.ContainsFunc(c.sections, func(other *section) bool {
		return !other.phase && other.part != nil && other.part.Name == "results" && other.text() != ""
	})
	if s.part.Name == "results" && told {
		s.part = columnCalled("approach")
	}
	if s.text() == "" {
		return
	}
	s.lines = append([]string{s.heading}, s.lines...)
	c.note(s.number, "“"+catalog.Clipped(s.heading)+"”是协商的一个阶段，按“"+s.part.Label+"”导入", catalog.Quoted(s.heading)+" is a phase of the consultation, and was taken as the "+s.part.Name)
}

// join adds a section to its part.
func (c *caseReader) join(s *section) {
	text := s.text()
	name := s.part.Name
	before, begun := c.values[name]
	switch {
	case text == "" && begun:
		return
	case before != "" && text != "" && s.exact && c.exactTwice(s):
		c.refuse(name, fmt.Sprintf("第 %d 段：“%s”出现第二次；一个文件只写一个案例", s.number, s.part.Label),
			fmt.Sprintf("paragraph %d: %s comes a second time; a file holds one case", s.number, s.part.Label))
		return
	case before != "" && text != "" && s.exact && c.byAnotherName(s):
		c.note(s.number, "“"+catalog.Clipped(s.heading)+"”并入“"+s.part.Label+"”", catalog.Quoted(s.heading)+" was taken as text of the "+s.part.Name)
		text = before + "\n" + s.heading + "\n" + text
	case before != "" && text != "":
		text = before + "\n" + text
	case before != "":
		return
	}
	if !begun {
		at := c.doc.place
		at.Line = s.number
		c.at[name] = at
	}
	c.values[name] = text
}

// exactTwice reports whether an earlier section with a text has the part's own name
// too.
func (c *caseReader) exactTwice(s *section) bool {
	for _, earlier := range c.sections {
		if earlier == s {
			return false
		}
		if earlier.part != nil && earlier.exact && earlier.part.Name == s.part.Name && earlier.text() != "" {
			return bare(earlier.heading) == bare(s.heading)
		}
	}
	return false
}

// byAnotherName reports whether an earlier section of the same part has another of
// the part's names: 经验启示, and 点评 behind it.
func (c *caseReader) byAnotherName(s *section) bool {
	for _, earlier := range c.sections {
		if earlier == s {
			return false
		}
		if earlier.part != nil && earlier.exact && earlier.part.Name == s.part.Name && earlier.text() != "" {
			return bare(earlier.heading) != bare(s.heading)
		}
	}
	return false
}

// standsBetween reports whether a section whose heading is not known stands where
// the approach does: behind the background, and before the results or the lessons.
func (c *caseReader) standsBetween(i int) bool {
	before := slices.ContainsFunc(c.sections[:i], func(s *section) bool { return s.part != nil && s.part.Name == "background" })
	behind := slices.ContainsFunc(c.sections[i:], func(s *section) bool {
		return s.part != nil && (s.part.Name == "results" || s.part.Name == "lessons") && s.rank == c.sections[i].rank
	})
	return before && behind && c.sections[i].text() != ""
}

func (c *caseReader) unknownBetween(int) int {
	n := 0
	for i, s := range c.sections {
		if s.rank == c.sections[0].rank && !s.exact && !s.several && c.standsBetween(i) && (s.part == nil || s.part.Name == "approach") {
			n++
		}
	}
	return n
}

// records are the case, or why it is none, and the notes.
func (c *caseReader) records() []Record {
	if c.values["title"] == "" {
		c.values["title"] = joinTitle(c.title)
		c.titleOfTheme()
	} else if line := joinTitle(c.title); line != "" && line != c.values["title"] {
		c.note(0, "“"+catalog.Clipped(line)+"”没有作为标题导入：文中另写了标题", catalog.Quoted(line)+" was not taken as the title, which is given elsewhere")
	}
	c.checkParts()
	place := c.doc.place
	var fields []FieldText
	for _, of := range column.ToMatch(catalog.KindCase) {
		if text := strings.TrimSpace(c.values[of.Name]); text != "" {
			at, ok := c.at[of.Name]
			if !ok {
				at = place
			}
			fields = append(fields, FieldText{Of: &of, Text: text, place: at})
		}
	}
	records := FromTexts(place, catalog.KindCase, fields)
	r := &records[0]
	r.Columns, r.places = nil, c.at
	var known catalog.Problems
	if r.Err != nil {
		known = catalog.ProblemsOf(r.Err)
	}
	if problems := append(c.refused, known...); len(problems) > 0 {
		*r = Record{Place: place, Err: &jsonl.DecodeError{Kind: catalog.KindCase, Problems: problems}}
	} else if len(c.unplaced) > 0 {
		keepUnplaced(r.Input.(*catalog.CaseInput), strings.Join(c.unplaced, "\n"))
	}
	return append(records, c.doc.notes...)
}

// titleOfTheme takes what stands behind 主题： as the title where there is no other.
func (c *caseReader) titleOfTheme() {
	if c.values["title"] != "" || c.theme == "" || c.values["topics"] != c.theme || strings.ContainsAny(c.theme, "、，,;；") {
		return
	}
	c.note(c.at["topics"].Line, "“主题”按标题导入："+catalog.Clipped(c.theme), "主题 was taken as the title: "+catalog.Clipped(c.theme))
	c.values["title"] = c.theme
	delete(c.values, "topics")
}

// checkParts refuses a document that is no case.
func (c *caseReader) checkParts() {
	if c.values["title"] == "" {
		c.refuse("title", "没有找到标题", "there is no title")
	}
	for _, of := range column.ToMatch(catalog.KindCase) {
		if of.IsText() && c.values[of.Name] != "" {
			return
		}
	}
	if c.values["slug"] != "" {
		return // an export wrote it, of a case that has none
	}
	if utf8.RuneCountInString(strings.Join(c.unplaced, "")) >= 60 {
		c.note(c.loose, "没有认出任何一部分，原文已保留，案例存为草稿", "none of the parts was found; the text was kept, and the case is a draft")
		return
	}
	var parts []string
	for _, name := range []string{"background", "approach", "results", "lessons"} {
		parts = append(parts, catalog.FieldLabel(catalog.KindCase, name))
	}
	c.refuse("", "没有找到“"+strings.Join(parts, "”“")+"”中的任何一部分", "has none of the parts "+strings.Join(parts, ", "))
}

// keepUnplaced keeps texts that belong to no part, for somebody to put where they
// belong; until then the case is a draft.
func keepUnplaced(in *catalog.CaseInput, text string) {
	in.Status = catalog.StatusDraft
	in.Unplaced = strings.TrimSpace(in.Unplaced + "\n" + text)
}

// partsWithin reads a cell that holds a whole text with its parts.
func partsWithin(text string, at Place) ([]FieldText, []Record) {
	d := &document{place: at}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			d.body = append(d.body, paragraph{number: at.Line, text: line})
		}
	}
	c := newCaseReader(d)
	for _, p := range d.body {
		c.paragraph(p)
	}
	c.place()
	if len(c.unplaced) > 0 && len(c.values) == 0 {
		c.values["approach"] = strings.Join(c.unplaced, "\n")
		c.note(at.Line, "正文没有分段标题，全部按“"+catalog.FieldLabel(catalog.KindCase, "approach")+"”导入", "the text has no headings, and was taken as the approach")
	} else if len(c.unplaced) > 0 {
		c.values["unplaced"] = strings.Join(c.unplaced, "\n")
	}
	var fields []FieldText
	for _, of := range column.ToMatch(catalog.KindCase) {
		if value := c.values[of.Name]; value != "" {
			fields = append(fields, FieldText{Of: &of, Text: value, place: at})
		}
	}
	return fields, d.notes
}
