package store_test

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// Text that an import could not place is kept with a draft, and keeps it from the
// public, whichever way it is to get there.
func TestNothingIsPublishedWithUnplacedText(t *testing.T) {
	s, ctx, sql := editFixture(t)
	e := draft("草稿")
	e.Input.(*catalog.CaseInput).Unplaced = "五、组织保障\n成立专班。"
	made, err := s.Edit(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	do := func(a catalog.Action, version int) (catalog.Edited, error) {
		return s.Edit(ctx, catalog.Edit{Action: a, Kind: catalog.KindCase, ID: made.ID, Version: version})
	}
	handed, err := do(catalog.ActionSubmit, made.Version)
	if err != nil {
		t.Fatal(err)
	}
	_, err = do(catalog.ActionPublish, handed.Version)
	if err == nil || catalog.ErrorKindOf(err) != catalog.KindInvalid || !strings.Contains(err.Error(), "no part yet") || !strings.Contains(err.Error(), "五、组织保障") {
		t.Errorf("published with unplaced text: %v", err)
	}
	// With its revision's version, so that only the rule about the text is in the way.
	if _, err := sql.Exec(t.Context(), `UPDATE cases SET status = 'PUBLISHED', version = version + 1 WHERE id = $1`, made.ID); err == nil || !strings.Contains(err.Error(), "published_is_placed") {
		t.Errorf("plain SQL published it: %v", err)
	}
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "operator"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(t.Context()) }()
	written, err := w.Put(t.Context(), []catalog.Input{&catalog.CaseInput{InputMeta: meta("other"), Title: "另一个", Unplaced: "文字"}})
	if err != nil || written[0].Action != catalog.WriteRefused {
		t.Errorf("an operator published unplaced text: %+v, %v", written, err)
	}
	in := &catalog.CaseInput{Title: "草稿", Committee: "one", Approach: "五、组织保障\n成立专班。"}
	placed, err := s.Edit(ctx, catalog.Edit{Action: catalog.ActionUpdate, Kind: catalog.KindCase, ID: made.ID, Version: handed.Version, Input: in})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := do(catalog.ActionPublish, placed.Version); err != nil {
		t.Errorf("with its text in its place: %v", err)
	}
	found, err := s.CasesByID(t.Context(), []catalog.ID{made.ID})
	if err != nil || found[made.ID] == nil || found[made.ID].Unplaced != nil {
		t.Errorf("the public reads %+v, %v", found[made.ID], err)
	}
	revisions, err := s.Revisions(t.Context(), catalog.Parents{Kind: catalog.KindCase, IDs: []catalog.ID{made.ID}}, catalog.PageArgs{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range revisions[made.ID].Items {
		for _, c := range r.Changes {
			if c.Path == "unplaced" || c.Before != nil && strings.Contains(*c.Before, "专班") {
				t.Errorf("the public learns from version %d what was unplaced: %+v", r.Version, c)
			}
		}
	}
}
