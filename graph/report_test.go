package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// reportOf is a report about a record, as an editor would write it.
func reportOf(record map[string]any, more ...any) map[string]any {
	in := map[string]any{
		"record": record, "relation": "ADDS", "statement": "该报称此事于2021年完成。", "title": "一则报道",
		"publisher": "某报", "publishedOn": "2021-11-24", "url": "https://example.org/1",
	}
	for i := 0; i < len(more); i += 2 {
		in[more[i].(string)] = more[i+1]
	}
	return in
}

func TestAReportStandsBesideItsRecordAndFillsNothing(t *testing.T) {
	o := adopting(t)
	editor, reviewer, public := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(nil)
	beside := func(a *api) (list []string) {
		t.Helper()
		var got struct {
			Case struct {
				Results *string
				Reports []struct {
					Statement string
					CheckedOn *string
					EnteredBy *struct{ Slug string }
					Record    struct{ Slug string }
				}
			}
		}
		a.get(t, `{ case(slug: "theirs") { results reports { statement checkedOn enteredBy { slug } record { slug } } } }`, nil, &got)
		if got.Case.Results != nil {
			t.Errorf("a report fills a field: %s", *got.Case.Results)
		}
		for _, r := range got.Case.Reports {
			one := r.Statement + " " + r.Record.Slug
			if r.CheckedOn != nil {
				one += " " + *r.CheckedOn
			}
			if r.EnteredBy != nil {
				one += " " + r.EnteredBy.Slug
			}
			list = append(list, one)
		}
		return list
	}
	r := editor.done(t, `createReport(input: $report)`, map[string]any{"report": reportOf(map[string]any{"case": "theirs"}, "fields", []string{"results"})})
	if r.Slug != "yi-ze-bao-dao" || r.Origin != "CONTRIBUTED" || r.Status != "DRAFT" {
		t.Errorf("created %+v", r)
	}
	if got := beside(editor); len(got) > 0 {
		t.Errorf("a draft stands beside its record: %v", got)
	}
	editor.done(t, `submitReport(id: $id, version: 1)`, map[string]any{"id": r.ID})
	reviewer.done(t, `publishReport(id: $id, version: 2)`, map[string]any{"id": r.ID})
	want := []string{"该报称此事于2021年完成。 theirs own"}
	if diff := cmp.Diff(want, beside(public)); diff != "" {
		t.Errorf("beside the case (-want +got):\n%s", diff)
	}
	reviewer.done(t, `updateReport(id: $id, version: 3, input: $report)`, map[string]any{
		"id": r.ID, "report": reportOf(map[string]any{"case": "theirs"}, "checkedOn", "2026-07-01"),
	})
	if diff := cmp.Diff([]string{"该报称此事于2021年完成。 theirs 2026-07-01 own"}, beside(public)); diff != "" {
		t.Errorf("once somebody has opened the page (-want +got):\n%s", diff)
	}
	var cited struct{ Report struct{ Cite, Old string } }
	public.get(t, `{ report(slug: "yi-ze-bao-dao") { cite old: cite(style: GBT7714_2015) } }`, nil, &cited)
	if cited.Report.Cite != "一则报道[EB/OL]. （2021-11-24）[2026-07-01]. https://example.org/1." || cited.Report.Old != "一则报道[EB/OL]. (2021-11-24)[2026-07-01]. https://example.org/1." {
		t.Errorf("cited as %+v", cited.Report)
	}
	reviewer.done(t, `archiveReport(id: $id, version: 4, reason: "网页已撤")`, map[string]any{"id": r.ID})
	if got := beside(public); len(got) > 0 {
		t.Errorf("a withdrawn report stands beside its record: %v", got)
	}
}

