package files_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/files"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// stored is what the proposal says now, to an admin.
func stored(t *testing.T, s *store.Store, kind catalog.RecordKind, slug string) catalog.Input {
	t.Helper()
	var found catalog.Input
	all := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "admin", Role: catalog.RoleAdmin})
	must(t, s.ExportRecords(all, kind, store.RecordFilter{Status: catalog.Statuses}, func(in catalog.Input) error {
		if in.Head().Slug == slug {
			found = in
		}
		return nil
	}))
	if found == nil {
		t.Fatalf("there is no %s", slug)
	}
	return found
}

// A person who was merged into another of the same name stands in nobody's way: the ledger
// writes the name, and reads it.
func TestWhoWasMergedIsNoNamesake(t *testing.T) {
	s := office(t)
	put(t, s, &catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: "li-2", Status: catalog.StatusArchived, Withdrawn: "已合并", LeadsTo: "person li"}, Name: "李某", Committee: "own"})
	reviewer := as(t, s, catalog.RoleReviewer)
	edited := changed(t, ledger(reviewer, t, s), func(book *excelize.File, sheet string, column func(string) string) {
		entries, err := book.GetCellValue(sheet, column("督办记录")+"2")
		must(t, err)
		if !strings.Contains(entries, "李某") || strings.Contains(entries, "li") {
			t.Errorf("the ledger writes %q", entries)
		}
		must(t, book.SetCellStr(sheet, column("督办记录")+"2", entries+"\n座谈｜2025-08｜李某"))
	})
	report, _ := bring(reviewer, t, s, "台账.xlsx", edited, false)
	if report.Changed != 1 || report.Refused != 0 {
		t.Errorf("%+v %s", report, report.Refusals)
	}
	for _, field := range report.Records[0].Understood {
		if field.Field == "supervisions.entries" && !strings.Contains(field.Begins, "督办调研") || strings.Contains(field.Begins, "own") {
			t.Errorf("the preview has %s: %s", field.Label, field.Begins)
		}
	}
}

