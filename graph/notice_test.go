package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// told are the notices that somebody has not read, as "KIND text".
func (a *api) told(t *testing.T) []string {
	t.Helper()
	var got struct {
		Viewer struct {
			Unread  int
			Notices struct {
				TotalCount int
				Nodes      []struct {
					Kind, Text string
					Record     *struct{ Slug string }
				}
			}
		}
	}
	a.get(t, `{ viewer { unread notices(unread: true) { totalCount nodes { kind text record { slug } } } } }`, nil, &got)
	list := []string{}
	for _, n := range got.Viewer.Notices.Nodes {
		if n.Record == nil {
			t.Errorf("%s has no record", n.Text)
		}
		list = append(list, n.Kind+" "+n.Text)
	}
	if got.Viewer.Unread != len(list) || got.Viewer.Notices.TotalCount != len(list) {
		t.Errorf("%d unread, %d counted, %d given", got.Viewer.Unread, got.Viewer.Notices.TotalCount, len(list))
	}
	return list
}

func TestWhomItConcernsIsTold(t *testing.T) {
	o := adopting(t)
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	above, origin := o.as(o.viewer(catalog.RoleReviewer, "prefecture")), o.as(o.viewer(catalog.RoleEditor, "other"))
	away, reader := o.as(o.viewer(catalog.RoleReviewer, "away")), o.as(o.viewer(catalog.RoleReader, "own"))
	expect := func(who string, a *api, want ...string) {
		t.Helper()
		if want == nil {
			want = []string{}
		}
		if diff := cmp.Diff(want, a.told(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", who, diff)
		}
	}
	a := editor.done(t, `createAdoption(input: $adoption)`, map[string]any{"adoption": map[string]any{"case": "theirs"}})
	next := func(who *api, mutation string) {
		t.Helper()
		a = who.done(t, mutation, map[string]any{"id": a.ID, "v": a.Version})
	}
	next(editor, `submitAdoption(id: $id, version: $v)`)
	const waits = "TO_REVIEW 朝阳区政协引进《他山之石》的推广记录等待审核，由editor of own提交"
	expect("the reviewer", reviewer, waits)
	expect("the reviewer above", above, waits)
	for who, a := range map[string]*api{"the writer": editor, "the origin": origin, "another": away, "a reader": reader} {
		expect(who, a)
	}
	next(reviewer, `returnAdoption(id: $id, version: $v, reason: "写明日期")`)
	expect("the reviewer of what waits no longer", reviewer)
	expect("the writer", editor, "RETURNED 朝阳区政协引进《他山之石》的推广记录被退回：写明日期")
	next(editor, `submitAdoption(id: $id, version: $v)`)
	next(reviewer, `publishAdoption(id: $id, version: $v)`)
	expect("the origin", origin, "ADOPTED 朝阳区政协引进了本会的案例《他山之石》")
	next(origin, `thankAdoption(id: $id, version: $v, thanks: "多谢")`)
	if got := editor.told(t); len(got) != 3 || got[0] != "THANKED 案例《他山之石》所属政协向朝阳区政协致谢：多谢" || !strings.HasPrefix(got[1], "PUBLISHED ") {
		t.Errorf("the writer: %v", got)
	}
	// Who may no longer read it is no longer told.
	next(reviewer, `archiveAdoption(id: $id, version: $v, reason: "登记有误")`)
	expect("the origin of what was withdrawn", origin)

	var marked struct{ MarkNoticesRead struct{ Marked, Unread int } }
	editor.get(t, `mutation { markNoticesRead { marked unread userErrors { code } } }`, nil, &marked)
	if marked.MarkNoticesRead.Marked != 3 || marked.MarkNoticesRead.Unread != 0 {
		t.Errorf("marked %+v", marked)
	}
	expect("the writer who has read", editor)
}

// Who follows a committee, its region or a topic is told of all that it publishes, not of
// cases alone.
func TestAllThatACommitteePublishesIsFollowed(t *testing.T) {
	o := newOffice(t)
	topics, err := o.store.TopicsBySlug(t.Context(), []string{"livelihood"})
	if err != nil {
		t.Fatal(err)
	}
	followers := map[string]*api{}
	for name, follow := range map[string]string{
		"topic": `topic: "` + catalog.EncodeID(catalog.KindTopic, topics["livelihood"].ID) + `"`, "region": `region: "220100"`,
		"committee": `committee: "` + catalog.EncodeID(catalog.KindCommittee, o.committees["own"]) + `"`,
	} {
		v := o.viewer(catalog.RoleReader, "away")
		v.Name = name
		followers[name] = o.as(v)
		followers[name].get(t, `mutation { follow(`+follow+`) { userErrors { code } } }`, nil, &struct{}{})
	}
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	for _, tt := range []struct {
		noun, fields, called string
		topics               bool
	}{
		{"Proposal", `title: "关于路灯的提案", topics: ["livelihood"], proposers: [{committee: "own"}]`, "提案《关于路灯的提案》", true},
		{"Need", `problem: "路灯不亮", topics: ["livelihood"]`, "需求《路灯不亮》", true},
		{"Activity", `kind: SURVEY, title: "看路灯", topics: ["livelihood"]`, "活动《看路灯》", true},
		{"Practice", `title: "夜巡", text: "夜里去看"`, "特色做法《夜巡》", false},
		{"EvaluationRound", `year: 2025, items: ["效率"], departments: ["某局"]`, "评价轮次《2025》", false},
	} {
		made := editor.done(t, `create`+tt.noun+`(input: {`+tt.fields+`})`, nil)
		editor.done(t, `submit`+tt.noun+`(id: $id, version: 1)`, map[string]any{"id": made.ID})
		for who, a := range followers {
			if got := a.told(t); len(got) > 0 {
				t.Errorf("%s is told of a draft of %s: %v", who, tt.noun, got)
			}
		}
		reviewer.done(t, `publish`+tt.noun+`(id: $id, version: 2)`, map[string]any{"id": made.ID})
		for who, a := range followers {
			want := []string{"FOLLOWED_CHANGED 您关注的内容有更新：" + tt.called}
			if who == "topic" && !tt.topics {
				want = []string{}
			}
			if diff := cmp.Diff(want, a.told(t)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.noun, who, diff)
			}
			a.get(t, `mutation { markNoticesRead { unread } }`, nil, &struct{}{})
		}
	}
}

