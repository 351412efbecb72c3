package reading

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
)

var (
	// caseNumber is the line that counts the cases of a collection: 案例一, 案例2：夜市共治,
	// 典型案例之三.
	caseNumber = regexp.MustCompile(`^(?:典型|协商|优秀)*案例\s*之?\s*[（(]?\s*([一二三四五六七八九十]{1,3}|\d{1,3})\s*[）)]?\s*(?:$|[：:、.．\s\x{3000}—-]\s*(.*)$)`)
	// caseBracketed is the same in brackets, with the title right behind: 【案例1】夜市共治.
	caseBracketed = regexp.MustCompile(`^[【〔\[（(]\s*(?:典型|协商|优秀)*案例\s*之?\s*([一二三四五六七八九十]{1,3}|\d{1,3})\s*[】〕\]）)][：:、\s\x{3000}]*(.*)$`)
)

// split returns the cases of a document that holds several, each as a document of its
// own; the document itself where it holds one. A collection counts its cases (案例一,
// 案例二), has a form for each, or begins the same parts anew below another title.
// What stands before the first is noted, but for who sends them all.
func (d *document) split() []*document {
	starts := d.countedCases()
	byUnit := false
	if len(starts) < 2 {
		starts = d.titledWithUnits()
		byUnit = len(starts) > 1
	}
	if len(starts) < 2 {
		starts = d.formsOfCases()
	}
	if len(starts) < 2 {
		starts = d.partsAnew()
	}
	if len(starts) < 2 {
		return []*document{d}
	}
	sender := d.beforeCases(starts[0])
	list := make([]*document, 0, len(starts))
	for i, from := range starts {
		to := len(d.body)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		body := slices.Clone(d.body[from:to])
		one := &document{place: d.place, copied: d.copied}
		one.place.Line = body[0].number
		if byUnit {
			m := titleWithUnit.FindStringSubmatch(body[0].text)
			unit := paragraph{number: body[0].number, text: catalog.FieldLabel(catalog.KindCase, "committee") + "：" + m[3]}
			body[0].text, body[0].style, body[0].level = strings.TrimSpace(m[2]), "title", 0
			body = slices.Insert(body, 1, unit)
		}
		if m := numberedCase(body[0]); m != nil {
			if body[0].text = strings.TrimSpace(m[2]); body[0].text == "" {
				body = body[1:]
			} else if body[0].style == "" {
				body[0].style, body[0].level = "title", 0
			}
		}
		one.body = body
		if sender != nil {
			one.body = slices.Insert(one.body, min(1, len(one.body)), *sender)
		}
		list = append(list, one)
	}
	d.note(list[0].place.Line, fmt.Sprintf("这个文件有 %d 个案例，已分开导入", len(list)), fmt.Sprintf("holds %d cases, which were taken apart", len(list)))
	list[0].notes = d.notes
	return list
}

// numberedCase returns the parts of a line that counts a case, nil where it is none.
func numberedCase(p paragraph) []string {
	if p.table != nil || utf8.RuneCountInString(p.text) > 2*maxHeading || strings.HasSuffix(p.text, "。") {
		return nil
	}
	if m := caseBracketed.FindStringSubmatch(p.text); m != nil {
		return m
	}
	return caseNumber.FindStringSubmatch(p.text)
}

// countedCases returns where the cases begin that are counted from one, each with a part
// of its own. A table of contents that counts them too has no parts.
func (d *document) countedCases() []int {
	var lines, starts []int
	for i, p := range d.body {
		if numberedCase(p) != nil {
			lines = append(lines, i)
		}
	}
	for n, at := range lines {
		end := len(d.body)
		if n+1 < len(lines) {
			end = lines[n+1]
		}
		if d.hasPart(at+1, end) {
			starts = append(starts, at)
		}
	}
	for n, at := range starts {
		if caseOrdinal(numberedCase(d.body[at])[1]) != n+1 {
			return nil
		}
	}
	return starts
}

// titleWithUnit is the title of a case of a collection that counts them without saying
// so: 1.夜市共治（朝阳区政协）.
var titleWithUnit = regexp.MustCompile(`^(?:案例)?\s*([一二三四五六七八九十]{1,3}|\d{1,3})\s*[.．、]\s*(\S.*?)\s*[（(]\s*([^（）()]{2,30})\s*[）)]$`)

// titledWithUnits returns where the cases begin whose titles are counted from one, each
// with a committee in brackets and a part below it.
func (d *document) titledWithUnits() []int {
	var starts []int
	for i, p := range d.body {
		if p.table != nil || utf8.RuneCountInString(p.text) > 2*maxHeading {
			continue
		}
		m := titleWithUnit.FindStringSubmatch(p.text)
		if m == nil || !committeeName.MatchString(m[3]) || partCalled(m[2]) != nil {
			continue
		}
		if caseOrdinal(m[1]) != len(starts)+1 {
			return nil
		}
		starts = append(starts, i)
	}
	for n, at := range starts {
		end := len(d.body)
		if n+1 < len(starts) {
			end = starts[n+1]
		}
		if !d.hasPart(at+1, end) {
			return nil
		}
	}
	return starts
}

