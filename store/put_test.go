package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// put writes the inputs in a transaction of their own and returns what became of
// each.
func put(t testing.TB, s *store.Store, inputs ...catalog.Input) []catalog.Written {
	t.Helper()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
	written, err := w.Put(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	return written
}

func actions(written []catalog.Written) (list []catalog.WriteAction) {
	for _, w := range written {
		list = append(list, w.Action)
	}
	return list
}

func meta(slug string) catalog.InputMeta { return catalog.InputMeta{Slug: slug} }

func TestSeedingTwiceChangesNothing(t *testing.T) {
	s := storetest.Seeded(t)
	report, err := exchange.Seed(t.Context(), storetest.Sink{Store: s})
	if err != nil {
		t.Fatal(err)
	}
	if c := report.Counts(); c.Same < 280 || c.New+c.Changed+c.Refused != 0 {
		t.Errorf("%+v", c)
	}
}

func TestReferencesByNameAndWhatFollowsFromThem(t *testing.T) {
	s := storetest.Seeded(t)
	in := &catalog.CaseInput{InputMeta: meta("new"), Title: "新案例", Committee: "珲春市政协", Topics: []string{"课后服务"}, StartedOn: "2021-07"}
	if got := put(t, s, in); got[0].Action != catalog.WriteNew {
		t.Fatalf("%+v", got)
	}
	cases, err := s.CasesBySlug(t.Context(), []string{"new"})
	if err != nil {
		t.Fatal(err)
	}
	c := cases["new"]
	if in.Committee != "hunchun" || *c.RegionCode != "222404" || c.Level != catalog.LevelCounty || *c.Year != 2021 {
		t.Errorf("committee %s, region %v, level %s, year %v", in.Committee, *c.RegionCode, c.Level, *c.Year)
	}
}

// A permalink that was made by an earlier version stays; a file that comes again finds
// its record by it.
func TestARecordIsFoundByTheSlugThatWasMadeForItBefore(t *testing.T) {
	s := storetest.Seeded(t)
	made := func(title string) *catalog.CaseInput {
		return &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "chang-chun-0a1b2c3d", FormerSlug: "zhang-chun-0a1b2c3d"}, Title: title}
	}
	put(t, s, &catalog.CaseInput{InputMeta: meta("zhang-chun-0a1b2c3d"), Title: "长春"})
	if got := put(t, s, made("长春")); got[0].Action != catalog.WriteSame || got[0].Slug != "zhang-chun-0a1b2c3d" {
		t.Errorf("the same again: %+v", got)
	}
	if got := put(t, s, made("长春市")); got[0].Action != catalog.WriteChanged || got[0].Version != 2 {
		t.Errorf("changed: %+v", got)
	}
	fresh := made("别的")
	fresh.Slug, fresh.FormerSlug = "chang-chun-ffffffff", "zhang-chun-ffffffff"
	if got := put(t, s, fresh); got[0].Action != catalog.WriteNew || got[0].Slug != "chang-chun-ffffffff" {
		t.Errorf("another: %+v", got)
	}
}

func TestARegionsFormerCodeStillNamesIt(t *testing.T) {
	s := storetest.Seeded(t)
	in := &catalog.CaseInput{InputMeta: meta("new"), Title: "新案例", Region: "220381"}
	put(t, s, in)
	if in.Region != "220184" {
		t.Errorf("region %s, want 220184", in.Region)
	}
}

func TestARefusedInputLeavesTheOthersUntouched(t *testing.T) {
	s := storetest.Seeded(t)
	written := put(t, s,
		&catalog.CaseInput{InputMeta: meta("first"), Title: "一"},
		&catalog.CaseInput{InputMeta: meta("Not A Slug"), Title: "二"},
		&catalog.CaseInput{InputMeta: meta("unknown-reference"), Title: "三", Committee: "nowhere"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "uncited", Origin: catalog.OriginDocumented}, Title: "四"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "misquoted", Citations: []catalog.CitationInput{{Source: "jilin-zhengxie-shida-tese-liangdian", Quote: "不在原文中的话"}}}, Title: "五"},
		&catalog.AdoptionInput{InputMeta: meta("own"), Case: "guilin-lu-shangquan-gaizao", Adopter: "changchun-chaoyang"},
		&catalog.CaseInput{InputMeta: meta("last"), Title: "六"},
	)
	want := []catalog.WriteAction{catalog.WriteNew, catalog.WriteRefused, catalog.WriteRefused, catalog.WriteRefused, catalog.WriteRefused, catalog.WriteRefused, catalog.WriteNew}
	if diff := cmp.Diff(want, actions(written)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, w := range written {
		var e *catalog.Error
		var p catalog.Problems
		if w.Err != nil && !errors.As(w.Err, &e) && !errors.As(w.Err, &p) {
			t.Errorf("%s: %v has no sentence for its writer", w.Slug, w.Err)
		}
	}
}

