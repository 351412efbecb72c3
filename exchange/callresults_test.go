package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

func sheetFile(t *testing.T, title string, columns []string, rows ...[]string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	x := xlsx.NewWriter(&b)
	var heads []xlsx.Column
	for _, c := range columns {
		heads = append(heads, xlsx.Column{Title: c, Width: 10})
	}
	if err := x.Sheet(title, heads, 0); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := x.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func TestResultsOfEarlierYearsAreReadAsTheyStand(t *testing.T) {
	for name, test := range map[string]struct {
		file *bytes.Reader
		want []catalog.CallResultInput
	}{
		"names and units": {sheetFile(t, "结果", []string{"序号", "案例名称", "报送单位", "等次"}, []string{"1", "甲案例", "甲县政协", "一等奖"}, []string{"2", "乙案例", "", ""}, []string{"", "", "", ""}),
			[]catalog.CallResultInput{{Title: "甲案例", Unit: "甲县政协", Award: "一等奖"}, {Title: "乙案例"}}},
		"headings below a title": {sheetFile(t, "结果", []string{"2019年征集结果"}, []string{"单 位", "案例", "结果"}, []string{"乙市政协", "丙案例", "入选"}),
			[]catalog.CallResultInput{{Title: "丙案例", Unit: "乙市政协", Award: "入选"}}},
	} {
		got, err := ReadCallResults(test.file, test.file.Size())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, file := range map[string]*bytes.Reader{
		"no headings": sheetFile(t, "表", []string{"甲", "乙"}, []string{"1", "2"}),
		"no workbook": bytes.NewReader([]byte("不是工作簿")),
	} {
		var known *catalog.Error
		if _, err := ReadCallResults(file, file.Size()); !errors.As(err, &known) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a campaign is written as can be read back as the results of a call.
func TestACampaignIsReadBackAsResults(t *testing.T) {
	var b bytes.Buffer
	quota, weight := 2, 3
	err := export.WriteCampaign(&b, &catalog.Campaign{Title: "征集", Committee: "省政协", Topics: []string{"民生"}, Call: &catalog.CallInput{
		Title: "征集案例", Text: "请报送。\n结果在十二月公布。", OpensOn: "2026-03-01", ClosesOn: "2026-09-30", ClosedReason: "延期", Parts: []catalog.CasePart{catalog.PartBackground}, Topics: []string{"minsheng"},
		Quota: &quota, Criteria: []catalog.CriterionInput{{Name: "真实", Weight: &weight}, {Name: "创新"}}, Blind: true, Mark: "典型案例", SelectedOn: "2026-12-01",
	}, Reviewers: []*catalog.CallReviewer{{Name: "甲专家", Done: 2, Left: 1, EndsOn: "2026-10-31"}}, Submissions: []catalog.CampaignSubmission{
		{Committee: "甲县政协", Title: "甲案例", State: catalog.SubmissionSelected, Synthetic: true}, {Committee: "乙县政协", Title: "乙案例", State: catalog.SubmissionNotSelected},
	}})
	if err != nil {
		t.Fatal(err)
	}
	first := partOf(t, b.Bytes(), "xl/worksheets/sheet1.xml") + partOf(t, b.Bytes(), "xl/sharedStrings.xml")
	for _, text := range []string{"征集案例", "省政协", "2026年3月1日", "2026年9月30日", "延期", "结果在十二月公布。", "每家政协限报2个", "民生", "真实（权重3）", "创新（权重1）", "匿名", "仅征集方", "甲专家：已评2个，未评1个，至2026年10月31日", "2026年12月1日"} {
		if !strings.Contains(first, text) {
			t.Errorf("its first sheet does not say %q", text)
		}
	}
	for _, text := range []string{"minsheng", "甲县政协"} {
		if strings.Contains(first, text) {
			t.Errorf("its first sheet says %q", text)
		}
	}
	got, err := ReadCallResults(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	want := []catalog.CallResultInput{{Title: "甲案例", Unit: "甲县政协", Award: "入选"}, {Title: "乙案例", Unit: "乙县政协", Award: "未入选"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// partOf returns a part of a workbook, "" where it has none of that name.
func partOf(t *testing.T, file []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := fs.ReadFile(z, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(part)
}
