package reading

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// readLedger returns what a row of a ledger with these cells says, and what is wrong with it.
func readLedger(t *testing.T, cells map[string]string) (*catalog.ProposalInput, catalog.Problems) {
	t.Helper()
	in := &catalog.ProposalInput{}
	v := &valueReader{in: in, columns: map[string]int{}}
	for name := range cells {
		v.columns[name] = 1
	}
	for _, c := range column.Of(catalog.KindProposal) {
		text, ok := cells[c.Name]
		switch {
		case !ok:
		case c.Part:
			v.part(FieldText{Of: &c, Text: text})
		default:
			reader := cell.Reader{}
			reader.Parse(c.Name, text, reflect.ValueOf(in).Elem().FieldByIndex(c.Index))
			v.problems = append(v.problems, reader.Problems...)
		}
	}
	return in, v.problems
}

// What people write into the cells of a ledger without having read what stands between the
// parts of a line.
func TestALedgerIsReadAsPeopleWriteIt(t *testing.T) {
	event := func(kind catalog.ProposalEventKind, on catalog.PartialDate, note string) catalog.ProposalEventInput {
		return catalog.ProposalEventInput{Kind: kind, OccurredOn: on, Note: note}
	}
	entry := func(kind catalog.SupervisionEntryKind, on catalog.PartialDate, note string, by ...string) catalog.SupervisionEntryInput {
		return catalog.SupervisionEntryInput{Kind: kind, OccurredOn: on, Note: note, By: by}
	}
	for line, want := range map[string][]catalog.ProposalEventInput{
		"2026-07-01":         {event("REPLIED", "2026-07-01", "")},
		"2026年7月1日":          {event("REPLIED", "2026-07-01", "")},
		"2026/7/1 0:00:00":   {event("REPLIED", "2026-07-01", "")},
		"46204":              {event("REPLIED", "2026-07-01", "")},
		"2026-07":            {event("REPLIED", "2026-07", "")},
		"2026年7月1日书面答复":      {event("REPLIED", "2026-07-01", "书面答复")},
		"2026年7月1日 已答复":      {event("REPLIED", "2026-07-01", "")},
		"2026-07-01｜同意；列入计划": {event("REPLIED", "2026-07-01", "同意；列入计划")},
		"是":                  {event("REPLIED", "", "")},
		"已办复":                {event("REPLIED", "", "")},
		"已列入明年计划":            {event("REPLIED", "", "已列入明年计划")},
		"2026-07-01 答复\n已列入计划，｜分两期":        {event("REPLIED", "2026-07-01", "已列入计划，｜分两期")},
		"2026-05-01 初次答复\n2026-07-01 再次答复": {event("REPLIED", "2026-05-01", "初次答复"), event("REPLIED", "2026-07-01", "再次答复")},
		"答复｜2025-05｜已答复；见附件":               {event("REPLIED", "2025-05", "已答复；见附件")},
		"否":   nil,
		"未答复": nil,
		"—":   nil,
	} {
		got, wrong := readLedger(t, map[string]string{"events": "", cell.Replies: line})
		if diff := cmp.Diff(want, got.Events); diff != "" || wrong != nil {
			t.Errorf("答复 %q: %v (-want +got):\n%s", line, wrong, diff)
		}
	}
	for line, want := range map[string][]catalog.ProposalEventInput{
		"2026年3月10日交办": {event("ASSIGNED", "2026-03-10", "")},
		"立案2026-03-01": {event("FILED", "2026-03-01", "")},
		"交办：2026年3月10日，由办公室交住建局": {event("ASSIGNED", "2026-03-10", "由办公室交住建局")},
		"2026-03-10｜交办｜交住建局":     {event("ASSIGNED", "2026-03-10", "交住建局")},
		"立案":                     {event("FILED", "", "")},
		"2026年3月1日 立案\n3月交办":     nil, // no year, no day: told
		"立案审查会":                  nil, // no kind: told
		"2026年度计划":               nil,
	} {
		got, wrong := readLedger(t, map[string]string{"events": line})
		if want == nil {
			if wrong == nil {
				t.Errorf("办理过程 %q is read as %+v", line, got.Events)
			}
			continue
		}
		if diff := cmp.Diff(want, got.Events); diff != "" || wrong != nil {
			t.Errorf("办理过程 %q: %v (-want +got):\n%s", line, wrong, diff)
		}
	}
	for line, want := range map[string][]catalog.SupervisionEntryInput{
		"2026年4月2日督办调研，实地查看":       {entry("SURVEY", "2026-04-02", "实地查看")},
		"2026-04-02｜督办调研｜张某、李某｜查看": {entry("SURVEY", "2026-04-02", "查看", "张某", "李某")},
		"督办座谈 2026-04-20":          {entry("MEETING", "2026-04-20", "")},
		"督办调研｜2026-04-02｜张某｜查看":    {entry("SURVEY", "2026-04-02", "查看", "张某")},
		"批示": {entry("INSTRUCTION", "", "")},
	} {
		got, wrong := readLedger(t, map[string]string{"supervisions": "｜主席", cell.SupervisionEntries: line})
		if len(got.Supervisions) != 1 {
			t.Fatalf("督办记录 %q: %+v", line, got)
		}
		if diff := cmp.Diff(want, got.Supervisions[0].Entries); diff != "" || wrong != nil {
			t.Errorf("督办记录 %q: %v (-want +got):\n%s", line, wrong, diff)
		}
	}
	for line, want := range map[string][]catalog.UndertakerInput{
		"住建局（主办）\n公安局（会办）\n城管局": {{Name: "住建局", IsLead: true}, {Name: "公安局"}, {Name: "城管局"}},
		"主办：住建局\n协办单位:公安局":      {{Name: "住建局", IsLead: true}, {Name: "公安局"}},
		"住建局 主办":    {{Name: "住建局", IsLead: true}},
		"住建局｜是":     {{Name: "住建局", IsLead: true}},
		"项目办（主办）｜否": {{Name: "项目办（主办）"}},
	} {
		got, wrong := readLedger(t, map[string]string{"undertakers": line})
		if diff := cmp.Diff(want, got.Undertakers); diff != "" || wrong != nil {
			t.Errorf("承办单位 %q: %v (-want +got):\n%s", line, wrong, diff)
		}
	}
	got, wrong := readLedger(t, map[string]string{"proposers": "珲春市政协\n中国人民政治协商会议延吉市委员会\n张某\n｜｜王某、教师"})
	want := []catalog.ProposerInput{{Committee: "珲春市政协"}, {Committee: "中国人民政治协商会议延吉市委员会"}, {Person: "张某"}, {NewPerson: &catalog.NewPerson{Name: "王某", Offices: []string{"教师"}}}}
	if diff := cmp.Diff(want, got.Proposers); diff != "" || wrong != nil {
		t.Errorf("提案者: %v (-want +got):\n%s", wrong, diff)
	}
}

