package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// guestDraft is one case that a guest brings in.
func guestDraft(slug, committee string, change func(*catalog.CaseInput)) catalog.Input {
	in := &catalog.CaseInput{InputMeta: meta(slug), Title: "题目 " + slug, Committee: committee}
	if change != nil {
		change(in)
	}
	return in
}

func TestAGuestBringsInDraftsOfItsOwnCommitteeOnly(t *testing.T) {
	s, _ := guarded(t)
	viewer := func(role catalog.Role, committee string) *catalog.Viewer {
		v, err := s.ViewerOfCommittee(t.Context(), string(role)+" "+committee, role, committee)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	stored := func(slug, committee string, status catalog.Status) catalog.Input {
		return guestDraft(slug, committee, func(in *catalog.CaseInput) { in.Status = status })
	}
	put(t, s,
		stored("qu-draft", "qu", catalog.StatusDraft), stored("qu-review", "qu", catalog.StatusInReview), stored("qu-public", "qu", catalog.StatusPublished),
		stored("qu-archived", "qu", catalog.StatusArchived), stored("shi-draft", "shi", catalog.StatusDraft),
	)
	changed := func(in *catalog.CaseInput) { in.Summary = "改" }
	published := func(in *catalog.CaseInput) { in.Status, in.Summary = catalog.StatusPublished, "改" }
	editor, reviewer, admin := viewer(catalog.RoleEditor, "qu"), viewer(catalog.RoleReviewer, "shi"), viewer(catalog.RoleAdmin, "")
	for _, tt := range []struct {
		name   string
		viewer *catalog.Viewer
		in     catalog.Input
		action catalog.WriteAction
		kind   catalog.ErrorKind
		path   string
	}{
		{"new", editor, guestDraft("new-a", "qu", nil), catalog.WriteNew, "", ""},
		{"new, said to be published", editor, guestDraft("new-b", "qu", published), catalog.WriteNew, "", ""},
		{"new, of no committee", editor, guestDraft("new-c", "", nil), catalog.WriteNew, "", ""},
		{"new, of another committee", editor, guestDraft("new-d", "shi", nil), catalog.WriteRefused, catalog.KindForbidden, "committee"},
		{"new, of the committee above, by name", editor, guestDraft("new-e", "政协长春市委员会", nil), catalog.WriteRefused, catalog.KindForbidden, "committee"},
		{"one's own draft", editor, guestDraft("qu-draft", "qu", changed), catalog.WriteChanged, "", ""},
		{"one's own draft, the same again", editor, guestDraft("qu-draft", "qu", changed), catalog.WriteSame, "", ""},
		{"one's own draft, given away", editor, guestDraft("qu-draft", "shi", changed), catalog.WriteRefused, catalog.KindForbidden, "committee"},
		{"one's own in review", editor, guestDraft("qu-review", "qu", changed), catalog.WriteRefused, catalog.KindForbidden, "slug"},
		{"one's own, published", editor, guestDraft("qu-public", "qu", published), catalog.WriteRefused, catalog.KindForbidden, "slug"},
		{"one's own, published, the same again", editor, guestDraft("qu-public", "qu", nil), catalog.WriteSame, "", ""},
		{"one's own in review, the same again", editor, guestDraft("qu-review", "qu", nil), catalog.WriteSame, "", ""},
		{"what is published elsewhere, the same", viewer(catalog.RoleEditor, "shi"), guestDraft("qu-public", "qu", nil), catalog.WriteSame, "", ""},
		{"what is in review elsewhere, the same", viewer(catalog.RoleEditor, "shi"), guestDraft("qu-review", "qu", nil), catalog.WriteRefused, catalog.KindDuplicate, "slug"},
		{"one's own, archived", editor, guestDraft("qu-archived", "qu", changed), catalog.WriteRefused, catalog.KindForbidden, "slug"},
		{"another's draft, which it cannot see", editor, guestDraft("shi-draft", "qu", changed), catalog.WriteRefused, catalog.KindDuplicate, "slug"},
		{"a draft from below", reviewer, guestDraft("qu-draft", "qu", nil), catalog.WriteChanged, "", ""},
		{"what is published from below", reviewer, guestDraft("qu-public", "qu", changed), catalog.WriteRefused, catalog.KindForbidden, "slug"},
		{"any committee's, by an admin", admin, guestDraft("shi-draft", "shi", changed), catalog.WriteChanged, "", ""},
		{"what is published, by an admin", admin, guestDraft("qu-public", "qu", published), catalog.WriteRefused, catalog.KindForbidden, "slug"},
		{"made up", editor, guestDraft("new-f", "qu", func(in *catalog.CaseInput) { in.Origin = catalog.OriginSynthetic }), catalog.WriteRefused, catalog.KindInvalid, "origin"},
		{"naming a case that it cannot see", editor, guestDraft("new-g", "qu", func(in *catalog.CaseInput) { in.PossiblySameAs = []string{"shi-draft"} }), catalog.WriteRefused, catalog.KindNotFound, "possiblySameAs.0"},
		{"a brand", editor, &catalog.BrandInput{InputMeta: meta("brand"), Name: "品牌", Committee: "qu"}, catalog.WriteNew, "", ""},
		{"a brand of another committee", editor, &catalog.BrandInput{InputMeta: meta("brand-b"), Name: "品牌乙", Committee: "shi"}, catalog.WriteRefused, catalog.KindForbidden, "committee"},
		{"a proposal of no committee", editor, &catalog.ProposalInput{InputMeta: meta("tian"), Title: "提案"}, catalog.WriteNew, "", ""},
		{"a proposal of no committee, the same again", editor, &catalog.ProposalInput{InputMeta: meta("tian"), Title: "提案"}, catalog.WriteSame, "", ""},
		{"a proposal of a person", editor, &catalog.ProposalInput{InputMeta: meta("tian-b"), Title: "提案乙", Proposers: []catalog.ProposerInput{{NewPerson: &catalog.NewPerson{Name: "某人"}}}}, catalog.WriteNew, "", ""},
		{"a proposal of another committee", editor, &catalog.ProposalInput{InputMeta: meta("tian-c"), Title: "提案丙", Proposers: []catalog.ProposerInput{{Committee: "shi"}}}, catalog.WriteRefused, catalog.KindForbidden, "proposers"},
		{"a proposal of no committee, by an admin", admin, &catalog.ProposalInput{InputMeta: meta("tian-d"), Title: "提案丁"}, catalog.WriteNew, "", ""},
		{"a topic", editor, &catalog.TopicInput{InputMeta: meta("topic"), Name: "议题"}, catalog.WriteRefused, catalog.KindForbidden, "type"},
	} {
		w := putDraft(t, s, tt.viewer, tt.in)
		e := firstProblem(w.Err)
		if w.Action != tt.action || tt.kind != "" && (e == nil || e.Kind != tt.kind || e.Path != tt.path) {
			t.Errorf("%s: %s, %v; want %s, %s at %q", tt.name, w.Action, w.Err, tt.action, tt.kind, tt.path)
		}
	}
	states := map[string]catalog.Status{}
	if err := s.Export(t.Context(), []catalog.RecordKind{catalog.KindCase}, func(in catalog.Input) error {
		c := in.(*catalog.CaseInput)
		states[c.Slug] = c.Status
		if strings.HasPrefix(c.Slug, "new") && c.Committee != "qu" {
			t.Errorf("%s belongs to %q", c.Slug, c.Committee)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for slug, want := range map[string]catalog.Status{"new-a": "DRAFT", "new-b": "DRAFT", "new-c": "DRAFT", "new-d": "", "qu-draft": "DRAFT", "qu-review": "IN_REVIEW", "qu-public": "PUBLISHED", "qu-archived": "ARCHIVED"} {
		if states[slug] != want {
			t.Errorf("%s is %q, want %q", slug, states[slug], want)
		}
	}
	for _, v := range []*catalog.Viewer{nil, viewer(catalog.RoleReader, "qu")} {
		if _, err := s.BeginDrafts(catalog.WithViewer(t.Context(), v)); err == nil {
			t.Errorf("%+v may import", v)
		}
	}
}

func putDraft(t *testing.T, s *store.Store, v *catalog.Viewer, in catalog.Input) catalog.Written {
	t.Helper()
	ctx := catalog.WithViewer(t.Context(), v)
	w, err := s.BeginDrafts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(ctx)) }()
	written, err := w.Put(ctx, []catalog.Input{in})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return written[0]
}

// A record that is no longer published is read alike by its code, its slug and its id,
// and with all its parts, by those who may read it, and by nobody else.
func TestWhatIsHiddenIsReadAlikeByEveryKey(t *testing.T) {
	s, _ := guarded(t)
	hidden := func(slug string) catalog.InputMeta {
		return catalog.InputMeta{Slug: slug, Status: catalog.StatusArchived}
	}
	for _, w := range put(t, s,
		&catalog.RegionInput{InputMeta: hidden("220105"), FormerCode: "220155", Name: "二道区", Parent: "220100", Level: catalog.LevelCounty},
		&catalog.SourceInput{InputMeta: hidden("source"), Title: "材料", Text: "全文"},
	) {
		if w.Err != nil {
			t.Fatal(w.Slug, w.Err)
		}
	}
	everything := catalog.WithViewer(t.Context(), &catalog.Viewer{Role: catalog.RoleAdmin})
	byCode, err := s.RegionsByCode(everything, []string{"220105", "220155"})
	if err != nil || len(byCode) != 2 {
		t.Fatalf("an admin reads the region by %d of its 2 codes: %v", len(byCode), err)
	}
	bySlug, err := s.SourcesBySlug(everything, []string{"source"})
	if err != nil || len(bySlug) != 1 {
		t.Fatalf("an admin reads the source: %v, %v", bySlug, err)
	}
	region, source := byCode["220105"].ID, bySlug["source"].ID
	for _, viewer := range []struct {
		name  string
		ctx   context.Context
		reads int
	}{
		{"nobody", t.Context(), 0},
		{"an editor", catalog.WithViewer(t.Context(), &catalog.Viewer{Role: catalog.RoleEditor}), 0},
		{"an admin", everything, 1},
	} {
		for read, do := range map[string]func() (int, error){
			"the region by id": func() (int, error) {
				m, err := s.RegionsByID(viewer.ctx, []catalog.ID{region})
				return len(m), err
			},
			"the region by code": func() (int, error) {
				m, err := s.RegionsByCode(viewer.ctx, []string{"220105"})
				return len(m), err
			},
			"the region by its former code": func() (int, error) {
				m, err := s.RegionsByCode(viewer.ctx, []string{"220155"})
				return len(m), err
			},
			"the source by id": func() (int, error) {
				m, err := s.SourcesByID(viewer.ctx, []catalog.ID{source})
				return len(m), err
			},
			"the source's text": func() (int, error) {
				m, err := s.SourceTexts(viewer.ctx, []catalog.ID{source})
				return len(m), err
			},
		} {
			if n, err := do(); err != nil || n != viewer.reads {
				t.Errorf("%s reads %s %d times, %v; want %d", viewer.name, read, n, err, viewer.reads)
			}
		}
	}
}
