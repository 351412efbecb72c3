package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestAnExportOfCasesShowsWhatItsReaderMayRead(t *testing.T) {
	s, _ := guarded(t)
	titled := func(slug, committee string, status catalog.Status, change func(*catalog.CaseInput)) catalog.Input {
		in := &catalog.CaseInput{InputMeta: meta(slug), Title: slug, Committee: committee}
		in.Status = status
		if change != nil {
			change(in)
		}
		return in
	}
	hiddenBrand := &catalog.BrandInput{InputMeta: meta("hidden-brand"), Name: "未公开的品牌", Committee: "shi"}
	hiddenBrand.Status = catalog.StatusDraft
	for _, w := range put(t, s,
		hiddenBrand,
		titled("a-public", "shi", catalog.StatusPublished, func(in *catalog.CaseInput) {
			in.Brand, in.PossiblySameAs = "hidden-brand", []string{"b-draft-qu", "d-public-other"}
		}),
		titled("b-draft-qu", "qu", catalog.StatusDraft, nil),
		titled("c-draft-sheng", "sheng", catalog.StatusDraft, nil),
		titled("d-public-other", "sheng", catalog.StatusPublished, nil),
	) {
		if w.Err != nil {
			t.Fatal(w.Slug, w.Err)
		}
	}
	viewer := func(role catalog.Role, committee string) *catalog.Viewer {
		v, err := s.ViewerOfCommittee(t.Context(), "测试", role, committee)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	states := []catalog.Status{catalog.StatusPublished, catalog.StatusDraft}
	type seen struct {
		Slug, Brand string
		Same        []string
	}
	public := func(brand string, same ...string) seen { return seen{"a-public", brand, same} }
	for _, tt := range []struct {
		name   string
		viewer *catalog.Viewer
		filter catalog.CaseFilter
		want   []seen
	}{
		{"anonymous", nil, catalog.CaseFilter{}, []seen{public("", "d-public-other"), {Slug: "d-public-other"}}},
		{"anonymous, asking for drafts", nil, catalog.CaseFilter{Status: states}, []seen{public("", "d-public-other"), {Slug: "d-public-other"}}},
		{"the county's editor", viewer(catalog.RoleEditor, "qu"), catalog.CaseFilter{Status: states}, []seen{public("", "b-draft-qu", "d-public-other"), {Slug: "b-draft-qu"}, {Slug: "d-public-other"}}},
		{"the city's reviewer", viewer(catalog.RoleReviewer, "shi"), catalog.CaseFilter{Status: []catalog.Status{catalog.StatusDraft}}, []seen{{Slug: "b-draft-qu"}}},
		{"the city's reviewer, asking for what is published", viewer(catalog.RoleReviewer, "shi"), catalog.CaseFilter{}, []seen{public("hidden-brand", "b-draft-qu", "d-public-other"), {Slug: "d-public-other"}}},
		{"an admin", viewer(catalog.RoleAdmin, ""), catalog.CaseFilter{Status: states, Regions: []string{"220100"}}, []seen{public("hidden-brand", "b-draft-qu", "d-public-other"), {Slug: "b-draft-qu"}}},
	} {
		ctx := catalog.WithViewer(t.Context(), tt.viewer)
		var got []seen
		err := s.ExportCases(ctx, tt.filter, func(in *catalog.CaseInput) error {
			got = append(got, seen{in.Slug, in.Brand, in.PossiblySameAs})
			return nil
		})
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.name, err, diff)
		}
		_, err = s.CaseInput(ctx, "c-draft-sheng")
		if may := tt.viewer != nil && tt.viewer.Role == catalog.RoleAdmin; may != (err == nil) || !may && catalog.ErrorKindOf(err) != catalog.KindNotFound {
			t.Errorf("%s: another committee's draft: %v", tt.name, err)
		}
	}
}
