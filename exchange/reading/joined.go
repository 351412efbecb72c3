package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// joined is a column of a table whose texts are added to those of a part: 协商前,
// 案例背景（续）, 会前调研 below 做法, 主要做法及经验.
type joined struct {
	of   *column.Column
	name string // what stands above the text within the part, "" for nothing
}

// continued finds the name of a column that goes on in another.
var continued = regexp.MustCompile(`^(.+?)\s*[（(]?\s*(?:续\s*[一二三四五\d]?|续表|接上|[二三四五2-5])[）)]?$`)

// joinedColumns returns the columns of cases that are none of ours and have texts of a
// part, by their places.
func (t *table) joinedColumns() map[int]joined {
	if t.kind != catalog.KindCase {
		return nil
	}
	columns := t.columnsFor(t.kind)
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c *column.Column) bool { return c != nil && c.Name == name })
	}
	joins := map[int]joined{}
	for i, header := range t.headers {
		if header == "" || columns[i] != nil || i == t.typeAt && t.typed {
			continue
		}
		if part := phaseCalled(column.OneLine(header)); part != nil {
			if part.Name == "results" && has("results") {
				part = columnCalled("approach")
			}
			joins[i] = joined{part, header}
		} else if m := continued.FindStringSubmatch(header); m != nil && isPart(matchHeaders(t.kind, m[1:2])[0]) {
			joins[i] = joined{matchHeaders(t.kind, m[1:2])[0], ""}
		} else if part, _ := guessedOfSeveral(header); part != nil {
			joins[i] = joined{part, ""}
		} else if i < len(t.groups) && t.groups[i] != "" && isPart(matchHeaders(t.kind, t.groups[i:i+1])[0]) {
			joins[i] = joined{matchHeaders(t.kind, t.groups[i:i+1])[0], header}
		}
	}
	return joins
}

func isPart(c *column.Column) bool { return c != nil && c.IsText() && c.Step == "" }

// guessedOfSeveral returns the first of the parts that a header names, nil where it names
// no more than one: 主要做法及成效.
func guessedOfSeveral(header string) (part *column.Column, several bool) {
	part, several = gistOf(strings.TrimRight(gistTail.ReplaceAllString(column.HeaderName(header), ""), "和及与"))
	if !several {
		return nil, false
	}
	return part, true
}

// groupsAbove returns for each column the name that stands in the row above the header,
// over it or over columns to its left. Groups begin where a row of theirs names several.
func (t *table) groupsAbove(header int) []string {
	if header == 0 {
		return nil
	}
	above := t.ahead[header-1]
	if len(above.own()) < 2 {
		return nil
	}
	names := make([]string, max(len(above.cells), len(t.ahead[header].cells)))
	for i := range names {
		names[i] = above.cell(i)
	}
	return carried(names)
}

// carried returns names of which each stands for the columns to its right too that have
// none.
func carried(names []string) []string {
	names = slices.Clone(names)
	for i := 1; i < len(names); i++ {
		if names[i] == "" {
			names[i] = names[i-1]
		}
	}
	return names
}

// subHeader returns the names of a header of which a row belongs to it: its title is
// merged over both rows, and the row names what the parts have below them.
func (t *table) subHeader(names []string, r row) ([]string, bool) {
	if t.kind != catalog.KindCase || r.err != nil {
		return nil, false
	}
	titled := false
	for i, c := range matchHeaders(t.kind, names) {
		titled = titled || c != nil && c.Name == "title" && r.isMerged(i)
	}
	own := r.own()
	if !titled || len(own) == 0 || slices.ContainsFunc(own, func(i int) bool { return utf8.RuneCountInString(r.cell(i)) > 20 }) {
		return nil, false
	}
	below := slices.Clone(names)
	for len(below) < len(r.cells) {
		below = append(below, "")
	}
	for _, i := range own {
		below[i] = r.cell(i)
	}
	return below, true
}

// join adds the texts of joined columns to the parts.
func (t *table) join(r row, fields []FieldText) []FieldText {
	for i := range t.headers {
		j, text := t.joins[i], r.cell(i)
		if j.of == nil || text == "" {
			continue
		}
		text = under(j.name, text)
		at := slices.IndexFunc(fields, func(f FieldText) bool { return f.Of.Name == j.of.Name })
		switch {
		case at < 0:
			fields = append(fields, FieldText{Of: j.of, Text: text, place: t.at(r, i+1)})
		case fields[at].Text == "":
			fields[at].Text = text
		default:
			fields[at].Text += "\n" + text
		}
	}
	return fields
}

// under returns a text with a name above it, or before it where it has one line.
func under(name, text string) string {
	switch {
	case name == "":
		return text
	case strings.Contains(text, "\n"):
		return name + "\n" + text
	}
	return name + "：" + text
}

// remarks are labels of what offices write about a case and not in it.
var remarks = regexp.MustCompile(`备注|说明|意见|评语|联系|要求|附件|审核|审批|签|盖章|承诺|声明|填`)

// isKept reports whether a text under a label that is not known may be a part of a case:
// sentences, and no remark about it.
func isKept(label, text string) bool {
	const fewest = 30 // characters
	return label != "" && !remarks.MatchString(label) && utf8.RuneCountInString(text) >= fewest && strings.ContainsAny(text, "。；")
}

// keeps reports whether the text of a cell in a column that is not known is kept.
func (t *table) keeps(r row, i int, columns []*column.Column) bool {
	if t.kind != catalog.KindCase || i >= len(t.headers) || columns[i] != nil || t.joins[i].of != nil || t.isWhole(i, columns) || i == t.typeAt && t.typed {
		return false
	}
	return r.cell(t.slugAt()) == "" && isKept(t.headers[i], r.cell(i))
}

// unplaced returns the texts of columns that are not known and may be parts.
func (t *table) unplaced(r row, columns []*column.Column) []FieldText {
	var lines []string
	var at Place
	for i := range t.headers {
		if t.keeps(r, i, columns) {
			if len(lines) == 0 {
				at = t.at(r, i+1)
			}
			lines = append(lines, under(t.headers[i], r.cell(i)))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []FieldText{{Of: columnCalled("unplaced"), Text: strings.Join(lines, "\n"), place: at}}
}

// kept returns the texts of a form that stand beside or below a label that is not known
// and may be parts, with the places of both.
func (g *grid) kept(left [][2]int) (texts []string, of map[[2]int]bool) {
	of = map[[2]int]bool{}
	for _, at := range left {
		for _, label := range [][2]int{{at[0], at[1] - 1}, {at[0] - 1, at[1]}} {
			if label[0] < 0 || label[1] < 0 || !slices.Contains(left, label) || of[label] {
				continue
			}
			name := column.OneLine(g.cells[label[0]][label[1]])
			if text := g.cells[at[0]][at[1]]; utf8.RuneCountInString(name) <= maxLabel && isKept(name, text) {
				texts = append(texts, under(name, text))
				of[at], of[label] = true, true
				break
			}
		}
	}
	return texts, of
}
