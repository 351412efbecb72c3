package store

import (
	"context"
	"errors"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

var update = flag.Bool("update", false, "write parts.txt as the migrations make it")

// What is not in the list somebody else has added. It has the parts of all versions, as
// a restore may find any of them.
func TestTheListOfPartsIsWhatMigrationsMake(t *testing.T) {
	url := pgtest.New(t, nil)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	got := map[string]bool{}
	collect := func() error {
		return pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			parts, err := partsIn(t.Context(), tx, "public")
			for _, part := range parts {
				got[part] = true
			}
			return err
		})
	}
	err = migrate(t.Context(), url, func(_ context.Context, p *goose.Provider, _ *pgx.ConnConfig) error {
		for {
			if _, err := p.UpByOne(t.Context()); errors.Is(err, goose.ErrNoNextVersion) {
				return nil
			} else if err != nil {
				return err
			}
			if err := collect(); err != nil {
				return err
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(slices.Sorted(maps.Keys(got)), "\n") + "\n"
	if *update {
		if err := os.WriteFile("parts.txt", []byte(text), 0o644); err != nil { //nolint:gosec // it is a file of the project's
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(partsText, "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("parts.txt (go test ./store -run TestTheListOfParts -update writes it) (-want +got):\n%s", diff)
	}
}

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
			t.Errorf("of nobody, or not in parts.txt yet (see TestTheListOfPartsIsWhatMigrationsMake): %v", inv.others)
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
