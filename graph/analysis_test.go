package graph_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/store"
)

// analysisCases is how many made-up cases the analyses are checked on beside
// the documented records.
var analysisCases = flag.Int("analysis.cases", 300, "made-up cases to check the analyses on")

// fillForAnalysis makes up cases, and takes the words apart into a table of the
// test's own: one row a content word, in the order of the texts.
func fillForAnalysis(ctx context.Context, url string) error {
	if err := store.Migrate(ctx, url); err != nil {
		return err
	}
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	sink := storetest.Sink{Store: s}
	if _, err := exchange.Seed(ctx, sink); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := synthetic.Write(ctx, &file, synthetic.Options{Cases: *analysisCases, Seed: 11}); err != nil {
		return err
	}
	if _, err := exchange.Import(ctx, sink, catalog.Actor{Name: "test"}, []reading.File{{Name: "made-up.jsonl", Reader: &file}}, exchange.ImportOptions{}); err != nil {
		return err
	}
	return cutIntoTables(ctx, s, url)
}

// cutIntoTables cuts the texts on all processors, puts the words into a table as
// numbers of a dictionary, and has the database count them by what selections are
// made of: kind and year.
func cutIntoTables(ctx context.Context, s *store.Store, url string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, `
		CREATE TABLE test_words (record_id bigint, kind text, year int, text_no int, position int, word int);
		CREATE TABLE test_dictionary (word int, text text COLLATE "C")`)
	if err != nil {
		return err
	}
	rows, dictionary, err := cutAll(ctx, s)
	if err != nil {
		return err
	}
	if _, err := c.CopyFrom(ctx, pgx.Identifier{"test_words"}, []string{"record_id", "kind", "year", "text_no", "position", "word"}, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	if _, err := c.CopyFrom(ctx, pgx.Identifier{"test_dictionary"}, []string{"word", "text"}, pgx.CopyFromRows(dictionary)); err != nil {
		return err
	}
	_, err = c.Exec(ctx, `SET work_mem = '256MB';
		CREATE VIEW published AS SELECT id FROM (SELECT id, status FROM cases UNION ALL SELECT id, status FROM brands UNION ALL SELECT id, status FROM proposals
			UNION ALL SELECT id, status FROM practices) r WHERE status = 'PUBLISHED';
		CREATE TABLE test_standing AS SELECT record_id, kind, year, word, count(*) AS n FROM test_words GROUP BY 1, 2, 3, 4;
		CREATE TABLE test_counts AS SELECT kind, year, word, count(*) AS df, sum(n)::bigint AS tf FROM test_standing GROUP BY 1, 2, 3;
		CREATE TABLE test_follow AS SELECT kind, year, least(a, b) AS a, greatest(a, b) AS b, count(*) AS n FROM (
			SELECT kind, year, word AS a, lead(word) OVER (PARTITION BY record_id, text_no ORDER BY position) AS b FROM test_words) p WHERE a <> b GROUP BY 1, 2, 3, 4;
		CREATE TABLE test_texts AS SELECT * FROM `+ownTexts+` WHERE t IS NOT NULL;
		CREATE INDEX ON test_texts (id, field);
		CREATE INDEX ON test_standing (word);
		ANALYZE`)
	return err
}

// cutAll returns the rows of test_words and those of test_dictionary.
func cutAll(ctx context.Context, s *store.Store) (rows, dictionary [][]any, err error) {
	words, err := testWords()
	if err != nil {
		return nil, nil, err
	}
	type cut struct {
		*catalog.Document
		texts [][]string
	}
	documents, done := make(chan *catalog.Document, 64), make(chan cut, 64)
	var cutters sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		cutters.Go(func() {
			for d := range documents {
				texts := [][]string{plainWords(words, d.Title)}
				for _, f := range d.Fields {
					texts = append(texts, plainWords(words, f.Text))
				}
				done <- cut{d, texts}
			}
		})
	}
	var failed error
	go func() {
		failed = s.Snapshot(ctx, 0, nil, func(d *catalog.Document) error {
			if d.Kind.FoundUnasked() { // what an analysis that names no kinds is of
				documents <- d
			}
			return nil
		})
		close(documents)
		cutters.Wait()
		close(done)
	}()
	numbers := map[string]int32{}
	for d := range done {
		for i, text := range d.texts {
			for j, word := range text {
				n, ok := numbers[word]
				if !ok {
					n = int32(len(numbers))
					numbers[word] = n
					dictionary = append(dictionary, []any{n, word})
				}
				rows = append(rows, []any{int64(d.ID), string(d.Kind), d.Year, i, j, n})
			}
		}
	}
	return rows, dictionary, failed
}