// A record is named by its id or by its slug or name under its kind, in one way only.
func TestAReportNamesOneRecord(t *testing.T) {
	o := adopting(t)
	admin := o.as(o.viewer(catalog.RoleAdmin, "own"))
	own := catalog.EncodeID(catalog.KindCommittee, o.committees["own"])
	for _, record := range []map[string]any{
		{"committee": "own"}, {"committee": own}, {"id": own}, {"case": "他山之石"}, {"case": "theirs"},
	} {
		p := admin.change(t, `createReport(input: $report)`, map[string]any{"report": reportOf(record)})
		if len(p.UserErrors) > 0 {
			t.Errorf("%v: %+v", record, p.UserErrors)
		}
	}
	for _, tt := range []struct {
		input map[string]any
		want  string
	}{
		{reportOf(map[string]any{"case": "nirgends"}), "NOT_FOUND input.record.case"},
		{reportOf(map[string]any{"brand": "nirgends"}), "NOT_FOUND input.record.brand"},
		{reportOf(map[string]any{"id": "nirgends"}), "INVALID input.record"},
		{reportOf(map[string]any{"id": catalog.EncodeID(catalog.KindTopic, 1)}), "INVALID input.record"},
		{reportOf(map[string]any{"case": own}), "INVALID input.record.case"},
		{reportOf(map[string]any{"case": "theirs"}, "fields", []string{"supervisor"}), "INVALID input.fields.0"},
		{reportOf(map[string]any{"case": "theirs"}, "checkedOn", "2021"), "INVALID input.checkedOn"},
		{reportOf(map[string]any{"case": "theirs"}, "checkedOn", "2020-01-01"), "INVALID input.checkedOn"},
		{reportOf(map[string]any{"case": "theirs"}, "checkedOn", "2099-01-01"), "INVALID input.checkedOn"},
		{reportOf(map[string]any{"case": "theirs"}, "url", "ftp://example.org"), "INVALID input.url"},
		{reportOf(map[string]any{"case": "theirs"}, "enteredBy", "nirgends"), "NOT_FOUND input.enteredBy"},
	} {
		if got := admin.refused(t, `createReport(input: $report)`, map[string]any{"report": tt.input}); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%v: %v, want %s", tt.input, got, tt.want)
		}
	}
	// gqlgen says that the input is @oneOf and does not hold variables to it: the domain does.
	for _, record := range []map[string]any{{}, {"case": "theirs", "committee": "own"}, {"case": "theirs", "id": own}, {"case": nil}} {
		if got := admin.refused(t, `createReport(input: $report)`, map[string]any{"report": reportOf(record)}); !slices.Equal(got, []string{"INVALID input.record"}) {
			t.Errorf("%v: %v", record, got)
		}
	}
	literal := `createReport(input: {record: {case: "theirs", committee: "own"}, relation: ADDS, statement: "述", title: "题", url: "https://example.org"})`
	if r := admin.ask(t, mutationOf(literal, nil), nil); len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Message, "exactly one key") {
		t.Errorf("a literal: %+v", r.Errors)
	}
	editor := o.as(o.viewer(catalog.RoleEditor, "own"))
	if got := editor.refused(t, `createReport(input: $report)`, map[string]any{"report": reportOf(map[string]any{"case": "theirs"}, "enteredBy", "other")}); !slices.Equal(got, []string{"FORBIDDEN input.enteredBy"}) {
		t.Errorf("entered for another committee: %v", got)
	}
}

func TestReportsAreListed(t *testing.T) {
	o := adopting(t)
	admin := o.as(o.viewer(catalog.RoleAdmin, "own"))
	publish := func(more ...any) {
		r := admin.done(t, `createReport(input: $report)`, map[string]any{"report": reportOf(map[string]any{"case": "theirs"}, more...)})
		admin.done(t, `submitReport(id: $id, version: 1)`, map[string]any{"id": r.ID})
		admin.done(t, `publishReport(id: $id, version: 2)`, map[string]any{"id": r.ID})
	}
	publish("title", "甲", "publishedOn", "2022")
	publish("title", "乙", "relation", "DIFFERS", "checkedOn", "2026-07-01")
	publish("title", "丙", "publishedOn", "2019")
	titles := func(query string) string {
		t.Helper()
		var got struct {
			Reports struct {
				TotalCount int
				Nodes      []struct{ Title string }
			}
		}
		o.as(nil).get(t, `{ reports`+query+` { totalCount nodes { title } } }`, nil, &got)
		var list strings.Builder
		for _, n := range got.Reports.Nodes {
			list.WriteString(n.Title)
		}
		return list.String()
	}
	for query, want := range map[string]string{
		``: "丙乙甲", `(first: 1)`: "丙", `(relation: [DIFFERS])`: "乙", `(checked: true)`: "乙", `(checked: false)`: "丙甲",
		`(status: [DRAFT])`: "", `(committees: ["` + catalog.EncodeID(catalog.KindCommittee, o.committees["other"]) + `"])`: "",
	} {
		if got := titles(query); got != want {
			t.Errorf("reports%s: %s, want %s", query, got, want)
		}
	}
	var got struct {
		Case struct{ Reports []struct{ Title string } }
	}
	o.as(nil).get(t, `{ case(slug: "theirs") { reports { title } } }`, nil, &got)
	if len(got.Case.Reports) != 3 || got.Case.Reports[0].Title != "丙" || got.Case.Reports[2].Title != "甲" {
		t.Errorf("beside the case: %+v; want them in the order of their days", got.Case.Reports)
	}
}
