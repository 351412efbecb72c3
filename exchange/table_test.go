package exchange

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// readAll returns what a reader makes of a file: the lines of its records, and
// what it refuses or notes.
func readAll(t testing.TB, f reading.File) (inputs []catalog.Input, told []string) {
	t.Helper()
	for r, err := range reading.ReaderOf(f)(t.Context(), f) {
		switch {
		case err != nil:
			t.Fatal(err)
		case r.Err == nil:
			r.Err = r.Input.Validate()
			fallthrough
		default:
			if r.Err != nil {
				refusal := refusalOf(r)
				mark := ""
				if r.Note {
					mark = "note "
				}
				told = append(told, mark+refusal.String())
				continue
			}
			inputs = append(inputs, r.Input)
		}
	}
	return inputs, told
}

func file(name, content string) reading.File {
	return reading.File{Name: name, Reader: strings.NewReader(content)}
}

// canonical returns the lines of inputs.
func canonical(t testing.TB, inputs []catalog.Input) []string {
	t.Helper()
	var list []string
	for _, in := range inputs {
		line, err := jsonl.Encode(in)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(line))
	}
	return list
}

// anyInput draws an input of a kind with anything in its fields that JSON and
// the catalog's types can hold, enums and dates valid.
func anyInput(t *rapid.T, kind catalog.RecordKind) catalog.Input {
	in := catalog.NewInput(kind)
	draw(t, "", reflect.ValueOf(in).Elem())
	in.Head().Slug = rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "slug")
	if c, ok := in.(*catalog.CaseInput); ok {
		seen := map[catalog.StepCode]bool{}
		var steps []catalog.StepInput
		for _, s := range c.Steps {
			if !seen[s.Code] {
				steps = append(steps, s)
			}
			seen[s.Code] = true
		}
		c.Steps = steps
	}
	return in
}

// awkward are texts that a notation may stumble over.
var awkward = []string{
	"=1+1", "+1", "-1", "@x", "\tx", "'", "''=", "'=x", " x ", "甲；乙", "甲;乙", "甲｜乙|丙", `a\b`, `\`, `\n`, "一\n二", "一\r\n二", "\r", "、", "_x000D_", "<b>&amp;",
	`"引"`, `a"b,c`, "𠮷林", "〃", "是", "2021.1", "44392", "＝１", "　全角　", "\u00a0", "案例：一", "\uFEFFx",
}

func draw(t *rapid.T, path string, v reflect.Value) {
	text := rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[a-z一-龥；｜、\\ '\n]{1,12}`))
	switch v.Kind() {
	case reflect.Pointer:
		if rapid.Bool().Draw(t, path) {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, path, v.Elem())
		}
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(-5, 3000).Draw(t, path)))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1e9, 1e9).Draw(t, path))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, path))
	case reflect.Slice:
		n := rapid.IntRange(0, 3).Draw(t, path)
		for i := range n {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			draw(t, jsonl.Path(path, fmt.Sprint(i)), v.Index(i))
		}
	case reflect.Struct:
		for _, m := range jsonl.MembersOf(v.Type()).List {
			draw(t, jsonl.Path(path, m.Name), v.FieldByIndex(m.Index))
		}
	case reflect.String:
		switch enum := cell.EnumOf(v.Type()); {
		case enum != nil:
			v.SetString(rapid.SampledFrom(enum.Codes()).Draw(t, path))
		case v.Type() == cell.DateType:
			v.SetString(rapid.SampledFrom([]string{"2021", "2021-07", "2021-07-15"}).Draw(t, path))
		default:
			v.SetString(text.Draw(t, path))
		}
	}
}

