package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/exchange/csv"
	"github.com/jisiguangyi/jisi/exchange/dates"
)

// row is one row of a table as it stands in its file.
type row struct {
	number int      // from 1, empty rows counted
	cells  []string // csv.Unguard has not been at them yet
	merged []bool   // which cells have their text from the row above; may be shorter
	hidden bool     // by its author
	// formulas are the columns, from 1, of formulas without a value.
	formulas []int
	err      error // the row can't be read
	column   int   // of the cell where err is, 0 for the row as a whole
}

func (r *row) blank() bool {
	return r.err == nil && !slices.ContainsFunc(r.cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// cell returns the text of a cell, "" where the row has none.
func (r *row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return csv.Unguard(r.cells[i])
}

// isMerged reports whether a cell has its text from the row above.
func (r *row) isMerged(i int) bool { return i >= 0 && i < len(r.merged) && r.merged[i] }

// own returns the places of the cells that have a text of their own.
func (r *row) own() []int {
	var list []int
	for i := range r.cells {
		if r.cell(i) != "" && !r.isMerged(i) {
			list = append(list, i)
		}
	}
	return list
}

// add puts the cells of a row that continues this one behind its own: without
// anything between where the text was only too long for a cell, else on lines of
// their own. Those that are merged with the row's, and the one at except, are the
// same.
func (r *row) add(more row, except int, between string) {
	for i := range more.cells {
		text := more.cell(i)
		if i == except || text == "" || more.isMerged(i) {
			continue
		}
		for len(r.cells) <= i {
			r.cells = append(r.cells, "")
		}
		if before := csv.Unguard(r.cells[i]); before != "" {
			text = before + between + text
		}
		r.cells[i] = csv.Guard(text)
	}
}

// rowKind says what a row below the header is besides a record.
type rowKind int

const (
	rowOfRecord     rowKind = iota
	rowOfTotals             // 合计 45
	rowOfSignature          // 填表人：某某, 注：本表一式两份
	rowOfGroup              // 一、长春市
	rowOfTitle              // a title, and nothing about it
	rowWithoutTitle         // a dash in the place of the title
)

// names returns what the kind is called in notes.
func (k rowKind) names() (zh, en string) {
	switch k {
	case rowOfTotals:
		return "合计行，没有导入", "a row of totals, and was not taken"
	case rowOfSignature:
		return "填表说明或签署，没有导入", "a note or a signature below the table, and was not taken"
	case rowOfGroup:
		return "分组标题，没有导入", "the heading of a group of rows, and was not taken"
	case rowWithoutTitle:
		return "没有标题，没有导入", "has no title, and was not taken"
	}
	return "只有标题，没有导入", "has a title and nothing else, and was not taken"
}

var (
	totals    = regexp.MustCompile(`^(?:合计|总计|小计|共计|累计|本页合计|本页小计|总数|平均|平均值|汇总)(?:[：:（(\d共].*)?$`)
	signature = regexp.MustCompile(`^(?:填表|制表|填报|填写|审核|审批|审定|复核|校对|核稿|签发|签字|签名|签章|盖章|公章|录入|打印|经办|承办|联系|报送|上报|报出|负责|分管领导|主管领导|` +
		`主要领导|单位负责|部门负责|领导签字|电话|手机|传真|邮箱|电子邮箱|地址|邮编|日期)(?:人|员|单位|部门|日期|时间|电话|方式|意见|领导|负责人|签字|签名|章)*(?:[（(][^）)]*[）)])?(?:[：:]|$)`)
	remark  = regexp.MustCompile(`^(?:注|备注|附注|说明|填表说明|填报说明|填写说明|注意事项|注意|提示|要求|填表要求|填报要求|附件?)\s*\d*[：:．.、]|^(?:注|备注|说明|填表说明|填报说明)$|^[※*＊◆▲★]|^[（(]?(?:盖章|公章|签章)[）)]?$`)
	grouped = regexp.MustCompile(`^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十]+[部章组类])`)
	ordinal = regexp.MustCompile(`^[\d.、（）()一二三四五六七八九十]{1,6}$`)
)

// classify says what a row is, by the text of its first cell and by how many
// columns it fills.
func (t *table) classify(r row) rowKind {
	if at := t.slugAt(); at >= 0 && r.cell(at) != "" {
		return rowOfRecord // an export wrote it
	}
	own := r.own()
	filled := len(own)
	var first string
	others := 0 // columns that are known with a text besides the title
	columns := t.columnsFor(t.kind)
	for _, i := range own {
		text := r.cell(i)
		if first == "" && !ordinal.MatchString(text) {
			first = strings.Join(strings.Fields(text), "")
		}
		if i != t.titleAt && i < len(columns) && (columns[i] != nil || t.joins[i].of != nil || t.isWhole(i, columns)) {
			others++
		}
	}
	prose := t.prose(r)
	title := r.cell(t.titleAt)
	switch {
	case t.titleAt >= 0 && t.holdsCases(r) && dates.IsNone(title) && title != "":
		return rowWithoutTitle
	case totals.MatchString(first) && !prose:
		return rowOfTotals
	case (signature.MatchString(first) || remark.MatchString(first)) && !prose:
		return rowOfSignature
	case len(t.headers) < 2 || !t.holdsCases(r):
		return rowOfRecord
	case filled == 1 && (own[0] != t.titleAt || grouped.MatchString(r.cell(own[0]))):
		return rowOfGroup
	case others == 0 && filled > 0:
		return rowOfTitle
	}
	return rowOfRecord
}

// maxTotal is how many characters a figure beside 合计 may have.
const maxTotal = 15

// prose reports whether a row has a text of some length in one of the columns of
// parts, which a row of totals or a signature has not.
func (t *table) prose(r row) bool {
	for i, c := range t.columnsFor(t.kind) {
		if c != nil && i < len(r.cells) && c.IsText() && !isContact(r.cell(i)) && !signature.MatchString(squeezed(r.cell(i))) && utf8.RuneCountInString(r.cell(i)) > maxTotal && !r.isMerged(i) {
			return true
		}
	}
	return false
}
