package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// What was sent in time and returned is taken again once the call has closed, until the
// selection is published; nothing else is.
func TestWhatWasReturnedIsTakenAgainAfterClosing(t *testing.T) {
	p := newCampaign(t, map[string]any{"quota": 2})
	for _, slug := range []string{"own-1", "own-2"} {
		if got := p.submit(t, p.own, slug); len(got) > 0 {
			t.Fatal(got)
		}
	}
	first, second := p.of(t, p.own, "朝阳区的电梯加装"), p.of(t, p.own, "停车难的协商")
	p.must(t, p.caller, fmt.Sprintf(`returnSubmission(id: %q, version: %d, reason: "请补数字")`, first.ID, first.Version))
	p.must(t, p.own, fmt.Sprintf(`withdrawSubmission(id: %q, version: %d)`, second.ID, second.Version))
	p.caller.done(t, `closeCall(id: $id, version: 2, reason: "报送已满")`, map[string]any{"id": p.call.ID})
	for _, test := range []struct {
		name, slug string
		as         *api
		want       []string
	}{
		{"what was never sent", "other-1", p.other, []string{"INVALID call"}},
		{"what was withdrawn", "own-2", p.own, []string{"INVALID call"}},
		{"what was returned, by another", "own-1", p.other, []string{"NOT_FOUND case"}},
		{"what was returned", "own-1", p.own, []string{}},
		{"the same again", "own-1", p.own, []string{"INVALID call"}},
	} {
		if got := p.submit(t, test.as, test.slug); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	// Returned again once it was accepted, it may come again, with another text.
	again := p.of(t, p.caller, "朝阳区的电梯加装")
	p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, again.ID, again.Version))
	again = p.of(t, p.caller, "朝阳区的电梯加装")
	p.must(t, p.caller, fmt.Sprintf(`returnSubmission(id: %q, version: %d, reason: "请再补")`, again.ID, again.Version))
	p.own.done(t, `updateCase(id: $id, version: 1, input: $case)`, map[string]any{"id": p.ids["own-1"], "case": map[string]any{
		"title": "补正了的电梯加装", "background": "背景情况，背景情况，", "approach": "做法步骤，做法步骤，", "results": "2025年成效，加装三部，",
	}})
	if got := p.submit(t, p.own, "own-1"); len(got) > 0 {
		t.Fatalf("a second time: %v", got)
	}
	mended := p.of(t, p.caller, "补正了的电梯加装")
	if mended.State != "SUBMITTED" || mended.CaseVersion != 2 {
		t.Errorf("what was sent again is %+v", mended)
	}
	p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, mended.ID, mended.Version))
	p.must(t, p.caller, fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: SELECTED)`, mended.ID, mended.Version+1))
	p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 3)`)
	if got := p.submit(t, p.own, "own-1"); !slices.Equal(got, []string{"INVALID call"}) {
		t.Errorf("once the selection is published: %v", got)
	}
}

// ranked returns the titles of the submissions by rank, a page of one at a time.
func (p *campaign) ranked(t *testing.T, a *api, direction string) []string {
	t.Helper()
	list := []string{}
	for after := "null"; ; {
		var got struct {
			Call struct {
				Submissions struct {
					PageInfo struct {
						HasNextPage bool
						EndCursor   *string
					}
					Nodes []struct{ Text struct{ Title string } }
				}
			}
		}
		a.get(t, `{ call(slug: "`+p.call.Slug+`") { submissions(orderBy: {field: RANK, direction: `+direction+`}, first: 1, after: `+after+`) { pageInfo { hasNextPage endCursor } nodes { text { title } } } } }`, nil, &got)
		for _, n := range got.Call.Submissions.Nodes {
			list = append(list, n.Text.Title)
		}
		if !got.Call.Submissions.PageInfo.HasNextPage {
			return list
		}
		cursor, err := json.Marshal(*got.Call.Submissions.PageInfo.EndCursor)
		if err != nil {
			t.Fatal(err)
		}
		after = string(cursor)
	}
}

