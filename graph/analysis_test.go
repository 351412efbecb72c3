package graph_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
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
	if _, err := exchange.Import(ctx, sink, catalog.Actor{Name: "test"}, []exchange.File{{Name: "made-up.jsonl", Reader: &file}}, exchange.ImportOptions{}); err != nil {
		return err
	}
	return cutIntoTable(ctx, s, url)
}

func cutIntoTable(ctx context.Context, s *store.Store, url string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, `CREATE TABLE test_words (record_id bigint, kind text, year int, text_no int, position int, word text)`); err != nil {
		return err
	}
	words, err := testWords()
	if err != nil {
		return err
	}
	var rows [][]any
	_, err = s.Snapshot(ctx, func(d *catalog.Document) error {
		texts := []string{d.Title}
		for _, f := range d.Fields {
			texts = append(texts, f.Text)
		}
		for i, text := range texts {
			for j, word := range plainWords(words, text) {
				rows = append(rows, []any{int64(d.ID), string(d.Kind), d.Year, i, j, word})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = c.CopyFrom(ctx, pgx.Identifier{"test_words"}, []string{"record_id", "kind", "year", "text_no", "position", "word"}, pgx.CopyFromRows(rows))
	if err == nil {
		_, err = c.Exec(ctx, `CREATE INDEX ON test_words (word, record_id); ANALYZE;
			CREATE VIEW published AS SELECT id FROM (SELECT id, status FROM cases UNION ALL SELECT id, status FROM brands UNION ALL SELECT id, status FROM proposals
				UNION ALL SELECT id, status FROM practices) r WHERE status = 'PUBLISHED'`)
	}
	return err
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

// analysed gives the API with an index over the made-up cases, and a connection
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
			WITH whole AS (SELECT word, count(DISTINCT record_id)::float8 AS df FROM test_words GROUP BY word)
			SELECT word, count(*)::float8 / sum(count(*)) OVER () * ln(`+everyRecord+` / df), count(DISTINCT record_id), count(*)
			FROM test_words JOIN whole USING (word) WHERE `+where+` GROUP BY word, df`)
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

// The edges are counted by SQL, the formula is the paper's as it stands there.
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
			WITH chosen AS (SELECT word FROM test_words WHERE `+where+` GROUP BY word ORDER BY count(*) DESC, word COLLATE "C" LIMIT 1000),
			pairs AS (SELECT word AS a, lead(word) OVER (PARTITION BY record_id, text_no ORDER BY position) AS b FROM test_words WHERE `+where+`)
			SELECT least(a COLLATE "C", b), greatest(a COLLATE "C", b), count(*) FROM pairs
			WHERE a IN (SELECT word FROM chosen) AND b IN (SELECT word FROM chosen) AND a <> b GROUP BY 1, 2`)
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
	for arguments, where := range selections {
		var got struct{ Cooccurrence []wordPair }
		a.get(t, `{ cooccurrence(`+arguments+`atLeast: 2, first: 1000) { a b count weight normalized } }`, nil, &got)
		want := rowsOf[wordPair](t, c, `
			WITH selected AS MATERIALIZED (SELECT * FROM test_words WHERE `+where+`),
			whole AS (SELECT word, count(DISTINCT record_id)::float8 AS df FROM test_words GROUP BY word),
			m AS (SELECT count(DISTINCT record_id)::float8 AS n FROM selected),
			words AS MATERIALIZED (SELECT word, count(DISTINCT record_id)::float8 AS df FROM selected JOIN whole USING (word) GROUP BY word, whole.df HAVING count(DISTINCT record_id) >= 2
				ORDER BY count(*)::float8 / (SELECT count(*) FROM selected) * ln(`+everyRecord+` / whole.df) DESC, word COLLATE "C" LIMIT 300),
			standing AS MATERIALIZED (SELECT DISTINCT s.record_id, w.word, w.df FROM selected s JOIN words w ON w.word = s.word),
			pairs AS (SELECT a.word AS a, b.word AS b, a.df AS da, b.df AS db, count(*)::float8 AS k FROM standing a JOIN standing b ON b.record_id = a.record_id AND a.word COLLATE "C" < b.word COLLATE "C"
				WHERE strpos(a.word, b.word) = 0 AND strpos(b.word, a.word) = 0 GROUP BY 1, 2, 3, 4 HAVING count(*) >= 2)
			SELECT a, b, k::int, ln(k * m.n / (da * db)) / ln(2::float8), CASE WHEN k = m.n THEN 1 ELSE ln(k * m.n / (da * db)) / -ln(k / m.n) END FROM pairs, m`)
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
	for _, term := range []string{"协商", "养老", "营商环境", "政协委员", "水", "没有哪里写着这个"} {
		for arguments, where := range selections {
			var want int
			err := c.QueryRow(t.Context(), `SELECT coalesce(sum((length(t) - length(replace(t, $1, ''))) / length($1)), 0) FROM `+ownTexts+` WHERE `+where, term).Scan(&want)
			if err != nil {
				t.Fatal(err)
			}
			for _, order := range []string{"POSITION", "LEFT", "RIGHT"} {
				checkLines(t, a, c, fmt.Sprintf(`term: %q, %sorderBy: %s, width: 7`, term, arguments, order), term, want)
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
	after, lines, last := ``, 0, ""
	for range 3 {
		a.get(t, `{ concordance(`+arguments+`, first: 40`+after+`) { totalCount pageInfo { hasNextPage endCursor }
			nodes { node { ... on Case { id } ... on Brand { id } ... on Proposal { id } ... on Practice { id } } field start left match right } } }`, nil, &got)
		if got.Concordance.TotalCount != want {
			t.Fatalf("%s: %d lines, want %d", arguments, got.Concordance.TotalCount, want)
		}
		for _, l := range got.Concordance.Nodes {
			_, id, err := catalog.DecodeID(l.Node.ID)
			if err != nil {
				t.Fatal(err)
			}
			var there bool
			err = c.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM `+ownTexts+` WHERE id = $1 AND field = $2
				AND substr(t, $3 + 1, length($4)) = $4 AND right(left(t, $3), 7) = $5 AND substr(t, $3 + 1 + length($4), 7) = $6)`,
				id, l.Field, l.Start, l.Match, l.Left, l.Right).Scan(&there)
			if err != nil {
				t.Fatal(err)
			}
			if !there || l.Match != term {
				t.Errorf("%s: %+v does not stand there", arguments, l)
			}
			if strings.Contains(arguments, "RIGHT") {
				if l.Right < last {
					t.Errorf("%s: %q comes after %q", arguments, l.Right, last)
				}
				last = l.Right
			}
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
