package graph_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/store"
)

// public returns the API of a knowledge base that knows where it is to be found.
func public(s *store.Store, count *statements) *api {
	server := handler.New(graph.NewSchema(&graph.Resolver{Store: s, Address: "https://example.org"}))
	server.AddTransport(transport.POST{})
	server.SetErrorPresenter(graph.PresentError)
	server.SetRecoverFunc(graph.Recover)
	return &api{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(loaders.NewContext(r.Context(), loaders.New(s, testWait))))
	}), count}
}

// dated stands for the day of a record's last change, which a test's is today.
var dated = regexp.MustCompile(`（\d{4}-\d\d-\d\d）`)

func TestRecordsSayHowToCiteThem(t *testing.T) {
	count := &statements{}
	s := storetest.Seeded(t, count)
	put(t, s, []catalog.Input{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "own"}, Title: "边贸协商", Committee: "hunchun"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "nobody"}, Title: "边贸协商"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "made-up", Origin: catalog.OriginSynthetic}, Title: "边贸协商", Committee: "hunchun"},
		&catalog.BrandInput{InputMeta: catalog.InputMeta{Slug: "own"}, Name: "珲春品牌", Committee: "hunchun"},
	})
	const host = "[EB/OL]. （DATE）[2100-01-02]. https://example.org"
	for query, want := range map[string]string{
		`case(slug: "own")`:                                   "珲春市政协. 边贸协商" + host + "/cases/own.",
		`case(slug: "nobody")`:                                "边贸协商" + host + "/cases/nobody.",
		`case(slug: "made-up")`:                               "边贸协商（合成数据）" + host + "/cases/made-up.",
		`brand(slug: "own")`:                                  "珲春市政协. 珲春品牌" + host + "/brands/own.",
		`brand(slug: "jisi-guangyi")`:                         "吉思广益" + host + "/brands/jisi-guangyi.",
		`case(slug: "guilin-lu-shangquan-gaizao")`:            "桂林路商圈改造" + host + "/cases/guilin-lu-shangquan-gaizao.", // held by a committee, not written in by it
		`proposal(slug: "hunchun-haiyang-jingji-shifanqu")`:   "江泽林. 关于支持珲春市建设海洋经济创新发展示范区及海洋经济合作示范区的建议" + host + "/proposals/hunchun-haiyang-jingji-shifanqu.",
		`practice(slug: "dang-de-lingdao")`:                   "加强党对政协工作的领导" + host + "/practices/dang-de-lingdao.",
		`source(slug: "jilin-zhengxie-shida-tese-liangdian")`: "吉林省政协履职工作十大特色亮点[Z].",
	} {
		var got struct{ Cited struct{ Cite string } }
		public(s, count).get(t, `{ cited: `+query+` { cite(accessedOn: "2100-01-02") } }`, nil, &got)
		if diff := cmp.Diff(want, dated.ReplaceAllString(got.Cited.Cite, "（DATE）")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", query, diff)
		}
	}
}

