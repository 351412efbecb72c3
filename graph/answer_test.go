package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// counted counts the queries that a store answers at once.
type counted struct {
	graph.Answerer
	answered, records atomic.Int64
}

func (c *counted) Answer(ctx context.Context, query []catalog.Selection) (json.RawMessage, error) {
	data, err := c.Answerer.Answer(ctx, query)
	if err == nil {
		c.answered.Add(1)
	}
	return data, err
}

// odd puts into the store what the document has not: records that nobody may
// see beside those that refer to them, signs that JSON and SQL write otherwise,
// adoptions, and a few lists of several pages.
func odd(t *testing.T, s *store.Store) {
	t.Helper()
	fill(t, s)
	hidden := func(slug string) catalog.InputMeta {
		return catalog.InputMeta{Slug: slug, Status: catalog.StatusDraft}
	}
	people := 12
	put(t, s, []catalog.Input{
		&catalog.TopicInput{InputMeta: hidden("hidden-topic"), Name: "未公开"},
		&catalog.BrandInput{InputMeta: hidden("hidden-brand"), Name: "未公开", Committee: "committee-01"},
		&catalog.PersonInput{InputMeta: catalog.InputMeta{Slug: "someone"}, Name: "某人", Offices: []string{"主席", `"副"主席`}},
		&catalog.PersonInput{InputMeta: hidden("nobody"), Name: "未公开"},
		&catalog.CaseInput{
			InputMeta: catalog.InputMeta{Slug: "odd"}, Title: `'单'、"双"、\ 与 <b> & 😀`, AlternativeTitles: []string{"甲, 乙", `{"丙"}`},
			Summary: "第一行\n第二行\t制表", Background: "背景", Lessons: "启示", Committee: "committee-01", Brand: "hidden-brand",
			Topics: []string{"two", "hidden-topic", "one"}, StartedOn: "2021-07", EndedOn: "2021-07-15", ParticipantCount: &people,
			Links:          []catalog.Link{{Title: "会议纪要", URL: "https://example.org/?a=1&b=2"}},
			Steps:          []catalog.StepInput{{Code: catalog.StepOutcomeUse, Text: "报送"}, {Code: catalog.StepAskPriority, Text: "关注"}},
			Participants:   []catalog.ParticipantInput{{Role: catalog.RoleConvener, Name: "政协", Committee: "committee-01"}, {Role: catalog.RoleServer, Name: "某人", Person: "nobody"}},
			Outcomes:       []catalog.OutcomeInput{{Form: "协商报告", Status: catalog.OutcomeAdopted, OccurredOn: "2022"}},
			PossiblySameAs: []string{"case-0-0"},
		},
		&catalog.ProposalInput{InputMeta: catalog.InputMeta{Slug: "joint"}, Title: "联名提案", Topics: []string{"one"}, Proposers: []catalog.ProposerInput{
			{Person: "nobody"}, {Committee: "committee-01"}, {Person: "someone"}, {Committee: "committee-02"},
		}},
		&catalog.CaseInput{InputMeta: hidden("unseen"), Title: "草稿", Committee: "committee-01"},
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "first-adoption"}, Case: "odd", Adopter: "committee-02", AdoptedOn: "2022-03", ResultingCase: "case-2-1"},
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "second-adoption"}, Case: "odd", Adopter: "committee-03", Changes: "改了名称"},
	})
}

// inOrder sorts the errors of an answer by their paths: resolvers that run side
// by side fail in any order.
func inOrder(r response) {
	slices.SortFunc(r.Errors, func(a, b failure) int { return strings.Compare(fmt.Sprint(a.Path), fmt.Sprint(b.Path)) })
}

