package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// A restore drops what stands in this list and nothing else.
func TestTheListOfObjectsIsWhatMigrationsMake(t *testing.T) {
	url := pgtest.New(t, Migrate)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	want := map[string][]string{}
	for kind, names := range objects {
		want[kind] = slices.Sorted(slices.Values(names))
	}
	err = pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		inv, err := takeInventory(t.Context(), tx)
		if err != nil {
			return err
		}
		if len(inv.others) > 0 {
			t.Errorf("of nobody: %v", inv.others)
		}
		got := map[string][]string{}
		for _, o := range inv.own {
			kind := strings.TrimPrefix(o.kind, "ROW ")
			got[kind] = append(got[kind], o.name)
		}
		for kind := range maps.Keys(got) {
			slices.Sort(got[kind])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("objects (-want +got):\n%s", diff)
		}
		if _, err := tx.Exec(t.Context(), inv.drop()); err != nil {
			return err
		}
		inv, err = takeInventory(t.Context(), tx)
		if err == nil && len(inv.own) > 0 {
			t.Errorf("dropped, and there is still %v", inv.own)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
