package exchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/xuri/excelize/v2"
)

// What is empty is refused by name: nobody should wonder why nothing came of it. A sheet
// of macros is called one.
func TestEmptyFilesAreNamed(t *testing.T) {
	zipped := func(parts map[string]string) reading.File {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range parts {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return reading.File{Name: "a.xlsx", Reader: &b}
	}
	const (
		relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="sheet1.xml"/></Relationships>`
		book      = `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="宏1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	)
	for _, tt := range []struct {
		name string
		file reading.File
		want []string
	}{
		{"a workbook", workbook(t, func(*excelize.File) {}), []string{"是空的"}},
		{"a workbook of two sheets", workbook(t, func(f *excelize.File) { _, _ = f.NewSheet("案例") }), []string{"是空的"}},
		{"a text", file("a.txt", "\n \n"), []string{"是空的"}},
		{"a page", file("a.html", "<html><body><p> </p></body></html>"), []string{"是空的"}},
		{"macros alone", zipped(map[string]string{"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations, "xl/sheet1.xml": "<macrosheet/>"}), []string{"note a.xlsx:宏1: 宏表", "是空的"}},
	} {
		inputs, told := readAll(t, tt.file)
		good := len(inputs) == 0 && len(told) == len(tt.want)
		for i := range min(len(told), len(tt.want)) {
			good = good && strings.Contains(told[i], tt.want[i])
		}
		if !good {
			t.Errorf("%s: %d cases, told %q, want %q", tt.name, len(inputs), told, tt.want)
		}
	}
}

// Files that no office has, and programs make, are read in a moment: of a table what
// may be columns of ours, of a cell what may be a name or a date, of a document what may
// be a case. What was not read is told in a sentence.
func TestLargeFilesAreBounded(t *testing.T) {
	const header, row = "标题,政协,时间,背景,做法", "供水协商,长春市政协,2021年7月,水压不足。,召开协商会。"
	long, wide := strings.Repeat("长", 32767), strings.Repeat(",值", 16000)
	docx := func(lines ...string) string { return strings.Join(lines, "\n") }
	many := func(n int, line string) string { return strings.Repeat(line+"\n", n) }
	filled := func(name string, rows ...[]any) reading.File {
		return workbook(t, func(f *excelize.File) {
			for i, cells := range rows {
				if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	cells := func(n int, text string) (list []any) {
		for range n {
			list = append(list, text)
		}
		return list
	}
	names := []any{"标题", "政协", "时间", "背景", "做法"}
	values := []any{"供水协商", "长春市政协", "2021年7月", "水压不足。", "召开协商会。"}
	for _, tt := range []struct {
		name  string
		file  reading.File
		cases int
		last  string // what is told last
	}{
		{"a row of cells and no header", filled("a", cells(16384, "x")), 0, "没有找到表头"},
		{"a row of labels", filled("a", cells(16384, "标题")), 0, "只读前 500 列"},
		{"a header, and columns of anything", file("a.csv", header+wide+"\n"+row+wide+"\n"), 1, "只读前 500 列"},
		{"a header that is far to the right", file("a.csv", strings.Repeat("x,", 600)+header+"\n"), 0, "没有找到表头"},
		{"the header again and again", filled("a", append(cells(16384-5, "标题"), names...), cells(16384, "值")), 0, "只读前 500 列"},
		{"empty columns behind the header", file("a.csv", header+strings.Repeat(",", 9000)+"\n"+row+strings.Repeat(",", 9000)+"\n"), 1, ""},
		{"more cells than a sheet has columns", file("a.csv", header+"\n"+strings.Repeat(",", 100_000)+"\n"+row+"\n"), 1, "16384 格"},
		{"cells full of text above the header", filled("a", cells(40, long), names, values), 1, "在表头之前"},
		{"a date of very many digits", filled("a", names, values, append([]any{"供热协商", "长春市政协", "2021年" + strings.Repeat("1", 30000)}, values[3:]...)), 2, "没有导入"},
		{"rows that are no cases", file("a.csv", header+"\n"+row+"\n"+many(5000, "合计,,,,")), 1, "另有 4000 行也不是案例"},
		{"lines without an end", file("a.txt", many(20_001, "这里有一行字")), 0, "超过 20000 段"},
		{"a page of cells", file("a.html", "<table>"+many(50, "<tr>"+strings.Repeat("<td>甲</td>", 900)+"</tr>")+"</table>"), 0, ""},
		{"a long line", file("a.txt", docx("供水协商", "长春市政协", "一、背景", strings.Repeat("水压不足", 50_000)+"。", "二、做法", "召开协商会。")), 0, ""},
		{"a column that counts", file("a.csv", "序号,"+header+",No.\n1,"+row+",1\n"), 1, ""},
	} {
		begun := time.Now()
		inputs, told := readAll(t, tt.file)
		if took := time.Since(begun); took > 20*time.Second { // a second at most, of a processor of one's own
			t.Errorf("%s took %v", tt.name, took)
		}
		last := ""
		if len(told) > 0 {
			last = told[len(told)-1]
		}
		if len(inputs) != tt.cases && tt.name != "a long line" || !strings.Contains(last, tt.last) || tt.last == "" && tt.cases > 0 && len(told) > 0 {
			t.Errorf("%s: %d cases, want %d; told of %d, the last: %s", tt.name, len(inputs), tt.cases, len(told), last)
		}
	}
}