// TestOneStatementAnswersAsTheResolversDo makes up valid queries, which meet every
// field of the shapes, and asks each both ways as somebody of each role.
// RANDOM_QUERIES=5000 makes up as many, from another seed each time; RANDOM_SEED is
// one that was logged, to make up the same again.
func TestOneStatementAnswersAsTheResolversDo(t *testing.T) {
	s := storetest.Seeded(t)
	odd(t, s)
	count := &counted{Answerer: answer.New(s)}
	resolvers, fast := apiOf(s, nil, 0), apiOf(s, nil, 0, &graph.FastPath{Answerer: count})
	own := committeeID(t, s, "committee-01")
	viewers := []*catalog.Viewer{
		nil, {Name: "editor", Role: catalog.RoleEditor, Committee: own},
		{Name: "reviewer", Role: catalog.RoleReviewer, Committee: own, Below: []catalog.ID{committeeID(t, s, "committee-02")}},
		{Name: "admin", Role: catalog.RoleAdmin},
	}
	queries, seed := lengthAndSeed(t, 800, 20261122)
	q := &questioner{random: rand.New(rand.NewPCG(seed, 1)), schema: graph.NewSchema(&graph.Resolver{}).Schema(), cursors: cursorsOf(t, resolvers)}
	q.ids = idsOf(t, as(viewers[3], resolvers))
	for i := range queries {
		query := q.query()
		viewer := viewers[i%len(viewers)]
		want, got := as(viewer, resolvers).ask(t, query, nil), as(viewer, fast).ask(t, query, nil)
		inOrder(want)
		inOrder(got)
		if diff := cmp.Diff(want.Errors, got.Errors); diff != "" {
			t.Fatalf("query %d as %+v: %s\nerrors (-resolvers +one statement):\n%s", i, viewer, query, diff)
		}
		if string(want.Data) != string(got.Data) {
			t.Fatalf("query %d as %+v: %s\n%s", i, viewer, query, cmp.Diff(string(want.Data), string(got.Data)))
		}
	}
	n := count.answered.Load()
	t.Logf("%d of %d queries were answered by one statement", n, queries)
	if n < int64(queries)*8/10 {
		t.Error("want most")
	}
	for of, fields := range answer.Fields() {
		for _, f := range fields {
			if !q.met[of+"."+f] {
				t.Errorf("no query met %s.%s", of, f)
			}
		}
	}
}

// lengthAndSeed returns how many queries to make up and from which seed: these, or
// what the environment says.
func lengthAndSeed(t *testing.T, queries int, seed uint64) (int, uint64) {
	t.Helper()
	if n := os.Getenv("RANDOM_QUERIES"); n != "" {
		var err error
		if queries, err = strconv.Atoi(n); err != nil {
			t.Fatal("RANDOM_QUERIES:", err)
		}
		seed = rand.Uint64()
	}
	if n := os.Getenv("RANDOM_SEED"); n != "" {
		var err error
		if seed, err = strconv.ParseUint(n, 10, 64); err != nil {
			t.Fatal("RANDOM_SEED:", err)
		}
	}
	t.Logf("RANDOM_QUERIES=%d RANDOM_SEED=%d", queries, seed)
	return queries, seed
}

// idsOf returns global ids of records of every kind, and some of none.
func idsOf(t *testing.T, a *api) []string {
	t.Helper()
	ids := []string{"nothing", catalog.EncodeID(catalog.KindCase, 1<<40), catalog.EncodeID(catalog.KindAdoption, 1<<40)}
	for _, list := range []string{"cases", "committees", "brands", "proposals", "persons", "sources", "practices", "indicators", "evaluations", "venues", "cases(filter: {status: [DRAFT]})"} {
		var got struct {
			List struct{ Nodes []struct{ ID string } }
		}
		a.get(t, `{ list: `+list+` { nodes { id } } }`, nil, &got)
		for _, n := range got.List.Nodes[:min(3, len(got.List.Nodes))] {
			ids = append(ids, n.ID)
		}
	}
	var got struct {
		Topics, Regions []struct{ ID string }
		Case            struct {
			Adoptions struct{ Nodes []struct{ ID string } }
		}
	}
	a.get(t, `{ topics { id } regions { id } case(slug: "odd") { adoptions { nodes { id } } } }`, nil, &got)
	return append(ids, got.Topics[0].ID, got.Regions[0].ID, got.Case.Adoptions.Nodes[0].ID)
}