func TestWhatIsFollowedIsTold(t *testing.T) {
	o := newOffice(t)
	id := func(kind catalog.RecordKind, n catalog.ID) string { return catalog.EncodeID(kind, n) }
	topics, err := o.store.TopicsBySlug(t.Context(), []string{"livelihood"})
	if err != nil {
		t.Fatal(err)
	}
	followers := map[string]*api{}
	for name, follow := range map[string]string{
		"topic":      `topic: "` + id(catalog.KindTopic, topics["livelihood"].ID) + `"`,
		"committee":  `committee: "` + id(catalog.KindCommittee, o.committees["own"]) + `"`,
		"region":     `region: "220100"`,
		"words":      `query: "电梯  加装"`,
		"other word": `query: "电梯 广场舞"`,
	} {
		v := o.viewer(catalog.RoleReader, "away")
		v.Name = name
		followers[name] = o.as(v)
		var got struct {
			Follow struct{ UserErrors []userError }
		}
		followers[name].get(t, `mutation { follow(`+follow+`) { follow { query } userErrors { code path message messageZh } } }`, nil, &got)
		if len(got.Follow.UserErrors) > 0 {
			t.Fatalf("%s: %+v", name, got)
		}
	}
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	c := editor.done(t, `createCase(input: $case)`, map[string]any{"case": map[string]any{"title": "加装电梯", "topics": []string{"livelihood"}}})
	for who, a := range followers {
		if got := a.told(t); len(got) > 0 {
			t.Errorf("%s is told of a draft: %v", who, got)
		}
	}
	editor.done(t, `submitCase(id: $id, version: 1)`, map[string]any{"id": c.ID})
	reviewer.done(t, `publishCase(id: $id, version: 2)`, map[string]any{"id": c.ID})
	reviewer.done(t, `updateCase(id: $id, version: 3, input: $case)`, map[string]any{"id": c.ID, "case": map[string]any{"title": "加装电梯二", "topics": []string{"livelihood"}}})
	for who, a := range followers {
		want := []string{"FOLLOWED_CHANGED 您关注的内容有更新：案例《加装电梯二》"} // once, until it is read
		if who == "other word" {
			want = []string{}
		}
		if diff := cmp.Diff(want, a.told(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", who, diff)
		}
	}
	var got struct {
		Unfollow struct{ UserErrors []userError }
	}
	followers["region"].get(t, `mutation { unfollow(region: "220100") { userErrors { code path message messageZh } } }`, nil, &got)
	var left struct {
		Viewer struct{ Follows []struct{ Query *string } }
	}
	followers["region"].get(t, `{ viewer { follows { query } } }`, nil, &left)
	if len(left.Viewer.Follows) != 0 {
		t.Errorf("still follows %+v", left)
	}
	for _, wrong := range []string{`query: " "`, `region: "999999"`, `region: "220100", query: "x"`, `topic: "x"`} {
		var got struct {
			Follow struct{ UserErrors []userError }
		}
		followers["region"].get(t, `mutation { follow(`+wrong+`) { userErrors { code path message messageZh } } }`, nil, &got)
		if len(got.Follow.UserErrors) == 0 {
			t.Errorf("%s is followed", wrong)
		}
	}
}

func TestANeedIsAskedForAndAnswered(t *testing.T) {
	o := adopting(t)
	editor, reviewer := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleReviewer, "own"))
	other, away := o.as(o.viewer(catalog.RoleEditor, "other")), o.as(o.viewer(catalog.RoleEditor, "away"))
	type need struct {
		State, Status string
		Askers        int
		Answers       struct{ Nodes []struct{ Slug string } }
	}
	see := func(a *api, slug string) *need {
		t.Helper()
		var got struct{ Need *need }
		a.get(t, `{ need(slug: "`+slug+`") { state status askers answers { nodes { slug } } } }`, nil, &got)
		return got.Need
	}
	listed := func(open bool) int {
		t.Helper()
		var got struct{ Needs struct{ TotalCount int } }
		o.as(nil).get(t, fmt.Sprintf(`{ needs(open: %v, topics: ["livelihood"]) { totalCount } }`, open), nil, &got)
		return got.Needs.TotalCount
	}
	n := editor.done(t, `createNeed(input: $need)`, map[string]any{"need": map[string]any{"problem": "地下车库充电桩怎么建", "topics": []string{"livelihood"}}})
	if see(o.as(nil), n.Slug) != nil || see(other, n.Slug) != nil || listed(true) != 0 {
		t.Error("others see a draft of a need")
	}
	n = editor.done(t, `submitNeed(id: $id, version: $v)`, map[string]any{"id": n.ID, "v": n.Version})
	n = reviewer.done(t, `publishNeed(id: $id, version: $v)`, map[string]any{"id": n.ID, "v": n.Version})
	for range 2 { // each once
		away.done(t, `askNeed(id: $id)`, map[string]any{"id": n.ID})
		editor.done(t, `askNeed(id: $id)`, map[string]any{"id": n.ID})
	}
	for _, network := range []string{"192.0.2.1", "192.0.2.1", "192.0.2.2"} {
		if _, err := o.store.AskNeed(catalog.WithNetwork(t.Context(), network), decoded(t, n.ID)); err != nil {
			t.Error(err)
		}
	}
	if got := see(o.as(nil), n.Slug); got.Askers != 4 || got.State != "OPEN" || listed(true) != 1 || listed(false) != 0 {
		t.Errorf("asked for: %+v", got)
	}
	if got := away.refused(t, `answerNeed(id: $id, version: $v, case: "theirs")`, map[string]any{"id": n.ID, "v": n.Version}); !slices.Equal(got, []string{"FORBIDDEN id"}) {
		t.Errorf("answered with another's case: %v", got)
	}
	if got := other.refused(t, `answerNeed(id: $id, version: $v, case: "no-such")`, map[string]any{"id": n.ID, "v": n.Version}); !slices.Equal(got, []string{"NOT_FOUND case"}) {
		t.Errorf("answered with none: %v", got)
	}
	n = other.done(t, `answerNeed(id: $id, version: $v, case: "theirs")`, map[string]any{"id": n.ID, "v": n.Version})
	if got := see(o.as(nil), n.Slug); got.State != "ANSWERED" || len(got.Answers.Nodes) != 1 || listed(false) != 1 {
		t.Errorf("answered: %+v", got)
	}
	for who, a := range map[string]*api{"the committee": editor, "another that asked": away} {
		if got := a.told(t); !slices.Contains(got, "NEED_MATCHED 需求《地下车库充电桩怎么建》有了可参考的案例") {
			t.Errorf("%s is told %v", who, got)
		}
	}
	// The owner's change keeps the answer of the other.
	n = reviewer.done(t, `updateNeed(id: $id, version: $v, input: $need)`, map[string]any{"id": n.ID, "v": n.Version, "need": map[string]any{"problem": "地下车库充电桩怎么建", "closed": true}})
	if got := see(o.as(nil), n.Slug); got.State != "CLOSED" || len(got.Answers.Nodes) != 1 {
		t.Errorf("closed: %+v", got)
	}
}