// The order by rank is that of who sees the ranks; to the others it says nothing.
func TestSubmissionsAreInTheOrderOfTheirRanksForWhoSeesThem(t *testing.T) {
	const first, best, unscored = "朝阳区的电梯加装", "小区自治的办法", "停车难的协商"
	for readers, public := range map[string][]string{"CALLER": {first, best}, "EVERYBODY": {best, first}} {
		p := newCampaign(t, map[string]any{"quota": 2, "scoresVisibleTo": readers})
		for _, one := range []struct {
			as   *api
			slug string
		}{{p.own, "own-2"}, {p.own, "own-1"}, {p.other, "other-1"}} {
			if got := p.submit(t, one.as, one.slug); len(got) > 0 {
				t.Fatal(got)
			}
		}
		scores := map[string]int{first: 60, best: 90}
		for _, s := range p.submissions(t, p.caller) {
			p.must(t, p.caller, fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, s.ID, s.Version))
			if n := scores[s.Text.Title]; n > 0 {
				p.must(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: %d}, {criterion: "创新", value: %d}])`, s.ID, n, n))
			}
		}
		look := func(when string, want map[*api][]string) {
			t.Helper()
			for a, list := range want {
				if diff := cmp.Diff(list, p.ranked(t, a, "ASC")); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", readers, when, diff)
				}
			}
		}
		look("scored", map[*api][]string{p.caller: {best, first, unscored}, p.judge: {unscored, first, best}, p.own: {unscored, first}, p.all: {}})
		if diff := cmp.Diff([]string{first, best, unscored}, p.ranked(t, p.caller, "DESC")); diff != "" {
			t.Errorf("from the end (-want +got):\n%s", diff)
		}
		for _, s := range p.submissions(t, p.caller) {
			if s.Text.Title != unscored {
				p.must(t, p.caller, fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: SELECTED)`, s.ID, s.Version))
			}
		}
		p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 2)`)
		look("published", map[*api][]string{p.caller: {best, first, unscored}, p.all: public, p.away: public})
	}
}

// What a reviewer of a blind call sees of when it was sent is the day in Changchun: just
// behind midnight there it is the day before in UTC.
func TestABlindSubmissionsDayIsOneInChangchun(t *testing.T) {
	p := newCampaign(t, map[string]any{"blind": true})
	global := func(kind catalog.RecordKind, id string) catalog.ID {
		n, err := catalog.DecodeIDOf(kind, id)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	at := func(v *catalog.Viewer, instant string) catalog.Clock {
		now, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		return catalog.Clock{Now: func() time.Time { return now }}
	}
	own := p.viewer(catalog.RoleReviewer, "own")
	for _, test := range []struct{ sent, want string }{
		{"2026-03-01T15:59:59Z", "2026-02-28T16:00:00Z"}, // 23:59:59 on March 1
		{"2026-03-01T16:00:00Z", "2026-03-01T16:00:00Z"}, // March 2 begins
		{"2026-03-01T23:30:00Z", "2026-03-01T16:00:00Z"},
		{"2026-03-02T15:59:59Z", "2026-03-01T16:00:00Z"},
	} {
		ctx := catalog.WithClock(catalog.WithViewer(t.Context(), own), at(own, test.sent))
		id, version, err := p.store.Submit(ctx, global(catalog.KindCall, p.call.ID), global(catalog.KindCase, p.ids["own-1"]), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.store.AcceptSubmission(catalog.WithViewer(t.Context(), p.viewer(catalog.RoleReviewer, "prefecture")), id, version); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Call struct {
				Submissions struct {
					Nodes []struct{ SubmittedAt time.Time }
				}
			}
		}
		p.judge.get(t, `{ call(slug: "`+p.call.Slug+`") { submissions { nodes { submittedAt } } } }`, nil, &got)
		if n := got.Call.Submissions.Nodes; len(n) != 1 || n[0].SubmittedAt.UTC().Format(time.RFC3339) != test.want {
			t.Errorf("sent %s, a reviewer sees %v, want %s", test.sent, n, test.want)
		}
		if _, err := p.store.WithdrawSubmission(ctx, id, version+1); err != nil {
			t.Fatal(err)
		}
	}
}

// An indicator has beside its figure what the calls that count towards it have chosen:
// once that is published, until it is taken back, and no case twice.
func TestAnIndicatorCountsWhatItsCallsHaveChosen(t *testing.T) {
	p := newCampaign(t, nil)
	put(t, p.store, []catalog.Input{
		&catalog.IndicatorInput{InputMeta: catalog.InputMeta{Slug: "chosen", Origin: catalog.OriginContributed, Status: catalog.StatusPublished}, Subject: "吉林", Name: "入选典型案例", Value: 60, Unit: "个"},
		&catalog.IndicatorInput{InputMeta: catalog.InputMeta{Slug: "chosen-by-none", Origin: catalog.OriginContributed, Status: catalog.StatusPublished}, Subject: "吉林", Name: "无人计入", Value: 1, Unit: "个"},
	})
	selected := func() map[string]*int {
		t.Helper()
		var got struct {
			Indicators struct {
				Nodes []struct {
					Slug     string
					Value    float64
					Selected *int
				}
			}
		}
		p.all.get(t, `{ indicators(subject: "吉林") { nodes { slug value selected } } }`, nil, &got)
		all := map[string]*int{}
		for _, n := range got.Indicators.Nodes {
			if all[n.Slug] = n.Selected; n.Slug == "chosen" && n.Value != 60 {
				t.Errorf("its figure is %v now", n.Value)
			}
		}
		return all
	}
	want := func(when string, n *int) {
		t.Helper()
		if diff := cmp.Diff(map[string]*int{"chosen": n, "chosen-by-none": nil}, selected()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	number := func(n int) *int { return &n }
	want("before", nil)
	call := aCall(map[string]any{"indicator": "chosen"})
	p.caller.done(t, `updateCall(id: $id, version: 2, input: $call)`, map[string]any{"id": p.call.ID, "call": call})
	p.judged(t)
	want("decided", number(0)) // what is decided shows to nobody
	p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 3)`)
	want("published", number(1))
	p.must(t, p.caller, `retractSelection(call: "`+p.call.ID+`", version: 4, reason: "有误")`)
	want("taken back", number(0))
	p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 5)`)
	want("published again", number(1))
}

// What became of a call of earlier years shows as it was entered, with a case only to
// who may read it.
func TestResultsOfEarlierYearsShowAsTheyWereEntered(t *testing.T) {
	p := newCampaign(t, nil)
	results := []any{
		map[string]any{"title": "从前的案例", "unit": "长春市政协", "award": "一等奖"},
		map[string]any{"title": "库里还没有发布的", "unit": "没有登记的单位", "case": "own-1"},
		map[string]any{"title": "只有名称的"},
	}
	p.caller.done(t, `updateCall(id: $id, version: 2, input: $call)`, map[string]any{"id": p.call.ID, "call": aCall(map[string]any{"results": results})})
	type result struct {
		Title       string
		Unit, Award *string
		Documented  bool
		Case        *struct{ Slug string }
		Committee   *struct{ Slug string }
	}
	look := func(a *api) []result {
		t.Helper()
		var got struct{ Call struct{ Results []result } }
		a.get(t, `{ call(slug: "`+p.call.Slug+`") { results { title unit award documented case { slug } committee { slug } } } }`, nil, &got)
		return got.Call.Results
	}
	public := look(p.all)
	if len(public) != 3 || public[0].Title != "从前的案例" || *public[0].Award != "一等奖" || public[2].Unit != nil || public[2].Award != nil {
		t.Fatalf("the results are %+v", public)
	}
	for i, r := range public {
		if r.Documented || r.Case != nil {
			t.Errorf("a draft shows behind result %d: %+v", i, r)
		}
	}
	if mine := look(p.own); mine[1].Case == nil || mine[1].Case.Slug != "own-1" || !mine[1].Documented {
		t.Errorf("its own committee sees %+v", mine[1])
	}
	if got := p.caller.refused(t, `updateCall(id: $id, version: 3, input: $call)`, map[string]any{"id": p.call.ID, "call": aCall(map[string]any{"results": []any{map[string]any{"title": "有", "case": "no-such-case"}}})}); !slices.Equal(got, []string{"NOT_FOUND input.results.0.case"}) {
		t.Errorf("a case that is not there: %v", got)
	}
}

// Whoever scored for a call that is in the archive does so no longer.
func TestNobodyScoresForACallInTheArchive(t *testing.T) {
	p := newCampaign(t, nil)
	p.judged(t)
	s := p.of(t, p.judge, "小区自治的办法")
	p.caller.done(t, `archiveCall(id: $id, version: 2, reason: "停办")`, map[string]any{"id": p.call.ID})
	if got := p.do(t, p.judge, fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 10}])`, s.ID)); !slices.Equal(got, []string{"NOT_FOUND id"}) {
		t.Errorf("a score for an archived call: %v", got)
	}
}
