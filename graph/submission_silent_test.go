package graph_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// overheard is a tracer that keeps the statements that have a word, with their arguments.
type overheard struct {
	mu   sync.Mutex
	word string
	all  []pgx.TraceQueryStartData
}

func (o *overheard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	o.mu.Lock()
	defer o.mu.Unlock()
	if strings.Contains(q.SQL, o.word) {
		o.all = append(o.all, q)
	}
	return ctx
}

func (*overheard) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Who sees no scores of others has none read: how long a list takes says nothing of how
// much was scored. The table is of who has them read, by the state of the call and whom
// it shows scores to.
func TestScoresAreReadOnlyForWhoSeesThem(t *testing.T) {
	for _, readers := range []catalog.ScoreReaders{catalog.ScoresForCaller, catalog.ScoresForSubmitter, catalog.ScoresForEverybody} {
		p := newCampaign(t, map[string]any{"blind": true, "scoresVisibleTo": string(readers)})
		p.judged(t)
		heard := &overheard{word: "call_scores"}
		s, err := store.Open(t.Context(), p.url, store.Options{MaxConns: 2, Tracer: heard})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		beside, err := pgx.Connect(t.Context(), p.url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = beside.Close(context.WithoutCancel(t.Context())) })
		viewers := map[string]*catalog.Viewer{
			"caller": p.viewer(catalog.RoleReviewer, "prefecture"), "admin": {Name: "all", Role: catalog.RoleAdmin}, "caller's editor": p.viewer(catalog.RoleEditor, "prefecture"),
			"submitter": p.viewer(catalog.RoleReviewer, "own"), "its editor": p.viewer(catalog.RoleEditor, "own"), "not asked": p.viewer(catalog.RoleReviewer, "away"),
			"judge": {Name: "judge", Role: catalog.RoleReader}, "reader": {Name: "reader", Role: catalog.RoleReader}, "nobody": nil,
		}
		look := func(when string, see map[string]bool) {
			t.Helper()
			for name, v := range viewers {
				heard.all = nil
				readAll(t, catalog.WithViewer(t.Context(), v), s, p)
				read := false
				for _, q := range heard.all {
					read = read || reads(t, beside, q, "call_scores")
				}
				if read != see[name] {
					t.Errorf("%s, %s: scores are read for %s: %v, want %v", readers, when, name, read, see[name])
				}
			}
		}
		look("decided", map[string]bool{"caller": true, "admin": true})
		p.must(t, p.caller, `publishSelection(call: "`+p.call.ID+`", version: 2)`)
		want := map[string]bool{"caller": true, "admin": true}
		for name, v := range viewers {
			everybody, committees := readers == catalog.ScoresForEverybody, readers == catalog.ScoresForSubmitter
			want[name] = want[name] || everybody || committees && v != nil && v.Committee != 0
		}
		look("published", want)
	}
}

// readAll reads a call's submissions by each way that the store has, but for scores
// themselves.
func readAll(t *testing.T, ctx context.Context, s *store.Store, p *campaign) {
	t.Helper()
	call, err := catalog.DecodeIDOf(catalog.KindCall, p.call.ID)
	if err != nil {
		t.Fatal(err)
	}
	first := 10
	for _, order := range []*catalog.SubmissionOrder{nil, {Field: catalog.SubmissionsByRank, Direction: catalog.Ascending}, {Field: catalog.SubmissionsByRank, Direction: catalog.Descending}} {
		if _, err = s.Submissions(ctx, call, nil, order, catalog.PageArgs{First: &first}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err = s.CountSubmissions(ctx, call, []catalog.SubmissionState{catalog.SubmissionSelected}); err != nil {
		t.Fatal(err)
	}
	ids := []catalog.ID{1, 2, 3}
	if _, err = s.SubmissionsByID(ctx, ids); err == nil {
		_, err = s.JudgedTexts(ctx, ids)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// reads reports whether PostgreSQL reads the table to answer a statement.
func reads(t *testing.T, c *pgx.Conn, q pgx.TraceQueryStartData, table string) bool {
	t.Helper()
	rows, err := c.Query(t.Context(), `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) `+q.SQL, q.Args...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%v: %s", err, q.SQL)
	}
	for _, line := range plan {
		if strings.Contains(line, "Scan") && strings.Contains(line, " on "+table) && !strings.Contains(line, "never executed") {
			return true
		}
	}
	return false
}
