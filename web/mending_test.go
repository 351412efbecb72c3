package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// What was left out stands apart from what else is said, each by its place, beside the
// record that it is about: all of a sheet with one record, and what is told of its row.
func TestNotesStandWithTheirRecordByTheirPlace(t *testing.T) {
	note := func(file string, line, column int, zh string) ImportRefusal {
		return ImportRefusal{Note: true, File: file, Line: line, Column: column, Problems: []ImportProblem{{Kind: catalog.KindInvalid, Zh: zh}}}
	}
	report := &ImportReport{
		Records: []ImportedRecord{
			{File: "甲.docx", Title: "甲"},
			{File: "乙.xlsx", Line: 2, Record: 1, Title: "乙"}, {File: "乙.xlsx", Line: 10, Record: 2, Title: "丙"},
			{File: "丁.csv", Line: 2, Record: 3, Title: "丁"},
		},
		Refusals: []ImportRefusal{
			note("甲.docx", 15, 0, "没有导入：十五"), note("甲.docx", 2, 0, "没有导入：二"), note("甲.docx", 2, 0, "与 丙.docx 同标题、同单位而内容不同，两个都保留"),
			note("乙.xlsx", 10, 7, "没有导入：丙七"), note("乙.xlsx", 10, 3, "没有导入：丙三"), note("乙.xlsx", 12, 0, "合计行，没有导入"), note("乙.xlsx", 2, 4, "没有导入：乙四"),
			note("丁.csv", 3, 0, "合计行，没有导入"), note("丁.csv", 2, 2, "标题之前的日期没有作为案例时间"), note("丁.csv", 2, 1, "列“会前”并入“做法”"),
			{File: "戊.docx", Problems: []ImportProblem{{Zh: "文件损坏，无法打开"}}}, note("己.docx", 1, 0, "没有导入：己"),
		},
	}
	said := func(list []ImportRefusal) (texts []string) {
		for _, one := range list {
			texts = append(texts, one.Problems[0].Zh)
		}
		return texts
	}
	var got [][2][]string
	for _, c := range importCards(report, false, nil) {
		got = append(got, [2][]string{said(c.Notes), said(c.Said)})
	}
	want := [][2][]string{
		{{"没有导入：二", "没有导入：十五"}, {"与 丙.docx 同标题、同单位而内容不同，两个都保留"}},
		{{"没有导入：乙四"}, nil},
		{{"没有导入：丙三", "没有导入：丙七"}, nil},
		{{"标题之前的日期没有作为案例时间", "合计行，没有导入"}, {"列“会前”并入“做法”"}},
		{{"合计行，没有导入", "没有导入：己"}, nil},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if failures := report.Failures(); len(failures) != 1 || failures[0].File != "戊.docx" {
		t.Errorf("refused are %v", failures)
	}
}

// Parts that were not read take no room before somebody wants to fill them, and a text
// has as many lines as it takes.
func TestFieldsHaveTheRoomOfTheirTexts(t *testing.T) {
	text := func(s string) *string { return &s }
	c := importCard{ImportedRecord: ImportedRecord{Understood: []ImportedField{
		{Name: "title", Label: "标题", Text: text("夜市")}, {Name: "summary", Label: "摘要", Text: text(""), Prose: true},
		{Name: "approach", Label: "做法", Text: text(strings.Repeat("字", 100) + "\n" + strings.Repeat("字", 46)), Prose: true},
		{Name: "results", Label: "成效", Text: text("短"), Prose: true}, {Name: "lessons", Label: "启示", Text: text(""), Prose: true},
		{Name: "startedOn", Label: "开始日期", Text: text("")}, {Name: "brand", Label: "协商品牌"},
	}}}
	c.fill([]RecordProblem{{Field: "startedOn", Text: "读不出"}}, nil)
	rows := map[string]int{}
	for _, f := range c.Fields {
		rows[f.Name] = f.Rows
	}
	if d := cmp.Diff(map[string]int{"title": 0, "approach": 5, "results": 2, "startedOn": 0}, rows); d != "" {
		t.Errorf("fields (-want +got):\n%s", d)
	}
	if got := c.EmptyLabels(); got != "摘要、启示" {
		t.Errorf("empty are %s", got)
	}
}

// What a form of a preview says is read without scripts: texts by record and field,
// parts moved to others in the order of the parts, records that are not wanted.
func TestAPreviewsFormIsRead(t *testing.T) {
	b := readMended(url.Values{
		"records": {"x"}, "then": {"bring"}, "drop.1": {"1"}, "r.0.title": {" 标题\r\n"}, "r.0.steps.ASK_FITNESS": {"二问"},
		"r.0.background": {"背景"}, "r.0.approach": {"做法"}, "r.0.results": {""}, "r.0.lessons": {"启示"}, "r.0.unplaced": {"多余的话"},
		"to.0.unplaced": {"results"}, "to.0.approach": {"background"}, "to.0.background": {"approach"}, "to.0.lessons": {""}, "to.0.results": {"nowhere"},
		"r.x.title": {"no number"}, "r.2": {"no field"}, "to.7.background": {"results"},
	})
	want := map[int]map[string]string{0: {
		"title": "标题", "steps.ASK_FITNESS": "二问", "background": "做法", "approach": "背景", "results": "多余的话", "lessons": "启示", "unplaced": "",
	}}
	if diff := cmp.Diff(want, b.Mended); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !b.Dropped[1] || len(b.Dropped) != 1 {
		t.Errorf("not wanted are %v", b.Dropped)
	}
	texts := map[string]string{"background": "甲", "results": "丙", "unplaced": "乙"}
	move(texts, map[string]string{"unplaced": "background", "results": "background"})
	if diff := cmp.Diff(map[string]string{"background": "甲\n丙\n乙", "results": "", "unplaced": ""}, texts); diff != "" {
		t.Errorf("several to one part (-want +got):\n%s", diff)
	}
}
