package catalog_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// hiddenHere hides what is called with a dash before it.
func hiddenHere(_ catalog.RecordKind, slug string) bool { return len(slug) > 0 && slug[0] == '-' }

// What a viewer is shown comes back as a whole: of every list, entry and reference.
func TestWhatIsNotSeenStays(t *testing.T) {
	entry := func(kind catalog.SupervisionEntryKind, note string, by ...string) catalog.SupervisionEntryInput {
		return catalog.SupervisionEntryInput{Kind: kind, Note: note, By: by}
	}
	year, next := 2025, 2026
	for name, tt := range map[string]struct {
		old, seen catalog.Input
		edit      func(in catalog.Input)
		want      catalog.Input
	}{
		"a proposal, as it was": {
			old: &catalog.ProposalInput{
				Proposers:    []catalog.ProposerInput{{Committee: "own"}, {Person: "-hidden"}, {Person: "seen"}},
				Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Year: &year}, {Office: "主席", Supervisor: "-other", Entries: []catalog.SupervisionEntryInput{entry("SURVEY", "看", "seen", "-hidden")}}},
				Events:       []catalog.ProposalEventInput{{Kind: "FILED"}, {Kind: "ENDORSED", Person: "-hidden", Note: "请办"}},
			},
			seen: &catalog.ProposalInput{
				Proposers:    []catalog.ProposerInput{{Committee: "own"}, {Person: "seen"}},
				Supervisions: []catalog.SupervisionInput{{Year: &year}, {Office: "主席", Entries: []catalog.SupervisionEntryInput{entry("SURVEY", "看", "seen")}}},
				Events:       []catalog.ProposalEventInput{{Kind: "FILED"}, {Kind: "ENDORSED", Note: "请办"}},
			},
		},
		"what is added stands beside it": {
			old: &catalog.ProposalInput{
				Proposers:    []catalog.ProposerInput{{Committee: "own"}, {Person: "-hidden"}},
				Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Year: &year, Entries: []catalog.SupervisionEntryInput{entry("SURVEY", "", "-hidden")}}},
				Events:       []catalog.ProposalEventInput{{Kind: "ENDORSED", Person: "-hidden", Note: "请办"}},
			},
			edit: func(in catalog.Input) {
				p := in.(*catalog.ProposalInput)
				p.Proposers = append(p.Proposers, catalog.ProposerInput{Person: "new"})
				p.Supervisions[0].Entries = append(p.Supervisions[0].Entries, entry("MEETING", "谈", "new"))
				p.Events = append([]catalog.ProposalEventInput{{Kind: "FILED"}}, p.Events...)
			},
			want: &catalog.ProposalInput{
				Proposers:    []catalog.ProposerInput{{Committee: "own"}, {Person: "-hidden"}, {Person: "new"}},
				Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Year: &year, Entries: []catalog.SupervisionEntryInput{entry("SURVEY", "", "-hidden"), entry("MEETING", "谈", "new")}}},
				Events:       []catalog.ProposalEventInput{{Kind: "FILED"}, {Kind: "ENDORSED", Person: "-hidden", Note: "请办"}},
			},
		},
		"what is changed beside it is changed": {
			old: &catalog.ProposalInput{Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Office: "主席", Year: &year, Note: "一"}, {Supervisor: "-other", Note: "二"}}},
			edit: func(in catalog.Input) {
				s := in.(*catalog.ProposalInput).Supervisions
				s[0].Note, s[1].Year, s[1].Note = "改了", &next, "也改了"
			},
			want: &catalog.ProposalInput{Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Office: "主席", Year: &year, Note: "改了"}, {Supervisor: "-other", Year: &next, Note: "也改了"}}},
		},
		"what is taken out goes, and nobody inherits it": {
			old: &catalog.ProposalInput{Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Office: "主席", Year: &year}, {Supervisor: "seen"}}},
			edit: func(in catalog.Input) {
				in.(*catalog.ProposalInput).Supervisions = []catalog.SupervisionInput{{Supervisor: "seen"}, {Office: "副主席", Year: &year}}
			},
			want: &catalog.ProposalInput{Supervisions: []catalog.SupervisionInput{{Supervisor: "seen"}, {Office: "副主席", Year: &year}}},
		},
		"somebody else in its place": {
			old: &catalog.ProposalInput{Supervisions: []catalog.SupervisionInput{{Supervisor: "-hidden", Office: "主席"}, {Supervisor: "-hidden", Office: "主任"}}},
			edit: func(in catalog.Input) {
				s := in.(*catalog.ProposalInput).Supervisions
				s[0].Supervisor, s[1].NewPerson = "seen", &catalog.NewPerson{Name: "某"}
			},
			want: &catalog.ProposalInput{Supervisions: []catalog.SupervisionInput{{Supervisor: "seen", Office: "主席"}, {Office: "主任", NewPerson: &catalog.NewPerson{Name: "某"}}}},
		},
		"others called by their names": {
			old: &catalog.ProposalInput{
				Proposers:    []catalog.ProposerInput{{Committee: "own"}, {Person: "seen"}, {Person: "-hidden"}},
				Supervisions: []catalog.SupervisionInput{{Supervisor: "a", Year: &year, Entries: []catalog.SupervisionEntryInput{entry("SURVEY", "", "a", "-hidden", "b")}}, {Supervisor: "b", Entries: []catalog.SupervisionEntryInput{entry("OTHER", "", "-hidden")}}},
				Events:       []catalog.ProposalEventInput{{Kind: "FILED", Person: "a"}, {Kind: "ENDORSED", Person: "-hidden"}},
			},
			edit: func(in catalog.Input) {
				p := in.(*catalog.ProposalInput)
				p.Proposers = []catalog.ProposerInput{{Committee: "甲县政协"}, {Person: "某"}}
				p.Supervisions[0].Supervisor, p.Supervisions[0].Entries[0].By, p.Supervisions[1].Supervisor = "甲", []string{"甲", "乙"}, "乙"
				p.Events[0].Person = "甲"
			},
			want: &catalog.ProposalInput{
				Proposers:    []catalog.ProposerInput{{Committee: "甲县政协"}, {Person: "某"}, {Person: "-hidden"}},
				Supervisions: []catalog.SupervisionInput{{Supervisor: "甲", Year: &year, Entries: []catalog.SupervisionEntryInput{entry("SURVEY", "", "甲", "-hidden", "乙")}}, {Supervisor: "乙", Entries: []catalog.SupervisionEntryInput{entry("OTHER", "", "-hidden")}}},
				Events:       []catalog.ProposalEventInput{{Kind: "FILED", Person: "甲"}, {Kind: "ENDORSED", Person: "-hidden"}},
			},
		},
		"an activity": {
			old:  &catalog.ActivityInput{Venue: "-v", Persons: []string{"a", "-p", "b"}, Cases: []string{"-c"}, Topics: []string{"t"}},
			seen: &catalog.ActivityInput{Persons: []string{"a", "b"}, Topics: []string{"t"}},
			edit: func(in catalog.Input) {
				a := in.(*catalog.ActivityInput)
				a.Persons, a.Cases = []string{"b", "a", "n"}, []string{"c"}
			},
			want: &catalog.ActivityInput{Venue: "-v", Persons: []string{"b", "a", "-p", "n"}, Cases: []string{"-c", "c"}, Topics: []string{"t"}},
		},
		"a case": {
			old: &catalog.CaseInput{
				Brand: "-b", Proposals: []string{"-p"}, PossiblySameAs: []string{"c", "-d"},
				Participants: []catalog.ParticipantInput{{Role: "SERVER", Name: "甲", Person: "-x"}, {Role: "EXPERT_OR_PUBLIC", Name: "教授", Person: "-y", Statement: "说"}},
			},
			edit: func(in catalog.Input) {
				c := in.(*catalog.CaseInput)
				c.Brand = "own"
				c.Participants = []catalog.ParticipantInput{{Role: "EXPERT_OR_PUBLIC", Name: "教授", Statement: "又说"}, {Role: "SERVER", Name: "乙"}}
			},
			want: &catalog.CaseInput{
				Brand: "own", Proposals: []string{"-p"}, PossiblySameAs: []string{"c", "-d"},
				Participants: []catalog.ParticipantInput{{Role: "EXPERT_OR_PUBLIC", Name: "教授", Person: "-y", Statement: "又说"}, {Role: "SERVER", Name: "乙"}},
			},
		},
		"a rating": {
			old:  &catalog.EvaluationInput{Round: "-r", Department: "甲局"},
			edit: func(in catalog.Input) { in.(*catalog.EvaluationInput).Department = "乙局" },
			want: &catalog.EvaluationInput{Round: "-r", Department: "乙局"},
		},
		"a practice": {
			old:  &catalog.PracticeInput{Cases: []string{"-c", "c"}, Brands: []string{"-b"}, Proposals: []string{"p"}},
			seen: &catalog.PracticeInput{Cases: []string{"c"}, Proposals: []string{"p"}},
			want: &catalog.PracticeInput{Cases: []string{"-c", "c"}, Brands: []string{"-b"}, Proposals: []string{"p"}},
		},
	} {
		shown := again(t, tt.old)
		catalog.LeaveOut(shown, hiddenHere)
		if tt.seen != nil {
			if diff := cmp.Diff(written(t, tt.seen), written(t, shown)); diff != "" {
				t.Errorf("%s is shown (-want +got):\n%s", name, diff)
			}
		}
		shown = again(t, shown) // as it comes back
		want := tt.want
		if tt.edit != nil {
			tt.edit(shown)
		}
		if want == nil {
			want = tt.old
		}
		before := written(t, shown)
		if diff := cmp.Diff(written(t, want), written(t, catalog.WithUnseen(shown, tt.old, hiddenHere))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(before, written(t, shown)); diff != "" {
			t.Errorf("%s: the input itself is changed:\n%s", name, diff)
		}
	}
}

// again returns an input as it is after it was written and read.
func again(t *testing.T, in catalog.Input) catalog.Input {
	t.Helper()
	read := catalog.NewInput(in.Kind())
	if err := json.Unmarshal([]byte(written(t, in)), read); err != nil {
		t.Fatal(err)
	}
	return read
}

func written(t *testing.T, in catalog.Input) string {
	t.Helper()
	raw, err := json.MarshalIndent(in, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