func TestAChangeIsARevisionWithItsDifference(t *testing.T) {
	s := storetest.Empty(t)
	first := put(t, s, &catalog.CaseInput{InputMeta: meta("one"), Title: "旧", Summary: "摘要"})
	second := put(t, s, &catalog.CaseInput{InputMeta: meta("one"), Title: "新", Summary: "摘要", Steps: []catalog.StepInput{{Code: catalog.StepAskFitness, Text: "适合"}}})
	third := put(t, s, &catalog.CaseInput{InputMeta: meta("one"), Title: "新", Summary: "摘要", Steps: []catalog.StepInput{{Code: catalog.StepAskFitness, Text: "适合"}}})
	if first[0].Action != catalog.WriteNew || second[0].Action != catalog.WriteChanged || second[0].Version != 2 || third[0].Action != catalog.WriteSame {
		t.Fatalf("%+v %+v %+v", first, second, third)
	}
	pages, err := s.Revisions(t.Context(), catalog.Parents{Kind: catalog.KindCase, IDs: []catalog.ID{first[0].ID}}, catalog.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	revisions := pages[first[0].ID].Items
	if len(revisions) != 2 || revisions[0].Version != 2 || revisions[0].By != "test" {
		t.Fatalf("%+v", revisions)
	}
	text := func(s string) *string { return &s }
	want := []catalog.FieldChange{
		{Path: "steps", After: text(`[{"code":"ASK_FITNESS","text":"适合"}]`)},
		{Path: "title", Before: text(`"旧"`), After: text(`"新"`)},
	}
	if diff := cmp.Diff(want, revisions[0].Changes); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTheSameRecordTwiceInABatch(t *testing.T) {
	s := storetest.Empty(t)
	written := put(t, s, &catalog.CaseInput{InputMeta: meta("one"), Title: "甲"}, &catalog.CaseInput{InputMeta: meta("one"), Title: "乙"})
	if diff := cmp.Diff([]catalog.WriteAction{catalog.WriteNew, catalog.WriteChanged}, actions(written)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTextsAreStoredInNFC(t *testing.T) {
	s := storetest.Empty(t)
	put(t, s, &catalog.CaseInput{InputMeta: meta("one"), Title: "cafe\u0301"})
	cases, err := s.CasesBySlug(t.Context(), []string{"one"})
	if err != nil {
		t.Fatal(err)
	}
	if cases["one"].Title != "café" {
		t.Errorf("%q", cases["one"].Title)
	}
}

func TestWritersOfTheSameRecordsDoNotHarmEachOther(t *testing.T) {
	s := storetest.Empty(t)
	const writers, records = 8, 40
	errs := make(chan error, writers)
	for w := range writers {
		go func() {
			errs <- func() error {
				writer, err := s.Begin(t.Context(), catalog.Actor{Name: fmt.Sprint("writer ", w)})
				if err != nil {
					return err
				}
				defer func() { _ = writer.Rollback(t.Context()) }()
				var inputs []catalog.Input
				for i := range records {
					inputs = append(inputs, &catalog.CaseInput{InputMeta: meta(fmt.Sprintf("case-%d", i)), Title: fmt.Sprint("案例 ", w)})
				}
				written, err := writer.Put(t.Context(), inputs)
				if err != nil {
					return err
				}
				for _, r := range written {
					if r.Err != nil {
						return r.Err
					}
				}
				return writer.Commit(t.Context())
			}()
		}()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	n, err := s.CountCases(t.Context(), catalog.Parents{}, catalog.CaseFilter{})
	if err != nil || n[0] != records {
		t.Errorf("%d cases, %v; want %d", n[0], err, records)
	}
}

func TestOnlySyntheticRecordsAreRemoved(t *testing.T) {
	s := storetest.Seeded(t)
	before, err := s.CountCases(t.Context(), catalog.Parents{}, catalog.CaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	synthetic := func(slug string) catalog.InputMeta {
		return catalog.InputMeta{Slug: slug, Origin: catalog.OriginSynthetic}
	}
	put(t, s,
		&catalog.BrandInput{InputMeta: synthetic("s-brand"), Name: "合成品牌"},
		&catalog.BrandInput{InputMeta: synthetic("s-brand-below"), Name: "合成品牌二", Parent: "s-brand"},
		&catalog.CaseInput{InputMeta: synthetic("s-one"), Title: "合成", StartedOn: "2021-07", Brand: "s-brand", PossiblySameAs: []string{"s-two"}},
		&catalog.CaseInput{InputMeta: synthetic("s-two"), Title: "合成", PossiblySameAs: []string{"s-one"}},
		&catalog.AdoptionInput{InputMeta: synthetic("s-adoption"), Case: "s-one", Adopter: "hunchun", ResultingCase: "s-two"},
	)
	removed, err := s.RemoveSynthetic(t.Context(), nil)
	if err != nil || removed != 5 {
		t.Fatalf("%d removed, %v", removed, err)
	}
	after, err := s.CountCases(t.Context(), catalog.Parents{}, catalog.CaseFilter{})
	if err != nil || after[0] != before[0] {
		t.Errorf("%d cases after, %d before, %v", after[0], before[0], err)
	}
}

func TestRemovalStopsAtARecordThatRefersToASyntheticOne(t *testing.T) {
	s := storetest.Empty(t)
	put(t, s,
		&catalog.BrandInput{InputMeta: catalog.InputMeta{Slug: "s-brand", Origin: catalog.OriginSynthetic}, Name: "合成品牌"},
		&catalog.CaseInput{InputMeta: meta("real"), Title: "案例", Brand: "s-brand"},
	)
	_, err := s.RemoveSynthetic(t.Context(), nil)
	if catalog.ErrorKindOf(err) != catalog.KindInvalid || !strings.Contains(err.Error(), "refers to a synthetic one") {
		t.Errorf("%v", err)
	}
}

func TestCasesAreCountedUpTheTreeOfRegions(t *testing.T) {
	s := storetest.Seeded(t)
	before, err := s.CaseCountsByRegion(t.Context(), []string{"220000", "222400", "222404", "220184"})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s,
		&catalog.CaseInput{InputMeta: meta("one"), Title: "一", Region: "222404"},
		&catalog.CaseInput{InputMeta: meta("two"), Title: "二", Region: "222400"},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}, Title: "三", Region: "222404"},
	)
	after, err := s.CaseCountsByRegion(t.Context(), []string{"220000", "222400", "222404", "220184"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"220000": before["220000"] + 2, "222400": before["222400"] + 2, "222404": before["222404"] + 1, "220184": 0}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
