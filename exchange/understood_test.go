package exchange

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// A preview shows every field of a case but what is worked out, and sent back as it
// is it changes nothing; a field that was mended is read as a cell is.
func TestACaseIsMendedFieldByField(t *testing.T) {
	year, people := 2021, 45
	in := &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: "ye-shi", Origin: catalog.OriginContributed, Status: catalog.StatusDraft},
		Title:     "夜市", Summary: "摘要\n两行", Background: "背景", Results: "成效", Unplaced: "哪里都不是的话", Year: &year, StartedOn: "2021-07", Level: catalog.LevelCounty,
		Committee: "chaoyang", Region: "220104", Topics: []string{"min-sheng", "jiao-yu"}, ParticipantCount: &people,
		Participants: []catalog.ParticipantInput{{Role: catalog.RoleConvener, Name: "区政协", Committee: "chaoyang"}},
		Steps:        []catalog.StepInput{{Code: "ASK_PRIORITY", Text: "一问"}, {Code: "OUTCOME_USE", Text: "用"}},
		Outcomes:     []catalog.OutcomeInput{{Form: "报告", Status: catalog.OutcomeAdopted, OccurredOn: "2021-08"}},
		Links:        []catalog.Link{{Title: "报道", URL: "https://example.cn/a"}},
	}
	name := func(kind catalog.RecordKind, slug string) string {
		return map[string]string{"chaoyang": "朝阳区政协", "220104": "朝阳区", "min-sheng": "民生", "jiao-yu": "教育"}[slug]
	}
	texts := map[string]string{}
	for _, f := range CaseFields(in, name) {
		texts[f.Name] = f.Text
	}
	for field, want := range map[string]string{
		"committee": "朝阳区政协", "region": "朝阳区", "topics": "民生\n教育", "startedOn": "2021-07", "endedOn": "", "lessons": "", "unplaced": "哪里都不是的话",
		"steps.ASK_PRIORITY": "一问", "participantCount": "45",
	} {
		if got, ok := texts[field]; !ok || got != want {
			t.Errorf("%s is shown as %q, %v; want %q", field, got, ok, want)
		}
	}
	for _, field := range []string{"slug", "status", "year", "level"} {
		if _, ok := texts[field]; ok {
			t.Errorf("%s is shown", field)
		}
	}
	same, problems := MendCase(in, name, texts)
	if diff := cmp.Diff(in, same); diff != "" || problems != nil {
		t.Errorf("sent back as it is: %v (-want +got):\n%s", problems, diff)
	}

	texts["startedOn"], texts["title"], texts["unplaced"], texts["results"] = "2022年3月至5月", "夜市新秩序", "", "成效\r\n哪里都不是的话"
	texts["steps.ASK_PRIORITY"], texts["steps.ASK_FITNESS"], texts["committee"], texts["topics"] = "", "二问", "二道区政协", "民生；法治"
	want := *in
	want.Title, want.StartedOn, want.EndedOn, want.Year, want.Unplaced, want.Results = "夜市新秩序", "2022-03", "2022-05", nil, "", "成效\n哪里都不是的话"
	want.Steps = []catalog.StepInput{{Code: "ASK_FITNESS", Text: "二问"}, {Code: "OUTCOME_USE", Text: "用"}}
	want.Committee, want.Topics, want.Level = "二道区政协", []string{"民生", "法治"}, ""
	want.Region = "" // it was the committee's
	got, problems := MendCase(in, name, texts)
	if diff := cmp.Diff(&want, got); diff != "" || problems != nil {
		t.Errorf("mended: %v (-want +got):\n%s", problems, diff)
	}

	half, problems := MendCase(in, name, map[string]string{"lessons": "启示", "startedOn": "那年夏天以后", "participantCount": "约45人", "title": ""})
	var at []string
	for _, p := range problems {
		at = append(at, p.Path)
	}
	if diff := cmp.Diff([]string{"startedOn", "participantCount", "title"}, at); diff != "" {
		t.Errorf("what cannot be read is told at %v (-want +got):\n%s", problems, diff)
	}
	if half.Lessons != "启示" || half.StartedOn != in.StartedOn || half.Title != in.Title || *half.ParticipantCount != people {
		t.Errorf("beside what cannot be read, the rest is mended: %+v", half)
	}
	if again, _ := MendCase(in, name, map[string]string{"startedOn": "那年夏天以后"}); again.StartedOn != "2021-07" {
		t.Errorf("a date that cannot be read becomes %q", again.StartedOn)
	}
}