func TestACitationIsTheSameUntilTheRecordChanges(t *testing.T) {
	count := &statements{}
	s := storetest.Seeded(t, count)
	a := newAPI(s, count) // at no known address
	type cited struct {
		Case struct{ GBT7714, BibTeX, RIS, APA, Plain, UpdatedAt string }
	}
	const query = `{ case(slug: "guilin-lu-shangquan-gaizao") { updatedAt plain: cite GBT7714: cite(style: GBT7714) bibTeX: cite(style: BIBTEX) RIS: cite(style: RIS) APA: cite(style: APA) } }`
	var one, two cited
	a.get(t, query, nil, &one)
	a.get(t, query, nil, &two)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("-first +second:\n%s", diff)
	}
	c := one.Case
	changed, err := time.Parse(time.RFC3339, c.UpdatedAt)
	if err != nil {
		t.Fatal(err)
	}
	day := string(catalog.DayOf(changed))
	if c.Plain != c.GBT7714 || !strings.Contains(c.GBT7714, "（"+day+"）["+day+"].") || strings.Contains(c.GBT7714, "/cases/") {
		t.Errorf("%s: want the day of the last change, %s, twice and no address", c.GBT7714, day)
	}
	for style, parts := range map[string][]string{
		c.BibTeX: {"@online{case-guilin-lu-shangquan-gaizao,\n", "urldate      = {" + day + "}", "version      = {1}"},
		c.RIS:    {"TY  - ELEC\r\n", "Y2  - " + strings.ReplaceAll(day, "-", "/") + "/\r\n", "AN  - case-guilin-lu-shangquan-gaizao\r\n", "ER  - \r\n"},
		c.APA:    {"(Version 1) [Database record].", "In 吉思广益：政协协商典型案例知识库."},
	} {
		for _, part := range parts {
			if !strings.Contains(style, part) {
				t.Errorf("%q is not in %s", part, style)
			}
		}
	}
	for name, argument := range map[string]string{"before the last change": "1999-01-01", "no day": "2026-11"} {
		got := a.ask(t, `query($d: Date) { case(slug: "guilin-lu-shangquan-gaizao") { cite(accessedOn: $d) } }`, map[string]any{"d": argument})
		if len(got.Errors) == 0 {
			t.Errorf("read on %s, %s: no error", argument, name)
		}
	}
}

func TestAListIsCitedInAConstantNumberOfStatements(t *testing.T) {
	count := &statements{}
	s := storetest.Seeded(t, count)
	for i := range 30 {
		put(t, s, []catalog.Input{&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("own-%d", i)}, Title: "案例", Committee: []string{"hunchun", "changchun-chaoyang"}[i%2]}})
	}
	a := newAPI(s, count)
	var got struct {
		Cases     struct{ Nodes []struct{ Cite string } }
		Proposals struct{ Nodes []struct{ Cite string } }
	}
	before := count.n.Load()
	a.get(t, `{ cases(first: 100) { nodes { cite(style: BIBTEX) } } proposals(first: 100) { nodes { cite } } }`, nil, &got)
	if n := count.n.Load() - before; n > 5 { // cases, their committees; proposals, their proposers, the persons
		t.Errorf("%d statements for %d cases and %d proposals, want 5", n, len(got.Cases.Nodes), len(got.Proposals.Nodes))
	}
	if len(got.Cases.Nodes) < 40 {
		t.Errorf("only %d cases", len(got.Cases.Nodes))
	}
}

type bucket struct {
	Key, Label string
	Count      int
}

type matrix struct {
	Rows, Columns []bucket
	Counts        [][]int
	Total         int
	Multiple      bool
}

func TestAMatrixOfAFewCases(t *testing.T) {
	count := &statements{}
	s := storetest.Empty(t, count)
	year := 2021
	put(t, s, []catalog.Input{
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "jiaoyu"}, Name: "教育"},
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "wenlv"}, Name: "文旅"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "both"}, Title: "一", Year: &year, Topics: []string{"jiaoyu", "wenlv"}},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "one"}, Title: "二", Topics: []string{"jiaoyu"}},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "none"}, Title: "三", Year: &year},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}, Title: "四", Year: &year, Topics: []string{"jiaoyu"}},
	})
	a := newAPI(s, count)
	const fields = `{ rows { key label count } columns { key label count } counts total multiple }`
	for query, want := range map[string]matrix{
		`caseMatrix(rows: TOPIC, columns: YEAR)`: {
			Rows:    []bucket{{"jiaoyu", "教育", 2}, {"wenlv", "文旅", 1}, {"", "未记载", 1}},
			Columns: []bucket{{"2021", "2021年", 2}, {"", "未记载", 1}},
			Counts:  [][]int{{1, 1}, {1, 0}, {1, 0}}, Total: 3, Multiple: true,
		},
		`caseMatrix(rows: YEAR)`: {
			Rows:    []bucket{{"2021", "2021年", 2}, {"", "未记载", 1}},
			Columns: []bucket{{"ALL", "合计", 3}},
			Counts:  [][]int{{2}, {1}}, Total: 3,
		},
		`caseMatrix(rows: PREFECTURE, columns: STATUS, filter: {topics: ["jiaoyu"]})`: {
			Rows:    []bucket{{"", "省级或未记载", 2}},
			Columns: []bucket{{"PUBLISHED", "已发布", 2}},
			Counts:  [][]int{{2}}, Total: 2,
		},
		`caseMatrix(rows: LEVEL, columns: STEP, filter: {years: [1999]})`: {
			Rows: []bucket{}, Columns: []bucket{}, Counts: [][]int{}, Multiple: true,
		},
	} {
		var got struct{ M matrix }
		before := count.n.Load()
		a.get(t, `{ m: `+query+fields+` }`, nil, &got)
		if n := count.n.Load() - before; n != 1 {
			t.Errorf("%s: %d statements, want 1", query, n)
		}
		if diff := cmp.Diff(want, got.M); diff != "" {
			t.Errorf("%s: -want +got:\n%s", query, diff)
		}
	}
	if got := a.ask(t, `{ caseMatrix(rows: YEAR, filter: {committees: ["x"]}) { total } }`, nil); len(got.Errors) == 0 || got.Errors[0].Extensions["code"] != "NOT_FOUND" {
		t.Errorf("a made-up id: %+v", got)
	}
}

