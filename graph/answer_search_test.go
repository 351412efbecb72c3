package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

func (c *counted) AnswerRecords(ctx context.Context, ids map[catalog.RecordKind][]catalog.ID, selected map[catalog.RecordKind][]catalog.Selection) (map[catalog.ID]json.RawMessage, error) {
	data, err := c.Answerer.AnswerRecords(ctx, ids, selected)
	if err == nil {
		c.records.Add(1)
	}
	return data, err
}

// searched is the documented records, with the odd ones, in an index.
func searched(t *testing.T) *office {
	t.Helper()
	o := &office{store: storetest.Seeded(t), statements: &statements{}}
	odd(t, o.store)
	words, err := testWords()
	if err != nil {
		t.Fatal(err)
	}
	if o.index, err = indexer.Open(t.Context(), t.TempDir(), words, indexer.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.index.Close(); err != nil {
			t.Error(err)
		}
	})
	o.follow(t)
	return o
}

// TestSearchesAreAnsweredPastTheResolversAsTheResolversDo makes up searches and asks each
// both ways.
func TestSearchesAreAnsweredPastTheResolversAsTheResolversDo(t *testing.T) {
	o := searched(t)
	count := &counted{Answerer: answer.New(o.store)}
	resolver := &graph.Resolver{Store: o.store, Search: o.index}
	resolvers, fast := o.as(nil), o.as(nil, graph.Extensions(resolver, count, nil, nil)...)
	queries, seed := lengthAndSeed(t, 200, 20261127)
	q := &searcher{questioner{random: rand.New(rand.NewPCG(seed, 1)), schema: graph.NewSchema(resolver).Schema(), cursors: cursorsOf(t, resolvers)}}
	compare := func(query string) {
		t.Helper()
		want, got := resolvers.ask(t, query, nil), fast.ask(t, query, nil)
		inOrder(want)
		inOrder(got)
		if diff := cmp.Diff(want.Errors, got.Errors); diff != "" {
			t.Fatalf("%s\nerrors (-resolvers +at once):\n%s", query, diff)
		}
		if string(want.Data) != string(got.Data) {
			t.Fatalf("%s\n%s", query, cmp.Diff(string(want.Data), string(got.Data)))
		}
	}
	for range queries {
		compare(q.query())
	}
	if n := count.records.Load(); n < int64(queries)*6/10 {
		t.Errorf("the store gave the records of %d of %d queries; want most", n, queries)
	}
	for _, wrong := range []string{
		`{ search(query: "课后", first: 0) { totalCount } }`, `{ search(query: "课后", first: 101) { totalCount } }`,
		`{ search(query: "课后", after: "made-up") { totalCount } }`, `{ search(query: "` + strings.Repeat("长", 2001) + `") { totalCount } }`,
		`{ learn(problem: "课后", scope: SAME_LEVEL) { score } }`, `{ learn(problem: "课后", committee: "made-up") { score } }`,
		`{ suggest(prefix: "课", first: 0) { text } }`,
	} {
		if got := fast.ask(t, wrong, nil); len(got.Errors) == 0 {
			t.Errorf("%.60s: no error", wrong)
		}
		compare(wrong)
	}
}

// TestAPageOfResultsIsOneStatement counts what the database is asked for all
// that a page of results shows.
func TestAPageOfResultsIsOneStatement(t *testing.T) {
	o := newOffice(t)
	o.hide(t, catalog.StatusPublished)
	o.follow(t)
	fast := o.as(nil, graph.Extensions(&graph.Resolver{Store: o.store, Search: o.index}, answer.New(o.store), nil, nil)...)
	const page = `{ search(query: "秘密") { totalCount terms correction pageInfo { hasNextPage endCursor }
		facets { kinds { key label count } levels { key count } regions { label } topics { label } brands { label } }
		edges { score highlights { field fragment ranges { start end } }
			node { __typename ... on Case { slug title committee { name } region { name } topics { name } } ... on Brand { slug name } ... on Practice { title } } } } }`
	var got struct{ Search struct{ TotalCount int } }
	fast.get(t, page, nil, &got) // the facets' names are looked up once
	before := o.statements.n.Load()
	fast.get(t, page, nil, &got)
	if n := o.statements.n.Load() - before; got.Search.TotalCount == 0 || n != 1 {
		t.Errorf("%d hits by %d statements, want some by 1", got.Search.TotalCount, n)
	}
}