// What a record names and its reviewer may not read, persons who were archived and another
// committee's drafts, stays when a file of the record comes back, and stands in no file,
// preview or refusal.
func TestAFileThatComesBackLosesNothingUnseen(t *testing.T) {
	s := office(t)
	gone := catalog.InputMeta{Slug: "secret", Status: catalog.StatusArchived, Withdrawn: "另有其人"}
	year := 2025
	put(t, s,
		&catalog.PersonInput{InputMeta: gone, Name: "密某"},
		&catalog.VenueInput{InputMeta: catalog.InputMeta{Slug: "secret-v", Status: catalog.StatusDraft}, VenueKind: "LIAISON_STATION", Name: "密站", Committee: "other"},
		&catalog.ProposalInput{
			InputMeta: head("p4"), Title: "关于丁的提案", Year: &year, Proposers: []catalog.ProposerInput{{Person: "secret"}, {Committee: "own"}, {Person: "li"}},
			Supervisions: []catalog.SupervisionInput{{Supervisor: "secret", Year: &year, Entries: []catalog.SupervisionEntryInput{{Kind: "SURVEY", By: []string{"li", "secret"}}}}},
			Events:       []catalog.ProposalEventInput{{Kind: "ENDORSED", Person: "secret", Note: "请办"}, {Kind: "REPLIED", OccurredOn: "2025-05"}},
		},
		&catalog.ActivityInput{InputMeta: head("a9"), ActivityKind: "OTHER", Title: "活动", Committee: "own", Venue: "secret-v", Persons: []string{"secret", "li"}},
	)
	reviewer := as(t, s, catalog.RoleReviewer)
	out := ledger(reviewer, t, s)
	same, _ := bring(reviewer, t, s, "台账.xlsx", out, false)
	if same.New+same.Changed+same.Refused != 0 || same.Same != 3 {
		t.Errorf("unchanged: %+v %s", same, same.Refusals)
	}
	edited := changed(t, out, func(book *excelize.File, sheet string, column func(string) string) {
		rows, err := book.GetRows(sheet)
		must(t, err)
		for i, row := range rows {
			if strings.Contains(strings.Join(row, "\n"), "关于丁的提案") {
				at := func(title string) string { return column(title) + string(rune('1'+i)) }
				must(t, book.SetCellStr(sheet, at("满意度"), "满意"))
				entries, err := book.GetCellValue(sheet, at("督办记录"))
				must(t, err)
				must(t, book.SetCellStr(sheet, at("督办记录"), entries+"\n座谈｜2025年7月｜李某"))
			}
		}
		must(t, book.RemoveCol(sheet, column("提案者"))) // what has no column stays, seen or not
	})
	if strings.Contains(string(out)+string(edited), "secret") {
		t.Error("the ledger names what its reader may not read")
	}
	preview, kept := bring(reviewer, t, s, "台账.xlsx", edited, true)
	if preview.New != 0 || preview.Changed != 1 || preview.Refused != 0 {
		t.Fatalf("shown: %+v %s", preview, preview.Refusals)
	}
	if text := string(kept); strings.Contains(text, "secret") || strings.Contains(text, "密") {
		t.Errorf("the preview keeps %s", text)
	}
	report, err := (files.Files{Store: s}).Import(reviewer, server.Import{Previewed: bytes.NewReader(kept)})
	must(t, err)
	if report.New != 0 || report.Changed != 1 || report.Refused != 0 {
		t.Fatalf("brought in: %+v %s", report, report.Refusals)
	}
	for _, change := range report.Records[0].Changes {
		if change.Path != "satisfaction" && !strings.HasPrefix(change.Path, "supervisions.0.entries.1") {
			t.Errorf("changed is %s", change.Path)
		}
	}
	got := stored(t, s, catalog.KindProposal, "p4").(*catalog.ProposalInput)
	if diff := cmp.Diff([]catalog.ProposerInput{{Person: "secret"}, {Committee: "own"}, {Person: "li"}}, got.Proposers); diff != "" {
		t.Errorf("proposers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]catalog.SupervisionInput{{Supervisor: "secret", Year: &year, Entries: []catalog.SupervisionEntryInput{
		{Kind: "SURVEY", By: []string{"li", "secret"}}, {Kind: "MEETING", OccurredOn: "2025-07", By: []string{"li"}},
	}}}, got.Supervisions); diff != "" {
		t.Errorf("supervisions (-want +got):\n%s", diff)
	}
	if got.Events[0].Person != "secret" || got.Satisfaction != catalog.Satisfied {
		t.Errorf("events %+v, satisfaction %s", got.Events, got.Satisfaction)
	}

	var b bytes.Buffer
	must(t, files.Files{Store: s}.ExportRecords(reviewer, &b, catalog.KindActivity, "jsonl", server.RecordFilter{Status: []catalog.Status{"PUBLISHED"}}))
	back := strings.ReplaceAll(b.String(), `"活动"`, `"活动改名"`)
	if r, _ := bring(reviewer, t, s, "活动.jsonl", []byte(back), false); r.Changed != 1 || r.Refused != 0 {
		t.Errorf("activities: %+v %s", r, r.Refusals)
	}
	if a := stored(t, s, catalog.KindActivity, "a9").(*catalog.ActivityInput); a.Venue != "secret-v" || cmp.Diff([]string{"secret", "li"}, a.Persons) != "" || a.Title != "活动改名" {
		t.Errorf("the activity is %+v", a)
	}

	// A record of nobody's that is not public is refused, and stops no other.
	lines := `{"type":"person","slug":"secret","name":"某"}` + "\n" + `{"type":"person","slug":"new","name":"新人","committee":"own"}`
	if r, _ := bring(reviewer, t, s, "人物.jsonl", []byte(lines), true); r.Refused != 1 || r.New != 1 {
		t.Errorf("over a record of nobody's: %+v %s", r, r.Refusals)
	}

	// Who names what it may not read is told that there is none, whether it stands there or not.
	for _, slug := range []string{"p4", "p1"} {
		line := `{"type":"proposal","slug":"` + slug + `","title":"关于丁的提案","proposers":[{"committee":"own"},{"person":"secret"}]}`
		r, _ := bring(reviewer, t, s, "p.jsonl", []byte(line), true)
		if r.Refused != 1 || !strings.Contains(string(r.Refusals[0]), "NOT_FOUND") {
			t.Errorf("%s by a name: %+v %s", slug, r, r.Refusals)
		}
	}
}
