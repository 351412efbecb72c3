package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// statements keeps what was sent last.
type statements struct{ last pgx.TraceQueryStartData }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.last = data
	return ctx
}

func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// The newest cases of a year, or of a place and a year, must come from an index in
// their order: where they are found among those of all years, a year without any
// takes a look at every case.
func TestListsAreReadInTheirOrder(t *testing.T) {
	url := pgtest.New(t, migrateAndGenerate)
	var sent statements
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 1, Tracer: &sent})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	// There are few cases here; with many, nothing else than an index is worth it.
	if _, err := conn.Exec(t.Context(), `ANALYZE; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off`); err != nil {
		t.Fatal(err)
	}
	byList := func(t *testing.T, f catalog.CaseFilter) {
		if _, err := s.Cases(t.Context(), catalog.Parents{}, f, nil, catalog.PageArgs{}); err != nil {
			t.Fatal(err)
		}
	}
	byAnswer := func(t *testing.T, f catalog.CaseFilter) {
		args, err := json.Marshal(map[string]any{"filter": f})
		if err != nil {
			t.Fatal(err)
		}
		query := []catalog.Selection{{Key: "cases", Field: "cases", Args: args, Below: []catalog.Selection{{Key: "nodes", Field: "nodes", Below: []catalog.Selection{{Key: "slug", Field: "slug"}}}}}}
		if _, err := answer.New(s).Answer(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		ask    func(*testing.T, catalog.CaseFilter)
		filter catalog.CaseFilter
		index  string
	}{
		"a year":             {byList, catalog.CaseFilter{Years: []int{2021}}, "cases_year"},
		"a year, at once":    {byAnswer, catalog.CaseFilter{Years: []int{2021}}, "cases_year"},
		"a place and a year": {byAnswer, catalog.CaseFilter{Regions: []string{"220182"}, Years: []int{2021}}, "cases_region_year"},
		"a committee":        {byList, catalog.CaseFilter{Committees: []string{catalog.EncodeID(catalog.KindCommittee, 1)}}, "cases_committee"},
		"all":                {byAnswer, catalog.CaseFilter{}, "cases_newest"},
	} {
		t.Run(name, func(t *testing.T) {
			test.ask(t, test.filter)
			rows, err := conn.Query(t.Context(), `EXPLAIN `+sent.last.SQL, sent.last.Args...)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			plan := strings.Join(lines, "\n")
			if !strings.Contains(plan, "using "+test.index+" on cases") || strings.Contains(plan, "Sort") {
				t.Errorf("not in the order of %s:\n%s", test.index, plan)
			}
		})
	}
}
