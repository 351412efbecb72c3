package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// firstEdition makes of a seeded store one that holds two cases as the first
// edition gave them out, and that has counted no editions.
func firstEdition(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Seeded(t)
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "documented records"})
	if err != nil {
		t.Fatal(err)
	}
	cited := catalog.CitationInput{Source: "jilin-zhengxie-shida-tese-liangdian", Quote: "黑土地保护、东北地区西部生态经济带建设", Fields: []string{"title"}}
	of := func(slug, title string) catalog.Input {
		return &catalog.CaseInput{
			InputMeta: catalog.InputMeta{Slug: slug, Origin: catalog.OriginDocumented, Citations: []catalog.CitationInput{cited}}, Title: title, Committee: "jilin",
		}
	}
	written, err := w.Put(t.Context(), []catalog.Input{of("heitudi-baohu", "黑土地保护"), of("dongbei-xibu-shengtai-jingjidai", "东北地区西部生态经济带建设")})
	if err != nil || written[0].Err != nil || written[1].Err != nil {
		t.Fatal(err, written)
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.InTx(t.Context(), pgx.TxOptions{}, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM seed_editions`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestADatabaseOfTheFirstEditionIsBroughtUp(t *testing.T) {
	s := firstEdition(t)
	before, err := s.Tombstone(t.Context(), catalog.KindCase, "heitudi-baohu")
	if catalog.ErrorKindOf(err) != catalog.KindNotFound {
		t.Fatalf("%+v, %v before the renewal, want NOT_FOUND", before, err)
	}
	// A person has rewritten the other one: it is no longer the edition's.
	put(t, s, &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "dongbei-xibu-shengtai-jingjidai", Origin: catalog.OriginContributed}, Title: "本会所写", Committee: "jilin"})
	got, err := exchange.Renew(t.Context(), storetest.Sink{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"case dongbei-xibu-shengtai-jingjidai"}, got.Kept); diff != "" || got.From != 1 || got.To != data.Edition || got.Counts().Changed != 1 {
		t.Errorf("renewed %+v, counts %+v; kept (-want +got):\n%s", got, got.Counts(), diff)
	}
	stone, err := s.Tombstone(t.Context(), catalog.KindCase, "heitudi-baohu")
	if err != nil {
		t.Fatal(err)
	}
	brands, err := s.BrandsBySlug(t.Context(), []string{"jisi-guangyi"})
	if err != nil {
		t.Fatal(err)
	}
	if stone.Title != "黑土地保护" || stone.Reason == nil || !strings.Contains(*stone.Reason, "吉思广益") ||
		stone.LeadsToKind == nil || *stone.LeadsToKind != catalog.KindBrand || *stone.LeadsToID != brands["jisi-guangyi"].ID {
		t.Errorf("%+v does not lead on", stone)
	}
	if found, err := s.CasesBySlug(t.Context(), []string{"heitudi-baohu", "dongbei-xibu-shengtai-jingjidai"}); err != nil || found["heitudi-baohu"] != nil || found["dongbei-xibu-shengtai-jingjidai"].Title != "本会所写" {
		t.Errorf("%v, %v", found, err)
	}
	again, err := exchange.Renew(t.Context(), storetest.Sink{Store: s})
	if err != nil || again.From != again.To || again.Counts().Total() != 0 {
		t.Errorf("renewed again: %+v, %v", again, err)
	}
}

func TestADatabaseThatWasNeverSeededStaysWithout(t *testing.T) {
	s := storetest.Empty(t)
	put(t, s, &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "own"}, Name: "自建"})
	got, err := exchange.Renew(t.Context(), storetest.Sink{Store: s})
	if err != nil || got.Counts().Total() != 0 || got.From != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// Also a database that starts with this edition answers for the permalinks that
// the one before gave out.
func TestAFreshDatabaseLeadsOnFromWhatWasGivenOutBefore(t *testing.T) {
	s := storetest.Seeded(t)
	for _, slug := range []string{"heitudi-baohu", "dongbei-xibu-shengtai-jingjidai"} {
		stone, err := s.Tombstone(t.Context(), catalog.KindCase, slug)
		if err != nil || stone.LeadsToID == nil || stone.Version != 1 {
			t.Errorf("%s: %+v, %v", slug, stone, err)
		}
	}
}
