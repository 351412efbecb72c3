package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

func TestACaseComesBackFromItsDocument(t *testing.T) {
	year, people := 2021, 45
	in := &catalog.CaseInput{
		InputMeta: catalog.InputMeta{
			Slug: "ye-shi", Origin: catalog.OriginSynthetic, Status: catalog.StatusDraft,
			Citations: []catalog.CitationInput{{Source: "s", Quote: "引文｜第一行\n第二行", Fields: []string{"title", "outcomes.0"}}},
		},
		Title: "夜经济协商", AlternativeTitles: []string{"别名；一", "别名二"}, Summary: "摘要。", Background: "背景第一段。\n成效显著，一、二、三。", Approach: "（一）做法一\n一、加强领导\n做法：先调研。\n1. 条目\t缩进",
		Results: "成效。", Lessons: "启示。", Year: &year, StartedOn: "2021-03", EndedOn: "2021-05-06", Level: catalog.LevelCounty, Committee: "chaoyang", Brand: "yan",
		Topics: []string{"a", "b"}, Participants: []catalog.ParticipantInput{{Role: catalog.RoleConvener, Name: "朝阳区政协"}, {Role: catalog.RoleServer, Name: "居民"}},
		Steps:    []catalog.StepInput{{Code: catalog.StepAskPriority, Text: "一问的答"}, {Code: catalog.StepOutcomeEffect, Text: "三明确的答\n第二段"}},
		Outcomes: []catalog.OutcomeInput{{Form: "报告", Status: catalog.OutcomeAdopted}}, ParticipantCount: &people,
		Links: []catalog.Link{{Title: "报道", URL: "https://example.org/?a=1;b"}},
	}
	var b bytes.Buffer
	names := func(kind catalog.RecordKind, slug string) string {
		if kind == catalog.KindCommittee {
			return "长春市朝阳区政协"
		}
		return ""
	}
	if err := export.WriteDOCX(&b, in, names); err != nil {
		t.Fatal(err)
	}
	inputs, told := readAll(t, reading.File{Name: "f.docx", Reader: &b})
	want := *in
	want.Committee = "长春市朝阳区政协"
	if diff := cmp.Diff(canonical(t, []catalog.Input{&want}), canonical(t, inputs)); diff != "" || len(told) > 0 {
		t.Errorf("told %v (-want +got):\n%s", told, diff)
	}
}

// para is a paragraph of a document that a test makes: its style and its text.
type para struct{ style, text string }

