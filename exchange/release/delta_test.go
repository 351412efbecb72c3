package release_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/release"
)

func TestChangesAreToldFromAnEarlierRelease(t *testing.T) {
	before, _ := write(t, few(), release.Options{})
	after := few()
	after[2].Input.(*catalog.CaseInput).Title, after[2].Version = "改", 4
	after = append(after[:3], after[4:]...)
	after[3] = record(&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "c", Origin: catalog.OriginContributed}, Title: "新"}, 1)
	dir, _ := write(t, after, release.Options{Name: "2026-12", Since: "2026-11", SinceDir: before})
	want := "change,kind,slug,versionBefore,versionAfter\nchanged,CASE,a,3,4\nadded,CASE,c,,1\nremoved,CASE,b,1,\n"
	if diff := cmp.Diff(want, read(t, dir, "changes.csv")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What was added, changed and removed is told with its contents, in the release's own file
// and between any two, whole or in pages.
func TestChangesAreToldWithTheirContents(t *testing.T) {
	before, _ := write(t, few(), release.Options{})
	later := few()
	changed := later[2].Input.(*catalog.CaseInput)
	quoted, err := json.Marshal(changed.Title)
	if err != nil {
		t.Fatal(err)
	}
	was := string(quoted)
	changed.Title, later[2].Version = "改", 4
	later = append(later[:3], later[4:]...)
	later[3] = record(&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "c", Origin: catalog.OriginContributed}, Title: "新"}, 1)
	after, _ := write(t, later, release.Options{Name: "2026-12", Since: "2026-11", SinceDir: before})

	lines := strings.Split(strings.TrimSuffix(read(t, after, "changes.jsonl"), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%q: want three lines", lines)
	}
	for i, want := range []string{
		`{"change":"changed","kind":"CASE","slug":"a","versionBefore":3,"versionAfter":4,"fields":[{"field":"title","before":` + was + `,"after":"改"}]}`,
		`{"change":"added","kind":"CASE","slug":"c","versionBefore":null,"versionAfter":1,"fields":[{"field":"origin","before":null,"after":"CONTRIBUTED"},{"field":"title","before":null,"after":"新"}]}`,
	} {
		if diff := cmp.Diff(want, lines[i]); diff != "" {
			t.Errorf("line %d: -want +got:\n%s", i, diff)
		}
	}
	if removed := lines[2]; !strings.HasPrefix(removed, `{"change":"removed","kind":"CASE","slug":"b","versionBefore":1,"versionAfter":null,"fields":[{"field":"`) || !strings.Contains(removed, `"after":null}]}`) {
		t.Errorf("what was removed: %s", removed)
	}

	var paged []string
	for from := range 4 { // one a page, and one page too many
		total, err := release.Compare(t.Context(), release.In(before), release.In(after), from, from+1, func(c *catalog.ReleaseChange) error {
			paged = append(paged, string(c.Change)+" "+c.Slug)
			return nil
		})
		if total != 3 || err != nil {
			t.Errorf("page %d: %d changes in all, %v; want 3", from, total, err)
		}
	}
	if diff := cmp.Diff([]string{"CHANGED a", "ADDED c", "REMOVED b"}, paged); diff != "" {
		t.Errorf("in pages: -want +got:\n%s", diff)
	}

	var back, none strings.Builder
	if err := release.WriteDelta(t.Context(), &back, release.In(after), release.In(before)); err != nil || strings.Count(back.String(), "\n") != 3 ||
		!strings.Contains(back.String(), `{"field":"title","before":"改","after":`+was+`}`) {
		t.Errorf("from the later to the earlier: %v, %s", err, back.String())
	}
	if err := release.WriteDelta(t.Context(), &none, release.In(after), release.In(after)); err != nil || none.Len() > 0 {
		t.Errorf("from a release to itself: %v, %s", err, none.String())
	}
	if err := release.WriteDelta(t.Context(), &none, release.In(filepath.Join(before, "nowhere")), release.In(after)); err == nil {
		t.Error("from a release that is not there: no error")
	}
}
