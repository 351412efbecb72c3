package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestPartialDate(t *testing.T) {
	for date, first := range map[catalog.PartialDate]string{
		"2021": "2021-01-01", "2021-07": "2021-07-01", "2021-07-15": "2021-07-15", "2020-02-29": "2020-02-29",
		"": "", "21": "", "2021-13": "", "2021-02-29": "", "2021-7": "", "0001": "", "2021-07-15T00:00:00Z": "", "二〇二一": "",
	} {
		day, ok := date.FirstDay()
		if got := day.Format("2006-01-02"); ok != (first != "") || ok && got != first {
			t.Errorf("%q: %s, %v; want %q", date, got, ok, first)
		}
	}
}

func TestGlobalIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(catalog.RecordKinds).Draw(t, "kind")
		id := catalog.ID(rapid.Int64Min(1).Draw(t, "id"))
		gotKind, gotID, err := catalog.DecodeID(catalog.EncodeID(kind, id))
		if err != nil || gotKind != kind || gotID != id {
			t.Fatalf("%s %d came back as %s %d, %v", kind, id, gotKind, gotID, err)
		}
	})
	for _, made := range []string{"", "x", "Q0FTRTo", "Q0FTRTowMQ", "UkVDT1JEOjE", "Q0FTRTotMQ", "Q0FTRTox=", strings.Repeat("A", 1000)} {
		if _, _, err := catalog.DecodeID(made); catalog.ErrorKindOf(err) != catalog.KindNotFound {
			t.Errorf("%q: %v, want NOT_FOUND", made, err)
		}
	}
}

func TestSlugs(t *testing.T) {
	for slug, want := range map[string]bool{
		"a": true, "san-dian-ban": true, "220104": true, strings.Repeat("a", 100): true,
		"": false, "-a": false, "a-": false, "a--b": false, "A": false, "三点半": false, "a b": false, strings.Repeat("a", 101): false,
	} {
		if got := catalog.ValidSlug(slug); got != want {
			t.Errorf("%q: %v, want %v", slug, got, want)
		}
	}
}

// TestValidateNamesEveryProblemByItsPath breaks many rules of one case at once.
func TestValidateNamesEveryProblemByItsPath(t *testing.T) {
	year, count := 1600, -1
	in := &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: "A", Origin: "GUESSED", Citations: []catalog.CitationInput{{}}},
		Title:     "有\x00控制字符", Summary: "\xff", Year: &year, StartedOn: "2021-07", EndedOn: "2021-06", Level: "CITY",
		Topics:       []string{"a", "a"},
		Participants: []catalog.ParticipantInput{{Role: "AUDIENCE"}},
		Steps:        []catalog.StepInput{{Code: catalog.StepAskFitness, Text: "一"}, {Code: catalog.StepAskFitness, Text: "二"}, {Code: "NINTH", Text: "三"}},
		Outcomes:     []catalog.OutcomeInput{{Form: "报告", Status: "LOST"}}, MeetingCount: &count,
		Links: []catalog.Link{{Title: "t", URL: "javascript:alert(1)"}}, PossiblySameAs: []string{"A"},
	}
	var problems catalog.Problems
	if !errors.As(in.Validate(), &problems) {
		t.Fatal("no problems")
	}
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Path)
		if p.Zh == "" || p.En == "" || p.Kind != catalog.KindInvalid {
			t.Errorf("%s: %+v", p.Path, p)
		}
	}
	want := []string{
		"slug", "origin", "citations.0.source", "citations.0.quote", "title", "summary", "year", "endedOn", "level", "topics.1",
		"participants.0.role", "participants.0.name", "steps.2.code", "steps.1", "outcomes.0.status", "meetingCount", "links.0.url", "possiblySameAs.0",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestADateEndsNoEarlierThanItsLessExactStart(t *testing.T) {
	in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "a"}, Title: "t", StartedOn: "2021-07", EndedOn: "2021"}
	if err := in.Validate(); err != nil {
		t.Error(err)
	}
}

func TestCitationsAreLocatedToTheCharacter(t *testing.T) {
	at := func(n int) *int { return &n }
	for name, test := range map[string]struct {
		quote      string
		start      *int
		text       string
		want, stop int
		ok         bool
	}{
		"once":               {"桂林路", nil, "长春市桂林路商圈", 3, 6, true},
		"beyond the plane":   {"𠮷林", nil, "𠮷思𠮷林", 2, 4, true},
		"where it says":      {"路", at(4), "桂林路 路", 4, 5, true},
		"not where it says":  {"路", at(3), "桂林路 路", 0, 0, false},
		"twice":              {"路", nil, "桂林路 路", 0, 0, false},
		"twice, overlapping": {"哈哈", nil, "哈哈哈", 0, 0, false},
		"nowhere":            {"街", nil, "桂林路", 0, 0, false},
		"past the end":       {"路", at(9), "桂林路", 0, 0, false},
		"before the start":   {"桂", at(-1), "桂林路", 0, 0, false},
	} {
		in := catalog.CitationInput{Quote: test.quote, Start: test.start}
		start, end, err := in.Locate(test.text)
		if (err == nil) != test.ok || start != test.want || end != test.stop {
			t.Errorf("%s: [%d, %d), %v", name, start, end, err)
		}
	}
}

