package exchange

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jisiguangyi/jisi/exchange/office"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

const letterCase = officeTitle + " unit=" + officeUnit + " background=" + officeBackground + " approach=" + officeApproach + "/" + officeApproach2 +
	" results=" + officeResults + " lessons=" + officeLessons

// letterLines are the lines of a case with its signature below.
func letterLines() []string {
	return []string{
		officeTitle, "一、案例背景", officeBackground, "二、主要做法", officeApproach, officeApproach2, "三、取得成效", officeResults, "四、经验启示", officeLessons,
		officeUnit, "2021年7月15日",
	}
}

func readTestdata(t *testing.T, name string) reading.File {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "formats", name))
	if err != nil {
		t.Fatal(err)
	}
	return reading.File{Name: name, Reader: bytes.NewReader(content)}
}

func TestOlderFormatsAreReadByLibreOfficeOrToldOf(t *testing.T) {
	tests := []struct {
		file, cases, instead string
	}{
		{"letter.doc", letterCase, ".docx"},
		{"letter.rtf", letterCase, ".docx"},
		{"table.ods", "夜市 unit=" + officeUnit + " background=背 people=45", ".xlsx"},
	}
	for _, tt := range tests {
		cases, told := readOffice(t, readTestdata(t, tt.file))
		if office.Find() == "" {
			if len(cases) != 0 || len(told) != 1 || !strings.Contains(told[0], "要靠 LibreOffice 读取") || !strings.Contains(told[0], "另存为 "+tt.instead) {
				t.Errorf("%s: %v, told %v", tt.file, cases, told)
			}
			continue
		}
		if diff := cmp.Diff([]string{tt.cases}, cases); diff != "" {
			t.Errorf("%s: told %v (-want +got):\n%s", tt.file, told, diff)
		}
	}
	// What is no file of its kind is told of in a sentence, whether or not there is
	// a program to try it with, and WPS's formats go the same way.
	for _, name := range []string{"broken.doc", "x.wps", "x.et"} {
		if cases, told := readOffice(t, file(name, "no document at all")); len(cases) != 0 || len(told) == 0 {
			t.Errorf("%s: %v, told %v", name, cases, told)
		}
	}
}

func TestPDFIsReadByItsText(t *testing.T) {
	cases, told := readOffice(t, readTestdata(t, "letter.pdf"))
	if diff := cmp.Diff([]string{letterCase}, cases); diff != "" || len(told) != 1 || !strings.Contains(told[0], "落款日期没有作为案例时间：2021 年7 月15 日") && !strings.Contains(told[0], "落款日期没有作为案例时间") {
		t.Errorf("told %v (-want +got):\n%s", told, diff)
	}
	for name, want := range map[string]string{"broken.pdf": "文件损坏，无法读取；请找原来的 Word 文件"} {
		if _, told := readOffice(t, file(name, "%PDF-1.4 and no more")); len(told) != 1 || !strings.Contains(told[0], want) {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

// ofdOf makes an OFD file of pages of lines, as GB/T 33190 has it.
func ofdOf(t *testing.T, pages ...[]string) string {
	t.Helper()
	parts := map[string]string{
		"OFD.xml": `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
	}
	var list strings.Builder
	for i, lines := range pages {
		fmt.Fprintf(&list, `<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>`, i+1, i)
		var b strings.Builder
		b.WriteString(`<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>`)
		for n := len(lines) - 1; n >= 0; n-- { // in whatever order: the places count
			half := len([]rune(lines[n])) / 2
			for k, piece := range []string{string([]rune(lines[n])[:half]), string([]rune(lines[n])[half:])} {
				fmt.Fprintf(&b, `<ofd:TextObject Boundary="%d %d 100 5" Size="5"><ofd:TextCode X="0" Y="4.5">%s</ofd:TextCode></ofd:TextObject>`, 20+k*60, 20+n*10, piece)
			}
		}
		b.WriteString(`</ofd:Layer></ofd:Content></ofd:Page>`)
		parts[fmt.Sprintf("Doc_0/Pages/Page_%d/Content.xml", i)] = b.String()
	}
	parts["Doc_0/Document.xml"] = `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>` + list.String() + `</ofd:Pages></ofd:Document>`
	return zipOf(t, parts)
}

func TestTextsOfOtherFormats(t *testing.T) {
	lines := letterLines()
	html := "<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body><nav>首页</nav><h1>" + lines[0] + "</h1>"
	for _, line := range lines[1:] {
		html += "<p>" + line + "</p>\n"
	}
	table := "<html><body><table><tr><th>案例名称</th><th>报送单位</th><th>案例背景</th></tr><tr><td>夜市</td><td>" + officeUnit + "</td><td>背</td></tr></table></body></html>"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("<html><head><meta charset=gb2312></head><body><h1>" + officeTitle + "</h1><p>一、背景</p><p>" + officeBackground + "</p></body></html>")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ content, want string }{
		"case.txt":          {strings.Join(lines, "\r\n"), letterCase},
		"case.html":         {html, letterCase},
		"gb.htm":            {gb, officeTitle + " background=" + officeBackground},
		"exported.xls":      {table, "夜市 unit=" + officeUnit + " background=背"},
		"case.ofd":          {ofdOf(t, lines[:6], lines[6:]), letterCase},
		"really-a-pdf.doc":  {"%PDF-1.4 broken", ""},
		"picture.jpg":       {"\xFF\xD8\xFF", ""},
		"scan.ofd":          {ofdOf(t, nil), ""},
		"unknown.something": {"x", ""},
	} {
		cases, told := readOffice(t, file(name, tt.content))
		if got := strings.Join(cases, "\n"); got != tt.want || tt.want == "" && len(told) != 1 {
			t.Errorf("%s: %s\ntold %v\nwant %s", name, got, told, tt.want)
		}
	}
}

func TestManyMergedCellsAndFarRowsTakeLittleTime(t *testing.T) {
	sheet := func(body string) string {
		return zipOf(t, map[string]string{
			"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
			"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + body + `</worksheet>`,
		})
	}
	cell := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	head := `<row r="1">` + cell("A1", "标题") + cell("B1", "单位") + cell("C1", "背景") + `</row><row r="2">` + cell("A2", "甲") + cell("B2", "乙") + cell("C2", "丙") + `</row>`
	var rows, merges strings.Builder
	for r := 3; r < 20_000; r += 3 {
		fmt.Fprintf(&rows, `<row r="%d">%s%s%s</row><row r="%d"/><row r="%d"/>`, r, cell(fmt.Sprintf("A%d", r), fmt.Sprintf("题%d", r)), cell(fmt.Sprintf("B%d", r), "乙"), cell(fmt.Sprintf("C%d", r), "丙"), r+1, r+2)
		for _, c := range "ABCDEFGH" {
			fmt.Fprintf(&merges, `<mergeCell ref="%c%d:%c%d"/>`, c, r, c, r+2)
		}
	}
	for name, body := range map[string]string{
		"merged":  `<sheetData>` + head + rows.String() + `</sheetData><mergeCells>` + merges.String() + `</mergeCells>`,
		"far row": `<sheetData>` + head + `<row r="1048576" s="1" customFormat="1"><c r="XFD1048576" s="1"/></row></sheetData>`,
	} {
		started := time.Now()
		inputs, _ := readAll(t, file("f.xlsx", sheet(body)))
		if took := time.Since(started); len(inputs) == 0 || took > 20*time.Second {
			t.Errorf("%s: %d records in %s", name, len(inputs), took)
		}
	}
}
