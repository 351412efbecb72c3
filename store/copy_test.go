package store_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// otherKinds are records of the kinds that neither the documented nor the made-up ones
// have, with all that they list.
const otherKinds = `{"type":"call","slug":"c","title":"征集","text":"请报送。\n二","committee":"jilin","opensOn":"2024-01-01","closesOn":"2024-02-01","topics":["minsheng"],"parts":["BACKGROUND"],"minCharacters":10,"criteria":[{"name":"新","weight":3},{"name":"实"}],"audience":["hunchun"],"results":[{"title":"一件","unit":"某科","award":"一等"}]}
{"type":"activity","slug":"a","kind":"TRAINING","title":"培训","occurredOn":"2024-03","committee":"hunchun","topics":["minsheng"],"participantCount":3,"cases":["x"]}
{"type":"need","slug":"n","problem":"难处","committee":"hunchun","topics":["minsheng"],"answers":["x"]}
{"type":"collection","slug":"k","title":"汇编","committee":"hunchun","cases":["x"]}
{"type":"evaluation_round","slug":"r","year":2024,"committee":"hunchun","items":["服务"],"departments":["某局"]}
{"type":"case","slug":"x","title":"“引号”\\与{,} \\N","summary":"一\n二\r\n三","background":"\\.\n\u0303","lessons":"e\u0301 < & > 𠮷","year":2024,"startedOn":"2024-05","links":[{"url":"https://example.com/?a=1&b=<2>","title":"页"}],"alternativeTitles":["{a,\"b\"}","NULL"],"committee":"hunchun"}`

// What COPY writes is what a statement writes, in every table and of every kind.
func TestManyRowsAreWrittenAsFewAre(t *testing.T) {
	var lines bytes.Buffer
	if err := synthetic.Write(t.Context(), &lines, synthetic.Options{Cases: 45, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	lines.WriteString(otherKinds)
	tables := map[string]string{}
	for _, many := range []int{1, math.MaxInt} {
		s, url := storetest.EmptyAt(t)
		store.SetManyRows(t, many)
		if _, err := exchange.Seed(t.Context(), storetest.Sink{Store: s}); err != nil {
			t.Fatal(err)
		}
		report, err := exchange.Import(t.Context(), storetest.Sink{Store: s}, catalog.Actor{Name: "test"},
			[]reading.File{{Name: "a.jsonl", Reader: bytes.NewReader(lines.Bytes())}}, exchange.ImportOptions{})
		if c := report.Counts(); err != nil || c.Refused > 0 || c.New < 50 {
			t.Fatalf("%v, %+v, %+v", err, c, report.Refusals)
		}
		for table, rows := range rowsOf(t, url) {
			if was, compared := tables[table]; many > 1 && (!compared || was != rows) {
				t.Errorf("%s (-COPY +statement):\n%s", table, cmp.Diff(strings.Split(was, "\n"), strings.Split(rows, "\n")))
			}
			tables[table] = rows
		}
	}
	for _, table := range []string{
		"sources", "regions", "committees", "topics", "persons", "brands", "proposals", "cases", "indicators", "practices", "evaluations", "adoptions", "venues",
		"needs", "reports", "calls", "collections", "activities", "evaluation_rounds", "revisions", "outbox", "citations", "outcomes", "steps", "participants",
		"call_results", "call_criteria", "call_audience", "need_answers", "collection_cases", "activity_cases", "undertakers", "proposal_events",
	} {
		if tables[table] == "" {
			t.Errorf("nothing was written into %s: there is nothing to compare", table)
		}
	}
}

// A row that PostgreSQL alone refuses takes no other with it, however it was written.
func TestARowRefusedByCopyHarmsNoOther(t *testing.T) {
	s := storetest.Seeded(t)
	store.SetManyRows(t, 2)
	inputs := []catalog.Input{
		&catalog.CaseInput{InputMeta: meta("own"), Title: "自己的", Committee: "hunchun"}, &catalog.CaseInput{InputMeta: meta("other"), Title: "别人的", Committee: "dunhua"},
	}
	want := []catalog.WriteAction{catalog.WriteNew, catalog.WriteNew}
	for i, adopted := range []string{"own", "other", "own"} { // a committee does not adopt its own case
		inputs = append(inputs, &catalog.AdoptionInput{InputMeta: meta(fmt.Sprintf("a-%d", i)), Case: adopted, Adopter: "hunchun", Changes: fmt.Sprint(i)})
		want = append(want, map[string]catalog.WriteAction{"own": catalog.WriteRefused, "other": catalog.WriteNew}[adopted])
	}
	written := put(t, s, inputs...)
	if diff := cmp.Diff(want, actions(written)); diff != "" {
		t.Errorf("-want +got:\n%s\n%+v", diff, written)
	}
	for _, i := range []int{2, 4} {
		if !strings.Contains(fmt.Sprint(written[i].Err), "own") {
			t.Errorf("%s is refused for %v", written[i].Slug, written[i].Err)
		}
	}
}

// rowsOf returns the rows of every table, but for what numbers and clocks say.
func rowsOf(t *testing.T, url string) map[string]string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	found, err := conn.Query(t.Context(), `SELECT c.relname, string_agg(quote_ident(a.attname), ', ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'goose_db_version'
			AND a.attname !~ '(^|_)id$|_at$|^at$|^xid$|^seq$|^feed$' AND NOT (c.relname = 'revisions' AND a.attname = 'digest') GROUP BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{}
	var table, list string
	if _, err := pgx.ForEachRow(found, []any{&table, &list}, func() error { columns[table] = list; return nil }); err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for table, list := range columns {
		var text *string
		if err := conn.QueryRow(t.Context(), `SELECT string_agg(r::text, E'\n' ORDER BY r::text COLLATE "C") FROM (SELECT `+list+` FROM `+table+`) r`).Scan(&text); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		if text != nil {
			rows[table] = *text
		}
	}
	return rows
}
