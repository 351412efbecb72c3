package e2e

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/data"
)

// firstEdition is a backup of a database that a build of before the editions were
// counted made and filled: its own records, a draft of 长春's editor, a case that was
// published, an adoption, and two documented records that the admin changed.
const firstEdition = "testdata/first-edition.jisi"

func TestADatabaseOfAnEarlierBuildIsBroughtUpAndKeepsWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	file, err := filepath.Abs(firstEdition)
	if err != nil {
		t.Fatal(err)
	}
	p.must(t, nil, "restore", file)
	s := p.serve(t)
	type texts struct {
		Title, Summary, Results *string
		Status                  string
		Version                 int
	}
	var got struct {
		Written, Kept *texts
		Withdrawn     *texts
		Tombstone     *struct{ LeadsTo *struct{ Slug string } }
		Brand         struct {
			Description string
			Version     int
			Reports     []struct{ Relation string }
		}
		Adoptions struct{ Nodes []struct{ Changes string } }
		Source    struct {
			Sections []struct{ Title string }
			Reports  []struct{ Slug string }
		}
		Reports struct{ TotalCount int }
	}
	s.ask(t, `{
		written: case(slug: "sheng-ji-qian-fa-bu-de-an-li") { title summary results status version }
		kept: case(slug: "dongbei-xibu-shengtai-jingjidai") { title summary results status version }
		withdrawn: case(slug: "heitudi-baohu") { title summary results status version }
		tombstone(kind: CASE, slug: "heitudi-baohu") { leadsTo { slug } }
		brand(slug: "youshi-lai-shangliang") { description version reports { relation } }
		adoptions { nodes { changes } }
		source(slug: "jilin-zhengxie-shida-tese-liangdian") { sections { title } reports { slug } }
		reports { totalCount }
	}`, nil, &got)
	said := func(s string) *string { return &s }
	want := &texts{Title: said("升级前发布的案例"), Results: said("效果写在升级之前。"), Status: "PUBLISHED", Version: 3}
	if diff := cmp.Diff(want, got.Written); diff != "" {
		t.Errorf("what a committee published (-want +got):\n%s", diff)
	}
	want = &texts{Title: said("东北地区西部生态经济带建设"), Summary: said("管理员补写。"), Status: "PUBLISHED", Version: 2}
	if diff := cmp.Diff(want, got.Kept); diff != "" {
		t.Errorf("a documented record that somebody changed (-want +got):\n%s", diff)
	}
	if got.Withdrawn != nil || got.Tombstone == nil || got.Tombstone.LeadsTo == nil || got.Tombstone.LeadsTo.Slug != "jisi-guangyi" {
		t.Errorf("a documented record that nobody changed: %+v, %+v; want it withdrawn, leading on", got.Withdrawn, got.Tombstone)
	}
	if got.Brand.Description != "管理员在升级前补的说明。" || got.Brand.Version != 2 || len(got.Brand.Reports) != 2 {
		t.Errorf("the brand that the admin changed: %+v", got.Brand)
	}
	if len(got.Adoptions.Nodes) != 1 || got.Adoptions.Nodes[0].Changes != "升级前登记" {
		t.Errorf("adoptions %+v", got.Adoptions)
	}
	if len(got.Source.Sections) != 3 || len(got.Source.Reports) != 1 || got.Reports.TotalCount < 5 {
		t.Errorf("what edition %d brings: %+v, %d reports", data.Edition, got.Source, got.Reports.TotalCount)
	}
	if found := s.found(t, "升级前发布"); !slices.Contains(found, "case sheng-ji-qian-fa-bu-de-an-li") {
		t.Errorf("a search finds %v", found)
	}
	s.stop(t)
	p.must(t, nil, "verify")
	// Drafts are in no public answer, and are there all the same.
	draft := false
	for line := range strings.Lines(p.must(t, nil, "export").out) {
		var record struct{ Slug, Summary, Status string }
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		draft = draft || record.Slug == "sheng-ji-qian-xie-de-an-li" && record.Summary == "升级之前由长春编辑写下。" && record.Status == "DRAFT"
	}
	if !draft {
		t.Error("the editor's draft is gone")
	}
}
