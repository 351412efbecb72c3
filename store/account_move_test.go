package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// What an account follows, has set and is writing stays with it when it is given another
// role, however that happens; with another committee its texts stay behind.
func TestAnAccountKeepsWhatIsItsOwnWhenItsRoleChanges(t *testing.T) {
	t.Parallel()
	s, _ := guarded(t)
	found, err := s.CommitteesBySlug(t.Context(), []string{"qu", "shi"})
	if err != nil {
		t.Fatal(err)
	}
	qu, shi := found["qu"].ID, found["shi"].ID
	as := func(name string, role catalog.Role, committee catalog.ID) context.Context {
		return catalog.WithViewer(t.Context(), &catalog.Viewer{Name: name, Role: role, Committee: committee})
	}
	admin := as("管理", catalog.RoleAdmin, 0)
	words := "加装电梯"
	fill := func(ctx context.Context) {
		t.Helper()
		if err := s.Follow(ctx, catalog.Follow{Query: &words}); err != nil {
			t.Fatal(err)
		}
		if err := s.ChooseDelivery(ctx, []catalog.DeliveryChoice{{Kind: catalog.NoticeReturned, Email: catalog.EmailDaily}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.KeepWriting(ctx, catalog.Writing{Of: catalog.KindCase, Content: `{"a":1}`}, nil); err != nil {
			t.Fatal(err)
		}
	}
	has := func(ctx context.Context) []string {
		t.Helper()
		var all []string
		follows, err := s.Follows(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range follows {
			all = append(all, "follows "+*f.Query)
		}
		set, err := s.DeliverySettings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range set.Kinds {
			if c.Email != catalog.EmailOff {
				all = append(all, fmt.Sprintf("%s %s", c.Kind, c.Email))
			}
		}
		texts, err := s.Writings(ctx, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range texts {
			all = append(all, "writes "+w.Content)
		}
		return all
	}
	choices := []string{"follows " + words, "RETURNED DAILY"}
	everything := append(slices.Clone(choices), `writes {"a":1}`)
	give := func(name string, role catalog.Role, committee string) *catalog.AccessToken {
		t.Helper()
		_, made := newToken(t, s, name, role, committee)
		return made
	}
	limit := func(id string, role catalog.Role, committee string) {
		t.Helper()
		if _, err := s.LimitAccess(admin, id, role, committee); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what string, ctx context.Context, want []string) {
		t.Helper()
		if diff := cmp.Diff(want, has(ctx)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}

	one := give("甲", catalog.RoleEditor, "qu")
	fill(as("甲", catalog.RoleEditor, qu))
	fill(as("乙", catalog.RoleEditor, qu))  // somebody else
	fill(as("甲", catalog.RoleEditor, shi)) // whoever had the name elsewhere
	limit(one.ID, catalog.RoleReviewer, "qu")
	expect("an editor becomes a reviewer", as("甲", catalog.RoleReviewer, qu), everything)
	expect("and is no editor any more", as("甲", catalog.RoleEditor, qu), nil)
	limit(one.ID, catalog.RoleReader, "qu")
	expect("and reads only", as("甲", catalog.RoleReader, qu), choices)
	limit(one.ID, catalog.RoleReviewer, "qu")
	expect("and reviews again", as("甲", catalog.RoleReviewer, qu), everything)
	expect("somebody else", as("乙", catalog.RoleEditor, qu), everything)
	expect("the same name elsewhere", as("甲", catalog.RoleEditor, shi), everything)

	two := give("丙", catalog.RoleEditor, "qu")
	fill(as("丙", catalog.RoleEditor, qu))
	limit(two.ID, catalog.RoleEditor, "shi")
	expect("who goes to another committee leaves its texts", as("丙", catalog.RoleEditor, shi), choices)
	limit(two.ID, catalog.RoleEditor, "qu")
	expect("and finds them when coming back", as("丙", catalog.RoleEditor, qu), everything)

	if _, err := s.RevokeAccess(admin, two.ID); err != nil {
		t.Fatal(err)
	}
	give("丙", catalog.RoleReviewer, "qu")
	expect("who is given access anew, with another role", as("丙", catalog.RoleReviewer, qu), everything)

	signIn := func(role catalog.Role, committee catalog.ID) {
		t.Helper()
		v := &catalog.Viewer{Name: "丁", Role: role, Committee: committee}
		if _, _, err := s.BeginSession(t.Context(), catalog.SessionStart{Viewer: v, Ends: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	signIn(catalog.RoleEditor, qu)
	fill(as("丁", catalog.RoleEditor, qu))
	signIn(catalog.RoleReviewer, shi)
	expect("the provider's other person of that name", as("丁", catalog.RoleReviewer, shi), nil)
	signIn(catalog.RoleReviewer, qu)
	expect("the provider says another role", as("丁", catalog.RoleReviewer, qu), everything)
}
