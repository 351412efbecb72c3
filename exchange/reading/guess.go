package reading

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// guesses are headers of the kinds of words that offices make them of, where none of
// the names that are known is one: 实施起止时间, 典型案例题目, 推荐单位名称. A time that
// is the form's own (填报日期) is none of the case's.
var guesses = []struct {
	column string
	header *regexp.Regexp
}{
	{"title", regexp.MustCompile(`^(?:典型|优秀|协商|基层|政协|工作|创新|报送|推荐|申报|入选|参评|上报)*(?:案例|材料|做法)(?:的)?(?:名称|标题|题目|题名|名)$`)},
	{"committee", regexp.MustCompile(`^(?:案例|材料)?(?:报送|推荐|申报|填报|上报|参评|选送|提供|所属|组织)(?:政协|委员会|单位|机关)(?:名称|全称|简称)?$`)},
	{"period", regexp.MustCompile(`^(?:案例|协商|活动|实施|开展|工作|起止|举办|召开|发生|会议|协商会|具体|大致)*(?:起止)?(?:时间|日期|年月|年份月份)(?:段)?$`)},
}

// guessed returns the column of a case that a header is likely to be, nil where none
// is. Parts are guessed by their last word, as headings are.
func guessed(header string, parts bool) *column.Column {
	name := column.HeaderName(header)
	for _, g := range guesses {
		if !g.header.MatchString(name) {
			continue
		}
		known := column.ToMatch(catalog.KindCase)
		return &known[slices.IndexFunc(known, func(c column.Column) bool { return c.Name == g.column })]
	}
	if !parts {
		return nil
	}
	plain := strings.TrimRight(gistTail.ReplaceAllString(name, ""), "和及与")
	part, several := gistOf(plain)
	if part == nil || several || !endsInGist(plain, part.Name) {
		return nil
	}
	return part
}

// gistTail are words behind what a header is about.
var gistTail = regexp.MustCompile(`(?:的?(?:情况|介绍|描述|说明|概述|简介|简述|内容|等))+$`)

func endsInGist(name, part string) bool {
	for _, g := range gists {
		if g.part == part && slices.ContainsFunc(g.words, func(word string) bool { return strings.HasSuffix(name, word) }) {
			return true
		}
	}
	return false
}

// bracketed are the names of several levels at once in which the brackets are no remark.
// As a header they are a column's; elsewhere 县（市、区） is a level.
var bracketed = strings.NewReplacer("县（市、区）", "县市区", "县(市、区)", "县市区", "县（市，区）", "县市区", "县（区、市）", "县市区", "县（市）区", "县市区")

// matchHeaders is column.Match for the header of a table of cases: a header that
// names no column is guessed, where no other has that column.
func matchHeaders(kind catalog.RecordKind, headers []string) []*column.Column {
	plain := make([]string, len(headers))
	for i, h := range headers {
		plain[i] = bracketed.Replace(h)
	}
	matched := column.Match(kind, plain)
	if kind != catalog.KindCase {
		return matched
	}
	taken := map[string]bool{}
	for _, c := range matched {
		if c != nil {
			taken[c.Name] = true
		}
	}
	for i, c := range matched {
		if c != nil || headers[i] == "" || len(headers[i]) > column.MaxHeader {
			continue
		}
		c = guessed(headers[i], true)
		if c == nil || taken[c.Name] || c.Period && (taken["startedOn"] || taken["endedOn"]) {
			continue
		}
		matched[i], taken[c.Name] = c, true
	}
	for _, level := range levelHeaders {
		for i, c := range matched {
			if c == nil && !taken["region"] && len(headers[i]) <= column.MaxHeader && slices.Contains(level, column.PlainName(headers[i])) {
				matched[i], taken["region"] = columnCalled("region"), true
			}
		}
	}
	return matched
}

// levelHeaders are names of levels as headers of a table's columns, where they say in
// which division a case was: the lower level before the higher. Elsewhere they are levels.
var levelHeaders = [][]string{{"区县", "县区", "旗县", "县市", "县(区)", "区(县)", "县(市)"}, {"市(州)", "市州", "地市", "市(地、州)", "地市州", "地区(市、州)", "市、州"}}

// hasParts reports whether one of the columns is a part of a case's text.
func hasParts(columns []*column.Column) bool {
	return slices.ContainsFunc(columns, func(c *column.Column) bool {
		return c != nil && (c.Name == "background" || c.Name == "approach" || c.Name == "results" || c.Name == "lessons")
	})
}

// transposed returns the cases of a sheet with its labels at the left and a case a
// column, nil where it is none: each row begins with a label, the title's among them,
// which has two values or more, and no other cell is a label.
func (t *table) transposed() iter.Seq[[]FieldText] {
	const fewest, most = 3, 60 // rows
	if t.kind != catalog.KindCase || len(t.ahead) < fewest || len(t.ahead) > most {
		return nil
	}
	g := &grid{kind: t.kind}
	type line struct {
		row row
		of  *column.Column
	}
	var lines []line
	var cases []int // columns
	labels := 0
	for _, r := range t.ahead {
		own := r.own()
		if r.err != nil || len(own) == 0 {
			return nil
		}
		of := g.labelled(r.cell(own[0]))
		if of == nil {
			if len(own) == 1 && len(lines) == 0 {
				continue // a title above
			}
			return nil
		}
		if own[0] != 0 && labels == 0 && len(own) < 2 || slices.ContainsFunc(own[1:], func(i int) bool { return g.labelled(r.cell(i)) != nil }) {
			return nil
		}
		if of.Name == "title" {
			cases = own[1:]
		}
		labels++
		lines = append(lines, line{r, of})
	}
	if labels < fewest || len(cases) < 2 {
		return nil
	}
	return func(yield func([]FieldText) bool) {
		for _, i := range cases {
			var fields []FieldText
			for _, l := range lines {
				if text := l.row.cell(i); text != "" {
					fields = append(fields, FieldText{Of: l.of, Text: text, place: t.at(l.row, i+1)})
				}
			}
			if !yield(fields) {
				return
			}
		}
	}
}