// TestAQueryIsAskedAgainWithOtherVariables asks the same documents with one set of
// variables after the other, which they all must heed.
func TestAQueryIsAskedAgainWithOtherVariables(t *testing.T) {
	s := storetest.Seeded(t)
	odd(t, s)
	count := &counted{Answerer: answer.New(s)}
	resolvers, fast := apiOf(s, nil, 0), apiOf(s, nil, 0, &graph.FastPath{Answerer: count})
	for _, query := range []string{
		`query($n: Int!, $slug: String!) { case(slug: $slug) { slug committee { cases(first: $n) { nodes { slug } } } } brands(first: $n) { nodes { name } } }`,
		`query($n: Int!, $slug: String!, $show: Boolean!) { case(slug: $slug) { slug ...more @include(if: $show) } brands(first: $n) { nodes { name @skip(if: $show) slug } } } fragment more on Case { title }`,
		`query($n: Int!, $slug: String!, $show: Boolean!) { case(slug: $slug) { ...twice } cases(first: $n) { totalCount } } fragment twice on Case { ...once ...once } fragment once on Case { title @skip(if: $show) year }`,
	} {
		for i, variables := range []map[string]any{
			{"n": 1, "slug": "odd", "show": true}, {"n": 2, "slug": "odd", "show": false}, {"n": 3, "slug": "case-0-0", "show": true}, {"n": 1, "slug": "odd", "show": true},
		} {
			before := count.answered.Load()
			want, got := resolvers.ask(t, query, variables), fast.ask(t, query, variables)
			if diff := cmp.Diff(want, got); diff != "" || count.answered.Load() == before {
				t.Errorf("%s\nfor the %dth time, %v: answered %d times at once (-resolvers +one statement):\n%s",
					query, i+1, variables, count.answered.Load()-before, diff)
			}
		}
	}
}

// TestWhatCannotBeRunIsRefusedAsByTheResolvers asks what no operation can be
// read from.
func TestWhatCannotBeRunIsRefusedAsByTheResolvers(t *testing.T) {
	s := storetest.Empty(t)
	resolvers, fast := apiOf(s, nil, 0), apiOf(s, nil, 0, &graph.FastPath{Answerer: answer.New(s)})
	for _, query := range []string{`{ nothing }`, `{ cases(first: "x") { totalCount } }`, `{`, `query A { viewer { name } } query B { viewer { name } }`} {
		want, got := resolvers.ask(t, query, nil), fast.ask(t, query, nil)
		if len(want.Errors) == 0 {
			t.Errorf("%s: no error", query)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-resolvers +one statement):\n%s", query, diff)
		}
	}
}

// as has the viewer ask.
func as(v *catalog.Viewer, a *api) *api {
	return &api{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.ServeHTTP(w, r.WithContext(catalog.WithViewer(r.Context(), v)))
	}), a.statements}
}

func committeeID(t *testing.T, s *store.Store, slug string) catalog.ID {
	t.Helper()
	found, err := s.CommitteesBySlug(t.Context(), []string{slug})
	if err != nil || found[slug] == nil {
		t.Fatal(slug, err)
	}
	return found[slug].ID
}

// cursorsOf returns cursors of lists of cases, by order.
func cursorsOf(t *testing.T, a *api) map[string][]string {
	t.Helper()
	cursors := map[string][]string{}
	for _, order := range []string{"STARTED_ON", "TITLE", "UPDATED_AT", "COMPLETENESS", "ADOPTIONS"} {
		for _, direction := range []string{"ASC", "DESC"} {
			by := `{field: ` + order + `, direction: ` + direction + `}`
			var got struct {
				Cases struct{ Edges []struct{ Cursor string } }
			}
			a.get(t, `{ cases(first: 100, orderBy: `+by+`) { edges { cursor } } }`, nil, &got)
			for _, e := range got.Cases.Edges {
				cursors[by] = append(cursors[by], e.Cursor)
			}
		}
	}
	return cursors
}

