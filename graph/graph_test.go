package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/jackc/pgx/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// statements counts what the database is asked.
type statements struct{ n atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}
func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// api is the schema over a store, without an index.
type api struct {
	http.Handler
	statements *statements
}

// testWait lets slow machines gather a whole list, so that counts of statements
// are the same everywhere.
const testWait = 25 * time.Millisecond

// patientWait is for tests that compare such counts while others keep the machine
// busy.
const patientWait = 150 * time.Millisecond

func newAPI(s *store.Store, count *statements) *api { return apiOf(s, count, testWait) }

func apiOf(s *store.Store, count *statements, wait time.Duration, extensions ...graphql.HandlerExtension) *api {
	server := handler.New(graph.NewSchema(&graph.Resolver{Store: s}))
	server.AddTransport(transport.POST{})
	server.SetErrorPresenter(graph.PresentError)
	server.SetRecoverFunc(graph.Recover)
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	for _, e := range extensions {
		server.Use(e)
	}
	return &api{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(loaders.NewContext(r.Context(), loaders.New(s, wait))))
	}), count}
}

type response struct {
	Data   json.RawMessage
	Errors []failure
}

type failure struct {
	Message    string
	Path       []any
	Extensions map[string]any
}

func (a *api) ask(t *testing.T, query string, variables map[string]any) response {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	var got response
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return got
}

// get asks and decodes the data into v; any error ends the test.
func (a *api) get(t *testing.T, query string, variables map[string]any, v any) {
	t.Helper()
	got := a.ask(t, query, variables)
	if len(got.Errors) > 0 {
		t.Fatalf("%s: %+v", query, got.Errors)
	}
	if err := json.Unmarshal(got.Data, v); err != nil {
		t.Fatal(err)
	}
}

func seeded(t *testing.T) *api {
	t.Helper()
	count := &statements{}
	return newAPI(storetest.Seeded(t, count), count)
}

func TestTheDocumentIsThere(t *testing.T) {
	var got struct{ Cases, Brands, Proposals, Practices, Indicators, Committees struct{ TotalCount int } }
	seeded(t).get(t, `{ cases { totalCount } brands { totalCount } proposals { totalCount } practices { totalCount }
		indicators { totalCount } committees { totalCount } }`, nil, &got)
	for name, c := range map[string][2]int{
		"cases": {got.Cases.TotalCount, 12}, "brands": {got.Brands.TotalCount, 11}, "proposals": {got.Proposals.TotalCount, 4},
		"practices": {got.Practices.TotalCount, 10}, "indicators": {got.Indicators.TotalCount, 12}, "committees": {got.Committees.TotalCount, 70},
	} {
		if c[0] < c[1] {
			t.Errorf("%d %s, want at least %d", c[0], name, c[1])
		}
	}
}

// TestEveryQuoteStandsInItsSource walks through every kind of record that can
// be documented and checks its citations against the source's text.
func TestEveryQuoteStandsInItsSource(t *testing.T) {
	a := seeded(t)
	checked := 0
	for _, list := range []string{"cases", "brands", "proposals", "practices", "indicators", "evaluations", "persons"} {
		var got map[string]struct {
			Nodes []struct {
				Slug, Origin string
				Citations    []struct {
					Quote      string
					Start, End int
					Source     struct{ Text string }
				}
			}
		}
		a.get(t, fmt.Sprintf(`{ %s(first: 100) { nodes { slug origin citations { quote start end source { text } } } } }`, list), nil, &got)
		for _, n := range got[list].Nodes {
			if n.Origin == "DOCUMENTED" && len(n.Citations) == 0 {
				t.Errorf("%s %s has no citation", list, n.Slug)
			}
			for _, c := range n.Citations {
				checked++
				if text := []rune(c.Source.Text); string(text[c.Start:c.End]) != c.Quote {
					t.Errorf("%s %s: %q is not at [%d, %d)", list, n.Slug, c.Quote, c.Start, c.End)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d citations were checked", checked)
	}
}

// fill puts n committees' worth of cases into the store, ten each, with topics,
// a brand and a citation.
func fill(t *testing.T, s *store.Store) {
	t.Helper()
	quote := "桂林路"
	inputs := []catalog.Input{
		&catalog.SourceInput{InputMeta: catalog.InputMeta{Slug: "text"}, Title: "文本", Text: "长春市桂林路商圈的改造"},
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "one"}, Name: "甲"},
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "two"}, Name: "乙", Parent: "one"},
		&catalog.RegionInput{InputMeta: catalog.InputMeta{Slug: "220000"}, Name: "吉林省", Level: catalog.LevelProvince},
	}
	for i := range 12 {
		committee := fmt.Sprintf("committee-%02d", i)
		inputs = append(inputs,
			&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: committee}, Name: committee, Level: catalog.LevelProvince, Region: "220000"},
			&catalog.BrandInput{InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("brand-%d", i)}, Name: "品牌", Committee: committee})
		for j := range 12 {
			year := 2010 + j
			inputs = append(inputs, &catalog.CaseInput{
				InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("case-%d-%d", i, j), Citations: []catalog.CitationInput{{Source: "text", Quote: quote, Fields: []string{"title"}}}},
				Title:     "案例", Committee: committee, Brand: fmt.Sprintf("brand-%d", i), Topics: []string{"one", "two"}, Year: &year,
			})
		}
	}
	put(t, s, inputs)
}

