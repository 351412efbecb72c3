package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// The case that most documents of testdata/office hold.
const (
	officeTitle      = "搭平台议出夜市新秩序"
	officeUnit       = "长春市朝阳区政协"
	officeBackground = "河畔夜市开办以来，占道和噪声投诉较多。"
	officeApproach   = "政协先到现场听取摊主意见，再请城管、环保一起协商。"
	officeApproach2  = "经三轮协商，形成分时段经营方案。"
	officeResults    = "投诉量下降六成，摊位全部进场。"
	officeLessons    = "先听后议，方案才有人执行。"
)

// officeCase writes what a case says, for comparing: its fields in one line.
func officeCase(in catalog.Input) string {
	c, ok := in.(*catalog.CaseInput)
	if !ok {
		return jsonl.TypeName(in.Kind()) + " " + in.Head().Slug
	}
	parts := []string{c.Title}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+strings.ReplaceAll(value, "\n", "/"))
		}
	}
	add("unit", c.Committee)
	add("region", c.Region)
	add("from", string(c.StartedOn))
	add("to", string(c.EndedOn))
	add("level", string(c.Level))
	add("summary", c.Summary)
	add("background", c.Background)
	add("approach", c.Approach)
	add("results", c.Results)
	add("lessons", c.Lessons)
	add("unplaced", c.Unplaced)
	add("topics", strings.Join(c.Topics, ","))
	if c.ParticipantCount != nil {
		add("people", fmt.Sprint(*c.ParticipantCount))
	}
	add("status", string(c.Status))
	return strings.Join(parts, " ")
}

// readOffice reads a file and returns its cases in short, and what was told of it,
// the English left out.
func readOffice(t *testing.T, f reading.File) (cases, told []string) {
	t.Helper()
	inputs, all := readAll(t, f)
	for _, in := range inputs {
		cases = append(cases, officeCase(in))
	}
	for _, line := range all {
		zh, _, _ := strings.Cut(line, " | ")
		told = append(told, strings.Replace(zh, f.Name+":", "", 1))
	}
	return cases, told
}

