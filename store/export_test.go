package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

func TestWhatIsExportedImportsWithoutADifference(t *testing.T) {
	from, into := storetest.Seeded(t), storetest.Empty(t)
	var exported []catalog.Input
	err := from.Export(t.Context(), catalog.RecordKinds, func(in catalog.Input) error {
		exported = append(exported, in)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range put(t, into, exported...) {
		if w.Action != catalog.WriteNew {
			t.Errorf("%s %s: %s %v", w.Kind, w.Slug, w.Action, w.Err)
		}
	}
	var again []catalog.Input
	err = into.Export(t.Context(), catalog.RecordKinds, func(in catalog.Input) error {
		again = append(again, in)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(exported, again); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, w := range put(t, from, again...) {
		if w.Action != catalog.WriteSame {
			t.Errorf("%s %s: %s, want SAME", w.Kind, w.Slug, w.Action)
		}
	}
}