// questioner makes up queries.
type questioner struct {
	random  *rand.Rand
	schema  *ast.Schema
	cursors map[string][]string
	ids     []string // of records, for node and nodes; none leaves those out
	aliases int
	met     map[string]bool // the fields, as Type.field, that have been in a query
}

func (q *questioner) query() string {
	roots := slices.DeleteFunc(slices.Clone(shown()["Query"]), func(f string) bool { return len(q.ids) == 0 && strings.HasPrefix(f, "node") })
	var b strings.Builder
	b.WriteString("{")
	for range 1 + q.random.IntN(2) {
		name := roots[q.random.IntN(len(roots))]
		q.meet("Query", name)
		depth := 4
		if name == "proposal" || q.oneIn(12) { // what is entered of a supervision is furthest down
			depth = 6
		}
		q.field(&b, q.schema.Query.Fields.ForName(name), depth)
	}
	b.WriteString(" }")
	return b.String()
}

func (q *questioner) meet(of, field string) {
	if q.met == nil {
		q.met = map[string]bool{}
	}
	q.met[of+"."+field] = true
}

// oneIn reports, once in n times, that something comes that need not.
func (q *questioner) oneIn(n int) bool { return q.random.IntN(n) == 0 }

func (q *questioner) field(b *strings.Builder, f *ast.FieldDefinition, depth int) {
	q.aliases++
	fmt.Fprintf(b, " a%d: %s%s", q.aliases, f.Name, q.arguments(f))
	if q.oneIn(15) {
		b.WriteString([]string{" @include(if: true)", " @skip(if: true)"}[q.random.IntN(2)])
	}
	switch of := q.schema.Types[f.Type.Name()]; {
	case of.IsAbstractType(): // node, nodes
		b.WriteString(" { __typename id")
		for _, kind := range q.schema.GetPossibleTypes(of) {
			if q.oneIn(3) {
				b.WriteString(" ... on " + kind.Name)
				q.selections(b, kind, depth-2)
			}
		}
		b.WriteString(" }")
	case of.IsCompositeType():
		q.selections(b, of, depth-1)
	}
}

func (q *questioner) selections(b *strings.Builder, of *ast.Definition, depth int) {
	b.WriteString(" {")
	if q.oneIn(5) {
		b.WriteString(" __typename")
	}
	named := q.schema.Types[of.Name].Fields
	chosen := 0
	order := q.random.Perm(len(named))
	if q.oneIn(2) { // what has not been met comes first
		slices.SortStableFunc(order, func(a, b int) int { return q.times(of, named[a]) - q.times(of, named[b]) })
	}
	for _, i := range order {
		f := named[i]
		below := q.schema.Types[f.Type.Name()]
		switch {
		case strings.HasPrefix(f.Name, "__") || f.Name == "similar" || !answerable(of, f) && !q.oneIn(60): // there is no index here
			continue
		case f.Name == "proposers":
			b.WriteString(" proposers { __typename ... on Person { name offices } ... on Record { slug } ... on Committee { name region { code } } }")
		case below.IsCompositeType() && (depth <= 0 || chosen > 1 && !q.oneIn(3)), chosen >= 4:
			continue
		default:
			q.field(b, f, depth)
		}
		q.meet(of.Name, f.Name)
		chosen++
	}
	if chosen == 0 {
		b.WriteString(" __typename")
	}
	if of.Name == "Case" && q.oneIn(4) {
		b.WriteString(" ... on Record { slug version } ... @include(if: true) { level } ... on Case { title }")
	}
	b.WriteString(" }")
}

// times is 1 for a field that has been met.
func (q *questioner) times(of *ast.Definition, f *ast.FieldDefinition) int {
	if q.met[of.Name+"."+f.Name] {
		return 1
	}
	return 0
}

// shown are the fields that a statement shows, made once: questions ask for each of
// their fields.
var shown = sync.OnceValue(answer.Fields)

// answerable reports whether one statement is expected to know the field.
func answerable(of *ast.Definition, f *ast.FieldDefinition) bool {
	return slices.Contains(shown()[of.Name], f.Name)
}

