package store_test

import (
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestSeed(t *testing.T) {
	s := storetest.Seeded(t)
	n, err := s.CountCases(t.Context(), catalog.Parents{}, catalog.CaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if n[0] < 12 {
		t.Errorf("%d documented cases, want at least 12", n[0])
	}
}
