package store_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// counter counts what the database is asked.
type counter struct{ n atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}
func (*counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// analysisCases is how many made-up cases the matrices are checked on beside the
// documented records.
var analysisCases = flag.Int("analysis.cases", 2000, "made-up cases to check the matrices on")

// migrateAndGenerate makes cases beside the documented ones, then hides
// some cases, a topic and brands, and takes regions, years and brands away from
// others, so that whatever can be missing is.
func migrateAndGenerate(ctx context.Context, url string) error {
	if err := generate(ctx, url, *analysisCases); err != nil {
		return err
	}
	return execute(ctx, url, `SET session_replication_role = replica;
		UPDATE cases SET status = (ARRAY['DRAFT', 'IN_REVIEW', 'ARCHIVED'])[1 + id % 3] WHERE id % 17 = 0;
		UPDATE cases SET committee_id = NULL, region_code = CASE WHEN id % 2 = 0 THEN '220000' END WHERE id % 13 = 0;
		UPDATE cases SET year = NULL, brand_id = NULL WHERE id % 11 = 0;
		UPDATE cases SET level = 'UNSTATED', origin = 'CONTRIBUTED' WHERE id % 7 = 0;
		DELETE FROM case_topics WHERE case_id % 19 = 0;
		UPDATE adoptions SET status = 'DRAFT' WHERE id % 23 = 0;
		UPDATE brands SET status = 'ARCHIVED' WHERE id % 5 = 0;
		UPDATE topics SET status = 'ARCHIVED' WHERE id = (SELECT min(topic_id) FROM case_topics);
		UPDATE committees SET status = 'ARCHIVED' WHERE id = (SELECT min(adopter_id) FROM adoptions);
		ANALYZE`)
}

// generate fills an empty database with the documented records and made-up
// cases.
func generate(ctx context.Context, url string, cases int) error {
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
	if err := synthetic.Write(ctx, &file, synthetic.Options{Cases: cases, Seed: 7}); err != nil {
		return err
	}
	report, err := exchange.Import(ctx, sink, catalog.Actor{Name: "test"}, []reading.File{{Name: "made-up.jsonl", Reader: &file}}, exchange.ImportOptions{})
	if c := report.Counts(); err == nil && (c.Refused > 0 || c.New < cases) {
		err = fmt.Errorf("%+v", c)
	}
	return err
}

func execute(ctx context.Context, url, sql string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, sql)
	return err
}

// generated returns a store over the made-up cases, a connection of the test's
// own beside it, and a count of what the store asks.
func generated(t *testing.T) (*store.Store, *pgx.Conn, *counter) {
	t.Helper()
	url, count := pgtest.New(t, migrateAndGenerate), &counter{}
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 4, Tracer: count})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.WithoutCancel(t.Context())) })
	return s, c, count
}

// valuesOf returns the plain SQL for what each published case c has of each
// dimension, as an array of keys.
var valuesOf = map[catalog.Dimension]string{
	catalog.ByRegion: `ARRAY(SELECT code FROM regions WHERE code = c.region_code)`,
	catalog.ByPrefecture: `ARRAY(SELECT code FROM regions WHERE code = c.region_code AND level = 'PREFECTURE'
		UNION SELECT p.code FROM regions p JOIN regions r ON r.parent_code = p.code WHERE r.code = c.region_code AND p.level = 'PREFECTURE')`,
	catalog.ByLevel:         `ARRAY[c.level]`,
	catalog.ByTopic:         `ARRAY(SELECT slug FROM topics WHERE status = 'PUBLISHED' AND id IN (SELECT topic_id FROM case_topics WHERE case_id = c.id))`,
	catalog.ByBrand:         `ARRAY(SELECT slug FROM brands WHERE status = 'PUBLISHED' AND id = c.brand_id)`,
	catalog.ByYear:          `CASE WHEN c.year IS NULL THEN ARRAY[]::text[] ELSE ARRAY[c.year::text] END`,
	catalog.ByStatus:        `ARRAY[c.status]`,
	catalog.ByOrigin:        `ARRAY[c.origin]`,
	catalog.ByStep:          `ARRAY(SELECT code FROM steps WHERE case_id = c.id)`,
	catalog.ByOutcomeStatus: `ARRAY(SELECT status FROM outcomes WHERE record_id = c.id)`,
}