// countedIndex counts what an index is asked.
type countedIndex struct {
	graph.Searcher
	asked int
}

func (c *countedIndex) Search(ctx context.Context, q catalog.SearchQuery) (*catalog.SearchPage, error) {
	c.asked++
	return c.Searcher.Search(ctx, q)
}

func (c *countedIndex) Suggest(ctx context.Context, prefix string, kinds []catalog.RecordKind, first int) ([]catalog.Suggestion, error) {
	c.asked++
	return c.Searcher.Suggest(ctx, prefix, kinds, first)
}

func (c *countedIndex) Peers(ctx context.Context, q catalog.PeerQuery) ([]catalog.PeerHit, error) {
	c.asked++
	return c.Searcher.Peers(ctx, q)
}

// TestTheIndexIsAskedOnceWhateverAnswers asks for fields that the resolvers must
// answer, beside some that they need not.
func TestTheIndexIsAskedOnceWhateverAnswers(t *testing.T) {
	o := searched(t)
	index := &countedIndex{Searcher: o.index}
	resolver := &graph.Resolver{Store: o.store, Search: index}
	ways := map[graph.Way]int{}
	var log safeBuffer
	fast := o.searching(resolver, graph.Extensions(resolver, answer.New(o.store), func(w graph.Way) { ways[w]++ }, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))...)
	slow := o.searching(&graph.Resolver{Store: o.store, Search: o.index})
	for _, test := range []struct {
		query string
		asked int
		way   graph.Way
		field string // that the resolvers were needed for
	}{
		{`{ cases { totalCount } }`, 0, graph.ByStatement, ""},
		{`{ search(query: "课后") { totalCount edges { node { ... on Case { slug } } } } }`, 1, graph.ByIndex, ""},
		{`{ search(query: "课后") { totalCount edges { score node { ... on Case { slug cite } } } } }`, 1, graph.ByResolvers, "Case.cite"},
		{`{ learn(problem: "课后") { score case { slug cite } } }`, 1, graph.ByResolvers, "Case.cite"},
		{`{ a: search(query: "课后") { totalCount } b: search(query: "营商") { totalCount } suggest(prefix: "课") { text } viewer { name } }`, 3, graph.ByResolvers, "Query.viewer"},
		{`{ viewer { name } }`, 0, graph.ByResolvers, "Query.viewer"},
	} {
		index.asked = 0
		log.Reset()
		clear(ways)
		want, got := slow.ask(t, test.query, nil), fast.ask(t, test.query, nil)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-resolvers alone +with the fast path):\n%s", test.query, diff)
		}
		if index.asked != test.asked {
			t.Errorf("%s: the index was asked %d times, want %d", test.query, index.asked, test.asked)
		}
		if diff := cmp.Diff(map[graph.Way]int{test.way: 1}, ways); diff != "" {
			t.Errorf("%s: ways (-want +got):\n%s", test.query, diff)
		}
		if said := log.String(); (said != "") != (test.field != "") || !strings.Contains(said, test.field) {
			t.Errorf("%s: the log has %q, want %q", test.query, said, test.field)
		}
	}
}

// searcher makes up searches.
type searcher struct{ questioner }

func (q *searcher) query() string {
	var b strings.Builder
	b.WriteString("{")
	for i := range 1 + q.random.IntN(2) {
		name := []string{"search", "search", "search", "learn", "suggest"}[q.random.IntN(5)]
		fmt.Fprintf(&b, " s%d: %s(%s)", i, name, q.argumentsOf(name))
		q.below(&b, q.schema.Query.Fields.ForName(name).Type.Name())
	}
	if q.oneIn(3) {
		b.WriteString(" __typename")
		q.field(&b, q.schema.Query.Fields.ForName("cases"), 2)
	}
	b.WriteString(" }")
	return b.String()
}

