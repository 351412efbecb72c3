package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/schema"
)

func TestMarkingLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		var ranges []any
		for range rapid.IntRange(0, 4).Draw(t, "ranges") {
			ranges = append(ranges, map[string]any{
				"start": rapid.IntRange(-5, 50).Draw(t, "start"), "end": rapid.IntRange(-5, 50).Draw(t, "end"),
			})
		}
		var b strings.Builder
		for _, span := range marked(s, ranges) {
			b.WriteString(span.Text)
		}
		if got := b.String(); got != string([]rune(s)) {
			t.Errorf("marked(%q, %v) is %q put together", s, ranges, got)
		}
	})
}

func TestMarkingCountsCodePoints(t *testing.T) {
	got := marked("𠀀一二三四", []any{
		map[string]any{"start": 1, "end": 2}, map[string]any{"start": 3, "end": 99},
	})
	want := []span{{"𠀀", false}, {"一", true}, {"二", false}, {"三四", true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
}

func TestAReviewTellsOfAFieldFromFirstToLast(t *testing.T) {
	change := func(path, before, after string) any {
		return map[string]any{"path": path, "before": before, "after": after}
	}
	revision := func(version int, status string, all ...any) any {
		return map[string]any{"version": version, "status": status, "fields": all}
	}
	since, got := sincePublished([]any{
		revision(5, "IN_REVIEW", change("status", `"DRAFT"`, `"IN_REVIEW"`), change("title", `"乙"`, `"丙"`)),
		revision(4, "DRAFT", change("title", `"甲"`, `"乙"`), change("summary", `"一"`, `"二"`)),
		revision(3, "DRAFT", change("summary", `"二"`, `"一"`)),
		revision(2, "PUBLISHED", change("title", `"零"`, `"甲"`)),
		revision(1, "DRAFT"),
	})
	want := []fieldChange{{"title", `"甲"`, `"丙"`}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(fieldChange{})); since != 2 || diff != "" {
		t.Errorf("since version %d (-want +got):\n%s", since, diff)
	}
}

func TestCitesPicksWhatSupportsAField(t *testing.T) {
	citation := func(fields ...any) any {
		return map[string]any{"fields": fields, "quote": "引", "start": 1, "end": 2, "source": map[string]any{"slug": "s"}}
	}
	citations := []any{citation("title", "steps.ASK_FITNESS"), citation("steps"), citation("outcomes.1.effect"), citation("outcomes.10")}
	for field, want := range map[string][]int{
		"title": {1}, "steps.ASK_FITNESS": {1, 2}, "steps.ASK_PRIORITY": {2}, "outcomes.1": {3}, "summary": nil,
	} {
		var got []int
		for _, c := range cites(citations, field) {
			got = append(got, c.Number)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("cites(%s) (-want +got):\n%s", field, diff)
		}
	}
}

func TestAddressesThatAreNoWebPageAreNoLinks(t *testing.T) {
	for raw, want := range map[string]string{
		"https://example.cn/a?b=c": "https://example.cn/a?b=c", "javascript:alert(1)": "", "JaVaScRiPt:alert(1)": "",
		"data:text/html,x": "", "//example.cn": "", "https:example.cn": "", "": "", "https://\x00": "",
	} {
		if got := safeURL(raw); got != want {
			t.Errorf("safeURL(%q) is %q, want %q", raw, got, want)
		}
	}
}

func TestDatesAreShownAsFarAsTheyGo(t *testing.T) {
	for given, want := range map[string]string{"2021": "2021年", "2021-07": "2021年7月", "2021-07-05": "2021年7月5日", "": "", "近年": "近年"} {
		if got := date(given); got != want {
			t.Errorf("date(%q) is %q, want %q", given, got, want)
		}
	}
}

func TestATreeKeepsEveryRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"a", "b", "c", "d", "e"}
		var records []any
		for _, name := range names {
			record := map[string]any{"slug": name}
			if parent := rapid.SampledFrom(append(names, "none")).Draw(t, name); parent != "none" {
				record["parent"] = map[string]any{"slug": parent} // may go in a circle
			}
			records = append(records, record)
		}
		if got := size(grow(records)); got != len(names) {
			t.Errorf("%d records in the tree of %v", got, records)
		}
	})
}