func TestCitationsSupportWhatIsAboveAndBelowTheirFields(t *testing.T) {
	c := catalog.Citation{Fields: []string{"outcomes.1.effect", "steps"}}
	for field, want := range map[string]bool{
		"outcomes.1": true, "outcomes.1.effect": true, "outcomes": true, "steps.ASK_FITNESS": true,
		"outcomes.10": false, "outcomes.0": false, "title": false,
	} {
		if got := c.Supports(field); got != want {
			t.Errorf("%s: %v, want %v", field, got, want)
		}
	}
}

func TestPageArgs(t *testing.T) {
	n, zero, many, cursor := 5, 0, 101, "x"
	for name, test := range map[string]struct {
		args catalog.PageArgs
		ok   bool
	}{
		"nothing":       {catalog.PageArgs{}, true},
		"forward":       {catalog.PageArgs{First: &n, After: &cursor}, true},
		"backward":      {catalog.PageArgs{Last: &n, Before: &cursor}, true},
		"none":          {catalog.PageArgs{First: &zero}, false},
		"too many":      {catalog.PageArgs{Last: &many}, false},
		"both":          {catalog.PageArgs{First: &n, Last: &n}, false},
		"last, after":   {catalog.PageArgs{Last: &n, After: &cursor}, false},
		"first, before": {catalog.PageArgs{First: &n, Before: &cursor}, false},
	} {
		if err := test.args.Validate(); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDiff checks that a difference names each changed field once, and is empty
// for equals.
func TestDiff(t *testing.T) {
	text := func(s string) *string { return &s }
	got, err := catalog.Diff([]byte(`{"a":1,"list":[{"x":"旧"},2],"gone":true}`), []byte(`{"a":1,"list":[{"x":"新"}],"new":{"b":1.10}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []catalog.FieldChange{
		{Path: "gone", Before: text("true")},
		{Path: "list.0.x", Before: text(`"旧"`), After: text(`"新"`)},
		{Path: "list.1", Before: text("2")},
		{Path: "new", After: text(`{"b":1.10}`)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if same, err := catalog.Diff([]byte(`{"a":[1,{"b":null}]}`), []byte(`{"a":[1,{"b":null}]}`)); err != nil || len(same) != 0 {
		t.Errorf("%+v, %v", same, err)
	}
}

func TestFieldsAreComparedAsAWhole(t *testing.T) {
	got, err := catalog.DiffFields([]byte(`{"same":[{"x":1}],"list":["甲","乙"],"gone":true,"null":null}`), []byte(`{"same":[{"x":1}],"list":["乙"],"new":"新"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := func(s string) *string { return &s }
	want := []catalog.FieldChange{{Path: "gone", Before: p("true")}, {Path: "list", Before: p(`["甲","乙"]`), After: p(`["乙"]`)}, {Path: "new", After: p(`"新"`)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if all, err := catalog.DiffFields(nil, []byte(`{"a":1}`)); err != nil || len(all) != 1 {
		t.Errorf("of a new record %v, %v", all, err)
	}
}

func TestATextIsCutAtCodePoints(t *testing.T) {
	for _, tt := range []struct {
		text      string
		n         int
		cut, clip string
	}{
		{"", 0, "", ""},
		{"协商", 0, "", "…"},
		{"协商", 1, "协", "协…"},
		{"协商", 2, "协商", "协商"},
		{"𠮷林", 1, "𠮷", "𠮷…"},
		{"a\xffb", 2, "a\xff", "a�…"},
	} {
		if got := catalog.Cut(tt.text, tt.n); got != tt.cut {
			t.Errorf("cut %q at %d: %q, want %q", tt.text, tt.n, got, tt.cut)
		}
		if got := catalog.Clip(tt.text, tt.n); got != tt.clip {
			t.Errorf("clip %q at %d: %q, want %q", tt.text, tt.n, got, tt.clip)
		}
	}
}

// A kind and the type of the schema name each other.
func TestKindsAndTypesNameEachOther(t *testing.T) {
	for _, kind := range catalog.RecordKinds {
		for _, name := range []string{kind.TypeName(), string(kind), strings.ToLower(string(kind))} {
			if got := catalog.KindNamed(name); got != kind {
				t.Errorf("%s names %s, want %s", name, got, kind)
			}
		}
	}
	if got := catalog.KindRound.TypeName(); got != "EvaluationRound" {
		t.Errorf("%s is called %s", catalog.KindRound, got)
	}
}
