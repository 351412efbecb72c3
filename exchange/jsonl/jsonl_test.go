package jsonl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestEncodePutsTypeFirstAndLeavesOutWhatIsEmpty(t *testing.T) {
	in := &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: "a", Status: catalog.StatusDraft}, Title: "<b> & \u2028 “中”",
		Outcomes: []catalog.OutcomeInput{{Form: "f", Status: catalog.OutcomeAdopted}},
	}
	got, err := Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"case","slug":"a","status":"DRAFT","title":"<b> & \u2028 “中”","outcomes":[{"form":"f","status":"ADOPTED"}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("Encode (-want +got):\n%s", diff)
	}
}

func TestEncodeRefusesWhatIsNotUTF8(t *testing.T) {
	broken := &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "t"}, Name: "x\xff"}
	if _, err := Encode(broken); err == nil || !strings.Contains(err.Error(), "name is not valid UTF-8") {
		t.Errorf("Encode gave %v, want an error that names the field", err)
	}
	for _, fine := range []string{"\uFFFD", `\ufffd`} {
		in := &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "t"}, Name: fine}
		line, err := Encode(in)
		if err != nil {
			t.Errorf("Encode of %q: %v", fine, err)
			continue
		}
		if got, err := Decode(line); err != nil || got.(*catalog.TopicInput).Name != fine {
			t.Errorf("Decode(%s) = %v, %v", line, got, err)
		}
	}
}

func TestEncodeAndDecodeAreInverse(t *testing.T) {
	text := rapid.StringMatching(`[a-z"\\/<\n\t一-龥é𠮷]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		in := &catalog.CaseInput{
			InputMeta: catalog.InputMeta{Slug: text.Draw(t, "slug"), Origin: catalog.Origin(text.Draw(t, "origin"))},
			Title:     text.Draw(t, "title"), Background: text.Draw(t, "background"),
			StartedOn: catalog.PartialDate(text.Draw(t, "startedOn")),
		}
		if rapid.Bool().Draw(t, "more") {
			n := rapid.Int().Draw(t, "meetingCount")
			in.MeetingCount = &n
			in.AlternativeTitles = rapid.SliceOfN(text, 1, 4).Draw(t, "alternativeTitles")
			in.Links = []catalog.Link{{Title: text.Draw(t, "link"), URL: text.Draw(t, "url")}}
		}
		line, err := Encode(in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(line)
		if err != nil {
			t.Fatalf("Decode(%s): %v", line, err)
		}
		if diff := cmp.Diff(catalog.Input(in), got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
