package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// campaign is a call of the prefecture with a case of own and one of other, and a
// reviewer from outside.
type campaign struct {
	*office
	call                     *record
	ids                      map[string]string // cases, by slug
	caller, own, other       *api              // reviewers
	judge, away, reader, all *api              // away: reviewer of another prefecture
	editor                   *api              // of the calling committee
}

func newCampaign(t *testing.T, more map[string]any) *campaign {
	t.Helper()
	o := newOffice(t)
	p := &campaign{office: o, ids: map[string]string{}}
	parts := func(n int) (a, b, c string) {
		text := func(word string) string { return strings.Repeat(word, n) }
		return text("背景情况，"), text("做法步骤，"), text("2025年成效，")
	}
	for _, k := range []struct {
		slug, title, committee string
		n                      int
	}{{"own-1", "朝阳区的电梯加装", "own", 5}, {"own-2", "停车难的协商", "own", 6}, {"own-short", "太短的", "own", 0}, {"other-1", "小区自治的办法", "other", 7}} {
		in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: k.slug, Status: catalog.StatusDraft}, Title: k.title, Committee: k.committee}
		in.Background, in.Approach, in.Results = parts(k.n)
		put(t, o.store, []catalog.Input{in})
		found, err := o.store.CasesBySlug(catalog.WithViewer(t.Context(), &catalog.Viewer{Role: catalog.RoleAdmin}), []string{k.slug})
		if err != nil {
			t.Fatal(err)
		}
		p.ids[k.slug] = found[k.slug].GlobalID()
	}
	p.caller, p.editor = o.as(o.viewer(catalog.RoleReviewer, "prefecture")), o.as(o.viewer(catalog.RoleEditor, "prefecture"))
	p.own, p.other, p.away = o.as(o.viewer(catalog.RoleReviewer, "own")), o.as(o.viewer(catalog.RoleReviewer, "other")), o.as(o.viewer(catalog.RoleReviewer, "away"))
	p.judge, p.reader, p.all = o.as(&catalog.Viewer{Name: "judge", Role: catalog.RoleReader}), o.as(&catalog.Viewer{Name: "reader", Role: catalog.RoleReader}), o.as(nil)
	p.call = p.caller.done(t, `createCall(input: $call)`, map[string]any{"call": aCall(more)})
	p.call = p.caller.done(t, `publishCall(id: $id, version: $v)`, map[string]any{"id": p.call.ID, "v": 1})
	p.do(t, p.caller, `nameCallReviewer(call: "`+p.call.ID+`", name: "王某", account: "judge", until: "`+time.Now().AddDate(0, 1, 0).Format(time.DateOnly)+`") { userErrors { code } }`)
	return p
}

// do runs a mutation of a payload with errors, and returns their codes and paths.
func (p *campaign) do(t *testing.T, a *api, mutation string) []string {
	t.Helper()
	head, rest, _ := strings.Cut(mutation, " { ")
	var got struct {
		Done struct {
			UserErrors []struct {
				Code, Message, MessageZh string
				Path                     []string
			}
		}
	}
	_ = rest
	a.get(t, `mutation { done: `+head+` { userErrors { code path message messageZh } } }`, nil, &got)
	list := []string{}
	for _, e := range got.Done.UserErrors {
		if e.Message == "" || e.MessageZh == "" {
			t.Errorf("%s: %+v lacks a sentence", head, e)
		}
		list = append(list, e.Code+" "+strings.Join(e.Path, "."))
	}
	return list
}

func (p *campaign) must(t *testing.T, a *api, mutation string) {
	t.Helper()
	if got := p.do(t, a, mutation); len(got) > 0 {
		t.Fatalf("%s: %v", mutation, got)
	}
}