// What a ledger writes is read as what it wrote, whatever stands in it.
func TestALedgerReadsItsOwnLines(t *testing.T) {
	in := &catalog.ProposalInput{
		Proposers:    []catalog.ProposerInput{{Person: "某某政协"}, {Committee: "own"}},
		Undertakers:  []catalog.UndertakerInput{{Name: "项目办（主办）"}, {Name: "主办：某局", IsLead: true}},
		Events:       []catalog.ProposalEventInput{{Kind: "FILED", Note: "2026-01-01 交办"}, {Kind: "REPLIED", Note: "否\n2026-07-01"}, {Kind: "REPLIED", OccurredOn: "2026", Note: "是"}},
		Supervisions: []catalog.SupervisionInput{{Office: "主席", Entries: []catalog.SupervisionEntryInput{{Kind: "OTHER", Note: "2026-01-01｜督办调研"}}}},
	}
	cells := cell.OfParts(in)
	for name, v := range map[string]reflect.Value{"proposers": reflect.ValueOf(in.Proposers), "undertakers": reflect.ValueOf(in.Undertakers), "supervisions": reflect.ValueOf(in.Supervisions)} {
		cells[name] = cell.Format(v)
	}
	got, wrong := readLedger(t, cells)
	in.Proposers[0] = catalog.ProposerInput{Committee: "某某政协"} // nobody is called so
	if diff := cmp.Diff(in, got); diff != "" || wrong != nil {
		t.Errorf("%v (-want +got):\n%s\n%s", wrong, diff, strings.Join([]string{cells["events"], cells[cell.Replies]}, "\n"))
	}
}
