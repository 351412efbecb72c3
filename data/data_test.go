package data_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
)

func TestTheSourceIsUnchanged(t *testing.T) {
	const want = "ed32be4c723caa1128d1e2183b19a43d5a538b00efd57947f82cd6844e6baef2"
	var got []string
	for _, s := range all[*catalog.SourceInput](load(t)) {
		sum := sha256.Sum256([]byte(s.Text))
		got = append(got, hex.EncodeToString(sum[:]))
	}
	if diff := cmp.Diff([]string{want}, got); diff != "" {
		t.Errorf("sha256 of the sources' texts (-want +got):\n%s", diff)
	}
}

// A change of what has been given out is a new edition, or databases that hold
// the records never hear of it.
func TestARecordsChangeIsANewEdition(t *testing.T) {
	sums := map[int]string{
		2: "95760db9b5a260dede43f72385d803d68b1c220f827eaeb9d6911e05c76624f4",
		3: "44208eab5d35cb1a5fd6f25cea50fd31231da444fa21d61eef675fca2bf25474",
	}
	sum := sha256.New()
	for _, r := range data.Records() {
		if _, err := io.Copy(sum, r); err != nil {
			t.Fatal(err)
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != sums[data.Edition] {
		t.Errorf("sha256 of the records is %s, edition %d has %s: count the edition up once it has been given out", got, data.Edition, sums[data.Edition])
	}
}

func TestEveryFileOfRecordsIsLoaded(t *testing.T) {
	var got []string
	for name := range data.Records() {
		got = append(got, filepath.Join("records", name))
	}
	slices.Sort(got)
	want, err := filepath.Glob("records/*")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-folder +Records):\n%s", diff)
	}
}

func TestFilesEndWithALineBreakAndHoldNoBlankLine(t *testing.T) {
	names, err := filepath.Glob("records/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name) //nolint:gosec // the test's own folder
		if err != nil {
			t.Fatal(err)
		}
		if s := string(content); !strings.HasSuffix(s, "\n") || strings.Contains(s, "\n\n") {
			t.Errorf("%s: want one record a line, each line ended", name)
		}
	}
}

func TestEveryRecordIsValid(t *testing.T) {
	for _, r := range load(t) {
		if err := r.input.Validate(); err != nil {
			t.Errorf("%s:%d: %v", r.file, r.line, err)
		}
		if got := r.input.Head().Origin; got != catalog.OriginDocumented && got != catalog.OriginReference {
			t.Errorf("%s:%d: origin %q", r.file, r.line, got)
		}
	}
}

func TestReferencesNameRecordsThatCameBefore(t *testing.T) {
	type key struct {
		kind catalog.RecordKind
		slug string
	}
	before := map[key]bool{}
	for _, r := range load(t) {
		for _, ref := range r.input.References() {
			if !before[key{ref.Kind, *ref.Name}] {
				t.Errorf("%s:%d: %s: no %s %q has come before", r.file, r.line, ref.Path, ref.Kind, *ref.Name)
			}
		}
		own := key{r.input.Kind(), r.slug()}
		if before[own] {
			t.Errorf("%s:%d: %s %q stands twice", r.file, r.line, own.kind, own.slug)
		}
		before[own] = true
	}
}