func size(branches []*branch) int {
	n := 0
	for _, b := range branches {
		n += 1 + size(b.Below)
	}
	return n
}

func TestASearchReadsItsAddress(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/search?q=a&kind=CASE&region=220100&region=&year=2020&year=2021&sort=newest&after=X&other=1", nil)
	got, err := searchVariables(r)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"query": "a", "first": pageSize, "kinds": []any{"CASE"}, "orderBy": "NEWEST", "after": "X",
		"filter": map[string]any{"regions": []any{"220100"}, "years": []any{2020, 2021}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

func TestAFilterCanBeTakenAway(t *testing.T) {
	query, err := url.ParseQuery("q=a&region=220100&region=220200&after=X&other=1")
	if err != nil {
		t.Fatal(err)
	}
	f := facet{Param: "region", Label: "地区"}
	buckets := []any{map[string]any{"key": "220000", "label": "吉林省", "count": 3}, map[string]any{"key": "220200", "label": "吉林市", "count": 2}}
	group, chips := f.group(buckets, searchQuery(query))
	wantChips := []chip{
		{"地区", "吉林市", "/search?q=a&region=220100"},
		{"地区", "220100", "/search?q=a&region=220200"},
	}
	if diff := cmp.Diff(wantChips, chips); diff != "" {
		t.Errorf("chips (-want +got):\n%s", diff)
	}
	wantBoxes := []box{{"220200", "吉林市", 2, true}, {"220100", "220100", 0, true}, {"220000", "吉林省", 3, false}}
	if diff := cmp.Diff(wantBoxes, group.Boxes); diff != "" {
		t.Errorf("boxes (-want +got):\n%s", diff)
	}
}

func TestAFacetOfManyValuesShowsThoseThatAreOn(t *testing.T) {
	var buckets []any
	for i := range 100 {
		buckets = append(buckets, map[string]any{"key": fmt.Sprint(i), "label": fmt.Sprint("第", i), "count": 100 - i})
	}
	group, chips := facet{Param: "brand", Label: "品牌"}.group(buckets, url.Values{"brand": {"99", "7"}})
	if len(group.Boxes) != boxesAtOnce || len(group.More) != boxesInAll || group.Rest != 100-boxesAtOnce-boxesInAll {
		t.Errorf("%d boxes, %d more, %d left out", len(group.Boxes), len(group.More), group.Rest)
	}
	if len(chips) != 2 || !group.Boxes[0].Checked || !group.Boxes[1].Checked || group.Boxes[2].Checked {
		t.Errorf("what is on does not come first: %+v, %+v", group.Boxes, chips)
	}
}

func TestShadesTellFewFromMany(t *testing.T) {
	tests := []struct{ n, most, want int }{
		{0, 0, 0}, {0, 9, 0}, {1, 1, 1}, {2, 2, 1}, {8, 8, 4}, {1, 1000, 1}, {251, 1000, 2}, {501, 1000, 3}, {1000, 1000, 4},
	}
	for _, tt := range tests {
		if got := shade(tt.n, tt.most); got != tt.want {
			t.Errorf("shade(%d, %d) is %d, want %d", tt.n, tt.most, got, tt.want)
		}
	}
}

func TestAComparisonSaysWhatIsTheSame(t *testing.T) {
	one := map[string]any{"slug": "one", "level": "COUNTY", "summary": "甲"}
	two := map[string]any{"slug": "two", "level": "COUNTY", "summary": "乙"}
	v := &view{Data: map[string]any{"a": one, "b": two, "c": nil}}
	if err := shapeCompare(v, httptest.NewRequest(http.MethodGet, "/compare?cases=one,two&cases=three", nil)); err != nil {
		t.Fatal(err)
	}
	extra := v.Extra.(compareExtra)
	same := map[string]bool{}
	for _, row := range extra.Rows {
		same[row.Title] = row.Same
	}
	if !same["层级"] || same["摘要"] || same["背景"] {
		t.Errorf("the same: %v", same)
	}
	if diff := cmp.Diff([]string{"three"}, extra.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

func TestEveryDocumentFitsTheSchema(t *testing.T) {
	s := gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL()})
	for _, documents := range []map[string]string{loadDocuments(), documentsIn("mutations")} {
		for name, document := range documents {
			if _, err := gqlparser.LoadQueryWithRules(s, document, nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Whoever adds a facet learns here that the page of results does not ask for it.
func TestThePageOfResultsAsksForEachFacet(t *testing.T) {
	document, err := gqlparser.LoadQueryWithRules(gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL()}), loadDocuments()["search"], nil)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	for _, field := range document.Operations[0].SelectionSet {
		for _, of := range field.(*ast.Field).SelectionSet {
			if of, ok := of.(*ast.Field); ok && of.Name == "facets" {
				for _, f := range of.SelectionSet {
					wanted[f.(*ast.Field).Name] = true
				}
			}
		}
	}
	for _, f := range catalog.Facets {
		if !wanted[f.Name] {
			t.Errorf("web/pages/search.graphql does not ask for %s", f.Name)
		}
	}
}

// What scrolls on a narrow screen is reached by the keyboard.
func TestWhatMayScrollIsReachedByKeyboard(t *testing.T) {
	for _, pattern := range []string{"pages/*.html", "partials/*.html"} {
		for _, file := range glob(pattern) {
			for _, tag := range regexp.MustCompile(`<pre[^>]*>`).FindAllString(read(file), -1) {
				if !strings.Contains(tag, `tabindex="0"`) {
					t.Errorf("%s: %s", file, tag)
				}
			}
		}
	}
}

// An aside within main is announced as a landmark of the page, which axe's best
// practices call wrong: what stands beside a page's results is a section of it.
func TestNoAsideStandsWithinMain(t *testing.T) {
	for _, pattern := range []string{"pages/*.html", "partials/*.html"} {
		for _, file := range glob(pattern) {
			if strings.Contains(read(file), "<aside") {
				t.Errorf("%s has an aside, which stands within main", file)
			}
		}
	}
}

// A file that no page uses is one that somebody forgot.
func TestEveryFileIsUsed(t *testing.T) {
	named := map[string]bool{"error": true, draftsPage.name: true, importPage.name: true, severalPage.name: true, adoptPage.name: true, "edit": true, "waiting": true, noticesPage.name: true, exchangesPage.name: true, "own-adoption": true,
		accountPage.name: true, adminPage.name: true, linkPage.name: true, contactPage.name: true, "feed": true, "feedof": true, "feedsearch": true, "lost": true, mergePage.name: true, "namesakes": true, "arrange": true}
	for _, n := range nouns {
		named[n.page().name] = true
	}
	for _, p := range pages {
		named[p.name] = true
	}
	files, err := fs.Glob(sources, "pages/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !named[stem(file)] {
			t.Errorf("%s belongs to no page", file)
		}
	}
	everything := layout
	for _, pattern := range []string{"pages/*", "mutations/*", "partials/*", "fragments/*"} {
		for _, file := range glob(pattern) {
			everything += read(file)
		}
	}
	for _, file := range append(glob("partials/*"), glob("fragments/*")...) {
		if name := stem(file); !strings.Contains(everything, `template "`+name+`"`) && !strings.Contains(everything, "..."+name) {
			t.Errorf("%s is used nowhere", file)
		}
	}
}

// fails is a Querier that returns errors.
type fails []GraphQLError

func (f fails) Query(context.Context, string, string, map[string]any) (json.RawMessage, []GraphQLError) {
	return nil, f
}

func TestErrorsHavePagesThatHelp(t *testing.T) {
	tests := []struct {
		code   string
		status int
		text   string
		hides  bool
	}{
		{"UNAVAILABLE", 503, "资料没有丢失", true},
		{"INTERNAL", 500, "问题已记入日志", true},
		{"WHATEVER", 500, "问题已记入日志", true},
		{"NOT_FOUND", 404, "原话", false},
		{"INVALID", 400, "原话", false},
		{"LIMIT", 400, "原话", false},
		{"FORBIDDEN", 403, "原话", false},
	}
	for _, tt := range tests {
		h := Handler(Options{Query: fails{{tt.code, "原话"}}, Log: slog.New(slog.DiscardHandler)})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		body := w.Body.String()
		if w.Code != tt.status || !strings.Contains(body, tt.text) || !strings.Contains(body, `role="search"`) {
			t.Errorf("%s: status %d, want %d with %q:\n%s", tt.code, w.Code, tt.status, tt.text, body)
		}
		if tt.hides && strings.Contains(body, "原话") {
			t.Errorf("%s: what is our own fault is shown", tt.code)
		}
		if retry := w.Header().Get("Retry-After"); (retry != "") != (tt.status == 503) {
			t.Errorf("%s: Retry-After is %q", tt.code, retry)
		}
	}
}

// empty is a Querier whose answers lack everything.
type empty struct{}

func (empty) Query(context.Context, string, string, map[string]any) (json.RawMessage, []GraphQLError) {
	return json.RawMessage(`{}`), nil
}

func TestATemplateThatFailsGivesAnErrorPage(t *testing.T) {
	h := Handler(Options{Query: empty{}, Log: slog.New(slog.DiscardHandler)})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/brands", nil))
	if body := w.Body.String(); w.Code != 500 || strings.Count(body, "<!doctype") != 1 || !strings.Contains(body, "服务器出错了") {
		t.Errorf("status %d:\n%s", w.Code, body)
	}
}

func TestThePlaygroundGetsThePagesQuery(t *testing.T) {
	link := playgroundLink("query A { b }\n", map[string]any{"q": "一 + 二"})
	_, fragment, _ := strings.Cut(link, "#")
	fields, err := url.ParseQuery(fragment)
	if err != nil || strings.Contains(fragment, "+") {
		t.Fatalf("%s: %v", link, err)
	}
	want := url.Values{"query": {"query A { b }\n"}, "variables": {"{\n  \"q\": \"一 + 二\"\n}"}}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if got := playgroundOf(t, Options{NoPlayground: true}); strings.Contains(got, "/playground#") {
		t.Error("there is a link to the playground where there is none")
	}
	if got := playgroundOf(t, Options{}); !strings.Contains(got, "/playground#") {
		t.Error("there is no link to the playground")
	}
}

// topics is a Querier that knows of topics only.
type topics struct{}

func (topics) Query(context.Context, string, string, map[string]any) (json.RawMessage, []GraphQLError) {
	return json.RawMessage(`{"topics":[{"slug":"a","name":"甲","caseCount":1,"parent":null}]}`), nil
}

func playgroundOf(t *testing.T, o Options) string {
	t.Helper()
	o.Query = topics{}
	w := httptest.NewRecorder()
	Handler(o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/topics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestLeafingBackLeadsOverTheSamePages(t *testing.T) {
	connection := func(cursor string) map[string]any {
		return map[string]any{"pageInfo": map[string]any{"hasNextPage": true, "endCursor": cursor}}
	}
	at := func(address string) (string, url.Values) {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.Path, u.Query()
	}
	addresses := []string{"/brands?q=a"}
	for n := range 70 { // more than a trail holds
		path, query := at(addresses[n])
		addresses = append(addresses, newPager(path, query, connection(fmt.Sprint("c", n))).Next)
	}
	for n := len(addresses) - 1; n > len(addresses)-maxTrail; n-- {
		path, query := at(addresses[n])
		_, before := at(addresses[n-1])
		_, got := at(newPager(path, query, nil).Previous)
		if got.Get("after") != before.Get("after") || got.Get("q") != "a" {
			t.Errorf("before %s comes %v, want %v", addresses[n], got, before)
		}
	}
	path, query := at(addresses[2])
	want := pager{
		Number: 3, Previous: "/brands?after=c0&q=a", First: "/brands?q=a", Next: "/brands?after=x&q=a&trail=c0%2Cc1",
		Before: []numbered{{1, "/brands?q=a"}, {2, "/brands?after=c0&q=a"}},
	}
	if diff := cmp.Diff(want, newPager(path, query, connection("x"))); diff != "" {
		t.Errorf("the third page's pager (-want +got):\n%s", diff)
	}
	full := connection("x")
	full["totalCount"], full["nodes"] = 41, make([]any, 20)
	if got := newPager("/brands", url.Values{}, full).Total; got != 3 {
		t.Errorf("41 records at 20 a page are %d pages, want 3", got)
	}
	path, query = at(addresses[0])
	if diff := cmp.Diff(pager{Number: 1}, newPager(path, query, nil)); diff != "" {
		t.Errorf("the pager of a list of one page (-want +got):\n%s", diff)
	}
}

func TestAHitSaysWhereItsWordsStand(t *testing.T) {
	highlight := func(field, text string) map[string]any {
		return map[string]any{"field": field, "fragment": text, "ranges": []any{map[string]any{"start": 0, "end": 1}}}
	}
	tests := []struct {
		name       string
		highlights []any
		fragments  int
		linked     string
	}{
		{"in its text", []any{highlight("results", "成"), highlight("topics.name", "融资")}, 1, "议题"},
		{"in names of others", []any{highlight("committee.name", "甲"), highlight("topics.name", "乙"), highlight("topics.name", "丙")}, 0, "政协、议题"},
		{"in its heading", []any{highlight("title", "标"), highlight("topics.name", "融资")}, 0, ""},
	}
	for _, tt := range tests {
		got := foundIn(map[string]any{"node": map[string]any{"title": "标题"}, "highlights": tt.highlights})
		if len(got.Fragments) != tt.fragments || strings.Join(got.Linked, "、") != tt.linked {
			t.Errorf("%s: %d fragments, names of %v; want %d, %s", tt.name, len(got.Fragments), got.Linked, tt.fragments, tt.linked)
		}
	}
}

func TestAFragmentSaysWhereItWasCut(t *testing.T) {
	long := strings.Repeat("甲", catalog.FragmentLength-1)
	tests := []struct {
		name, fragment string
		start          int
		want           string
	}{
		{"a whole short text", "一句话。", 0, "一句话。"},
		{"from the begin of a sentence to where it is cut", long + "乙", 3, long + "乙…"},
		{"to the end of a sentence", long + "。", 3, long + "。"},
		{"from within a sentence", "甲甲甲甲甲甲甲甲甲甲甲甲乙。", catalog.FragmentLead, "…甲甲甲甲甲甲甲甲甲甲甲甲乙。"},
	}
	for _, tt := range tests {
		got := ""
		for _, s := range elided(map[string]any{"fragment": tt.fragment, "ranges": []any{map[string]any{"start": tt.start, "end": tt.start + 1}}}) {
			got += s.Text
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAPeerThatSharesFewWordsIsFaint(t *testing.T) {
	reason := func(kind, text string) map[string]any { return map[string]any{"kind": kind, "text": text} }
	tests := []struct {
		reasons []any
		want    bool
	}{
		{nil, true},
		{[]any{reason("SHARED_WORDS", "只有个别词相同：“意见”"), reason("SAME_LEVEL", "同一层级")}, true},
		{[]any{reason("SHARED_WORDS", "都说到“老旧小区”“改造”")}, false},
		{[]any{reason("SHARED_TOPIC", "议题相同：“粮食”")}, false},
	}
	for _, tt := range tests {
		if got := faint(map[string]any{"reasons": tt.reasons}); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.reasons, got, tt.want)
		}
	}
}