type seenSubmission struct {
	ID          string
	Version     int
	CaseVersion int
	State       string
	Note        *string
	Case        *struct{ Slug string }
	Committee   *struct{ Slug string }
	Text        struct {
		Title, Results string
		Characters     int
	}
	Newer        *int
	Mean, Spread *float64
	Rank         *int
	Decision     *string
	Checks       []struct {
		Code string
		Ok   bool
	}
	Scores []struct {
		Reviewer, Criterion string
		Value               float64
	}
}

const submissionFields = `id version caseVersion state note case { slug } committee { slug } text { title results characters } newer mean spread rank decision checks { code ok } scores { reviewer criterion value }`

func (p *campaign) submissions(t *testing.T, a *api) []seenSubmission {
	t.Helper()
	var got struct {
		Call *struct {
			Submissions struct {
				TotalCount int
				Nodes      []seenSubmission
			}
		}
	}
	a.get(t, `{ call(slug: "`+p.call.Slug+`") { submissions { totalCount nodes { `+submissionFields+` } } } }`, nil, &got)
	if got.Call == nil {
		return nil
	}
	if got.Call.Submissions.TotalCount != len(got.Call.Submissions.Nodes) {
		t.Errorf("%d are counted, %d shown", got.Call.Submissions.TotalCount, len(got.Call.Submissions.Nodes))
	}
	return got.Call.Submissions.Nodes
}

// of returns what is seen of the submission of a case, the zero value for nothing.
func (p *campaign) of(t *testing.T, a *api, title string) seenSubmission {
	t.Helper()
	for _, s := range p.submissions(t, a) {
		if s.Text.Title == title {
			return s
		}
	}
	return seenSubmission{}
}

func (p *campaign) submit(t *testing.T, a *api, slug string) []string {
	t.Helper()
	return p.do(t, a, `submitToCall(call: "`+p.call.ID+`", case: "`+p.ids[slug]+`", note: "请审")`)
}

func TestASubmissionGoesItsWay(t *testing.T) {
	p := newCampaign(t, nil)
	for name, test := range map[string]struct {
		as   *api
		slug string
		want string
	}{
		"another's case":        {p.other, "own-1", "NOT_FOUND case"},
		"an editor":             {p.as(p.viewer(catalog.RoleEditor, "own")), "own-1", "FORBIDDEN case"},
		"a short one":           {p.own, "own-short", "INVALID case"},
		"who is not asked":      {p.away, "own-1", "NOT_FOUND case"},
		"the caller's reviewer": {p.caller, "own-1", "FORBIDDEN case"},
	} {
		if got := p.submit(t, test.as, test.slug); len(got) == 0 || got[0] != test.want {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
	}
	if got := p.submit(t, p.own, "own-1"); len(got) > 0 {
		t.Fatal(got)
	}
	if got := p.submit(t, p.own, "own-1"); !slices.Equal(got, []string{"DUPLICATE case"}) {
		t.Errorf("twice: %v", got)
	}
	if got := p.submit(t, p.own, "own-2"); !slices.Equal(got, []string{"INVALID case"}) {
		t.Errorf("past the quota: %v", got)
	}
	s := p.of(t, p.caller, "朝阳区的电梯加装")
	if s.State != "SUBMITTED" || s.Case == nil || *s.Note != "请审" || s.CaseVersion != 1 {
		t.Fatalf("the caller sees %+v", s)
	}
	p.must(t, p.caller, fmt.Sprintf(`returnSubmission(id: %q, version: %d, reason: "请补充成效")`, s.ID, s.Version))
	if mine := p.of(t, p.own, "朝阳区的电梯加装"); mine.State != "RETURNED" || *mine.Note != "请补充成效" {
		t.Errorf("its committee sees %+v", mine)
	}
	p.own.done(t, `updateCase(id: $id, version: 1, input: $case)`, map[string]any{"id": p.ids["own-1"], "case": map[string]any{
		"title": "朝阳区的电梯加装", "background": strings.Repeat("背景。", 5), "approach": strings.Repeat("做法。", 5), "results": "2025年装了12部。",
	}})
	if got := p.submit(t, p.own, "own-1"); len(got) > 0 {
		t.Fatal(got)
	}
	s = p.of(t, p.caller, "朝阳区的电梯加装")
	if s.State != "SUBMITTED" || s.CaseVersion != 2 || s.Newer != nil {
		t.Errorf("again it is %+v", s)
	}
	if got := p.do(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version-1)); !slices.Equal(got, []string{"CONFLICT version"}) {
		t.Errorf("an old version: %v", got)
	}
	if got := p.do(t, p.own, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version)); !slices.Equal(got, []string{"FORBIDDEN id"}) {
		t.Errorf("one's own: %v", got)
	}
	p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version))
	s = p.of(t, p.own, "朝阳区的电梯加装")
	p.must(t, p.own, fmt.Sprintf(`withdrawSubmission(id: %q, version: %d)`, s.ID, s.Version))
	if got := p.submit(t, p.own, "own-2"); len(got) > 0 {
		t.Errorf("after a withdrawal the quota is free: %v", got)
	}
	var progress struct {
		Call struct {
			Progress struct {
				Nodes []struct {
					Committee                     struct{ Slug string }
					Submitted, Returned, Accepted int
				}
			}
		}
	}
	p.caller.get(t, `{ call(slug: "`+p.call.Slug+`") { progress { nodes { committee { slug } submitted returned accepted } } } }`, nil, &progress)
	lines := []string{}
	for _, n := range progress.Call.Progress.Nodes {
		lines = append(lines, fmt.Sprint(n.Committee.Slug, n.Submitted, n.Returned, n.Accepted))
	}
	if diff := cmp.Diff([]string{"other0 0 0", "own1 0 0"}, lines); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// judged has both submissions accepted, and that of own scored and selected.
