package store_test

import (
	"fmt"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// After Settle the indexes by which cases are counted need no look at the tables.
func TestSettledTablesAreAllVisible(t *testing.T) {
	s, url := storetest.EmptyAt(t)
	var inputs []catalog.Input
	for i := range 60 {
		inputs = append(inputs, &catalog.CaseInput{
			InputMeta: meta(fmt.Sprintf("c-%d", i)), Title: "案例", Steps: []catalog.StepInput{{Code: "ASK_FITNESS", Text: "问"}, {Code: "OUTCOME_USE", Text: "用"}},
		})
	}
	for _, w := range put(t, s, inputs...) {
		if w.Err != nil {
			t.Fatal(w.Err)
		}
	}
	const pages = `SELECT bool_and(relpages > 0 AND relallvisible = relpages) FROM pg_class WHERE oid IN ('cases'::regclass, 'steps'::regclass)`
	if one[bool](t, url, pages) {
		t.Fatal("they were before")
	}
	storetest.SQL(t, url, `CHECKPOINT`) // where commits do not wait for the disk, what is not there yet is not settled
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !one[bool](t, url, pages) {
		t.Error("pages are not known to be visible to all")
	}
}
