package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// The checks of all submissions of a page are worked out together: the caller is told
// what is alike among them, who submitted is not, and reviewers see no checks. How many
// submissions there are makes no more transactions.
func TestChecksOfManySubmissionsAreWorkedOutTogether(t *testing.T) {
	p := newCampaign(t, map[string]any{"quota": 20})
	alike := strings.Repeat("居民和物业坐到一起商量停车的办法，街道记下来逐条办理。", 3)
	add := func(slug, text string) {
		in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: slug, Status: catalog.StatusDraft}, Title: "题目" + slug, Committee: "own", Background: text, Approach: "做法步骤。", Results: "2025年成效。"}
		put(t, p.store, []catalog.Input{in})
		found, err := p.store.CasesBySlug(catalog.WithViewer(t.Context(), &catalog.Viewer{Role: catalog.RoleAdmin}), []string{slug})
		if err != nil {
			t.Fatal(err)
		}
		p.ids[slug] = found[slug].GlobalID()
		if got := p.submit(t, p.own, slug); len(got) > 0 {
			t.Fatal(slug, got)
		}
	}
	add("alike-1", alike)
	add("alike-2", alike+"后来又补了一句话。")
	add("alone", "河道治理由专班负责，每月巡查两次。")
	similar := func(a *api, name string, want []string) (statements int64) {
		t.Helper()
		var got struct {
			Call struct {
				Submissions struct {
					Nodes []struct {
						Text   struct{ Title string }
						Checks []struct {
							Code, MessageZh string
							Ok              bool
						}
					}
				}
			}
		}
		before := p.statements.n.Load()
		a.get(t, `{ call(slug: "`+p.call.Slug+`") { submissions(first: 100) { nodes { text { title } checks { code ok messageZh } } } } }`, nil, &got)
		lines := []string{}
		for _, s := range got.Call.Submissions.Nodes {
			for _, c := range s.Checks {
				if c.Code == "SIMILAR" {
					lines = append(lines, fmt.Sprint(s.Text.Title, " ", c.Ok, " ", strings.Contains(c.MessageZh, "《题目alike-")))
				}
			}
		}
		if !slices.Equal(lines, want) {
			t.Errorf("%s is told %v, want %v", name, lines, want)
		}
		return p.statements.n.Load() - before
	}
	similar(p.caller, "the caller", []string{"题目alike-1 false true", "题目alike-2 false true", "题目alone true false"})
	similar(p.own, "the submitter", []string{"题目alike-1 true false", "题目alike-2 true false", "题目alone true false"})
	similar(p.other, "another committee", []string{})
	for _, s := range p.submissions(t, p.caller) {
		p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version))
	}
	similar(p.judge, "a reviewer", []string{})
	three := similar(p.caller, "the caller", []string{"题目alike-1 false true", "题目alike-2 false true", "题目alone true false"})
	add("fourth", "冬季供热的问题，请供热公司到场答复。")
	// Loaders wait 200 µs for more keys: on a busy machine one batch may become several.
	most, four := three+6, int64(0)
	for range 5 {
		if four = int64(similar(p.caller, "the caller", []string{"题目alike-1 false true", "题目alike-2 false true", "题目alone true false", "题目fourth true false"})); four <= int64(most) {
			return
		}
	}
	t.Errorf("a submission more takes %d statements more, five times", four-int64(three))
}