// caseOrdinal reads the number of a case.
func caseOrdinal(s string) int { return ordinalOf(s + "、") }

// hasPart reports whether a part of a case begins among these paragraphs.
func (d *document) hasPart(from, to int) bool {
	c := newCaseReader(d)
	return slices.ContainsFunc(d.body[from:to], func(p paragraph) bool {
		return p.table == nil && c.beginsPart(p) || p.table != nil && isFormOfCase(p)
	})
}

// formsOfCases returns where the cases begin of which each has a form with its title.
func (d *document) formsOfCases() []int {
	var starts []int
	floor := 0
	for i, p := range d.body {
		if p.table == nil || !isFormOfCase(p) {
			continue
		}
		at := i
		for at > floor && d.body[at-1].table == nil && (isCover(d.body[at-1].text) || attachment.MatchString(squeezed(d.body[at-1].text)) || numberedCase(d.body[at-1]) != nil) {
			at--
		}
		starts, floor = append(starts, at), i+1
	}
	return starts
}

// isFormOfCase reports whether a table has the label of a title with a value.
func isFormOfCase(p paragraph) bool {
	pairs, _ := gridOf(p).pairs()
	return slices.ContainsFunc(pairs, func(one pair) bool {
		return one.of != nil && one.of.Name == "title" && one.value[0] >= 0
	})
}

// partsAnew returns where the cases begin of a document that has the same part again
// behind a line that may be a title: a text with a part twice and no title between is
// one case, which is told.
func (d *document) partsAnew() []int {
	c := newCaseReader(d)
	var first []int // of each case, its first part
	seen := map[string]bool{}
	var parts []string
	for i, p := range d.body {
		if p.table != nil {
			continue
		}
		part := partCalled(p.text)
		if part == nil || !part.IsText() || part.Name == "summary" {
			continue
		}
		name := bare(p.text)
		if len(first) == 0 {
			first = append(first, i)
		} else if seen[name] && len(parts) > 1 && name == parts[0] {
			first = append(first, i)
			clear(seen)
			parts = nil
		}
		seen[name] = true
		parts = append(parts, name)
	}
	if len(first) < 2 || len(parts) < 2 {
		return nil
	}
	var starts []int
	for n, at := range first {
		floor := 0
		if n > 0 {
			floor = first[n-1] + 1
		}
		from := d.headAbove(c, floor, at)
		if from == at {
			return nil
		}
		starts = append(starts, from)
	}
	return starts
}

// headAbove returns where the head of a case begins whose first part stands at: its
// title, behind which may stand who sends it, when it was, and a subtitle; at itself
// where no line above may be a title.
func (d *document) headAbove(c *caseReader, floor, at int) int {
	title := at
	for i := at - 1; i >= floor; i-- {
		p := d.body[i]
		if p.table != nil || utf8.RuneCountInString(p.text) > 2*maxHeading || strings.ContainsAny(p.text, "。；！") || isBelowWord(p.text) {
			break
		}
		if _, numbering := unnumbered(p.text); numbering > 0 {
			break
		}
		switch {
		case title < at: // of a title on several lines
			if !p.centered || !d.body[title].centered || !c.mayBeTitle(p) {
				return title
			}
			title = i
		case c.mayBeTitle(p):
			title = i
		}
	}
	return title
}

// beforeCases notes what stands before the first of several cases, and returns who sends
// them all, nil where that is not said.
func (d *document) beforeCases(first int) (sender *paragraph) {
	for _, p := range d.body[:first] {
		if m := redHead.FindStringSubmatch(p.text); p.table == nil && m != nil && committeeName.MatchString(m[1]) && sender == nil {
			p.text, p.style, p.level = catalog.FieldLabel(catalog.KindCase, "committee")+"："+m[1], "", 0
			sender = &p
			continue
		}
		if name, value, ok := label(p.text); p.table == nil && ok && value != "" && sender == nil {
			if of := columnCalled(strings.Trim(name, decorations)); of != nil && of.Name == "committee" {
				sender = &p
				continue
			}
		}
		what := p.text
		if p.table != nil {
			what = column.OneLine(gridOf(p).cells[0][0])
		}
		d.note(p.number, "在第一个案例之前，没有导入："+catalog.Clipped(what), "stands before the first case, and was not taken: "+catalog.Clipped(what))
	}
	return sender
}
