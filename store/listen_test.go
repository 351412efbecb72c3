package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

func TestAListenerHearsOfChangesAndOfNothingElse(t *testing.T) {
	s := storetest.Empty(t)
	l := s.Listen()
	defer l.Close()
	hear := func() bool {
		t.Helper()
		heard, err := l.Heard(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return heard
	}
	if !hear() {
		t.Error("a change may have come before it listened")
	}
	for hear() { // what it looks at for the first time
	}
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Put(t.Context(), []catalog.Input{&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "new"}, Title: "新"}}); err != nil {
		t.Fatal(err)
	}
	if hear() {
		t.Error("it heard of what is not committed")
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !hear() {
		t.Error("it did not hear of a change")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Heard(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's end", err)
	}
}