func (p *campaign) judged(t *testing.T) {
	t.Helper()
	for a, slug := range map[*api]string{p.own: "own-1", p.other: "other-1"} {
		if got := p.submit(t, a, slug); len(got) > 0 {
			t.Fatal(slug, got)
		}
	}
	for _, s := range p.submissions(t, p.caller) {
		p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version))
	}
	for i, s := range p.submissions(t, p.caller) {
		p.must(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: %d}, {criterion: "创新", value: 60, comment: "有新意"}])`, s.ID, 90-i*10))
	}
	decide := map[string]string{"朝阳区的电梯加装": "SELECTED", "小区自治的办法": "NOT_SELECTED"}
	for _, s := range p.submissions(t, p.caller) {
		p.must(t, p.caller, fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: %s, note: "会议决定")`, s.ID, s.Version, decide[s.Text.Title]))
	}
}

func TestASelectionPublishesExactlyWhatWasJudged(t *testing.T) {
	p := newCampaign(t, nil)
	p.judged(t)
	p.own.done(t, `updateCase(id: $id, version: 1, input: $case)`, map[string]any{"id": p.ids["own-1"], "case": map[string]any{"title": "改过的标题", "background": "新的"}})
	if s := p.of(t, p.own, "朝阳区的电梯加装"); s.Newer == nil || *s.Newer != 2 || s.State != "ACCEPTED" {
		t.Errorf("a later edit shows as %+v", s)
	}
	if got := p.do(t, p.editor, `publishSelection(call: "`+p.call.ID+`", version: 2)`); !slices.Equal(got, []string{"FORBIDDEN call"}) {
		t.Errorf("an editor publishes: %v", got)
	}
	p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 2)`)
	var got struct {
		Case *struct {
			Title, Status string
			Version       int
			Marks         []string
		}
		Hidden *struct{ Title string }
		Call   struct {
			SelectedOn *string
			IsOpen     bool
			Collection *struct {
				Slug, Title string
				Version     int
				Cases       struct{ Nodes []struct{ Slug string } }
			}
		}
	}
	query := `{ case(slug: "own-1") { title status version marks } hidden: case(slug: "other-1") { title } call(slug: "` + p.call.Slug + `") { selectedOn isOpen collection { slug title version cases { nodes { slug } } } } }`
	p.all.get(t, query, nil, &got)
	if got.Case == nil || got.Case.Title != "朝阳区的电梯加装" || got.Case.Version != 3 || !slices.Equal(got.Case.Marks, []string{"2026年度典型案例"}) {
		t.Errorf("the public reads %+v", got.Case)
	}
	if got.Hidden != nil || got.Call.SelectedOn == nil || got.Call.IsOpen || got.Call.Collection == nil || len(got.Call.Collection.Cases.Nodes) != 1 {
		t.Errorf("the rest is %+v", got)
	}
	// Publishing gives each case a version, and its text is the one that was sent.
	for who, as := range map[string]*api{"caller": p.caller, "submitter": p.own} {
		if s := p.of(t, as, "朝阳区的电梯加装"); s.Newer != nil || s.State != "SELECTED" {
			t.Errorf("to the %s what was published shows as %+v", who, s)
		}
	}
	p.own.done(t, `restoreCase(id: $id, version: 3, revision: 2)`, map[string]any{"id": p.ids["own-1"]}) // the newer text is there
	if s := p.of(t, p.own, "朝阳区的电梯加装"); s.Newer == nil || *s.Newer != 4 {
		t.Errorf("the newer text, come back, shows as %+v", s)
	}
	if got := p.do(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 3)`); !slices.Equal(got, []string{"INVALID call"}) {
		t.Errorf("twice: %v", got)
	}
	book := got.Call.Collection.Slug
	p.must(t, p.caller, `retractSelection(call: "`+p.call.ID+`", version: 3, reason: "公布有误")`)
	got.Case, got.Call.Collection, got.Call.SelectedOn = nil, nil, nil
	p.all.get(t, query, nil, &got)
	if got.Case != nil || got.Call.Collection != nil || got.Call.SelectedOn != nil {
		t.Errorf("what was taken back shows: %+v", got)
	}
	p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 4)`)
	// The book is another: the versions of the one that was taken back tell what else was chosen.
	p.all.get(t, query, nil, &got)
	if c := got.Call.Collection; c == nil || c.Slug == book || c.Version != 1 || len(c.Cases.Nodes) != 1 {
		t.Errorf("published again the book is %+v, the one taken back %s", c, book)
	}
}

// TestWhoSeesWhatWhen is the table of who sees what of the submission that is selected,
// and of the one that is not, by the state of the call: - is nothing, then the state,
// whose it is (w), scores (s), the mean (m) and the decision (d).
func TestWhoSeesWhatWhen(t *testing.T) {
	for _, readers := range []string{"CALLER", "SUBMITTER", "EVERYBODY"} {
		p := newCampaign(t, map[string]any{"blind": true, "scoresVisibleTo": readers})
		look := func(when string, want map[string][2]string) {
			t.Helper()
			for name, a := range map[string]*api{"caller": p.caller, "editor": p.editor, "own": p.own, "other": p.other, "judge": p.judge, "away": p.away, "reader": p.reader, "public": p.all} {
				for i, title := range []string{"朝阳区的电梯加装", "小区自治的办法"} {
					s := p.of(t, a, title)
					got := "-"
					if s.ID != "" {
						got = s.State + " "
						for _, has := range []struct {
							mark string
							ok   bool
						}{{"w", s.Case != nil || s.Committee != nil || s.Note != nil}, {"s", len(s.Scores) > 0}, {"m", s.Mean != nil || s.Rank != nil}, {"d", s.Decision != nil}} {
							if has.ok {
								got += has.mark
							}
						}
						if checked := name == "caller" || name == []string{"own", "other"}[i]; len(s.Checks) > 0 != checked {
							t.Errorf("%s, %s: %s sees checks %v", readers, when, name, s.Checks)
						}
					}
					if got = strings.TrimSpace(got); got != want[name][i] {
						t.Errorf("%s, %s: %s sees of %s %q, want %q", readers, when, name, title, got, want[name][i])
					}
					p.byNode(t, name+" "+when, title, a, s)
				}
			}
		}
		none := [2]string{"-", "-"}
		for a, slug := range map[*api]string{p.own: "own-1", p.other: "other-1"} {
			if got := p.submit(t, a, slug); len(got) > 0 {
				t.Fatal(got)
			}
		}
		look("submitted", map[string][2]string{
			"caller": {"SUBMITTED w", "SUBMITTED w"}, "editor": none, "own": {"SUBMITTED w", "-"}, "other": {"-", "SUBMITTED w"}, "judge": none, "away": none, "reader": none, "public": none,
		})
		for _, s := range p.submissions(t, p.caller) {
			p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version))
		}
		for _, s := range p.submissions(t, p.caller) {
			p.must(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 80}, {criterion: "创新", value: 60}])`, s.ID))
		}
		before := p.of(t, p.own, "朝阳区的电梯加装").Version
		decide := map[string]string{"朝阳区的电梯加装": "SELECTED", "小区自治的办法": "NOT_SELECTED"}
		for _, s := range p.submissions(t, p.caller) {
			p.must(t, p.caller, fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: %s, note: "会议决定")`, s.ID, s.Version, decide[s.Text.Title]))
		}
		if after := p.of(t, p.own, "朝阳区的电梯加装").Version; after != before {
			t.Errorf("the submitter sees version %d, and %d once it is decided", before, after)
		}
		look("decided", map[string][2]string{
			"caller": {"SELECTED wsmd", "NOT_SELECTED wsmd"}, "editor": none, "own": {"ACCEPTED w", "-"}, "other": {"-", "ACCEPTED w"},
			"judge": {"ACCEPTED s", "ACCEPTED s"}, "away": none, "reader": none, "public": none,
		})
		p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 2)`)
		shown := map[string]string{"CALLER": "SELECTED wd", "SUBMITTER": "SELECTED wd", "EVERYBODY": "SELECTED wsmd"}[readers]
		mine := map[string]string{"CALLER": "wd", "SUBMITTER": "wsmd", "EVERYBODY": "wsmd"}[readers]
		public := [2]string{shown, "-"}
		look("published", map[string][2]string{
			"caller": {"SELECTED wsmd", "NOT_SELECTED wsmd"}, "own": {"SELECTED " + mine, "-"}, "other": {shown, "NOT_SELECTED " + mine},
			"editor": public, "judge": public, "away": public, "reader": public, "public": public,
		})
	}
}

