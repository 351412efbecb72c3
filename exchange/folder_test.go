package exchange

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomutex/godocx"
	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// written is the case that the documents of testdata/libreoffice hold.
var written = catalog.CaseInput{
	Title: "夜间经济协商案例", Background: "近年来，夜间经济发展需要协商。", Approach: "（一）深入调研。走访商户。\n（二）组织协商。召开座谈会。", Results: "成效文字一。", Lessons: "启示文字一。",
	StartedOn: "2021-03", EndedOn: "2021-05", Committee: "长春市朝阳区政协", Brand: "谏议朝阳",
}

func TestDocumentsWrittenByLibreOffice(t *testing.T) {
	names, err := filepath.Glob("testdata/libreoffice/*.docx")
	if err != nil || len(names) != 10 {
		t.Fatalf("%d documents, %v", len(names), err)
	}
	want := written
	want.Slug, want.FormerSlug = permalink.Make(catalog.KindCase, want.Committee, want.Title)
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		inputs, told := readAll(t, reading.File{Name: filepath.Base(name), Reader: f})
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		want := want
		if strings.HasSuffix(name, "unknown-part.docx") {
			want.Status, want.Unplaced = catalog.StatusDraft, "五、组织保障\n成立专班。"
		}
		if diff := cmp.Diff(canonical(t, []catalog.Input{&want}), canonical(t, inputs)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		var wantTold []string
		if strings.HasSuffix(name, "unknown-part.docx") {
			wantTold = []string{
				"表格第 3 行第 1 格不认识，没有导入：联系电话", "表格第 3 行第 2 格不认识，没有导入：0431",
				"“五、组织保障”不知归入哪一部分，原文已保留，案例存为草稿",
			}
		}
		if len(told) != len(wantTold) {
			t.Errorf("%s: told %s", name, strings.Join(told, "\n"))
			continue
		}
		for i, line := range told {
			if !strings.Contains(line, wantTold[i]) {
				t.Errorf("%s: told %s, want %s", name, line, wantTold[i])
			}
		}
	}
}

// godocxFile writes a case as a document with godocx: with heading styles, or
// as plain paragraphs.
func godocxFile(t *testing.T, name, title string, styles bool) {
	t.Helper()
	d, err := godocx.NewDocument()
	if err != nil {
		t.Fatal(err)
	}
	heading := func(text string, level uint) {
		if !styles {
			d.AddParagraph(text)
		} else if _, err := d.AddHeading(text, level); err != nil {
			t.Fatal(err)
		}
	}
	heading(title, 0)
	table := d.AddTable()
	for _, cells := range [][]string{{"单位", written.Committee}, {"时间", "2021年3月至5月"}, {"品牌", written.Brand}} {
		row := table.AddRow()
		for _, c := range cells {
			row.AddCell().AddParagraph(c)
		}
	}
	for i, part := range []struct{ name, text string }{
		{"案例背景", written.Background}, {"主要做法", written.Approach}, {"取得成效", written.Results}, {"经验启示", written.Lessons},
	} {
		heading(fmt.Sprintf("%s、%s", export.ChineseNumbers[i], part.name), 1)
		for _, line := range strings.Split(part.text, "\n") {
			d.AddParagraph(line)
		}
	}
	if err := d.SaveTo(name); err != nil {
		t.Fatal(err)
	}
}

// TestAFolderOfTwentyDocuments is what a committee hands over: documents of two
// programs, with heading styles and without, one in a ZIP, one that is broken
// and one that unpacks to 200 MB.
func TestAFolderOfTwentyDocuments(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "二〇二一年"), 0o700); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("testdata/libreoffice/*.docx")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		content, err := os.ReadFile(name)
		switch {
		case err != nil:
			t.Fatal(err)
		case i == 0:
			write("zipped.zip", zipOf(t, map[string]string{"案例/labels-above.docx": string(content)}))
		default:
			write(filepath.Base(name), string(content))
		}
	}
	for i := range 8 {
		godocxFile(t, filepath.Join(dir, "二〇二一年", fmt.Sprintf("%d.docx", i)), fmt.Sprintf("协商案例%d", i), i%2 == 0)
	}
	write("broken.docx", "PK\x03\x04 and no more")
	write("bomb.docx", zipOf(t, map[string]string{"word/document.xml": strings.Repeat("<w:p/>", 200<<20/6)}))
	write("notes.pdf", "x")

	opened, err := os.Open(dir) // as a command line opens what it is given
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	m := newMemory()
	m.records[key{catalog.KindCommittee, written.Committee}] = `{}`
	m.records[key{catalog.KindBrand, written.Brand}] = `{}`
	report := mustImport(t, m, ImportOptions{}, reading.File{Name: dir, Reader: opened})
	// The ten of LibreOffice are one case, of the same title and committee; the one
	// with a part more is kept beside it.
	if got := report.Counts(); got != (Counts{New: 10, Same: 8, Refused: 3}) {
		t.Errorf("counts %+v: %v", got, report.Refusals)
	}
	for i := range 8 {
		want := written
		want.Title = fmt.Sprintf("协商案例%d", i)
		want.Slug, want.FormerSlug = permalink.Make(catalog.KindCase, want.Committee, want.Title)
		want.SetDefaults()
		line, err := jsonl.Encode(&want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(line), m.records[keyOf(&want)]); diff != "" {
			t.Errorf("godocx %d (-want +got):\n%s", i, diff)
		}
	}
	var refused []string
	for _, r := range report.Refusals {
		if !r.Note {
			refused = append(refused, strings.TrimPrefix(r.String(), dir+"/"))
		}
	}
	want := []string{
		"bomb.docx: 解压后超过 128 MiB 的上限，没有打开 | would unpack to more than the limit of 128 MiB, and was not opened",
		"broken.docx: 文件损坏，无法打开 | is broken and cannot be opened",
		"notes.pdf: 文件损坏，无法读取；请找原来的 Word 文件 | is broken and cannot be read; find the document that it was made from",
	}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}
