package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// TestNamesAreInTheOrderOfTheirReadings has names whose order hangs on how a word is
// read, which collations get wrong each in its own way.
func TestNamesAreInTheOrderOfTheirReadings(t *testing.T) {
	s, url := storetest.SeededAt(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	want := []string{
		"2021年", "BTX", "“白城”", "长春", "朝阳", "重庆", "二道", "桦甸", "珲春", "吉林", "绿园", "乾安", "洮南", "校长", "行动", "银行", "重要", "㐂乐",
	}
	shuffled := slices.Clone(want)
	slices.Sort(shuffled)
	rows, err := conn.Query(t.Context(), `SELECT n FROM unnest($1::text[]) n ORDER BY reading(n) COLLATE "C"`, shuffled)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\n got %q\nwant %q", err, got, want)
	}
	for _, name := range []string{"长春市政协", "重庆市", "珲春市", "战略合作", "单县单独", "银行行长"} {
		var key string
		if err := conn.QueryRow(t.Context(), `SELECT reading($1)`, name).Scan(&key); err != nil {
			t.Fatal(err)
		}
		var syllables []string
		for i, part := range strings.Fields(key) {
			if i%2 == 0 {
				syllables = append(syllables, part)
			}
		}
		if got, want := strings.Join(syllables, "-"), permalink.Spell(name); got != want {
			t.Errorf("%s is ordered as %s, and spelt %s in permalinks", name, got, want)
		}
	}
	var definitions []string
	rows, err = conn.Query(t.Context(), `SELECT indexdef FROM pg_indexes WHERE indexname IN ('cases_reading', 'brands_reading', 'persons_reading')`)
	if err == nil {
		definitions, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil || len(definitions) != 3 {
		t.Errorf("%v, indexes %q", err, definitions)
	}
	// The list is in that order, from page to page.
	first, after := 7, (*string)(nil)
	var titles []string
	for {
		pages, err := s.Cases(t.Context(), catalog.Parents{}, catalog.CaseFilter{}, &catalog.CaseOrder{Field: catalog.CasesByTitle, Direction: catalog.Ascending}, catalog.PageArgs{First: &first, After: after})
		if err != nil {
			t.Fatal(err)
		}
		page := pages[0]
		for _, c := range page.Items {
			titles = append(titles, c.Title)
		}
		if !page.HasNext {
			break
		}
		after = &page.Cursors[len(page.Cursors)-1]
	}
	rows, err = conn.Query(t.Context(), `SELECT title FROM cases WHERE status = 'PUBLISHED' ORDER BY reading(title) COLLATE "C", id`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(all) < 10 || !slices.Equal(titles, all) {
		t.Errorf("%v, %d titles\n got %q\nwant %q", err, len(all), titles, all)
	}
}