// docxOf makes a document from XML, so that a test says what stands in it to the
// letter. A para whose style is "table" is one of rows parted by ; and cells by
// |.
func docxOf(t *testing.T, body ...para) string {
	t.Helper()
	d := &docx.Writer{}
	for _, p := range body {
		if p.style != "table" {
			d.Paragraph(p.style, p.text)
			continue
		}
		var rows [][]string
		for _, r := range strings.Split(p.text, ";") {
			rows = append(rows, strings.Split(r, "|"))
		}
		d.Table([]int{1, 1, 1, 1}, rows)
	}
	var b bytes.Buffer
	if _, err := d.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zipOf(t *testing.T, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDocumentsInTheShapesThatCommitteesWrite(t *testing.T) {
	want := catalog.CaseInput{
		Title: "小街巷 大民生", Background: "背景文字。", Approach: "（一）先调研\n做法文字。", Results: "成效文字。", Lessons: "启示文字。",
		Committee: "政协长春市朝阳区委员会", StartedOn: "2021-03", EndedOn: "2021-05", Brand: "谏议朝阳",
	}
	texts := []string{"背景文字。", "（一）先调研", "做法文字。", "成效文字。", "启示文字。"}
	parts := func(style string, headings ...string) []para {
		return []para{
			{style, headings[0]},
			{"", texts[0]},
			{style, headings[1]},
			{"", texts[1]},
			{"", texts[2]},
			{style, headings[2]},
			{"", texts[3]},
			{"", ""},
			{style, headings[3]},
			{"", texts[4]},
		}
	}
	table := para{"table", "单位|政协长春市朝阳区委员会|时间|2021年3月至5月;品牌|谏议朝阳||"}
	lines := []para{{"", "报送单位：政协长春市朝阳区委员会"}, {"", "协商时间：2021年3月至5月"}, {"", "协商品牌：谏议朝阳"}}
	title := para{"Title", "小街巷 大民生"}
	plain := para{"", "小街巷 大民生"}
	tests := map[string][]para{
		"styles and a table":         append([]para{title, table}, parts("Heading1", "案例背景", "主要做法", "取得成效", "经验启示")...),
		"styles, numbered":           append([]para{title, table}, parts("Heading1", "一、背景", "二、做法", "三、成效", "四、启示")...),
		"no styles, numbered":        append(append([]para{plain}, lines...), parts("", "一、案例背景", "二、主要做法", "三、取得的成效", "四、经验与启示")...),
		"no styles, no numbers":      append(append([]para{plain}, lines...), parts("", "【案例背景】", "主要做法：", "工作成效", "启示")...),
		"numbered one below":         append([]para{plain, table}, parts("", "（一）背景情况", "（二）具体做法", "（三）主要成效", "（四）几点启示")...),
		"a table at the end":         append(append([]para{title}, parts("Heading1", "背景", "做法", "成效", "启示")...), table),
		"labels above values":        append([]para{title, {"table", "单位|时间|品牌;政协长春市朝阳区委员会|2021年3月至5月|谏议朝阳"}}, parts("Heading2", "背景", "做法", "成效", "启示")...),
		"the name and date alone":    append([]para{title, {"", "政协长春市朝阳区委员会"}, {"", "（2021年3月至5月）"}, lines[2]}, parts("Heading1", "背景", "做法", "成效", "启示")...),
		"a title in a heading":       append([]para{{"Heading1", "小街巷 大民生"}, table}, parts("Heading2", "背景", "做法", "成效", "启示")...),
		"behind a word on the annex": append([]para{{"", "附件1："}, plain, table}, parts("", "一、背景", "二、做法", "三、成效", "四、启示")...),
		"headings that say more":     append([]para{title, table}, parts("Heading1", "一、协商背景及缘起", "二、主要做法及特点", "三、工作成效和社会反响", "四、几点经验启示与建议")...),
		"no styles, saying more":     append([]para{plain, table}, parts("", "一、协商背景及缘起", "二、主要做法及特点", "三、工作成效和社会反响", "四、几点经验启示与建议")...),
		"the whole case in a table": {
			title,
			{"table", "单位|政协长春市朝阳区委员会;时间|2021年3月至5月;品牌|谏议朝阳;案例背景|背景文字。;主要做法|" + texts[1] + "\n" + texts[2] + ";取得成效|成效文字。;经验启示|启示文字。"},
		},
		"text behind the heading": append(append([]para{plain}, lines...),
			para{"", "背景：背景文字。"}, para{"", "做法：（一）先调研"}, para{"", "做法文字。"}, para{"", "成效：成效文字。"}, para{"", "启示：启示文字。"}),
	}
	for name, body := range tests {
		inputs, told := readAll(t, file("f.docx", docxOf(t, body...)))
		if strings.HasPrefix(name, "behind") && len(told) == 1 && strings.HasPrefix(told[0], "note f.docx:1: 不在任何部分里，没有导入：附件1：") {
			told = nil
		}
		want.Slug, want.FormerSlug = permalink.Make(catalog.KindCase, want.Committee, want.Title)
		if diff := cmp.Diff(canonical(t, []catalog.Input{&want}), canonical(t, inputs)); diff != "" || len(told) > 0 {
			t.Errorf("%s: told %v (-want +got):\n%s", name, told, diff)
		}
	}
}

// poem makes a text that packs no better than texts do.
func poem(size int) string {
	var b strings.Builder
	for i := uint32(1); b.Len() < size; i = i*1664525 + 1013904223 {
		fmt.Fprintf(&b, "<w:p><w:r><w:t>%d</w:t></w:r></w:p>", i)
	}
	return b.String()
}

func TestDocumentsTellWhatIsNotUnderstood(t *testing.T) {
	body := []para{
		{"Title", "标题"},
		{"", "副题是什么"},
		{"table", "单位|长春市政协;联系电话|0431"},
		{"Heading1", "一、背景"},
		{"", "背景文字。"},
		{"Heading1", "二、组织领导"},
		{"", "成立专班。"},
		{"Heading1", "三、做法"},
		{"", "做法文字。"},
	}
	inputs, told := readAll(t, file("f.docx", docxOf(t, body...)))
	want := []string{
		`note f.docx:2: 不在任何部分里，没有导入：副题是什么 | belongs to no part, and was not taken: 副题是什么`,
		`note f.docx:3: 表格第 2 行第 1 格不认识，没有导入：联系电话 | row 2, cell 1 of the table is not known, and was not taken: 联系电话`,
		`note f.docx:3: 表格第 2 行第 2 格不认识，没有导入：0431 | row 2, cell 2 of the table is not known, and was not taken: 0431`,
		`note f.docx:6: “二、组织领导”不知归入哪一部分，原文已保留，案例存为草稿 | "二、组织领导" is no part that is known; its text was kept, and the case is a draft`,
	}
	if diff := cmp.Diff(want, told); diff != "" || len(inputs) != 1 {
		t.Errorf("%d records (-want +got):\n%s", len(inputs), diff)
	}
	if in := inputs[0].(*catalog.CaseInput); in.Status != catalog.StatusDraft || in.Unplaced != "二、组织领导\n成立专班。" {
		t.Errorf("a part that is not known is kept nowhere: %+v", in)
	}
	refused := map[string]struct {
		file string
		want string
	}{
		"two cases": {
			docxOf(t, para{"Title", "标题"}, para{"", "背景"}, para{"", "甲"}, para{"", "背景"}, para{"", "乙"}),
			"background: 第 4 段：“背景”出现第二次；一个文件只写一个案例",
		},
		"no parts":                               {docxOf(t, para{"Title", "通知"}), "没有找到“背景”“做法”“成效”“启示”中的任何一部分"},
		"no title":                               {docxOf(t, para{"", "一、背景"}, para{"", "甲"}), "title: 没有找到标题"},
		"no title, and a heading that says more": {docxOf(t, para{"", "一、协商背景及缘起"}, para{"", "甲"}), "title: 没有找到标题"},
		"broken":                                 {docxOf(t, para{"Title", "题"})[:300], "文件损坏，无法打开"},
		"an old .doc":                            {"\xD0\xCF\x11\xE0", "是旧格式（.doc）或加了密码的文档，请另存为不加密的 .docx"},
		"no body":                                {zipOf(t, map[string]string{"x": "y"}), "不是 Word 文档：里面没有正文"},
		"broken XML":                             {zipOf(t, map[string]string{"word/document.xml": "<w:document><w:body><w:p>"}), "文件损坏，无法读取"},
		"a bomb":                                 {zipOf(t, map[string]string{"word/document.xml": strings.Repeat("\x00", 100<<20)}), "word/document.xml 解压后有 100 MiB，是压缩前后相差悬殊的可疑文件，没有打开"},
		"nested deeply":                          {zipOf(t, map[string]string{"word/document.xml": strings.Repeat("<w:p>", 1000)}), "内部结构嵌套过深，没有读取"},
		"too much text":                          {zipOf(t, map[string]string{"word/document.xml": poem(40 << 20)}), "正文解压后超过 32 MiB 的上限，没有读取"},
		"a larger bomb":                          {zipOf(t, map[string]string{"word/document.xml": strings.Repeat(" ", 200<<20)}), "解压后超过 128 MiB 的上限，没有打开"},
	}
	for name, tt := range refused {
		inputs, told := readAll(t, file("f.docx", tt.file))
		if len(inputs) != 0 || len(told) == 0 || !strings.Contains(told[0], tt.want) {
			t.Errorf("%s: %d records, told %v; want %s", name, len(inputs), told, tt.want)
		}
	}
}

func TestZIPOfFiles(t *testing.T) {
	good := docxOf(t, para{"Title", "题"}, para{"", "背景"}, para{"", "文字"})
	bomb := zipOf(t, map[string]string{"word/document.xml": strings.Repeat(" ", 200<<20)})
	archive := zipOf(t, map[string]string{
		"甲/a.docx": good, "b.csv": "标题,单位\n乙,丙\n", "c.docx": bomb, "d.docx": "broken", "e.ppt": "x", "f.zip": zipOf(t, map[string]string{"a.docx": good}),
		"../g.docx": good, "__MACOSX/._a.docx": "x", "~$h.docx": "x", "README": "x",
	})
	m := newMemory()
	m.records[key{catalog.KindCommittee, "丙"}] = `{}`
	report := mustImport(t, m, ImportOptions{}, reading.File{Name: "all.zip", Reader: strings.NewReader(archive)})
	if got := report.Counts(); got != (Counts{New: 2, Refused: 6}) {
		t.Errorf("counts %+v", got)
	}
	want := []string{
		"../g.docx: 文件名指向压缩包之外，没有读取", "README: 不能读取这种文件", "__MACOSX/._a.docx: 是系统或办公软件的临时文件", "c.docx: 解压后超过 128 MiB 的上限",
		"d.docx: 文件损坏，无法打开", "e.ppt: 是演示文稿，不能导入；请把文字另存为 .docx", "f.zip: 压缩包里的压缩包不再打开", "~$h.docx: 是系统或办公软件的临时文件",
	}
	var got []string
	for i, r := range report.Refusals {
		line := strings.TrimPrefix(r.String(), "all.zip/")
		if i < len(want) && strings.HasPrefix(line, want[i]) {
			line = want[i]
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	broken := archive[:100]
	report = mustImport(t, newMemory(), ImportOptions{}, reading.File{Name: "all.zip", Reader: strings.NewReader(broken)})
	if len(report.Refusals) != 1 || !strings.HasPrefix(report.Refusals[0].String(), "all.zip: 文件损坏，无法打开") {
		t.Errorf("broken: %v", report.Refusals)
	}
}

func TestZIPThatWouldUnpackToTooMuch(t *testing.T) {
	// A directory may claim what it likes: the sum counts before anything is read.
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 3 {
		w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%d.csv", i), Method: zip.Deflate, UncompressedSize64: 400 << 20, CompressedSize64: 4 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, 4<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, told := readAll(t, reading.File{Name: "f.zip", Reader: &b})
	if want := "f.zip: 解压后超过 1024 MiB 的上限，没有打开 | would unpack to more than the limit of 1024 MiB, and was not opened"; len(told) != 1 || told[0] != want {
		t.Errorf("told %v", told)
	}
}

func TestNotesDoNotCountAsRefusedRecords(t *testing.T) {
	m := newMemory()
	report, err := Import(context.Background(), m, catalog.Actor{}, []reading.File{file("f.csv", "标题,摘要,备注\n甲,乙,x\n")}, ImportOptions{Strict: true})
	if err != nil || report.Counts() != (Counts{New: 1}) || len(report.Refusals) != 1 || !report.Refusals[0].Note {
		t.Errorf("%+v, %v", report, err)
	}
}