func (q *searcher) argumentsOf(field string) string {
	texts := []string{"课后", "小学生下午三点半没人管怎么办", "营商环境", "nothing at all", "夜经季", "", "提案", "桂林路", `\"银企对接\"`, "title:课后", "吉林省", "odd", "甲", "-课后", "議事", "刘君信", "公主岭", "三会一课"}
	text := texts[q.random.IntN(len(texts))]
	switch field {
	case "learn":
		return fmt.Sprintf(`problem: "%s", first: %d`, text, 1+q.random.IntN(8))
	case "suggest":
		return fmt.Sprintf(`prefix: "%s"`, []string{"g", "guilin", "gll", "桂林l", "课", "c", ""}[q.random.IntN(7)])
	}
	args := fmt.Sprintf(`query: "%s", first: %d`, text, 1+q.random.IntN(30))
	if q.oneIn(3) {
		args += `, orderBy: ` + []string{"NEWEST", "OLDEST", "RELEVANCE"}[q.random.IntN(3)]
	}
	if q.oneIn(3) {
		args += `, filter: ` + []string{`{regions: ["220100"]}`, `{levels: [COUNTY], yearFrom: 2010}`, `{topics: ["one"], origins: [DOCUMENTED, CONTRIBUTED]}`, `{years: [2011, 2012]}`}[q.random.IntN(4)]
	}
	if q.oneIn(4) {
		args += `, kinds: ` + []string{`[CASE]`, `[BRAND, PRACTICE]`, `PROPOSAL`, `[` + allKinds + `]`, `[SOURCE, COMMITTEE]`}[q.random.IntN(5)]
	}
	return args
}

// below selects of a type's fields, and of a record's as questioner does.
func (q *searcher) below(b *strings.Builder, of string) {
	fields := q.schema.Types[of].Fields
	b.WriteString(" {")
	chosen := 0
	for _, i := range q.random.Perm(len(fields)) {
		f := fields[i]
		if strings.HasPrefix(f.Name, "__") || chosen > 0 && q.oneIn(3) {
			continue
		}
		chosen++
		q.aliases++
		fmt.Fprintf(b, " b%d: %s", q.aliases, f.Name)
		switch below := q.schema.Types[f.Type.Name()]; {
		case below.Name == "SearchResult":
			q.record(b)
		case below.Name == "Case":
			q.selections(b, below, 2)
		case below.IsCompositeType():
			q.below(b, below.Name)
		}
	}
	if q.oneIn(4) {
		b.WriteString(" __typename")
	}
	b.WriteString(" }")
}

// record selects of a hit, by its type.
func (q *searcher) record(b *strings.Builder) {
	b.WriteString(" { __typename")
	for _, kind := range []string{"Case", "Brand", "Proposal", "Committee", "Region", "Source", "Person"} {
		if !q.oneIn(3) {
			b.WriteString(" ... on " + kind)
			q.selections(b, q.schema.Types[kind], 2)
		}
	}
	b.WriteString(" ... on Practice { title ordinal cases { slug } }")
	if q.oneIn(3) {
		b.WriteString(" ... on Record { slug origin }")
	}
	b.WriteString(" }")
}

// coreOnly is a source of documents without those that are found only where their kind is
// asked for.
type coreOnly struct{ *store.Store }

func (c coreOnly) Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	return c.Store.Snapshot(ctx, after, begin, func(d *catalog.Document) error {
		if !d.Kind.FoundUnasked() {
			return nil
		}
		return yield(d)
	})
}

// searchingOnly returns the API over an index of the office's cases, brands, proposals
// and practices, with nothing else in it.
func (o *office) searchingOnly(t *testing.T) *api {
	t.Helper()
	words, err := testWords()
	if err != nil {
		t.Fatal(err)
	}
	index, err := indexer.Open(t.Context(), t.TempDir(), words, indexer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := index.CatchUp(t.Context(), coreOnly{o.store}); err != nil {
		t.Fatal(err)
	}
	return o.searching(&graph.Resolver{Store: o.store, Search: index})
}