// byNode looks at the same by the submission's id.
func (p *campaign) byNode(t *testing.T, who, title string, a *api, seen seenSubmission) {
	t.Helper()
	id := p.of(t, p.caller, title).ID
	var got struct{ Node *struct{ State string } }
	a.get(t, `{ node(id: "`+id+`") { ... on Submission { state } } }`, nil, &got)
	if (got.Node != nil) != (seen.ID != "") || got.Node != nil && got.Node.State != seen.State {
		t.Errorf("%s: by its id the submission is %+v, in the list %q", who, got.Node, seen.State)
	}
}

func TestTwoSecretariesDecideAtOnceAndOneIsTold(t *testing.T) {
	p := newCampaign(t, nil)
	p.judged(t)
	s := p.of(t, p.caller, "朝阳区的电梯加装")
	var wait sync.WaitGroup
	results := make([][]string, 8)
	for i := range results {
		wait.Go(func() {
			results[i] = p.do(t, p.caller, fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: SHORTLISTED, note: "第%d人")`, s.ID, s.Version, i))
		})
	}
	wait.Wait()
	made := 0
	for _, r := range results {
		switch {
		case len(r) == 0:
			made++
		case !slices.Equal(r, []string{"CONFLICT version"}):
			t.Errorf("refused with %v", r)
		}
	}
	if after := p.of(t, p.caller, "朝阳区的电梯加装"); made != 1 || after.Version != s.Version+1 || after.State != "SHORTLISTED" {
		t.Errorf("%d of 8 decided; it is %+v", made, after)
	}
}

func TestScoresAndTheSelectionTakeTurns(t *testing.T) {
	p := newCampaign(t, nil)
	p.judged(t)
	s := p.of(t, p.caller, "小区自治的办法")
	var wait sync.WaitGroup
	var scored, published []string
	wait.Go(func() {
		scored = p.do(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 10}])`, s.ID))
	})
	wait.Go(func() { published = p.do(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 2)`) })
	wait.Wait()
	if len(published) > 0 {
		t.Fatalf("the selection: %v", published)
	}
	after := p.of(t, p.caller, "小区自治的办法")
	if took := after.Scores[0].Value == 10; took != (len(scored) == 0) {
		t.Errorf("the score was answered %v and is %+v", scored, after.Scores)
	}
	if got := p.do(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 20}])`, s.ID)); len(got) != 1 {
		t.Errorf("a score after the selection: %v", got)
	}
}

