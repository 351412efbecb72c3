package store_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// A contact is in its own table and in no other, so that nothing that is made of records,
// revisions or the outbox can have it: exports, releases, harvests, the index.
func TestAContactStandsInOneTableOnly(t *testing.T) {
	t.Parallel()
	s, url := storetest.SeededAt(t)
	found, err := s.CommitteesBySlug(t.Context(), []string{"changchun"})
	if err != nil {
		t.Fatal(err)
	}
	of := found["changchun"]
	reviewer := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "审核", Role: catalog.RoleReviewer, Committee: of.ID})
	name, phone, email := "联系人甲乙丙", "0431-55550000", "lianxi@contact.example.cn"
	if err := s.SetContact(reviewer, of.ID, catalog.Contact{Name: &name, Phone: &phone, Email: &email}); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	rows, err := conn.Query(t.Context(), `SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 40 {
		t.Fatalf("%d tables: %v", len(tables), err)
	}
	for _, table := range tables {
		var n int
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+table+` x WHERE x::text LIKE '%甲乙丙%' OR x::text LIKE '%55550000%' OR x::text LIKE '%contact.example%'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 1}[table == "committee_contacts"]; n != want {
			t.Errorf("%s has it in %d rows, want %d", table, n, want)
		}
	}
	if got, err := s.ContactsOf(t.Context(), []catalog.ID{of.ID}); err != nil || len(got) != 0 {
		t.Errorf("an anonymous reader gets %v, %v", got, err)
	}
	if got, err := s.ContactsOf(reviewer, []catalog.ID{of.ID}); err != nil || got[of.ID] == nil || *got[of.ID].Phone != phone {
		t.Errorf("a signed-in reader gets %v, %v", got, err)
	}
}
