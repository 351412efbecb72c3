package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const twoCases = `{"type":"case","slug":"e2e-liangshi","title":"关于粮食烘干点布局的协商","background":"秋收后农户晾晒粮食占用道路。"}
{"type":"case","slug":"e2e-gongjiao","title":"关于夜间公交末班车延时的协商","background":"夜班职工下班后没有公交车可乘。"}
`

func writeFile(t *testing.T, p place, name, text string) string {
	t.Helper()
	file := filepath.Join(p.cwd, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRecordsComeInBesideAServerAndAreFound(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	before := s.counts(t).Cases.TotalCount
	file := writeFile(t, p, "two.jsonl", twoCases)

	if out := p.must(t, nil, "import", file).out; !strings.Contains(out, "2 new, 0 changed, 0 same, 0 refused") {
		t.Errorf("the import said %q", out)
	}
	s.shows(t, before+2)
	eventually(t, "the search finds what came in", func() bool {
		hits := s.found(t, "粮食烘干点")
		return len(hits) > 0 && hits[0] == "case e2e-liangshi"
	})
	if out := p.must(t, strings.NewReader(twoCases), "import", "-").out; !strings.Contains(out, "0 new, 0 changed, 2 same, 0 refused") {
		t.Errorf("the same again: %q", out)
	}
	changed := strings.Replace(twoCases, "秋收后", "秋收以后", 1)
	if out := p.must(t, strings.NewReader(changed), "import", "-").out; !strings.Contains(out, "0 new, 1 changed, 1 same, 0 refused") {
		t.Errorf("one of them changed: %q", out)
	}
}

func TestBadLinesAreToldAndDoNoHarm(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	before := s.counts(t).Cases.TotalCount
	first, second, _ := strings.Cut(twoCases, "\n")
	file := writeFile(t, p, "mixed.jsonl", first+"\n"+`{"type":"case","slug":"e2e-bad","title":"","background":"无题"}`+"\n"+`{"type":`+"\n"+second)

	strict := p.run(t, nil, "import", "-strict", file)
	if strict.code != 3 || !strings.Contains(strict.out, "nothing was written") {
		t.Errorf("-strict: exit code %d, %q", strict.code, strict.out)
	}
	if n := s.counts(t).Cases.TotalCount; n != before {
		t.Errorf("-strict wrote %d cases", n-before)
	}
	mixed := p.run(t, nil, "import", file)
	if mixed.code != 3 || !strings.Contains(mixed.out, "2 new, 0 changed, 0 same, 2 refused") {
		t.Errorf("exit code %d, %q", mixed.code, mixed.out)
	}
	for _, want := range []string{file + ":2", "title", file + ":3"} {
		if !strings.Contains(mixed.err, want) {
			t.Errorf("nothing is said of %s: %s", want, mixed.err)
		}
	}
	s.shows(t, before+2)
	if missing := p.run(t, nil, "import", "not-there.jsonl"); missing.code != 1 || strings.Count(missing.err, "\n") != 2 {
		t.Errorf("a file that is not there: exit code %d, %q", missing.code, missing.err)
	}
}

func TestSyntheticRecordsComeAndGo(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	before := s.counts(t)
	const n = "120"
	first := p.must(t, nil, "generate", "-cases", n, "-seed", "5")
	if again := p.must(t, nil, "generate", "-cases", n, "-seed", "5"); again.out != first.out {
		t.Error("the same seed made other records")
	}
	records := strings.Count(first.out, "\n")
	if out := p.must(t, strings.NewReader(first.out), "import", "-").out; !strings.Contains(out, fmt.Sprintf("%d new, 0 changed, 0 same, 0 refused", records)) {
		t.Errorf("the import of %d records said %q", records, out)
	}
	var synthetic struct{ Cases count }
	s.ask(t, `{ cases(filter: {origins: [SYNTHETIC]}) { totalCount } }`, nil, &synthetic)
	if n := synthetic.Cases.TotalCount; n < 100 || n > 120 { // some are drafts, which are not shown
		t.Errorf("%d cases are synthetic, of 120", n)
	}
	s.shows(t, before.Cases.TotalCount+synthetic.Cases.TotalCount)
	if out := p.must(t, nil, "remove", "-synthetic").out; !strings.Contains(out, fmt.Sprintf("removed %d synthetic", records)) {
		t.Errorf("the removal of %d records said %q", records, out)
	}
	s.shows(t, before.Cases.TotalCount)
	if got := s.counts(t); got != before {
		t.Errorf("%v are left, want %v", got, before)
	}
	eventually(t, "the index has let go of them too", func() bool {
		_, body := s.get(t, "/readyz")
		return strings.Contains(body, `"pending":0,`)
	})
	var found struct{ Search count }
	s.ask(t, `{ search(query: "协商", filter: {origins: [SYNTHETIC]}) { totalCount } }`, nil, &found)
	if found.Search.TotalCount != 0 {
		t.Errorf("the search still finds %d of them", found.Search.TotalCount)
	}
}

// Whoever comes first loads the documented records, and nobody loads half.
func TestAServerAndAnImportStartAtOnceOnANewDatabase(t *testing.T) {
	t.Parallel()
	p := newMigratedPlace(t)
	var together sync.WaitGroup
	var imported result
	together.Go(func() { imported = p.run(t, strings.NewReader(twoCases), "import", "-") })
	s := p.serve(t)
	together.Wait()
	if imported.code != 0 {
		t.Errorf("the import: exit code %d, %s%s", imported.code, imported.out, imported.err)
	}
	want := newStartedPlace(t).serve(t).counts(t)
	want.Cases.TotalCount += 2
	s.shows(t, want.Cases.TotalCount)
	if got := s.counts(t); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnImportNeedsNoServer(t *testing.T) {
	t.Parallel()
	p := newMigratedPlace(t)
	p.must(t, strings.NewReader(twoCases), "import", "-")
	s := p.serve(t)
	if hits := s.found(t, "夜间公交"); len(hits) == 0 || hits[0] != "case e2e-gongjiao" {
		t.Errorf("found %q", hits)
	}
	if n := s.counts(t).Practices.TotalCount; n < 10 {
		t.Errorf("%d practices: the documented records were not loaded", n)
	}
}