func TestEveryRecordComesBackFromATable(t *testing.T) {
	for _, format := range []export.Format{export.FormatCSV, export.FormatXLSX} {
		kinds := catalog.RecordKinds
		if format == export.FormatXLSX { // slower, and the cells' notation is the same
			kinds = []catalog.RecordKind{catalog.KindCase, catalog.KindProposal, catalog.KindIndicator}
		}
		for _, kind := range kinds {
			rapid.Check(t, func(t *rapid.T) {
				n := rapid.IntRange(1, 3).Draw(t, "records")
				var inputs []catalog.Input
				for range n {
					inputs = append(inputs, anyInput(t, kind))
				}
				var b bytes.Buffer
				w, err := export.NewRecordWriter(&b, format, []catalog.RecordKind{kind})
				if err != nil {
					t.Fatal(err)
				}
				for _, in := range inputs {
					if err := w.Write(in); err != nil {
						t.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				var got []catalog.Input
				back := reading.File{Name: "f." + string(format), Reader: &b}
				for r, err := range reading.ReaderOf(back)(t.Context(), back) {
					if err != nil || r.Err != nil {
						t.Fatalf("%v %v %s", err, r.Err, r.Place)
					}
					got = append(got, r.Input)
				}
				if diff := cmp.Diff(lineList(t, inputs), lineList(t, got)); diff != "" {
					t.Fatalf("%s of %s (-want +got):\n%s", format, kind, diff)
				}
			})
		}
	}
}

func lineList(t *rapid.T, inputs []catalog.Input) []string {
	var list []string
	for _, in := range inputs {
		line, err := jsonl.Encode(in)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(line))
	}
	return list
}

func TestCSVAsCommitteesWriteIt(t *testing.T) {
	text := "朝阳区典型案例汇总表,,,\r\n" +
		"序号,案例名称,报送单位,协商时间,议题,参与方,协商成果,参加人数,备注\r\n" +
		"1,\"夜经济\n协商\",长春市朝阳区政协,2021年3月至5月,民生；教育,搭台方：朝阳区政协\n,调研报告｜区政府｜｜｜被采纳｜2021-07,45人,无\r\n" +
		",,,,,,,,\r\n" +
		"2,𠮷林街改造,长春市朝阳区政协,44392,,,,,\r\n" +
		"3,第三个,长春市朝阳区政协,去年,,,形式｜｜｜｜不知道,很多,\r\n"
	text = strings.Replace(text, "\"夜经济\n协商\"", "夜经济协商", 1)
	text = strings.Replace(text, "搭台方：朝阳区政协\n", "搭台方：朝阳区政协", 1)
	want := []string{
		`{"type":"case","slug":"ye-jing-ji-xie-shang-#","title":"夜经济协商","startedOn":"2021-03","endedOn":"2021-05","committee":"长春市朝阳区政协","topics":["民生","教育"],` +
			`"participants":[{"role":"CONVENER","name":"朝阳区政协"}],"outcomes":[{"form":"调研报告","usedBy":"区政府","status":"ADOPTED","occurredOn":"2021-07"}],"participantCount":45}`,
		`{"type":"case","slug":"lin-jie-gai-zao-#","title":"𠮷林街改造","startedOn":"2021-07-15","committee":"长春市朝阳区政协"}`,
		`{"type":"case","slug":"di-san-ge-#","title":"第三个","committee":"长春市朝阳区政协"}`,
	}
	wantTold := []string{
		`note f.csv:1: 在表头之前，没有导入：朝阳区典型案例汇总表 | stands before the header and was not taken: 朝阳区典型案例汇总表`,
		`note f.csv:3:9: 列“备注”不认识或重复，没有导入 | the column "备注" is not known, or stands twice, and was not taken`,
		`note f.csv:6:7: outcomes: “形式｜｜｜｜不知道”没有导入：“不知道”不是可用的值，可用：已报送、获批示、被采纳、已转化落实、未采纳、未写明 | "形式｜｜｜｜不知道" was not taken: "不知道" is not one of 已报送、获批示、被采纳、已转化落实、未采纳、未写明`,
		`note f.csv:6:8: participantCount: 应为整数，这里是“很多”；没有导入 | must be a whole number, and is "很多"; not taken`,
		`note f.csv:6:4: startedOn: “去年”读不出时间，没有导入：请写 2021、2021-07、2021年7月15日，或 2021年3月至5月 | "去年" is no date or period, and was not taken`,
	}
	files := map[string]string{
		"UTF-8":             text,
		"UTF-8 with a mark": "\uFEFF" + text,
		"GB18030":           encoded(t, simplifiedchinese.GB18030, text),
		"UTF-16LE, tabs":    encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), strings.ReplaceAll(text, ",", "\t")),
	}
	for name, content := range files {
		inputs, told := readAll(t, file("f.csv", content))
		for _, in := range inputs {
			slug := in.Head().Slug
			in.Head().Slug = slug[:strings.LastIndexByte(slug, '-')+1] + "#"
		}
		if diff := cmp.Diff(want, canonical(t, inputs)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(wantTold, told); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCSVTellsWhereItIsBroken(t *testing.T) {
	head := "标题,单位,案例背景\n"
	tests := []struct {
		name, file string
		want       []string // told
		titles     string
	}{
		{"not text", head + "甲,朝阳\xff区,x\n乙,丙,y\n", []string{"f.csv:2:1: 此处不是有效的 UTF-8 文字 | is not valid UTF-8"}, "乙"},
		{"text behind quotes", head + "甲,\"朝\"阳,x\n乙,丙,y\n", []string{"f.csv:2:2: 引号之后还有文字；单元格里的引号要写两个 | there is text behind the quotes; a quote within a cell is written twice"}, "乙"},
		{"quotes without end", head + "甲,\"朝阳,x\n乙,丙,y\n", []string{"f.csv:2: 单元格的引号没有结束，直到文件末尾 | a cell's quotes do not end before the file does"}, ""},
		{"lines within quotes", head + "甲,\"朝\r\n\"\"阳\",x\n", nil, "甲"},
		{"no header", "甲,乙\n丙,丁\n", []string{"f.csv: 没有找到表头：前 10 行中要有一行写着“标题”“政协”等列名 | there is no header: one of the first 10 rows must name columns, such as 标题 and 政协"}, ""},
		{"no header, long", strings.Repeat("甲,乙\n", 20), []string{"f.csv: 没有找到表头：前 10 行中要有一行写着“标题”“政协”等列名 | there is no header: one of the first 10 rows must name columns, such as 标题 and 政协"}, ""},
		{"no title", head + ",朝阳区政协,x\n", []string{`f.csv:2: case : slug: “”不能作为永久链接：只用小写字母、数字和单个连字符，最多 100 个字符 | "" is not a slug: lower-case letters, digits and single hyphens, at most 100 characters; title: 不能为空 | is required`}, ""},
		{"a column twice", "标题,单位,政协\n甲,乙,丙\n", []string{`note f.csv:2:2: 列“单位”不认识或重复，没有导入 | the column "单位" is not known, or stands twice, and was not taken`}, "甲"},
		{"more cells than headers", head + "甲,乙,丙,丁\n", []string{"note f.csv:2:4: 这一列没有列名，没有导入 | this column has no name and was not taken"}, "甲"},
		{"unknown kind", "类型,标题,单位\n不明,甲,乙\n提案,丙,\n", []string{`f.csv:2:1: type: 没有“不明”这一类记录 | there is no type "不明"`}, "丙"},
		{"an ambiguous date", "标题,开始时间\n甲,2021.1\n乙,2021.2\n", []string{"note f.csv:2:2: startedOn: 2021.1 可能是 1 月，也可能是 10 月：请写 2021-01 或 2021-10；没有导入 | 2021.1 may be January or October: write 2021-01 or 2021-10; not taken"}, "甲 乙"},
		{"two times that differ", "标题,时间,结束时间\n甲,2021年3月至5月,2021-06\n乙,2021年3月,2021-06\n", []string{"note f.csv:2:2: endedOn: “2021年3月至5月”与另一处的 2021-06 不一致，没有导入 | \"2021年3月至5月\" is not 2021-06, which stands elsewhere, and was not taken"}, "甲 乙"},
		{"the error of a formula", "标题,单位\n甲,#N/A\n乙,丙\n", []string{"note f.csv:2:2: committee: 公式出错：#N/A；没有导入 | is the error of a formula: #N/A; not taken"}, "甲 乙"},
		{"a title above tabs", "汇总表\n标题\t单位\n甲\t乙\n", []string{"note f.csv:1: 在表头之前，没有导入：汇总表 | stands before the header and was not taken: 汇总表"}, "甲"},
		{"semicolons", "标题;单位\n甲;乙,丙\n", nil, "甲"},
		{"empty", "", nil, ""},
	}
	for _, tt := range tests {
		inputs, told := readAll(t, file("f.csv", tt.file))
		var titles []string
		for _, in := range inputs {
			switch in := in.(type) {
			case *catalog.CaseInput:
				titles = append(titles, in.Title)
			case *catalog.ProposalInput:
				titles = append(titles, in.Title)
			}
		}
		if tt.name == "lines within quotes" {
			if len(inputs) != 1 || inputs[0].(*catalog.CaseInput).Committee != "朝\"阳" {
				t.Errorf("%s: %v %v", tt.name, canonical(t, inputs), told)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, told); diff != "" || strings.Join(titles, " ") != tt.titles {
			t.Errorf("%s: titles %v (-want +got):\n%s", tt.name, titles, diff)
		}
	}
}

func TestXLSXKeepsTextsThatAreLongerThanACell(t *testing.T) {
	long := strings.Repeat("一二三四五六七八九十\n", 9_000) + "=完"
	in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "a"}, Title: "甲", Background: long, Approach: strings.Repeat("𠮷", 32_000) + column.Ditto}
	after := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "b"}, Title: "乙"}
	var b bytes.Buffer
	w, err := export.NewRecordWriter(&b, export.FormatXLSX, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []catalog.Input{in, after} {
		if err := w.Write(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	inputs, told := readAll(t, reading.File{Name: "f.xlsx", Reader: &b})
	if diff := cmp.Diff([]catalog.Input{in, after}, inputs); diff != "" || len(told) > 0 {
		t.Errorf("told %v (-want +got):\n%.500s", told, diff)
	}
}

// workbook makes an XLSX of sheets, row by row.
func workbook(t *testing.T, fill func(*excelize.File)) reading.File {
	t.Helper()
	book := excelize.NewFile()
	fill(book)
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return reading.File{Name: "f.xlsx", Reader: &b}
}

func TestXLSXAsCommitteesWriteIt(t *testing.T) {
	f := workbook(t, func(book *excelize.File) {
		cells := map[string]any{
			"A1": "典型案例汇总表", "A2": "单位", "B2": "标题", "C2": "开始时间", "D2": "参加人数", "E2": "重点",
			"A3": "长春市朝阳区政协", "B3": "甲案例", "C3": 44392, "D3": 45, "E3": "x",
			"B4": "乙案例", "C4": 2021, "D4": "许多",
		}
		for cell, value := range cells {
			if err := book.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.MergeCell("Sheet1", "A3", "A4"); err != nil {
			t.Fatal(err)
		}
		if _, err := book.NewSheet("空"); err != nil {
			t.Fatal(err)
		}
		if _, err := book.NewSheet("提案"); err != nil {
			t.Fatal(err)
		}
		for cell, value := range map[string]any{"A1": "标题", "B1": "办理结果", "A2": "丙提案", "B2": "A类"} {
			if err := book.SetCellValue("提案", cell, value); err != nil {
				t.Fatal(err)
			}
		}
	})
	inputs, told := readAll(t, f)
	want := []string{
		`{"type":"case","slug":"` + madeSlug("CASE", "长春市朝阳区政协", "甲案例") + `","title":"甲案例","startedOn":"2021-07-15","committee":"长春市朝阳区政协","participantCount":45}`,
		`{"type":"case","slug":"` + madeSlug("CASE", "长春市朝阳区政协", "乙案例") + `","title":"乙案例","startedOn":"2021","committee":"长春市朝阳区政协"}`,
		`{"type":"proposal","slug":"` + madeSlug("PROPOSAL", "", "丙提案") + `","title":"丙提案","resolution":"A"}`,
	}
	if diff := cmp.Diff(want, canonical(t, inputs)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantTold := []string{
		`note f.xlsx:Sheet1!1: 在表头之前，没有导入：典型案例汇总表 | stands before the header and was not taken: 典型案例汇总表`,
		`note f.xlsx:Sheet1!E3: 列“重点”不认识或重复，没有导入 | the column "重点" is not known, or stands twice, and was not taken`,
		`note f.xlsx:Sheet1!D4: participantCount: 应为整数，这里是“许多”；没有导入 | must be a whole number, and is "许多"; not taken`,
	}
	if diff := cmp.Diff(wantTold, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestXLSXThatIsNone(t *testing.T) {
	for content, want := range map[string]string{
		"no workbook":              "f.xlsx: 文件损坏，无法打开 | is broken and cannot be opened",
		"\xD0\xCF\x11\xE0old file": "f.xlsx: 是旧格式（.xls）或加了密码的工作簿，请另存为不加密的 .xlsx | is an old .xls or protected by a password; save it as .xlsx without one",
	} {
		if _, told := readAll(t, file("f.xlsx", content)); len(told) != 1 || told[0] != want {
			t.Errorf("told %v, want %s", told, want)
		}
	}
}

func TestSlugsOfRecordsThatBringNone(t *testing.T) {
	slug := madeSlug(catalog.KindCase, "长春市政协", "“谏议朝阳”：让“𠮷林”更美 2021 AbC 绿色")
	if !strings.HasPrefix(slug, "jian-yi-chao-yang-rang-lin-geng-mei-2021-abc-l") || !catalog.ValidSlug(slug) {
		t.Errorf("slug %s", slug)
	}
	if madeSlug(catalog.KindCase, "吉林市政协", "甲") == madeSlug(catalog.KindCase, "长春市政协", "甲") {
		t.Error("two committees' cases of one title have one slug")
	}
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.String().Draw(t, "title")
		slug := madeSlug(catalog.KindCase, "x", title)
		if !catalog.ValidSlug(slug) || slug != madeSlug(catalog.KindCase, "x", title+" ") {
			t.Fatalf("slug %q", slug)
		}
	})
}

func TestWhateverAFileHoldsIsReadToItsEnd(t *testing.T) {
	outer := t
	pieces := rapid.SampledFrom(append([]string{"标题", "单位", "\xff", "\x00", ",", ",", "\n", "\n", "\r\n", `"`, ";", "\t", "一、背景", "<w:p>", "</w:p>", "<w:tbl>", "<w:tr>", "<w:tc>", "</w:tc>", "<w:t>"}, awkward...))
	rapid.Check(t, func(t *rapid.T) {
		content := strings.Join(rapid.SliceOf(pieces).Draw(t, "content"), "")
		for name, content := range map[string]string{
			"f.csv": "标题,单位\n" + content, "g.csv": content, "f.xlsx": content, "f.zip": content, "f.docx": content,
			"g.docx": zipOf(outer, map[string]string{"word/document.xml": content}),
		} {
			read := reading.ReaderOf(reading.File{Name: name})
			for r, err := range read(outer.Context(), reading.File{Name: name, Reader: strings.NewReader(content)}) {
				if err != nil || r.Err == nil && r.Input == nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	})
}

// madeSlug is permalink.Make without the slug of before.
func madeSlug(kind catalog.RecordKind, committee, title string) string {
	slug, _ := permalink.Make(kind, committee, title)
	return slug
}