// plainWords are the content words of a text: of the analysis, the longest at
// each place.
func plainWords(w *indexer.Words, text string) (words []string) {
	end := 0
	for _, t := range w.Analyze(text) {
		if t.End <= end {
			continue
		}
		end = t.End
		if n := len([]rune(t.Text)); n > 1 && !t.IsStopWord && strings.ContainsFunc(t.Text, unicode.IsLetter) {
			words = append(words, t.Text)
		}
	}
	return words
}

// analysed returns the API with an index over the made-up cases, and a connection
// of the test's own.
func analysed(t *testing.T) (*api, *pgx.Conn) {
	t.Helper()
	url := pgtest.New(t, fillForAnalysis)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	words, err := testWords()
	if err != nil {
		t.Fatal(err)
	}
	x, err := indexer.Open(t.Context(), t.TempDir(), words, indexer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	if err := x.CatchUp(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) })
	server := handler.New(graph.NewSchema(&graph.Resolver{Store: s, Search: x}))
	server.AddTransport(transport.POST{})
	server.SetErrorPresenter(graph.PresentError)
	server.SetRecoverFunc(graph.Recover)
	return &api{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(loaders.NewContext(r.Context(), loaders.New(s, testWait))))
	}), &statements{}}, c
}

func TestAnalysesAreWhatPlainSQLCounts(t *testing.T) {
	a, c := analysed(t)
	for name, check := range map[string]func(*testing.T, *api, *pgx.Conn){
		"keywords": keywordsAreWhatSQLCounts, "TextRank": textRankIsOfWordsThatFollowEachOther, "cooccurrence": cooccurrenceIsWhatSQLCounts,
		"concordance": concordanceHasEveryPlaceThatSQLFinds, "limits": analysesHaveLimits,
	} {
		t.Run(name, func(t *testing.T) { check(t, a, c) })
	}
}

// selections are filters as the API has them, and as SQL over test_words.
var selections = map[string]string{
	``:                `true`,
	`kinds: [CASE], `: `kind = 'CASE'`,
	`filter: {yearFrom: 2020, yearTo: 2021}, `:       `year BETWEEN 2020 AND 2021`,
	`kinds: [PROPOSAL, PRACTICE, BRAND], `:           `kind <> 'CASE'`,
	`kinds: [CASE], filter: {years: [2022, 2023]}, `: `kind = 'CASE' AND year IN (2022, 2023)`,
}

var nearly = gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a)) })

// everyRecord is how many records there are that a search finds.
const everyRecord = `(SELECT count(*)::float8 FROM published)`

type keyword struct {
	Text               string
	Weight             float64
	Count, Occurrences int
}

func keywordsAreWhatSQLCounts(t *testing.T, a *api, c *pgx.Conn) {
	t.Helper()
	for arguments, where := range selections {
		var got struct{ Keywords []keyword }
		a.get(t, `{ keywords(`+arguments+`first: 500) { text weight count occurrences } }`, nil, &got)
		want := rowsOf[keyword](t, c, `
			WITH whole AS (SELECT word, sum(df)::float8 AS df FROM test_counts GROUP BY word)
			SELECT text, sum(tf)::float8 / (sum(sum(tf)) OVER ())::float8 * ln(`+everyRecord+` / whole.df), sum(c.df)::bigint, sum(tf)::bigint
			FROM test_counts c JOIN whole USING (word) JOIN test_dictionary USING (word) WHERE `+where+` GROUP BY word, text, whole.df`)
		slices.SortFunc(want, func(a, b keyword) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Text, b.Text)) })
		want = want[:min(len(want), 500)]
		if len(want) < 20 {
			t.Errorf("%s: only %d words: too few to test anything", arguments, len(want))
		}
		if diff := gocmp.Diff(byWord(want), byWord(got.Keywords), nearly); diff != "" {
			t.Errorf("%s: -want +got:\n%s", arguments, diff)
		}
		for i := range got.Keywords {
			if i > 0 && got.Keywords[i].Weight > got.Keywords[i-1].Weight {
				t.Errorf("%s: %d is out of order", arguments, i)
			}
		}
	}
}