func TestTheGraphOfAdoptionsGoesFromLenderToAdopter(t *testing.T) {
	count := &statements{}
	s := storetest.Seeded(t, count)
	adoption := func(slug, of, by string) catalog.Input {
		return &catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: slug}, Case: of, Adopter: by}
	}
	put(t, s, []catalog.Input{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "one"}, Title: "一", Committee: "changchun-chaoyang"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "two"}, Title: "二", Committee: "changchun-chaoyang"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "whose"}, Title: "三"},
		adoption("a", "one", "hunchun"), adoption("b", "two", "hunchun"), adoption("c", "two", "dunhua"), adoption("d", "whose", "dunhua"),
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "e", Status: catalog.StatusDraft}, Case: "one", Adopter: "dunhua"},
	})
	a := newAPI(s, count)
	type named struct{ Slug string }
	type graphOf struct {
		Committees []named
		Nodes      []struct {
			Committee                         named
			InDegree, OutDegree, Taken, Given int
		}
		Edges []struct {
			From, To named
			Count    int
		}
		Total, Unattributed int
	}
	var got struct{ AdoptionGraph graphOf }
	const fields = `{ committees { slug } nodes { committee { slug } inDegree outDegree taken given } edges { from { slug } to { slug } count } total unattributed }`
	before := count.n.Load()
	a.get(t, `{ adoptionGraph `+fields+` }`, nil, &got)
	if n := count.n.Load() - before; n > 3 {
		t.Errorf("%d statements, want the graph's and at most two of committees", n)
	}
	g := got.AdoptionGraph
	edges := map[string]int{}
	for _, e := range g.Edges {
		edges[e.From.Slug+" → "+e.To.Slug] = e.Count
	}
	nodes := map[string][4]int{}
	for _, n := range g.Nodes {
		nodes[n.Committee.Slug] = [4]int{n.InDegree, n.OutDegree, n.Taken, n.Given}
	}
	if diff := cmp.Diff(map[string]int{"changchun-chaoyang → hunchun": 2, "changchun-chaoyang → dunhua": 1}, edges); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string][4]int{"changchun-chaoyang": {0, 2, 0, 3}, "hunchun": {1, 0, 2, 0}, "dunhua": {1, 0, 1, 0}}, nodes); diff != "" {
		t.Errorf("in-degree, out-degree, taken, given: -want +got:\n%s", diff)
	}
	if g.Total != 3 || g.Unattributed != 1 || len(g.Committees) != 3 {
		t.Errorf("%d adoptions, %d left out, %d committees; want 3, 1 and 3", g.Total, g.Unattributed, len(g.Committees))
	}
	a.get(t, `{ adoptionGraph(filter: {years: [1999]}) `+fields+` }`, nil, &got)
	if g := got.AdoptionGraph; len(g.Edges)+len(g.Nodes)+g.Total+g.Unattributed != 0 {
		t.Errorf("of no case: %+v", g)
	}
}
