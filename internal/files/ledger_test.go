package files_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/internal/files"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func put(t *testing.T, s *store.Store, inputs ...catalog.Input) {
	t.Helper()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
	written, err := w.Put(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range written {
		if one.Err != nil {
			t.Fatalf("%s: %v", one.Slug, one.Err)
		}
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func head(slug string) catalog.InputMeta { return catalog.InputMeta{Slug: slug} }

// office is a knowledge base with two committees, and proposals of one.
func office(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Empty(t)
	year := 2025
	event := func(kind catalog.ProposalEventKind, on catalog.PartialDate, note string) catalog.ProposalEventInput {
		return catalog.ProposalEventInput{Kind: kind, OccurredOn: on, Note: note}
	}
	put(t, s,
		&catalog.RegionInput{InputMeta: head("220000"), Name: "吉林省", Level: catalog.LevelProvince},
		&catalog.CommitteeInput{InputMeta: head("own"), Name: "甲县政协", Level: catalog.LevelProvince, Region: "220000"},
		&catalog.CommitteeInput{InputMeta: head("other"), Name: "乙县政协", Level: catalog.LevelProvince, Region: "220000"},
		&catalog.PersonInput{InputMeta: head("zhang"), Name: "张某", Committee: "own"},
		&catalog.PersonInput{InputMeta: head("zhang-2"), Name: "张某", Committee: "other"},
		&catalog.PersonInput{InputMeta: head("li"), Name: "李某", Committee: "own"},
		&catalog.ProposalInput{
			InputMeta: head("p1"), Title: "关于甲的提案", Number: "1 号", Summary: "甲；乙｜丙", Year: &year, Proposers: []catalog.ProposerInput{{Committee: "own"}, {Person: "zhang"}},
			Undertakers: []catalog.UndertakerInput{{Name: "甲局", IsLead: true}, {Name: "乙局"}},
			Events:      []catalog.ProposalEventInput{event("FILED", "2025-01", ""), event("ASSIGNED", "2025-02-03", ""), event("REPLIED", "2025-05", "已答复；见附件"), event("ADOPTED", "2025-06", "")},
			Supervisions: []catalog.SupervisionInput{
				{Supervisor: "li", Entries: []catalog.SupervisionEntryInput{{Kind: "SURVEY", OccurredOn: "2025-03-04", By: []string{"li", "zhang"}, Note: "看了两处\n谈了一次"}}},
				{Office: "主席", Entries: []catalog.SupervisionEntryInput{{Kind: "MEETING"}, {Kind: "INSTRUCTION", OccurredOn: "2025-04", Note: "请抓紧"}}},
			},
			Resolution: catalog.ResolutionB,
		},
		&catalog.ProposalInput{ // whose answers stand where the ledger cannot have them
			InputMeta: head("p2"), Title: "关于乙的提案", Proposers: []catalog.ProposerInput{{Committee: "own"}},
			Events: []catalog.ProposalEventInput{event("REPLIED", "2025-01", ""), event("ASSIGNED", "2025-02", "")},
		},
		&catalog.ProposalInput{InputMeta: head("p3"), Title: "乙县的提案", Proposers: []catalog.ProposerInput{{Committee: "other"}}},
	)
	return s
}

// as returns a context of somebody of the committee own.
func as(t *testing.T, s *store.Store, role catalog.Role) context.Context {
	t.Helper()
	v, err := s.ViewerOfCommittee(t.Context(), string(role), role, "own")
	if err != nil {
		t.Fatal(err)
	}
	return catalog.WithViewer(t.Context(), v)
}

func ledger(ctx context.Context, t *testing.T, s *store.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	filter := server.RecordFilter{Committees: []catalog.ID{catalog.ViewerFrom(ctx).Committee}, Status: []catalog.Status{"DRAFT", "IN_REVIEW", "PUBLISHED"}}
	if err := (files.Files{Store: s}).ExportRecords(ctx, &b, catalog.KindProposal, "xlsx", filter); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func bring(ctx context.Context, t *testing.T, s *store.Store, name string, content []byte, dry bool) (*server.ImportReport, []byte) {
	t.Helper()
	var accepted bytes.Buffer
	report, err := (files.Files{Store: s}).Import(ctx, server.Import{
		Files: []server.ImportFile{{Name: name, Reader: bytes.NewReader(content), Size: int64(len(content))}}, DryRun: dry, Accepted: &accepted,
	})
	if err != nil {
		t.Fatal(err)
	}
	return report, accepted.Bytes()
}

// confirm tries to bring in what a preview has kept.
func confirm(ctx context.Context, t *testing.T, s *store.Store, kept []byte) (*server.ImportReport, error) {
	t.Helper()
	report, err := (files.Files{Store: s}).Import(ctx, server.Import{Previewed: bytes.NewReader(kept), DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	return report, nil
}

// changed edits a ledger as somebody does in a spreadsheet.
func changed(t *testing.T, content []byte, edit func(book *excelize.File, sheet string, column func(title string) string)) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	edit(book, sheet, func(title string) string {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Index(rows[0], title)
		if at < 0 {
			t.Fatalf("no column %s: %v", title, rows[0])
		}
		letters, err := excelize.ColumnNumberToName(at + 1)
		if err != nil {
			t.Fatal(err)
		}
		return letters
	})
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Out and in again nothing changes; of what was changed in between, that alone.
func TestTheLedgerChangesWhatWasChangedInIt(t *testing.T) {
	s := office(t)
	reviewer := as(t, s, catalog.RoleReviewer)
	out := ledger(reviewer, t, s)
	same, _ := bring(reviewer, t, s, "台账.xlsx", out, false)
	if same.New+same.Changed+same.Refused != 0 || same.Same != 2 {
		t.Errorf("unchanged: %+v %s", same, same.Refusals)
	}
	edited := changed(t, out, func(book *excelize.File, sheet string, column func(string) string) {
		must(t, book.SetCellStr(sheet, column("满意度")+"2", "满意"))
		entries, err := book.GetCellValue(sheet, column("督办记录")+"2")
		must(t, err)
		if want := "督办调研｜2025-03-04｜李某、zhang｜看了两处\\n谈了一次\n督办座谈｜｜｜｜2\n批示｜2025-04｜｜请抓紧｜2"; entries != want {
			t.Errorf("entries %q, want %q", entries, want)
		}
		must(t, book.SetCellStr(sheet, column("督办记录")+"2", entries+"\n调研｜2025年7月｜李某"))
		replies, err := book.GetCellValue(sheet, column("答复")+"2")
		must(t, err)
		if want := "答复｜2025-05｜已答复；见附件"; replies != want {
			t.Errorf("replies %q, want %q", replies, want)
		}
		must(t, book.RemoveCol(sheet, column("摘要"))) // what has no column stays
		must(t, book.RemoveCol(sheet, column("议题")))
		must(t, book.SetCellStr(sheet, column("标题")+"4", "关于丙的提案"))
		must(t, book.SetCellStr(sheet, column("提案者")+"4", "｜甲县政协\n｜｜王某、教师"))
		must(t, book.SetCellStr(sheet, column("办理过程")+"4", "立案｜2026-01-05"))
	})
	for _, dry := range []bool{true, false} {
		report, accepted := bring(reviewer, t, s, "台账.xlsx", edited, dry)
		if report.New != 1 || report.Changed != 1 || report.Same != 1 || report.Refused != 0 {
			t.Fatalf("dry %v: %+v %s", dry, report, report.Refusals)
		}
		for _, r := range report.Records {
			var paths []string
			for _, c := range r.Changes {
				paths = append(paths, c.Path)
			}
			want := map[string]string{
				"p1": "satisfaction supervisions.0.entries.1",
			}[r.Slug]
			if diff := cmp.Diff(want, strings.Join(paths, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", r.Slug, diff)
			}
		}
		if dry { // what was shown comes in as it was shown, with the person that is not there yet
			report, _ := confirm(reviewer, t, s, accepted)
			if report.New != 1 || report.Changed != 1 || report.Refused != 0 {
				t.Errorf("of what was shown: %+v %s", report, report.Refusals)
			}
		}
	}
	found, err := s.ProposalsBySlug(reviewer, []string{"p1"})
	must(t, err)
	if p := found["p1"]; p.Status != catalog.StatusPublished || p.Version != 2 || p.Summary == nil || *p.Satisfaction != catalog.Satisfied {
		t.Errorf("%+v", p)
	}
	again, _ := bring(reviewer, t, s, "台账.xlsx", edited, false)
	if again.New+again.Changed+again.Refused != 0 {
		t.Errorf("again: %+v %s", again, again.Refusals)
	}
}

// A line that somebody of a committee adds and that names no committee is that
// committee's, with whoever put the proposal; the file that brought it in changes nothing
// when it comes again.
func TestALineThatIsAddedToALedgerIsItsWriters(t *testing.T) {
	s := office(t)
	editor := as(t, s, catalog.RoleEditor)
	edited := changed(t, ledger(editor, t, s), func(book *excelize.File, sheet string, column func(string) string) {
		must(t, book.SetCellStr(sheet, column("标题")+"4", "没有写提案者的提案"))
		must(t, book.SetCellStr(sheet, column("标题")+"5", "委员个人的提案"))
		must(t, book.SetCellStr(sheet, column("提案者")+"5", "｜｜赵某、医生"))
	})
	report, _ := bring(editor, t, s, "台账.xlsx", edited, false)
	if report.New != 2 || report.Changed+report.Refused != 0 {
		t.Fatalf("%+v %s", report, report.Refusals)
	}
	again, _ := bring(editor, t, s, "台账.xlsx", edited, false)
	if again.New+again.Changed+again.Refused != 0 {
		t.Errorf("again: %+v %s", again, again.Refusals)
	}
}

// Whose a proposal is not, or who may not change what is public, changes nothing by
// a file either.
func TestALedgerChangesWhatItsWriterMayChange(t *testing.T) {
	s := office(t)
	editor := as(t, s, catalog.RoleEditor)
	edited := changed(t, ledger(editor, t, s), func(book *excelize.File, sheet string, column func(string) string) {
		must(t, book.SetCellStr(sheet, column("满意度")+"2", "满意"))
	})
	report, _ := bring(editor, t, s, "台账.xlsx", edited, false)
	if report.Changed+report.New != 0 || report.Refused != 1 || report.Same != 1 { // the other one says what stands there
		t.Errorf("an editor changes what is public: %+v", report)
	}
	theirs := `{"type":"proposal","slug":"p3","title":"改了","proposers":[{"committee":"own"}]}`
	report, _ = bring(as(t, s, catalog.RoleReviewer), t, s, "p3.jsonl", []byte(theirs), false)
	var refusal struct {
		Problems []struct {
			Path string
			Kind catalog.ErrorKind
		}
	}
	if report.Refused != 1 || json.Unmarshal(report.Refusals[0], &refusal) != nil || refusal.Problems[0].Kind != catalog.KindForbidden {
		t.Errorf("another committee's: %+v %s", report, report.Refusals)
	}
}

// What the viewer may not read is in no file.
func TestFilesHaveWhatTheirReaderMayRead(t *testing.T) {
	s := office(t)
	draft := func(slug string) catalog.InputMeta { return catalog.InputMeta{Slug: slug, Status: catalog.StatusDraft} }
	put(t, s,
		&catalog.PersonInput{InputMeta: draft("secret"), Name: "密某", Committee: "other"},
		&catalog.VenueInput{InputMeta: draft("v"), VenueKind: "LIAISON_STATION", Name: "密站", Committee: "other"},
		&catalog.ActivityInput{InputMeta: draft("a1"), ActivityKind: "OTHER", Title: "密事", Committee: "other", Persons: []string{"secret"}},
		&catalog.ActivityInput{InputMeta: head("a2"), ActivityKind: "OTHER", Title: "明事", Committee: "other", Persons: []string{"secret", "li"}, Venue: "v"},
	)
	for _, kind := range []catalog.RecordKind{catalog.KindPerson, catalog.KindVenue, catalog.KindActivity} {
		var b bytes.Buffer
		must(t, files.Files{Store: s}.ExportRecords(t.Context(), &b, kind, "jsonl", server.RecordFilter{Status: catalog.Statuses}))
		if text := b.String(); strings.Contains(text, "密") || strings.Contains(text, "secret") || strings.Contains(text, `"v"`) {
			t.Errorf("%s: %s", kind, text)
		}
	}
	released := 0
	must(t, s.Released(t.Context(), []catalog.Origin{catalog.OriginContributed}, func(r *catalog.Released) error {
		line, err := jsonl.Encode(r.Input)
		if text := string(line); strings.Contains(text, "密") || strings.Contains(text, "secret") || strings.Contains(text, `"v"`) {
			t.Errorf("released: %s", text)
		}
		released++
		return err
	}))
	if released < 5 {
		t.Errorf("%d records are released", released)
	}
	var b bytes.Buffer
	must(t, files.Files{Store: s}.ExportRecords(t.Context(), &b, catalog.KindVenue, string(export.FormatXLSX), server.RecordFilter{}))
	book, err := excelize.OpenReader(&b)
	must(t, err)
	if got := book.GetSheetName(0); got != "场所" {
		t.Errorf("a file of no venues has the sheet %s", got)
	}
}