// byWord tells keywords apart by their text: two of nearly the same weight may
// come in either order where they are summed up in another.
func byWord(list []keyword) map[string]keyword {
	m := map[string]keyword{}
	for _, k := range list {
		m[k.Text] = k
	}
	return m
}

func rowsOf[T any](t *testing.T, c *pgx.Conn, sql string, args ...any) []T {
	t.Helper()
	found, err := c.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(found, pgx.RowToStructByPos[T])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// textRankIsOfWordsThatFollowEachOther: the edges are counted by SQL, the formula is the paper's as it stands there.
func textRankIsOfWordsThatFollowEachOther(t *testing.T, a *api, c *pgx.Conn) {
	t.Helper()
	type edge struct {
		A, B string
		N    int
	}
	for arguments, where := range selections {
		var got struct{ Keywords []keyword }
		a.get(t, `{ keywords(`+arguments+`method: TEXTRANK, first: 500) { text weight count occurrences } }`, nil, &got)
		edges := rowsOf[edge](t, c, `
			WITH chosen AS (SELECT word, text FROM test_counts JOIN test_dictionary USING (word) WHERE `+where+` GROUP BY word, text ORDER BY sum(tf) DESC, text LIMIT 1000)
			SELECT x.text, y.text, sum(n)::bigint FROM test_follow f JOIN chosen x ON x.word = f.a JOIN chosen y ON y.word = f.b WHERE `+where+` GROUP BY 1, 2`)
		w := map[string]map[string]float64{}
		for _, e := range edges {
			for _, d := range [][2]string{{e.A, e.B}, {e.B, e.A}} {
				if w[d[0]] == nil {
					w[d[0]] = map[string]float64{}
				}
				w[d[0]][d[1]] = float64(e.N)
			}
		}
		worth := plainRank(w)
		if len(worth) < 20 || len(got.Keywords) < 20 {
			t.Errorf("%s: only %d words: too few to test anything", arguments, len(worth))
		}
		for _, k := range got.Keywords {
			if want, ok := worth[k.Text]; ok && math.Abs(want-k.Weight) > 2e-3 || !ok && math.Abs(k.Weight-0.15) > 1e-9 {
				t.Errorf("%s: %s weighs %v, want %v", arguments, k.Text, k.Weight, want)
			}
		}
	}
}

func plainRank(w map[string]map[string]float64) map[string]float64 {
	worth, out := map[string]float64{}, map[string]float64{}
	for a, list := range w {
		worth[a] = 1
		for _, n := range list {
			out[a] += n
		}
	}
	for range 60 {
		next := map[string]float64{}
		for i, list := range w {
			sum := 0.0
			for j, n := range list {
				sum += n / out[j] * worth[j]
			}
			next[i] = 0.15 + 0.85*sum
		}
		worth = next
	}
	return worth
}

type wordPair struct {
	A, B       string
	Count      int
	Weight     float64
	Normalized float64
}

func cooccurrenceIsWhatSQLCounts(t *testing.T, a *api, c *pgx.Conn) {
	t.Helper()
	// PostgreSQL takes the words standing in the records for a few rows, and would pair them one by one.
	if _, err := c.Exec(t.Context(), `SET enable_nestloop = off`); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = c.Exec(context.WithoutCancel(t.Context()), `RESET enable_nestloop`) }()
	for arguments, where := range selections {
		var got struct{ Cooccurrence []wordPair }
		a.get(t, `{ cooccurrence(`+arguments+`atLeast: 2, first: 1000) { a b count weight normalized } }`, nil, &got)
		want := rowsOf[wordPair](t, c, `
			WITH whole AS (SELECT word, sum(df)::float8 AS df FROM test_counts GROUP BY word),
			m AS MATERIALIZED (SELECT count(DISTINCT record_id)::float8 AS n FROM test_standing WHERE `+where+`),
			words AS MATERIALIZED (SELECT word, text, sum(c.df)::float8 AS df FROM test_counts c JOIN whole USING (word) JOIN test_dictionary USING (word)
				WHERE `+where+` GROUP BY word, text, whole.df HAVING sum(c.df) >= 2
				ORDER BY sum(tf)::float8 / (SELECT sum(tf) FROM test_counts WHERE `+where+`)::float8 * ln(`+everyRecord+` / whole.df) DESC, text LIMIT 300),
			standing AS MATERIALIZED (SELECT s.record_id, s.word FROM test_standing s JOIN words USING (word) WHERE `+where+`),
			pairs AS MATERIALIZED (SELECT a.word AS a, b.word AS b, count(*)::float8 AS k FROM standing a JOIN standing b ON b.record_id = a.record_id AND a.word < b.word GROUP BY 1, 2 HAVING count(*) >= 2)
			SELECT least(a.text, b.text), greatest(a.text, b.text), k::int, ln(k * m.n / (a.df * b.df)) / ln(2::float8),
				CASE WHEN k = m.n THEN 1 ELSE ln(k * m.n / (a.df * b.df)) / -ln(k / m.n) END
			FROM pairs p JOIN words a ON a.word = p.a JOIN words b ON b.word = p.b, m WHERE strpos(a.text, b.text) = 0 AND strpos(b.text, a.text) = 0`)
		slices.SortFunc(want, func(a, b wordPair) int { return cmp.Compare(b.Weight, a.Weight) })
		if len(want) < 20 || len(got.Cooccurrence) != min(len(want), 1000) {
			t.Fatalf("%s: %d pairs, want %d", arguments, len(got.Cooccurrence), len(want))
		}
		byPair := map[[2]string]wordPair{}
		for _, p := range want {
			byPair[[2]string{p.A, p.B}] = p
		}
		for i, p := range got.Cooccurrence {
			if diff := gocmp.Diff(byPair[[2]string{p.A, p.B}], p, nearly); diff != "" {
				t.Errorf("%s: -want +got:\n%s", arguments, diff)
			}
			if math.Abs(p.Weight-want[i].Weight) > 1e-9 {
				t.Errorf("%s: pair %d weighs %v, want %v", arguments, i, p.Weight, want[i].Weight)
			}
		}
	}
}