func put(t *testing.T, s *store.Store, inputs []catalog.Input) {
	t.Helper()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
	written, err := w.Put(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range written {
		if r.Err != nil {
			t.Fatalf("%s: %v", r.Slug, r.Err)
		}
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestNestedQueriesTakeAConstantNumberOfStatements(t *testing.T) {
	count := &statements{}
	s := storetest.Empty(t, count)
	fill(t, s)
	a := apiOf(s, count, patientWait)
	query := `query($n: Int!) { committees(first: $n) { totalCount nodes { name region { name } cases(first: $n) { totalCount nodes {
		title topics { name parent { name } } brand { name committee { name } } citations { quote source { title } } steps { code citations { quote } } } } } } }`
	ask := func(n int) (asked int64, cases int) {
		var got struct {
			Committees struct {
				Nodes []struct {
					Cases struct {
						Nodes []struct{ Topics []struct{ Name string } }
					}
				}
			}
		}
		before := count.n.Load()
		a.get(t, query, map[string]any{"n": n}, &got)
		for _, c := range got.Committees.Nodes {
			cases += len(c.Cases.Nodes)
		}
		return count.n.Load() - before, cases
	}
	few, fewCases := ask(1)
	many, manyCases := ask(10)
	if fewCases != 1 || manyCases != 100 {
		t.Fatalf("%d and %d cases, want 1 and 100", fewCases, manyCases)
	}
	if few != many {
		t.Errorf("%d statements for 10 committees with 10 cases each, %d for 1 with 1: want the same", many, few)
	}
	t.Logf("%d statements", many)
}

func TestPagesMeetEndToEnd(t *testing.T) {
	count := &statements{}
	s := storetest.Empty(t, count)
	fill(t, s)
	a := newAPI(s, count)
	type page struct {
		Cases struct {
			Nodes    []struct{ Slug string }
			PageInfo struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       *string
			}
		}
	}
	for _, order := range []string{"STARTED_ON", "TITLE", "UPDATED_AT", "COMPLETENESS", "ADOPTIONS"} {
		for _, direction := range []string{"ASC", "DESC"} {
			var forward, backward []string
			const fields = `{ nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
			query := `query($c: String) { cases(first: 37, after: $c, orderBy: {field: ` + order + `, direction: ` + direction + `}) ` + fields
			for cursor, more := (*string)(nil), true; more; {
				var p page
				a.get(t, query, map[string]any{"c": cursor}, &p)
				for _, n := range p.Cases.Nodes {
					forward = append(forward, n.Slug)
				}
				cursor, more = p.Cases.PageInfo.EndCursor, p.Cases.PageInfo.HasNextPage
			}
			query = `query($c: String) { cases(last: 41, before: $c, orderBy: {field: ` + order + `, direction: ` + direction + `}) ` + fields
			for cursor, more := (*string)(nil), true; more; {
				var p page
				a.get(t, query, map[string]any{"c": cursor}, &p)
				var slugs []string
				for _, n := range p.Cases.Nodes {
					slugs = append(slugs, n.Slug)
				}
				backward = append(slugs, backward...)
				cursor, more = p.Cases.PageInfo.StartCursor, p.Cases.PageInfo.HasPreviousPage
			}
			if len(forward) != 144 || strings.Join(forward, " ") != strings.Join(backward, " ") {
				t.Errorf("%s %s: %d forward, %d backward, want the same 144", order, direction, len(forward), len(backward))
			}
		}
	}
}

func TestEveryRecordIsFoundAgainByItsID(t *testing.T) {
	a := seeded(t)
	for _, list := range []string{"cases", "brands", "proposals", "practices", "committees", "indicators", "evaluations", "persons", "sources"} {
		var got map[string]struct{ Nodes []struct{ ID, Slug string } }
		a.get(t, `{ `+list+`(first: 100) { nodes { id slug } } }`, nil, &got)
		var ids, want []string
		for _, n := range got[list].Nodes {
			ids, want = append(ids, n.ID), append(want, n.Slug)
		}
		var again struct{ Nodes []struct{ Slug string } }
		a.get(t, `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Record { slug } } }`, map[string]any{"ids": ids}, &again)
		for i, n := range again.Nodes {
			if n.Slug != want[i] {
				t.Errorf("%s: node %d is %q, want %q", list, i, n.Slug, want[i])
			}
		}
	}
}

func TestWrongArgumentsGetACodeAndTwoSentences(t *testing.T) {
	a := seeded(t)
	for name, test := range map[string]struct{ query, code string }{
		"too many":         {`{ cases(first: 101) { totalCount } }`, "INVALID"},
		"none":             {`{ cases(first: 0) { nodes { id } } }`, "INVALID"},
		"both directions":  {`{ cases(first: 1, last: 1) { nodes { id } } }`, "INVALID"},
		"made-up cursor":   {`{ cases(after: "x") { nodes { id } } }`, "INVALID"},
		"other's cursor":   {`{ brands(after: "WyJTVEFSVEVEX09OIERFU0MiLCIyMDIxLTAxLTAxIiwiMSJd") { nodes { id } } }`, "INVALID"},
		"unreadable value": {`{ cases(after: "WyJTVEFSVEVEX09OIERFU0MiLCJub3QgYSBkYXRlIiwiMSJd") { nodes { id } } }`, "INVALID"},
		"made-up id":       {`{ cases(filter: {committees: ["x"]}) { nodes { id } } }`, "NOT_FOUND"},
		"NUL in a filter":  {`{ cases(filter: {regions: ["\u0000"]}) { nodes { id } } }`, "INVALID"},
		"NUL in a slug":    {`{ case(slug: "\u0000") { id } }`, "INVALID"},
		"too many ids":     {`{ nodes(ids: [` + strings.Repeat(`"x",`, 101) + `]) { id } }`, "LIMIT"},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.ask(t, test.query, nil)
			if len(got.Errors) == 0 {
				t.Fatalf("no error: %s", got.Data)
			}
			e := got.Errors[0]
			sentences, _ := e.Extensions["message"].(map[string]any)
			if e.Extensions["code"] != test.code || sentences["zh"] == "" || sentences["en"] == "" {
				t.Errorf("code %v, sentences %v; want %s and two", e.Extensions["code"], sentences, test.code)
			}
			if strings.Contains(e.Message, "SQLSTATE") {
				t.Errorf("internals shown: %s", e.Message)
			}
		})
	}
}

func TestDraftsAreInvisible(t *testing.T) {
	count := &statements{}
	s := storetest.Empty(t, count)
	put(t, s, []catalog.Input{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "open"}, Title: "公开", PossiblySameAs: []string{"hidden"}},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "hidden", Status: catalog.StatusDraft}, Title: "草稿"},
	})
	a := newAPI(s, count)
	var got struct {
		Case, Open *struct {
			ID             string
			PossiblySameAs []struct{ ID string }
		}
		Cases struct {
			TotalCount int
			Nodes      []struct{ Slug string }
		}
		Node *struct{ ID string }
	}
	hidden, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	written, err := hidden.Put(t.Context(), []catalog.Input{&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "hidden", Status: catalog.StatusDraft}, Title: "草稿"}})
	if err != nil || written[0].Action != catalog.WriteSame {
		t.Fatalf("%v %+v", err, written)
	}
	if err := hidden.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.get(t, `query($id: ID!) { case(slug: "hidden") { id } open: case(slug: "open") { id possiblySameAs { id } }
		cases(filter: {status: [DRAFT, PUBLISHED]}) { totalCount nodes { slug } } node(id: $id) { id } }`,
		map[string]any{"id": catalog.EncodeID(catalog.KindCase, written[0].ID)}, &got)
	if got.Case != nil || got.Node != nil || got.Cases.TotalCount != 1 || len(got.Cases.Nodes) != 1 || len(got.Open.PossiblySameAs) != 0 {
		t.Errorf("a draft shows: %+v", got)
	}
}