func decoded(t *testing.T, global string) catalog.ID {
	t.Helper()
	_, id, err := catalog.DecodeID(global)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWhatIsBeingWrittenIsKept(t *testing.T) {
	o := newOffice(t)
	editor, other := o.as(o.viewer(catalog.RoleEditor, "own")), o.as(o.viewer(catalog.RoleEditor, "other"))
	type kept struct {
		Kind, Name, Content, At string
		Record                  *string
	}
	type payload struct {
		KeepWriting struct {
			Writing    *kept
			UserErrors []userError
		}
	}
	keep := func(a *api, args string) payload {
		t.Helper()
		var got payload
		a.get(t, `mutation { keepWriting(`+args+`) { writing { kind name content at record } userErrors { code path message messageZh } } }`, nil, &got)
		return got
	}
	list := func(a *api) []kept {
		t.Helper()
		var got struct{ Viewer struct{ Writings []kept } }
		a.get(t, `{ viewer { writings { kind name content at record } } }`, nil, &got)
		return got.Viewer.Writings
	}
	first := keep(editor, `kind: "CASE", content: "{\"title\":\"半个标题\"}"`).KeepWriting.Writing
	if first == nil || first.Content != `{"title":"半个标题"}` || first.Record != nil {
		t.Fatalf("kept %+v", first)
	}
	second := keep(editor, `kind: "CASE", content: "{\"title\":\"整个标题\"}", seen: "`+first.At+`"`).KeepWriting.Writing
	if second == nil || second.At <= first.At {
		t.Errorf("kept again %+v, before %+v", second, first)
	}
	if got := keep(editor, `kind: "CASE", content: "{}", seen: "`+first.At+`"`).KeepWriting; got.Writing != nil || got.UserErrors[0].Code != "CONFLICT" {
		t.Errorf("from a page that has not seen it: %+v", got)
	}
	for _, wrong := range []string{`kind: "NOTHING", content: "{}"`, `kind: "CASE", content: "{"`, `kind: "CASE", record: "x", content: "{}"`} {
		if got := keep(editor, wrong).KeepWriting; got.Writing != nil || len(got.UserErrors) != 1 {
			t.Errorf("%s: %+v", wrong, got)
		}
	}
	if n := list(editor); len(n) != 1 || n[0].Content != `{"title":"整个标题"}` {
		t.Errorf("the writer has %+v", n)
	}
	if n := list(other); len(n) != 0 {
		t.Errorf("somebody else sees %+v", n)
	}
	for i := range catalog.MaxWritings - 1 {
		keep(editor, fmt.Sprintf(`kind: "CASE", name: "n%d", content: "{}"`, i))
	}
	if got := editor.ask(t, `mutation { keepWriting(kind: "CASE", name: "more", content: "{}") { userErrors { code } } }`, nil); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "LIMIT" {
		t.Errorf("past the limit: %+v", got.Errors)
	}
	var gone struct{ DiscardWriting struct{ Discarded bool } }
	editor.get(t, `mutation { discardWriting(kind: "CASE") { discarded userErrors { code } } }`, nil, &gone)
	if !gone.DiscardWriting.Discarded || len(list(editor)) != catalog.MaxWritings-1 {
		t.Errorf("discarded %+v", gone)
	}
}
