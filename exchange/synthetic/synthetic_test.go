package synthetic

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const sampleCases = 2000

// sample is what is made of one seed, decoded; most tests look at it.
var sample = sync.OnceValue(func() []catalog.Input {
	var b bytes.Buffer
	if err := Write(context.Background(), &b, Options{Cases: sampleCases, Seed: 7}); err != nil {
		panic(err)
	}
	return decode(b.Bytes())
})

func decode(lines []byte) []catalog.Input {
	var inputs []catalog.Input
	for line := range bytes.Lines(lines) {
		in, err := jsonl.Decode(bytes.TrimSpace(line))
		if err != nil {
			panic(err)
		}
		inputs = append(inputs, in)
	}
	return inputs
}

// all returns the sample's inputs of one type.
func all[T catalog.Input]() []T {
	var list []T
	for _, in := range sample() {
		if t, ok := in.(T); ok {
			list = append(list, t)
		}
	}
	return list
}

func write(t *testing.T, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(t.Context(), &b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteGivesTheSameBytesForTheSameSeed(t *testing.T) {
	first := write(t, Options{Cases: 3 * blockCases, Seed: 1})
	if again := write(t, Options{Cases: 3 * blockCases, Seed: 1}); !bytes.Equal(first, again) {
		t.Error("two runs with one seed differ")
	}
	if longer := write(t, Options{Cases: 5*blockCases + 3, Seed: 1}); !bytes.HasPrefix(longer, first) {
		t.Error("a longer output does not begin with the shorter one of whole blocks")
	}
	// Slugs of two seeds may stand in one database; texts are others.
	slugs := map[string]bool{}
	texts := map[string]bool{}
	for _, seed := range []uint64{1, 2, 1<<64 - 1} {
		for _, in := range decode(write(t, Options{Cases: blockCases, Seed: seed})) {
			if k := string(in.Kind()) + in.Head().Slug; slugs[k] {
				t.Errorf("two records are %s", k)
			} else {
				slugs[k] = true
			}
			if c, ok := in.(*catalog.CaseInput); ok && texts[c.Background] {
				t.Errorf("%s has the background of another seed's case", c.Slug)
			} else if ok {
				texts[c.Background] = true
			}
		}
	}
}

func TestWriteMakesAsManyOfEachKindAsPromised(t *testing.T) {
	got := map[catalog.RecordKind]int{}
	for _, in := range sample() {
		got[in.Kind()]++
	}
	want := map[catalog.RecordKind]int{
		catalog.KindCase: sampleCases, catalog.KindBrand: sampleCases/40 + 1, catalog.KindProposal: sampleCases / 10,
		catalog.KindAdoption: sampleCases / 5, catalog.KindPerson: sampleCases / 200, catalog.KindVenue: sampleCases / 50,
		catalog.KindEvaluation: sampleCases / 50,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, n := range []int{0, 1, 5, 41} {
		cases := 0
		for _, in := range decode(write(t, Options{Cases: n, Seed: 3})) {
			if in.Kind() == catalog.KindCase {
				cases++
			}
		}
		if cases != n {
			t.Errorf("%d cases, want %d", cases, n)
		}
	}
	if err := Write(t.Context(), io.Discard, Options{Cases: -1}); err == nil {
		t.Error("-1 cases were made")
	}
}

// TestEveryRecordIsValidAndRefersBackOnly imports the sample line by line, as
// it were: what a record refers to has come before, or is a real committee or
// topic.
func TestEveryRecordIsValidAndRefersBackOnly(t *testing.T) {
	known := map[string]bool{}
	for name, r := range data.Records() {
		if name != "committees.jsonl" && name != "topics.jsonl" && name != "regions.jsonl" {
			continue
		}
		lines, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range decode(lines) {
			known[string(in.Kind())+in.Head().Slug] = true
		}
	}
	for _, in := range sample() {
		if err := in.Validate(); err != nil {
			t.Errorf("%s: %v", in.Head().Slug, err)
		}
		for _, ref := range in.References() {
			if !known[string(ref.Kind)+*ref.Name] {
				t.Errorf("%s: %s is %s %q, which has not come", in.Head().Slug, ref.Path, ref.Kind, *ref.Name)
			}
		}
		k := string(in.Kind()) + in.Head().Slug
		if known[k] {
			t.Errorf("%s stands twice", in.Head().Slug)
		}
		known[k] = true
	}
}

func TestEveryRecordSaysThatItIsSynthetic(t *testing.T) {
	marked := func(in catalog.Input, text string) {
		if !strings.HasSuffix(text, "号）") || !strings.Contains(text, "（合成") {
			t.Errorf("%s: %q has no mark", in.Head().Slug, text)
		}
	}
	for _, in := range sample() {
		if in.Head().Origin != catalog.OriginSynthetic || !strings.HasPrefix(in.Head().Slug, "synthetic-7-") {
			t.Errorf("%s has the origin %s", in.Head().Slug, in.Head().Origin)
		}
		switch in := in.(type) {
		case *catalog.CaseInput:
			marked(in, in.Title)
			for _, title := range in.AlternativeTitles {
				marked(in, title)
			}
			if !strings.HasPrefix(in.Summary, summaryMark) {
				t.Errorf("%s: the summary begins %.30s", in.Slug, in.Summary)
			}
			for _, l := range in.Links {
				if u, err := url.Parse(l.URL); err != nil || !strings.HasSuffix(u.Host, "example.invalid") {
					t.Errorf("%s links to %s", in.Slug, l.URL)
				}
			}
		case *catalog.ProposalInput:
			marked(in, in.Title)
			for _, s := range in.Supervisions {
				if !strings.HasSuffix(s.Office, "（合成）") {
					t.Errorf("%s is supervised by %s", in.Slug, s.Office)
				}
			}
		case *catalog.BrandInput:
			if in.Parent != "" {
				marked(in, in.Name)
			}
		case *catalog.VenueInput:
			marked(in, in.Name)
		case *catalog.EvaluationInput:
			marked(in, in.Department)
		case *catalog.PersonInput:
			if !strings.HasPrefix(in.Name, "合成人物") {
				t.Errorf("%s is called %s", in.Slug, in.Name)
			}
		}
	}
}

// TestNoTextNamesARealBody looks for the names of all real regions, committees,
// persons and brands in a third of what was made up, and in every name that a
// brand may get.
func TestNoTextNamesARealBody(t *testing.T) {
	var made bytes.Buffer
	if _, err := jsonl.Write(&made, func(yield func(catalog.Input, error) bool) {
		for _, in := range sample()[:len(sample())/3] {
			if !yield(in, nil) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range l.general["brandHead"].entries {
		for _, tail := range l.general["brandTail"].entries {
			made.WriteString(head[0].text + tail[0].text + "\n")
		}
	}
	text := made.String()
	for name, r := range data.Records() {
		lines, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		switch name {
		case "regions.jsonl", "committees.jsonl", "persons.jsonl", "brands.jsonl":
			for _, in := range decode(lines) {
				names = append(names, namesOf(in)...)
			}
		}
		for _, real := range names {
			// 省政协 is how anyone speaks of a provincial committee.
			if real != "省政协" && strings.Contains(text, real) {
				at := strings.Index(text, real)
				t.Errorf("%s stands in …%s…", real, strings.ToValidUTF8(text[max(0, at-60):at+60], ""))
			}
		}
	}
}

func namesOf(in catalog.Input) []string {
	switch in := in.(type) {
	case *catalog.RegionInput:
		return []string{in.Name}
	case *catalog.CommitteeInput:
		return append(in.AlternativeNames, in.Name)
	case *catalog.PersonInput:
		return []string{in.Name}
	case *catalog.BrandInput:
		return append(in.AlternativeNames, in.Name)
	}
	return nil
}

func TestCasesAreAllDifferentAndOfTheSizeOfRealOnes(t *testing.T) {
	titles, texts := map[string]bool{}, map[[32]byte]bool{}
	for _, c := range all[*catalog.CaseInput]() {
		for name, part := range map[string]string{"background": c.Background, "approach": c.Approach, "results": c.Results, "lessons": c.Lessons} {
			if len(part) < 1000 || len(part) > 4096 {
				t.Errorf("%s: %s has %d bytes, want 1,000 to 4,096", c.Slug, name, len(part))
			}
			if strings.ContainsAny(part, "{}") {
				t.Errorf("%s: %s has a gap left open: %s", c.Slug, name, part)
			}
		}
		text := sha256.Sum256([]byte(c.Background + c.Approach + c.Results + c.Lessons))
		if titles[c.Title] || texts[text] {
			t.Errorf("%s is another case once more", c.Slug)
		}
		titles[c.Title], texts[text] = true, true
	}
}

// TestCasesCoverTheWholeDomain counts the values of each field that tests of
// filters and facets need.
func TestCasesCoverTheWholeDomain(t *testing.T) {
	seen := map[string]map[string]int{}
	count := func(field string, value any) {
		if seen[field] == nil {
			seen[field] = map[string]int{}
		}
		seen[field][fmt.Sprint(value)]++
	}
	for _, c := range all[*catalog.CaseInput]() {
		count("status", c.Status)
		count("year", *c.Year)
		count("committee", c.Committee)
		count("topic", c.Topics[0])
		count("level", c.Level)
		count("steps", len(c.Steps))
		count("dates", len(c.StartedOn))
		count("brand", c.Brand != "")
		count("links", len(c.Links))
		for _, s := range c.Steps {
			count("step", s.Code)
		}
		for _, o := range c.Outcomes {
			count("outcome", o.Status)
		}
		for _, p := range c.Participants {
			count("role", p.Role)
		}
	}
	want := map[string]int{
		"status": 4, "year": 9, "committee": 70, "topic": 29, "level": 3, "steps": 9, "dates": 4, "brand": 2, "links": 3,
		"step": 8, "outcome": 5, "role": 5,
	}
	for field, n := range want {
		if len(seen[field]) != n {
			t.Errorf("%s has %d values, want %d: %v", field, len(seen[field]), n, seen[field])
		}
	}
	if n := seen["status"]["PUBLISHED"]; n < sampleCases*96/100 || n > sampleCases*99/100 {
		t.Errorf("%d of %d cases are published, want about 98 %%", n, sampleCases)
	}
}

func TestAdoptionsMakeSense(t *testing.T) {
	cases := map[string]*catalog.CaseInput{}
	for _, c := range all[*catalog.CaseInput]() {
		cases[c.Slug] = c
	}
	edges := map[string]bool{}
	results := 0
	for _, a := range all[*catalog.AdoptionInput]() {
		taken := cases[a.Case]
		if a.Adopter == taken.Committee {
			t.Errorf("%s: %s takes over its own case", a.Slug, a.Adopter)
		}
		if edge := a.Case + " " + a.Adopter; edges[edge] {
			t.Errorf("%s stands twice", edge)
		} else {
			edges[edge] = true
		}
		n := min(len(a.AdoptedOn), len(taken.EndedOn))
		if a.AdoptedOn == "" || a.AdoptedOn[:n] < taken.EndedOn[:n] {
			t.Errorf("%s: adopted on %q, and the case ended on %q", a.Slug, a.AdoptedOn, taken.EndedOn)
		}
		if a.ResultingCase == "" {
			continue
		}
		results++
		result := cases[a.ResultingCase]
		if result.Committee != a.Adopter || result.Topics[0] != taken.Topics[0] {
			t.Errorf("%s: what came of it is %s's, on %s", a.Slug, result.Committee, result.Topics[0])
		}
	}
	if results < len(edges)/10 {
		t.Errorf("%d of %d adoptions have a resulting case", results, len(edges))
	}
}

func TestProposalsGoForwardInTime(t *testing.T) {
	linked := 0
	for _, c := range all[*catalog.CaseInput]() {
		linked += len(c.Proposals)
	}
	if n := len(all[*catalog.ProposalInput]()); linked != n {
		t.Errorf("%d of %d proposals have a case", linked, n)
	}
	kinds := map[catalog.ProposalEventKind]bool{}
	for _, p := range all[*catalog.ProposalInput]() {
		if len(p.Undertakers) == 0 || !p.Undertakers[0].IsLead || len(p.Proposers) == 0 {
			t.Errorf("%s: nobody leads or proposes it", p.Slug)
		}
		if !slices.IsSortedFunc(p.Events, func(a, b catalog.ProposalEventInput) int {
			return strings.Compare(string(a.OccurredOn), string(b.OccurredOn))
		}) {
			t.Errorf("%s: events are out of order: %+v", p.Slug, p.Events)
		}
		for _, e := range p.Events {
			kinds[e.Kind] = true
		}
	}
	if len(kinds) != len(stages) {
		t.Errorf("events of the kinds %v, want all %d", kinds, len(stages))
	}
}

func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Write(ctx, io.Discard, Options{Cases: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("Write gave %v, want the context's error", err)
	}
	broken := errors.New("broken")
	if err := Write(t.Context(), failing{broken}, Options{Cases: 1}); !errors.Is(err, broken) {
		t.Errorf("Write gave %v, want the writer's error", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func BenchmarkWrite(b *testing.B) {
	var written counting
	for b.Loop() {
		if err := Write(b.Context(), &written, Options{Cases: 1000, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(written) / int64(b.N))
	b.ReportMetric(float64(1000*b.N)/b.Elapsed().Seconds(), "cases/s")
}

type counting int

func (c *counting) Write(p []byte) (int, error) {
	*c += counting(len(p))
	return len(p), nil
}