// plainCells counts the cases of every pair of keys with plain SQL; "" stands
// for no value.
func plainCells(t *testing.T, c *pgx.Conn, rows, columns catalog.Dimension, where string) map[[2]string]int {
	t.Helper()
	orNone := func(d catalog.Dimension) string {
		return `(SELECT coalesce(nullif(` + valuesOf[d] + `, '{}'), ARRAY['']))`
	}
	found, err := c.Query(t.Context(), `SELECT a, b, count(DISTINCT c.id) FROM cases c
		CROSS JOIN LATERAL unnest(`+orNone(rows)+`) a CROSS JOIN LATERAL unnest(`+orNone(columns)+`) b
		WHERE c.status = 'PUBLISHED' AND `+where+` GROUP BY a, b`)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[[2]string]int{}
	var (
		key [2]string
		n   int
	)
	if _, err := pgx.ForEachRow(found, []any{&key[0], &key[1], &n}, func() error { cells[key] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return cells
}

// plainMargin counts the cases of every key with plain SQL.
func plainMargin(t *testing.T, c *pgx.Conn, d catalog.Dimension, where string) map[string]int {
	t.Helper()
	margin := map[string]int{}
	for key, n := range plainCells(t, c, d, catalog.ByStatus, where) { // every case has one status
		margin[key[0]] = n
	}
	return margin
}

func plainTotal(t *testing.T, c *pgx.Conn, where string) (n int) {
	t.Helper()
	if err := c.QueryRow(t.Context(), `SELECT count(*) FROM cases c WHERE c.status = 'PUBLISHED' AND `+where).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func cellsOf(m *catalog.CaseMatrix) map[[2]string]int {
	cells := map[[2]string]int{}
	for i, r := range m.Rows {
		for j, c := range m.Columns {
			if m.Counts[i][j] != 0 {
				cells[[2]string{r.Key, c.Key}] = m.Counts[i][j]
			}
		}
	}
	return cells
}

func marginOf(values []catalog.MatrixValue) map[string]int {
	margin := map[string]int{}
	for _, v := range values {
		margin[v.Key] = v.Count
	}
	return margin
}

func TestEveryMatrixIsWhatPlainSQLCounts(t *testing.T) {
	s, plain, asked := generated(t)
	for _, rows := range catalog.Dimensions {
		margin := plainMargin(t, plain, rows, `true`)
		if len(margin) < 2 && rows != catalog.ByStatus { // readers see one status only
			t.Errorf("%s has %d values: too few to test anything", rows, len(margin))
		}
		for _, columns := range catalog.Dimensions {
			before := asked.n.Load()
			m, err := s.CaseMatrix(t.Context(), rows, &columns, catalog.CaseFilter{})
			if err != nil {
				t.Fatalf("%s by %s: %v", rows, columns, err)
			}
			if n := asked.n.Load() - before; n != 1 {
				t.Errorf("%s by %s took %d statements, want 1", rows, columns, n)
			}
			if diff := cmp.Diff(plainCells(t, plain, rows, columns, `true`), cellsOf(m)); diff != "" {
				t.Errorf("%s by %s, -want +got:\n%s", rows, columns, diff)
			}
			if diff := cmp.Diff(margin, marginOf(m.Rows)); diff != "" {
				t.Errorf("rows of %s by %s, -want +got:\n%s", rows, columns, diff)
			}
			if want := plainTotal(t, plain, `true`); m.Total != want {
				t.Errorf("%s by %s: %d in all, want %d", rows, columns, m.Total, want)
			}
		}
		m, err := s.CaseMatrix(t.Context(), rows, nil, catalog.CaseFilter{})
		if err != nil {
			t.Fatal(err)
		}
		one := map[string]int{}
		for i, r := range m.Rows {
			one[r.Key] = m.Counts[i][0]
		}
		if diff := cmp.Diff(margin, one); diff != "" || len(m.Columns) != 1 || m.Columns[0].Count != m.Total {
			t.Errorf("%s alone: columns %+v, -want +got:\n%s", rows, m.Columns, diff)
		}
	}
}

func TestAMatrixCountsTheCasesOfItsFilter(t *testing.T) {
	s, plain, _ := generated(t)
	from, to, adopted := 2019, 2023, true // adoption counts are of before adoptions were hidden, past the trigger that keeps them
	for name, test := range map[string]struct {
		filter catalog.CaseFilter
		where  string
	}{
		"years":           {catalog.CaseFilter{YearFrom: &from, YearTo: &to}, `c.year BETWEEN 2019 AND 2023`},
		"a prefecture":    {catalog.CaseFilter{Regions: []string{"222400"}}, `c.region_code IN (SELECT code FROM regions WHERE '222400' IN (code, parent_code))`},
		"adopted ones":    {catalog.CaseFilter{Adopted: &adopted}, `c.id IN (SELECT case_id FROM adoptions WHERE status = 'PUBLISHED' OR id % 23 = 0)`},
		"several at once": {catalog.CaseFilter{Levels: []catalog.Level{catalog.LevelCounty}, Origins: []catalog.Origin{catalog.OriginSynthetic}, Documents: []catalog.StepCode{catalog.StepAskFitness}}, `c.level = 'COUNTY' AND c.origin = 'SYNTHETIC' AND c.id IN (SELECT case_id FROM steps WHERE code = 'ASK_FITNESS')`},
		"none":            {catalog.CaseFilter{Years: []int{1950}}, `c.year = 1950`},
		"drafts":          {catalog.CaseFilter{Status: []catalog.Status{catalog.StatusDraft}}, `false`},
	} {
		t.Run(name, func(t *testing.T) {
			columns := catalog.ByTopic
			m, err := s.CaseMatrix(t.Context(), catalog.ByStep, &columns, test.filter)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plainCells(t, plain, catalog.ByStep, columns, test.where), cellsOf(m)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if want := plainTotal(t, plain, test.where); m.Total != want {
				t.Errorf("%d in all, want %d", m.Total, want)
			}
		})
	}
}

func TestValuesComeInTheDimensionsOrderWithTheirNames(t *testing.T) {
	s, _, _ := generated(t)
	for d, want := range map[catalog.Dimension][]string{
		catalog.ByLevel: {"省", "市（州）", "县（市、区）", "未记载"},
		catalog.ByStep: {
			"一问 是不是党委政府中心工作、民生和社会关注的焦点热点", "二问 适不适合政协来做、是否力所能及", "一要 评估参加协商人员的协商能力", "二要 明确调研方案",
			"三要 “五方”互动程序", "一明确 成果表达形式", "二明确 成果运用方式和运用主体", "三明确 成果的有效性", "未记载",
		},
		catalog.ByOutcomeStatus: {"已报送", "获批示", "被采纳", "已转化落实", "未采纳", "未记载"},
		catalog.ByStatus:        {"已发布"},
		catalog.ByOrigin:        {"有出处", "委员会提供", "合成数据"},
	} {
		m, err := s.CaseMatrix(t.Context(), d, nil, catalog.CaseFilter{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range m.Rows {
			got = append(got, r.Label)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, -want +got:\n%s", d, diff)
		}
	}
	for _, d := range catalog.Dimensions {
		m, err := s.CaseMatrix(t.Context(), d, nil, catalog.CaseFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range m.Rows {
			if r.Label == "" || (r.Key == "") && i != len(m.Rows)-1 {
				t.Errorf("%s: %+v stands at %d of %d", d, r, i, len(m.Rows))
			}
			sorted := d == catalog.ByYear || d == catalog.ByRegion || d == catalog.ByPrefecture
			if sorted && i > 0 && r.Key != "" && r.Key <= m.Rows[i-1].Key {
				t.Errorf("%s: %s comes after %s", d, r.Key, m.Rows[i-1].Key)
			}
		}
	}
}

func TestAMatrixThatIsTooLargeIsRefused(t *testing.T) {
	s := storetest.Empty(t)
	var inputs []catalog.Input
	for i := range 450 { // 450 squared is more than 200,000
		brand, topic := fmt.Sprintf("brand-%d", i), fmt.Sprintf("topic-%d", i)
		inputs = append(inputs,
			&catalog.BrandInput{InputMeta: meta(brand), Name: brand}, &catalog.TopicInput{InputMeta: meta(topic), Name: topic},
			&catalog.CaseInput{InputMeta: meta(fmt.Sprintf("case-%d", i)), Title: "案例", Brand: brand, Topics: []string{topic}})
	}
	put(t, s, inputs...)
	columns := catalog.ByTopic
	if _, err := s.CaseMatrix(t.Context(), catalog.ByBrand, &columns, catalog.CaseFilter{}); catalog.ErrorKindOf(err) != catalog.KindLimit {
		t.Errorf("got %v, want LIMIT", err)
	}
	m, err := s.CaseMatrix(t.Context(), catalog.ByBrand, &columns, catalog.CaseFilter{Brands: []string{"brand-1", "brand-2"}})
	if err != nil || len(m.Rows) != 2 || len(m.Columns) != 2 {
		t.Errorf("narrowed: %+v, %v", m, err)
	}
	if _, err := s.CaseMatrix(t.Context(), "NONE", nil, catalog.CaseFilter{}); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("unknown dimension: got %v, want INVALID", err)
	}
}

func TestTheAdoptionGraphIsWhatPlainSQLCounts(t *testing.T) {
	s, plain, asked := generated(t)
	before := asked.n.Load()
	g, err := s.AdoptionGraph(t.Context(), catalog.CaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if n := asked.n.Load() - before; n != 1 {
		t.Errorf("%d statements, want 1", n)
	}
	const visible = `a.status = 'PUBLISHED' AND c.status = 'PUBLISHED' AND a.case_id = c.id`
	const known = visible + ` AND c.committee_id IN (SELECT id FROM committees WHERE status = 'PUBLISHED') AND a.adopter_id IN (SELECT id FROM committees WHERE status = 'PUBLISHED')`
	type pair [2]catalog.ID
	edges := plainMap[pair](t, plain, `SELECT c.committee_id, a.adopter_id, count(*) FROM adoptions a, cases c WHERE `+known+` GROUP BY 1, 2`,
		func(k *pair) []any { return []any{&k[0], &k[1]} })
	got, last := map[pair]int{}, 1<<30
	for _, e := range g.Edges {
		got[pair{e.FromID, e.ToID}] = e.Count
		if e.Count > last {
			t.Errorf("%+v comes after one of %d", e, last)
		}
		last = e.Count
	}
	if diff := cmp.Diff(edges, got); diff != "" || len(edges) < 100 {
		t.Errorf("%d edges, -want +got:\n%s", len(edges), diff)
	}
	one := func(k *catalog.ID) []any { return []any{k} }
	want := map[string]map[catalog.ID]int{
		"in":    plainMap(t, plain, `SELECT a.adopter_id, count(DISTINCT c.committee_id) FROM adoptions a, cases c WHERE `+known+` GROUP BY 1`, one),
		"out":   plainMap(t, plain, `SELECT c.committee_id, count(DISTINCT a.adopter_id) FROM adoptions a, cases c WHERE `+known+` GROUP BY 1`, one),
		"taken": plainMap(t, plain, `SELECT a.adopter_id, count(*) FROM adoptions a, cases c WHERE `+known+` GROUP BY 1`, one),
		"given": plainMap(t, plain, `SELECT c.committee_id, count(*) FROM adoptions a, cases c WHERE `+known+` GROUP BY 1`, one),
	}
	nodes := map[string]map[catalog.ID]int{"in": {}, "out": {}, "taken": {}, "given": {}}
	for _, n := range g.Nodes {
		for name, v := range map[string]int{"in": n.InDegree, "out": n.OutDegree, "taken": n.Taken, "given": n.Given} {
			if v != 0 {
				nodes[name][n.CommitteeID] = v
			}
		}
	}
	if diff := cmp.Diff(want, nodes); diff != "" {
		t.Errorf("nodes, -want +got:\n%s", diff)
	}
	total := plainMap(t, plain, `SELECT 0, count(*) FROM adoptions a, cases c WHERE `+known, one)[0]
	all := plainMap(t, plain, `SELECT 0, count(*) FROM adoptions a, cases c WHERE `+visible, one)[0]
	if g.Total != total || g.Unattributed != all-total || g.Unattributed == 0 {
		t.Errorf("%d adoptions and %d left out, want %d and %d", g.Total, g.Unattributed, total, all-total)
	}

	from := 2022
	if g, err = s.AdoptionGraph(t.Context(), catalog.CaseFilter{YearFrom: &from, Levels: []catalog.Level{catalog.LevelCounty}}); err != nil {
		t.Fatal(err)
	}
	narrowed := plainMap(t, plain, `SELECT 0, count(*) FROM adoptions a, cases c WHERE `+known+` AND c.year >= 2022 AND c.level = 'COUNTY'`, one)[0]
	if g.Total != narrowed || narrowed == 0 || narrowed == total {
		t.Errorf("narrowed to %d adoptions, want %d of %d", g.Total, narrowed, total)
	}
}

// plainMap reads keys and counts with plain SQL.
func plainMap[K comparable](t *testing.T, c *pgx.Conn, sql string, targets func(*K) []any) map[K]int {
	t.Helper()
	found, err := c.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	var (
		key K
		n   int
	)
	counts := map[K]int{}
	if _, err := pgx.ForEachRow(found, append(targets(&key), &n), func() error { counts[key] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return counts
}

// BenchmarkAnalysis measures over 10,000 made-up cases: every pair of
// dimensions that has a value of its own for most cases, and the graph.
func BenchmarkAnalysis(b *testing.B) {
	url := pgtest.New(b, func(ctx context.Context, url string) error {
		if err := generate(ctx, url, 10_000); err != nil {
			return err
		}
		return execute(ctx, url, `VACUUM ANALYZE`) // as autovacuum does within a minute of an import
	})
	s, err := store.Open(b.Context(), url, store.Options{MaxConns: 4})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	for _, pair := range [][2]catalog.Dimension{
		{catalog.ByYear, catalog.ByLevel},
		{catalog.ByRegion, catalog.ByTopic},
		{catalog.ByStep, catalog.ByTopic},
		{catalog.ByStep, catalog.ByOutcomeStatus},
		{catalog.ByStep, catalog.ByStep},
		{catalog.ByBrand, catalog.ByTopic},
		{catalog.ByBrand, catalog.ByBrand},
	} {
		b.Run(string(pair[0]+"_"+pair[1]), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.CaseMatrix(b.Context(), pair[0], &pair[1], catalog.CaseFilter{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("adoptions", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.AdoptionGraph(b.Context(), catalog.CaseFilter{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
