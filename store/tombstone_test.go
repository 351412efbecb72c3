package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

func TestWhatWasPublicLeavesATombstone(t *testing.T) {
	s := storetest.Empty(t)
	of := func(slug, title string, status catalog.Status) catalog.Input {
		return &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: slug, Status: status}, Title: title}
	}
	put(t, s, of("was-public", "旧名", catalog.StatusPublished), of("never-public", "草稿", catalog.StatusDraft), of("public", "还在", catalog.StatusPublished))
	put(t, s, of("was-public", "新名", catalog.StatusPublished))
	put(t, s, of("was-public", "改了才撤", catalog.StatusArchived), of("never-public", "草稿", catalog.StatusArchived))
	put(t, s, of("was-public", "撤后又改", catalog.StatusArchived))
	stone, err := s.Tombstone(t.Context(), catalog.KindCase, "was-public")
	if err != nil {
		t.Fatal(err)
	}
	if stone.Title != "新名" || stone.Version != 2 || stone.Reason != nil || stone.WithdrawnAt.Before(stone.UpdatedAt) {
		t.Errorf("%+v, want the last public version", stone)
	}
	for _, slug := range []string{"never-public", "public", "none"} {
		if _, err := s.Tombstone(t.Context(), catalog.KindCase, slug); catalog.ErrorKindOf(err) != catalog.KindNotFound {
			t.Errorf("%s: %v, want NOT_FOUND", slug, err)
		}
	}
}

func TestTheTreeOfACaseGoesByWhatCameOfIt(t *testing.T) {
	s := storetest.Seeded(t)
	one := func(slug, committee string) catalog.Input {
		return &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: slug}, Title: slug, Committee: committee}
	}
	adopted := func(slug, of, by, on, resulting string) catalog.Input {
		return &catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: slug}, Case: of, Adopter: by, AdoptedOn: catalog.PartialDate(on), ResultingCase: resulting}
	}
	put(t, s, one("root", "changchun"), one("child", "hunchun"), one("grandchild", "dunhua"), one("other", "siping"))
	put(t, s,
		adopted("late", "root", "siping", "", ""), adopted("first", "root", "hunchun", "2021", "child"), adopted("second", "child", "dunhua", "2022-05", "grandchild"),
		adopted("third", "grandchild", "changchun", "2023", ""), adopted("elsewhere", "other", "dunhua", "2020", ""),
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}, Case: "root", Adopter: "dunhua"},
	)
	cases, err := s.CasesBySlug(t.Context(), []string{"root"})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := s.AdoptionTree(t.Context(), cases["root"].ID)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]catalog.ID, len(tree))
	for i, b := range tree {
		ids[i] = b.AdoptionID
	}
	adoptions, err := s.AdoptionsByID(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range tree {
		parent := ""
		if b.ParentID != nil {
			parent = adoptions[*b.ParentID].Slug
		}
		got = append(got, adoptions[b.AdoptionID].Slug+" "+string(rune('0'+b.Depth))+" "+parent)
	}
	if diff := cmp.Diff([]string{"first 1 ", "second 2 first", "third 3 second", "late 1 "}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