func TestCounts(t *testing.T) {
	got := map[catalog.RecordKind]int{}
	for _, r := range load(t) {
		got[r.input.Kind()]++
	}
	want := map[catalog.RecordKind]int{
		catalog.KindSource: 1, catalog.KindRegion: 70, catalog.KindCommittee: 70, catalog.KindTopic: 67,
		catalog.KindPerson: 5, catalog.KindBrand: 11, catalog.KindProposal: 4, catalog.KindCase: 21,
		catalog.KindIndicator: 29, catalog.KindPractice: 10, catalog.KindEvaluation: 1, catalog.KindReport: 5,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// An article's title, put right as records are, is printed within it.
func TestSectionsAreHeadedInTheirText(t *testing.T) {
	for _, s := range all[*catalog.SourceInput](load(t)) {
		if len(s.Sections) != 3 {
			t.Errorf("%d sections, want the three articles", len(s.Sections))
		}
		for _, section := range s.Sections {
			printed := words(correctDashes(string([]rune(s.Text)[section.Start:section.End])))
			for part := range strings.SplitSeq(section.Title, ": ") {
				if !strings.Contains(printed, words(part)) {
					t.Errorf("%q is not printed in [%d, %d)", part, section.Start, section.End)
				}
			}
		}
	}
}

// correctDashes takes out the 一 that is printed for a dash.
func correctDashes(s string) string {
	return strings.NewReplacer("协商一搭台", "协商搭台", "搭台一协商", "搭台协商").Replace(s)
}

func TestPracticesAreNumberedFromOneToTen(t *testing.T) {
	var got []int
	for _, p := range all[*catalog.PracticeInput](load(t)) {
		got = append(got, p.Ordinal)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, got); diff != "" {
		t.Errorf("ordinals (-want +got):\n%s", diff)
	}
}

// A code tells where its division belongs: 220104 lies in 220100, and that in
// 220000.
func TestRegionsFormTheTreeThatTheirCodesTell(t *testing.T) {
	levels := map[catalog.Level]int{}
	for _, r := range all[*catalog.RegionInput](load(t)) {
		levels[r.Level]++
		want := map[catalog.Level]string{
			catalog.LevelProvince: "", catalog.LevelPrefecture: r.Slug[:2] + "0000", catalog.LevelCounty: r.Slug[:4] + "00",
		}[r.Level]
		if r.Parent != want {
			t.Errorf("%s %s: parent %q, want %q", r.Slug, r.Name, r.Parent, want)
		}
	}
	want := map[catalog.Level]int{catalog.LevelProvince: 1, catalog.LevelPrefecture: 9, catalog.LevelCounty: 60}
	if diff := cmp.Diff(want, levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}

func TestEveryRegionHasItsCommittee(t *testing.T) {
	records := load(t)
	serves := map[string]*catalog.CommitteeInput{}
	for _, c := range all[*catalog.CommitteeInput](records) {
		if other := serves[c.Region]; other != nil {
			t.Errorf("%s and %s both serve %s", other.Slug, c.Slug, c.Region)
		}
		serves[c.Region] = c
	}
	for _, r := range all[*catalog.RegionInput](records) {
		c := serves[r.Slug]
		if c == nil {
			t.Errorf("%s %s has no committee", r.Slug, r.Name)
			continue
		}
		parent := ""
		if above := serves[r.Parent]; above != nil {
			parent = above.Slug
		}
		if c.Level != r.Level || c.Parent != parent || c.Origin != catalog.OriginReference {
			t.Errorf("%s: level %s, parent %q, origin %s; want %s, %q, REFERENCE", c.Slug, c.Level, c.Parent, c.Origin, r.Level, parent)
		}
		if !strings.HasSuffix(c.Name, r.Name+"政协") {
			t.Errorf("%s: %s is not the committee of %s", c.Slug, c.Name, r.Name)
		}
	}
}

// A reader may write a name in the place of a slug, so a name must lead to one
// record.
func TestANameLeadsToOneRecord(t *testing.T) {
	type key struct {
		kind catalog.RecordKind
		name string
	}
	owner := map[key]string{}
	for _, r := range load(t) {
		for _, name := range names(r.input) {
			k := key{r.input.Kind(), name}
			if other, taken := owner[k]; taken {
				t.Errorf("%s:%d: %q is a name of %s as well", r.file, r.line, name, other)
			}
			owner[k] = r.slug()
		}
	}
}

func names(in catalog.Input) []string {
	switch in := in.(type) {
	case *catalog.RegionInput:
		return append([]string{in.Name}, in.AlternativeNames...)
	case *catalog.CommitteeInput:
		return append([]string{in.Name}, in.AlternativeNames...)
	case *catalog.TopicInput:
		return []string{in.Name}
	case *catalog.PersonInput:
		return []string{in.Name}
	case *catalog.BrandInput:
		return append([]string{in.Name}, in.AlternativeNames...)
	case *catalog.CaseInput:
		return append([]string{in.Title}, in.AlternativeTitles...)
	case *catalog.ProposalInput:
		return append([]string{in.Title}, in.AlternativeTitles...)
	}
	return nil
}

// The divisions whose code changed while what they are is the same, as the
// ministry's yearly tables show them: 江源 2006, 扶余 2013, 九台 2014, 公主岭 2020.
func TestDivisionsAreKnownByTheirFormerCodes(t *testing.T) {
	got := map[string]string{}
	for _, r := range all[*catalog.RegionInput](load(t)) {
		if r.FormerCode != "" {
			got[r.FormerCode] = r.Slug
		}
	}
	if diff := cmp.Diff(map[string]string{"220381": "220184", "220181": "220113", "220724": "220781", "220625": "220605"}, got); diff != "" {
		t.Errorf("former codes (-want +got):\n%s", diff)
	}
}

func TestBrandsStandUnderJisiGuangyi(t *testing.T) {
	for _, b := range all[*catalog.BrandInput](load(t)) {
		want := "jisi-guangyi"
		if b.Slug == want {
			want = ""
		}
		if b.Parent != want {
			t.Errorf("%s: parent %q, want %q", b.Name, b.Parent, want)
		}
	}
}

// What public pages say is in our own words, beside the records, and says that
// nobody has opened the pages.
func TestReportsStandBesideRecordsUnchecked(t *testing.T) {
	records := load(t)
	texts := slices.Collect(maps.Values(sources(records)))
	for _, r := range all[*catalog.ReportInput](records) {
		if r.CheckedOn != "" || r.Origin != catalog.OriginReference || len(r.Citations) > 0 {
			t.Errorf("%s: checked on %q, origin %s, %d citations; want an unchecked one for reference, and no quote", r.Slug, r.CheckedOn, r.Origin, len(r.Citations))
		}
		if r.PublishedOn == "" || r.Publisher == "" || len(r.Fields) == 0 {
			t.Errorf("%s does not say where it stands, or what it is about", r.Slug)
		}
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, r.Statement) }) {
			t.Errorf("%s is copied from the document", r.Slug)
		}
	}
}