func (q *questioner) arguments(f *ast.FieldDefinition) string {
	var args []string
	add := func(name, format string, values ...any) {
		if f.Arguments.ForName(name) != nil {
			args = append(args, name+": "+fmt.Sprintf(format, values...))
		}
	}
	add("slug", "%q", q.slug(f.Name))
	add("code", "%q", []string{"220000", "220100", "220104", "nowhere"}[q.random.IntN(4)])
	if len(q.ids) > 0 {
		some := make([]string, q.random.IntN(6))
		for i := range some {
			some[i] = strconv.Quote(q.ids[q.random.IntN(len(q.ids))])
		}
		add("id", "%q", q.ids[q.random.IntN(len(q.ids))])
		add("ids", "[%s]", strings.Join(some, ", "))
	}
	switch {
	case f.Name == "regions" && q.oneIn(2):
		add("parent", "%q", []string{"220000", "220100", "nowhere", ""}[q.random.IntN(4)])
		add("level", "%s", []string{"CITY", "COUNTY", "PROVINCE"}[q.random.IntN(3)])
	case f.Name == "topics" && q.oneIn(2):
		add("parent", "%q", []string{"one", "two", "nowhere", ""}[q.random.IntN(4)])
	case f.Name == "evaluations" && q.oneIn(2):
		add("year", "%d", 2019+q.random.IntN(6))
	case f.Name == "indicators" && q.oneIn(3):
		add("subject", "%q", "nothing")
	}
	by := `{field: STARTED_ON, direction: DESC}`
	if f.Type.Name() == "CaseConnection" {
		if f.Arguments.ForName("orderBy") != nil && q.oneIn(2) {
			orders := slices.Sorted(maps.Keys(q.cursors))
			by = orders[q.random.IntN(len(orders))]
			add("orderBy", "%s", by)
		}
		if q.oneIn(2) {
			add("filter", "%s", q.caseFilter())
		}
	}
	backward := f.Arguments.ForName("last") != nil && q.oneIn(3)
	if size := 1 + q.random.IntN(7); backward {
		add("last", "%d", size)
	} else {
		add("first", "%d", size)
	}
	if f.Type.Name() == "CaseConnection" && q.oneIn(3) {
		cursor := q.cursors[by][q.random.IntN(len(q.cursors[by]))]
		if q.oneIn(20) {
			cursor = "made-up"
		}
		add(map[bool]string{false: "after", true: "before"}[backward], "%q", cursor)
	}
	if len(args) == 0 {
		return ""
	}
	return "(" + strings.Join(args, ", ") + ")"
}

func (q *questioner) slug(field string) string {
	known := map[string][]string{
		"case": {"odd", "unseen", "case-0-0", "case-11-11"}, "committee": {"committee-01", "changchun"}, "brand": {"brand-1", "hidden-brand"},
		"topic": {"one", "two", "hidden-topic"}, "person": {"someone", "nobody"}, "source": {"text"}, "proposal": {"joint", "nothing"},
	}[field]
	if len(known) == 0 {
		return "nothing"
	}
	return known[q.random.IntN(len(known))]
}

func (q *questioner) caseFilter() string {
	all := []string{
		`regions: ["220000", "220100"]`, `regions: "220000"`, `levels: [PROVINCE, COUNTY]`, `topics: ["one"]`, `yearFrom: 2012`, `yearTo: 2018`, `years: [2011, 2015]`,
		`adopted: true`, `documents: [OUTCOME_USE]`, `missing: [ASK_FITNESS]`, `origins: [DOCUMENTED]`, `brands: ["brand-1"]`, `outcomeStatus: [ADOPTED]`, `status: [DRAFT, PUBLISHED]`,
	}
	var chosen []string
	names := map[string]bool{}
	for range 1 + q.random.IntN(3) {
		f := all[q.random.IntN(len(all))]
		if name, _, _ := strings.Cut(f, ":"); !names[name] {
			names[name] = true
			chosen = append(chosen, f)
		}
	}
	return "{" + strings.Join(chosen, ", ") + "}"
}