// ownTexts are the records' own texts by plain SQL.
const ownTexts = `(
	SELECT id, 'CASE' AS kind, year, 'title' AS field, title AS t FROM cases
	UNION ALL SELECT id, 'CASE', year, 'alternativeTitles', unnest(alternative_titles) FROM cases
	UNION ALL SELECT id, 'CASE', year, f, t FROM cases, LATERAL (VALUES ('summary', summary), ('background', background), ('approach', approach), ('results', results), ('lessons', lessons)) v (f, t)
	UNION ALL SELECT c.id, 'CASE', c.year, 'steps.' || s.code, s.text FROM steps s JOIN cases c ON c.id = s.case_id
	UNION ALL SELECT record_id, record_kind, coalesce((SELECT year FROM cases WHERE id = record_id), (SELECT year FROM proposals WHERE id = record_id)), f, t FROM outcomes,
		LATERAL (VALUES ('outcomes.form', form), ('outcomes.usedBy', used_by), ('outcomes.use', use), ('outcomes.effect', effect)) v (f, t)
	UNION ALL SELECT id, 'BRAND', NULL, 'name', name FROM brands UNION ALL SELECT id, 'BRAND', NULL, 'alternativeTitles', unnest(alternative_names) FROM brands
	UNION ALL SELECT id, 'BRAND', NULL, 'description', description FROM brands
	UNION ALL SELECT id, 'PROPOSAL', year, f, t FROM proposals, LATERAL (VALUES ('title', title), ('summary', summary), ('addressedTo', addressed_to)) v (f, t)
	UNION ALL SELECT id, 'PROPOSAL', year, 'alternativeTitles', unnest(alternative_titles) FROM proposals
	UNION ALL SELECT id, 'PRACTICE', NULL, f, t FROM practices, LATERAL (VALUES ('title', title), ('text', text)) v (f, t)
) own JOIN published USING (id)`

func concordanceHasEveryPlaceThatSQLFinds(t *testing.T, a *api, c *pgx.Conn) {
	t.Helper()
	terms := []string{"协商", "养老", "营商环境", "政协委员", "水", "没有哪里写着这个"}
	for arguments, where := range selections {
		type counted struct {
			Term string
			N    int
		}
		// One pass over the texts for all terms.
		for _, want := range rowsOf[counted](t, c, `SELECT term, coalesce(sum((length(t) - length(replace(t, term, ''))) / length(term)) FILTER (WHERE `+where+`), 0)
			FROM test_texts CROSS JOIN unnest($1::text[]) term GROUP BY 1`, terms) {
			for _, order := range []string{"POSITION", "LEFT", "RIGHT"} {
				checkLines(t, a, c, fmt.Sprintf(`term: %q, %sorderBy: %s, width: 7`, want.Term, arguments, order), want.Term, want.N)
			}
		}
	}
}