// At most as many as the quota get in, however many try at once.
func TestTheQuotaHoldsForManyAtOnce(t *testing.T) {
	p := newCampaign(t, nil)
	var wait sync.WaitGroup
	results := make([][]string, 6)
	for i := range results {
		wait.Go(func() { results[i] = p.submit(t, p.own, []string{"own-1", "own-2"}[i%2]) })
	}
	wait.Wait()
	n := 0
	for _, r := range results {
		if len(r) == 0 {
			n++
		}
	}
	if n != 1 || len(p.submissions(t, p.caller)) != 1 {
		t.Errorf("%d of 6 were taken, of a quota of 1: %v", n, results)
	}
}

// A call closes at the end of its day in Changchun, whatever the zone of the server.
func TestACallClosesAtMidnightInChangchun(t *testing.T) {
	p := newCampaign(t, map[string]any{"opensOn": "2026-06-01", "closesOn": "2026-06-30"})
	own := p.viewer(catalog.RoleReviewer, "own")
	id := func(kind catalog.RecordKind, global string) catalog.ID {
		n, err := catalog.DecodeIDOf(kind, global)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, test := range []struct {
		at   string
		zone *time.Location
		open bool
	}{
		{"2026-05-31T15:59:59Z", nil, false}, // 23:59:59 on May 31 there
		{"2026-05-31T16:00:00Z", nil, true},
		{"2026-06-30T15:59:59.999Z", nil, true},
		{"2026-06-30T16:00:00Z", nil, false},
		{"2026-06-30T23:59:59Z", nil, false},
	} {
		now, err := time.Parse(time.RFC3339Nano, test.at)
		if err != nil {
			t.Fatal(err)
		}
		ctx := catalog.WithClock(catalog.WithViewer(t.Context(), own), catalog.Clock{Now: func() time.Time { return now.UTC() }, Zone: test.zone})
		found, err := p.store.CallsBySlug(ctx, []string{p.call.Slug})
		if err != nil || found[p.call.Slug].Open(ctx) != test.open {
			t.Errorf("%s: open %v, %v; want %v", test.at, found[p.call.Slug].Open(ctx), err, test.open)
		}
		open := true
		if n, err := p.store.CountCalls(ctx, catalog.CallFilter{Open: &open}); err != nil || (n == 1) != test.open {
			t.Errorf("%s: %d open calls, %v", test.at, n, err)
		}
		submission, version, err := p.store.Submit(ctx, id(catalog.KindCall, p.call.ID), id(catalog.KindCase, p.ids["own-1"]), "")
		if (err == nil) != test.open {
			t.Errorf("%s: a submission: %v; want taken %v", test.at, err, test.open)
		}
		if err == nil {
			if _, err := p.store.WithdrawSubmission(ctx, submission, version); err != nil {
				t.Error(err)
			}
		}
	}
}