func TestFilesAsOfficesHaveThem(t *testing.T) {
	const (
		row   = "unit=" + officeUnit + " from=2021-07 background=背景文字。 approach=做法文字。"
		texts = "background=" + officeBackground + " approach=" + officeApproach + "/" + officeApproach2 + " results=" + officeResults + " lessons=" + officeLessons
		two   = officeTitle + " background=" + officeBackground + " approach=" + officeApproach
		head  = officeTitle + " unit=" + officeUnit + " from=2021-07 "
	)
	tests := []struct {
		file  string
		cases []string
		told  []string
	}{
		{"01-total-and-signature-rows.xlsx", []string{"夜市 unit=" + officeUnit + " background=背 people=45"}, []string{
			"note Sheet1!3: 合计行，没有导入：合计", "note Sheet1!4: 填表说明或签署，没有导入：填表人：某某", "note Sheet1!5: 填表说明或签署，没有导入：注：本表一式两份",
		}},
		{"02-two-header-rows.xlsx", []string{"夜市 " + row + " results=成效文字。"}, nil},
		{"03-headers-with-brackets.xlsx", []string{"夜市 " + row}, nil},
		{"04-form-label-value.xlsx", []string{"夜市 " + row}, nil},
		{"05-month-cell.xlsx", []string{"夜市 " + row}, nil},
		{
			"06-number-2021.1.xlsx",
			[]string{"一月或十月 unit=" + officeUnit + " background=背景文字。 approach=做法文字。", "两位小数 unit=" + officeUnit + " from=2021-10 background=背景文字。 approach=做法文字。"},
			[]string{"note Sheet1!C2: startedOn: 2021.1 可能是 1 月，也可能是 10 月：请写 2021-01 或 2021-10；没有导入"},
		},
		{"07-same-title-twice.xlsx", []string{"协商案例 unit=" + officeUnit + " background=第一个案例的背景。", "协商案例 unit=" + officeUnit + " background=第二个案例的背景。"}, nil},
		{"08-case-over-two-merged-rows.xlsx", []string{"夜市 unit=" + officeUnit + " from=2021-07 background=背一。/背二。 approach=做一。/做二。"}, nil},
		{"09-column-leixing.xlsx", []string{"夜市 unit=" + officeUnit + " background=背"}, []string{
			"note Sheet1!B2: 列“类型”写的不是记录类型，没有导入：经济类",
		}},
		{"10-column-laiyuan.xlsx", []string{"夜市 unit=" + officeUnit + " background=背"}, []string{
			"note Sheet1!C2: origin: “吉林日报”不是可用的值，可用：有出处、委员会提供、基础数据、合成数据；没有导入",
		}},
		{"11-regions-with-city.xlsx", []string{"停车 unit=" + officeUnit + " region=220104 background=背"}, nil},
		{"12-hidden-row-and-sheet.xlsx", []string{"可见 " + row}, []string{"note Sheet1!3: 隐藏的行没有导入：第 3 行", "note 旧表: 隐藏的工作表，没有导入"}},
		{"13-1904.xlsx", []string{"夜市 " + strings.Replace(row, "2021-07", "2021-07-05", 1)}, nil},
		{"14-chart-sheet.xlsx", []string{"夜市 " + row}, []string{"note 图表1: 图表页，没有导入"}},
		{"15-percent.xlsx", []string{"夜市 unit=" + officeUnit + " from=2021-07 background=85% approach=做"}, nil},
		{"16-second-block.xlsx", []string{"甲 " + row, "乙 " + row}, []string{"note Sheet1!4: 只有标题，没有导入：吉林市案例"}},
		{"17-notes-sheet.xlsx", []string{"夜市 " + row}, []string{"note 统计: 没有案例的表头，整张工作表没有导入"}},
		{"18-cr-only.csv", []string{"夜市 unit=" + officeUnit + " from=2021-07 background=背 approach=做"}, nil},
		{"19-group-rows.xlsx", []string{"夜市 " + row, "停车 " + row}, []string{"note Sheet1!2: 分组标题，没有导入：一、长春市", "note Sheet1!4: 分组标题，没有导入：二、吉林市"}},
		{"20-gongwen.docx", []string{officeTitle + " unit=政协长春市朝阳区委员会 " + texts}, []string{
			"note 15: 正文之后的内容没有导入：附件：1.会议照片", "note 17: 落款日期没有作为案例时间：二〇二一年七月十五日", "note 18: 联系人和电话没有导入",
			"note 19: 正文之后的内容没有导入：抄送：各街道。", "note 2: 发文字号没有导入：朝政协发〔2021〕5号", "note 4: 主送机关没有导入：市政协办公室：",
			"note 5: 不在任何部分里，没有导入：现将协商案例报送如下。",
		}},
		{"21-signature-below.docx", []string{officeTitle + " unit=" + officeUnit + " " + texts}, []string{"note 12: 落款日期没有作为案例时间：2021年7月15日"}},
		{"22-hidden-text.docx", []string{head + "background=" + officeBackground + " approach=" + officeApproach}, []string{"note 5: 隐藏文字没有导入（1 处）"}},
		{"23-placeholder.docx", []string{officeTitle + " " + texts}, []string{"note 2: 未填写的占位提示没有导入（1 处）"}},
		{"24-toc.docx", []string{officeTitle + " " + texts}, []string{"note 1: 目录没有导入"}},
		{"25-table-text-in-one-cell.docx", []string{officeTitle + " unit=" + officeUnit + " background=" + officeBackground + " approach=" + officeApproach}, []string{
			"note  “协商案例申报表”没有作为标题导入：文中另写了标题",
		}},
		{"26-table-label-above.docx", []string{two}, nil},
		{"27-data-table-in-part.docx", []string{head + "results=整治前后对比如下：/指标\t整治前\t整治后/月投诉量（件）\t52\t20/" + officeResults}, nil},
		{"28-auto-numbers.docx", []string{head + "background=" + officeBackground + " approach=1.现场听取意见。/2.部门集中会商。/按前述第2项执行。"}, nil},
		{"29-auto-numbered-headings.docx", []string{head + "background=" + officeBackground + " approach=" + officeApproach + " results=" + officeResults}, nil},
		{"30-shift-enter.docx", []string{two}, nil},
		{"31-run-in-headings.docx", []string{two + " results=" + officeResults}, nil},
		{"32-headings-in-other-words.docx", []string{two + " results=" + officeResults + " lessons=" + officeLessons}, nil},
		{"33-two-parts-in-one-heading.docx", []string{two + " lessons=" + officeLessons}, []string{"note 4: “二、主要做法及成效”写了两部分，都按“做法”导入"}},
		{"34-cover-line.docx", []string{officeTitle + " unit=" + officeUnit + " " + texts}, []string{
			"note 2: 封面文字没有导入：政协协商典型案例", "note 1: 不在任何部分里，没有导入：附件1",
		}},
		{"35-title-two-paragraphs.docx", []string{officeTitle + " 共参与共享烟火气 unit=" + officeUnit + " " + texts}, nil},
		{"36-kangxi-radicals.docx", []string{"夜市共治 background=人民生活水平提高。 approach=方案行得通。"}, nil},
		{"37-kangxi-in-text.docx", []string{"夜市共治 background=人民生活水平提高。"}, nil},
		{"38-hard-line-breaks.docx", []string{two}, []string{"note 5: 页码没有导入"}},
		{"39-document2.docx", []string{head + texts}, nil},
		{"40-full-width-numbers.docx", []string{two}, nil},
		{"41-laiyuan-line.docx", []string{officeTitle + " " + texts}, []string{"note 2: origin: “吉林日报”不是可用的值，可用：有出处、委员会提供、基础数据、合成数据；没有导入"}},
		{"42-summary-in-brackets.docx", []string{officeTitle + " summary=" + officeBackground + " " + texts}, nil},
		{"43-symbol.docx", []string{head + "background=噪声≥60分贝。"}, nil},
		{"44-ruby.docx", []string{officeTitle + " background=河畔夜市开办以来。"}, []string{"note 3: 注音没有导入（1 处）"}},
		{"45-outline-levels-only.docx", []string{head + "background=" + officeBackground + " approach=" + officeApproach}, nil},
		{"46-deleted-paragraph-mark.docx", []string{head + "background=这一段与下一段已经合成一段。"}, nil},
		{"47-altchunk.docx", []string{two}, []string{"note 3: 嵌入的文件没有导入（1 处）"}},
		{"48-whole-text-in-table-frame.docx", []string{officeTitle + " " + texts}, nil},
		{"49-macro.docm", []string{head + texts}, nil},
		{"50-emoji-symbol.docx", []string{head + "background=☑已落实。"}, nil},
	}
	dates := []struct{ text, from, told string }{
		{"二〇二一年七月", "from=2021-07", ""}, {"２０２１年７月", "from=2021-07", ""}, {"2021年7月份", "from=2021-07", ""}, {"2021年7—9月", "from=2021-07 to=2021-09", ""},
		{"2021年度", "from=2021", ""}, {"2021年七月", "from=2021-07", ""}, {"21年7月", "from=2021-07", "“21年7月”按 2021-07 导入"}, {"2021年7月5日上午", "from=2021-07-05", ""},
		{"2021年7月5日（星期一）", "from=2021-07-05", ""}, {"2021年上半年", "from=2021", "“2021年上半年”按 2021 导入"}, {"2021年夏", "from=2021", "“2021年夏”按 2021 导入"},
		{"2021年7月起", "from=2021-07", "“2021年7月起”按 2021-07 导入"}, {"2021年7月至今", "from=2021-07", "“2021年7月至今”按 2021-07 导入"},
		{"2021年7月中旬", "from=2021-07", "“2021年7月中旬”按 2021-07 导入"},
	}
	for i, d := range dates {
		tt := tests[0]
		tt.file, tt.told = fmt.Sprintf("date-%02d.xlsx", i+1), nil
		tt.cases = []string{d.text + " " + strings.Replace(row, "from=2021-07", d.from, 1)}
		if d.told != "" {
			tt.told = []string{"note Sheet1!C2: startedOn: " + d.told}
		}
		tests = append(tests, tt)
	}
	for _, tt := range tests {
		f, err := os.Open(filepath.Join("testdata", "office", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		cases, told := readOffice(t, reading.File{Name: tt.file, Reader: f})
		_ = f.Close() // it was only read
		if diff := cmp.Diff(tt.cases, cases); diff != "" {
			t.Errorf("%s: cases (-want +got):\n%s", tt.file, diff)
		}
		if diff := cmp.Diff(tt.told, told); diff != "" {
			t.Errorf("%s: told (-want +got):\n%s", tt.file, diff)
		}
	}
	if len(tests) != 64 {
		t.Errorf("%d files, want 64", len(tests))
	}
}

func TestTwoRowsOfOneTitleAndUnitAreBothKept(t *testing.T) {
	m := newMemory()
	m.records[key{catalog.KindCommittee, officeUnit}] = `{}`
	open := func() reading.File {
		f, err := os.Open("testdata/office/07-same-title-twice.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return reading.File{Name: "f.xlsx", Reader: f}
	}
	report := mustImport(t, m, ImportOptions{}, open())
	if got := report.Counts(); got != (Counts{New: 2}) || len(report.Refusals) != 1 || !report.Refusals[0].Note ||
		!strings.Contains(report.Refusals[0].String(), "f.xlsx:Sheet1!3: 与 f.xlsx:Sheet1!2 同标题、同单位而内容不同，两个都保留") {
		t.Errorf("%+v, told %v", got, report.Refusals)
	}
	if report = mustImport(t, m, ImportOptions{}, open()); report.Counts() != (Counts{Same: 2}) {
		t.Errorf("imported again: %+v", report.Counts())
	}
}

func TestWhatNobodyKnowsIsLeftOutOfACase(t *testing.T) {
	m := newMemory()
	for _, slug := range []string{officeUnit} {
		m.records[key{catalog.KindCommittee, slug}] = `{}`
	}
	m.records[key{catalog.KindTopic, "民生"}] = `{}`
	m.records[key{catalog.KindTopic, "教育"}] = `{}`
	table := "标题,单位,议题,品牌,地区,案例背景\n" +
		"甲," + officeUnit + "办公室,民生、教育、不认得,没有的品牌,,背\n" +
		"乙,不知道哪个政协,民生,,,背\n" +
		"丙,長春市朝陽區政協,,,,背\n" +
		"丁, 长春市 朝阳区政协\u200b,,,,背\n"
	report := mustImport(t, m, ImportOptions{}, file("f.csv", table))
	if got := report.Counts(); got != (Counts{New: 4}) {
		t.Errorf("counts %+v", got)
	}
	var told []string
	for _, r := range report.Refusals {
		zh, _, _ := strings.Cut(r.String(), " | ")
		told = append(told, zh)
	}
	want := []string{
		"f.csv:2:4: brand: 没有找到协商品牌“没有的品牌”，没有导入",
		"f.csv:3:2: committee: 没有找到政协委员会“不知道哪个政协”，没有导入",
		"f.csv:2:3: topics.2: 没有找到议题“不认得”，没有导入",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	var got []string
	for _, line := range m.records {
		if in, err := jsonl.Decode([]byte(line)); err == nil {
			got = append(got, officeCase(in))
		}
	}
	for _, want := range []string{
		"甲 unit=" + officeUnit + " background=背 topics=民生,教育 status=PUBLISHED", "乙 background=背 topics=民生 status=PUBLISHED",
		"丙 unit=" + officeUnit + " background=背 status=PUBLISHED", "丁 unit=" + officeUnit + " background=背 status=PUBLISHED",
	} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("there is no %s among\n%s", want, strings.Join(got, "\n"))
		}
	}
}