// checkLines turns some pages and looks each line up in the tables.
func checkLines(t *testing.T, a *api, c *pgx.Conn, arguments, term string, want int) {
	t.Helper()
	var got struct {
		Concordance struct {
			TotalCount int
			PageInfo   struct {
				HasNextPage bool
				EndCursor   *string
			}
			Nodes []struct {
				Node               struct{ ID string }
				Field              string
				Start              int
				Left, Match, Right string
			}
		}
	}
	if sorted := !strings.Contains(arguments, "POSITION"); sorted && want > 2_000_000 {
		if got := a.ask(t, `{ concordance(`+arguments+`) { totalCount } }`, nil); len(got.Errors) == 0 || got.Errors[0].Extensions["code"] != "LIMIT" {
			t.Errorf("%s: %d lines to be sorted: %+v, want LIMIT", arguments, want, got)
		}
		return
	}
	after, lines, last := ``, 0, ""
	for range 3 {
		a.get(t, `{ concordance(`+arguments+`, first: 40`+after+`) { totalCount pageInfo { hasNextPage endCursor }
			nodes { node { ... on Case { id } ... on Brand { id } ... on Proposal { id } ... on Practice { id } } field start left match right } } }`, nil, &got)
		if got.Concordance.TotalCount != want {
			t.Fatalf("%s: %d lines, want %d", arguments, got.Concordance.TotalCount, want)
		}
		type row struct {
			ID                 int64
			Field              string
			Start              int
			Left, Match, Right string
		}
		page := []row{}
		for _, l := range got.Concordance.Nodes {
			_, id, err := catalog.DecodeID(l.Node.ID)
			if err != nil {
				t.Fatal(err)
			}
			page = append(page, row{int64(id), l.Field, l.Start, l.Left, l.Match, l.Right})
			if l.Match != term {
				t.Errorf("%s: %+v is no line of it", arguments, l)
			}
			if strings.Contains(arguments, "RIGHT") {
				if l.Right < last {
					t.Errorf("%s: %q comes after %q", arguments, l.Right, last)
				}
				last = l.Right
			}
		}
		asked, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range rowsOf[row](t, c, `
			SELECT "ID", "Field", "Start", "Left", "Match", "Right" FROM json_to_recordset($1) l ("ID" bigint, "Field" text, "Start" int, "Left" text, "Match" text, "Right" text)
			WHERE NOT EXISTS (SELECT FROM test_texts WHERE id = "ID" AND field = "Field"
				AND substr(t, "Start" + 1, length("Match")) = "Match" AND right(left(t, "Start"), 7) = "Left" AND substr(t, "Start" + 1 + length("Match"), 7) = "Right")`, string(asked)) {
			t.Errorf("%s: %+v does not stand there", arguments, l)
		}
		lines += len(got.Concordance.Nodes)
		if !got.Concordance.PageInfo.HasNextPage {
			break
		}
		after = fmt.Sprintf(`, after: %q`, *got.Concordance.PageInfo.EndCursor)
	}
	if lines != min(want, 120) {
		t.Errorf("%s: %d lines on three pages, want %d", arguments, lines, min(want, 120))
	}
}

func analysesHaveLimits(t *testing.T, a *api, _ *pgx.Conn) {
	t.Helper()
	for query, code := range map[string]string{
		`keywords(first: 501) { text }`:                                       "INVALID",
		`cooccurrence(first: 0) { a }`:                                        "INVALID",
		`cooccurrence(atLeast: 0) { a }`:                                      "INVALID",
		`concordance(term: "` + strings.Repeat("长", 51) + `") { totalCount }`: "LIMIT",
		`concordance(term: " ") { totalCount }`:                               "INVALID",
		`concordance(term: "水", width: 201) { totalCount }`:                   "INVALID",
		`concordance(term: "水", first: 101) { totalCount }`:                   "INVALID",
		`concordance(term: "水", after: "?") { totalCount }`:                   "INVALID",
	} {
		if got := a.ask(t, `{ `+query+` }`, nil); len(got.Errors) == 0 || got.Errors[0].Extensions["code"] != code {
			t.Errorf("%s: %+v, want %s", query, got, code)
		}
	}
}
