package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// resultColumns are what a workbook may call the columns of results, the name of the
// case first: without it a sheet has none.
var resultColumns = []struct {
	field string
	names []string
}{
	{"title", []string{"案例", "案例名称", "案例标题", "标题", "题目", "材料名称", "名称"}},
	{"unit", []string{"报送单位", "单位", "政协", "单位名称", "推荐单位", "申报单位"}},
	{"award", []string{"结果", "等次", "奖项", "称号", "获奖等次", "状态"}},
	{"case", []string{"永久链接", "案例永久链接", "案例标识"}},
}

// ReadCallResults reads what became of a call of earlier years from a workbook of size
// bytes: of its first sheet with a row of headings that names the case, the rows below.
// Nothing is guessed: a cell that is empty stays so. An error is one for users.
func ReadCallResults(r io.ReaderAt, size int64) ([]catalog.CallResultInput, error) {
	book, err := xlsx.Open(r, size)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	for _, sheet := range book.Sheets {
		if sheet.Hidden || sheet.Chart {
			continue
		}
		results, found, err := resultsOf(sheet)
		if err != nil || found {
			return results, err
		}
	}
	return nil, &catalog.Error{
		Kind: catalog.KindInvalid, Path: "file",
		Zh: "没有找到写着“案例”“报送单位”“结果”的表头", En: "has no row of headings with 案例, 报送单位 and 结果",
	}
}

// resultsOf reads a sheet; found is whether it has the headings.
func resultsOf(sheet *xlsx.Sheet) (results []catalog.CallResultInput, found bool, err error) {
	var columns []int // of each of resultColumns, -1 for none
	for row, err := range sheet.Rows() {
		if err != nil {
			return nil, false, err
		}
		if row.Err != nil {
			return nil, false, row.Err
		}
		if columns == nil {
			columns = columnsOfResults(row.Cells)
			continue
		}
		var one catalog.CallResultInput
		for i, to := range []*string{&one.Title, &one.Unit, &one.Award, &one.Case} {
			if at := columns[i]; at >= 0 && at < len(row.Cells) {
				*to = strings.Join(strings.Fields(row.Cells[at]), " ")
			}
		}
		if one.Title == "" {
			continue // a line of a signature or of a sum
		}
		if results = append(results, one); len(results) > catalog.MaxResults {
			return nil, true, &catalog.Error{
				Kind: catalog.KindInvalid, Path: "file",
				Zh: fmt.Sprintf("超过 %d 行", catalog.MaxResults), En: fmt.Sprintf("has more than %d rows", catalog.MaxResults),
			}
		}
	}
	return results, columns != nil, nil
}

// columnsOfResults are the columns of a row of headings, nil where it is none.
func columnsOfResults(cells []string) []int {
	columns := make([]int, len(resultColumns))
	for i, c := range resultColumns {
		columns[i] = -1
		for _, name := range c.names {
			at := slices.IndexFunc(cells, func(cell string) bool { return strings.Join(strings.Fields(cell), "") == name })
			if at >= 0 && columns[i] < 0 {
				columns[i] = at
			}
		}
	}
	if columns[0] < 0 || columns[1] < 0 && columns[2] < 0 { // a title alone may be that of the sheet
		return nil
	}
	return columns
}
