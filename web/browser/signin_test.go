package browser

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// signedIn signs in by a token in a tab of its own, without scripts where they
// are off.
func (s *stage) signedIn(t *testing.T, name string, role catalog.Role, committee string) *tab {
	t.Helper()
	b := s.tab(t)
	token := s.site.Token(t, name, role, committee)
	b.visit("/sign-in", 200)
	b.write("#token", token)
	b.follow(".sign-in form button")
	if who, _, _ := strings.Cut(b.text(".who .name"), "·"); who != name {
		t.Fatalf("signed in is %q, want %q", who, name)
	}
	return b
}

func signingIn(s *stage, t *testing.T) {
	b := s.signedIn(t, "测试读者", catalog.RoleReader, "")
	b.visit("/cases/siping-haodi-zhong-haoliang", 200)
	b.follow(".who button")
	if b.count(".who .name") != 0 {
		t.Error("after signing out somebody is still signed in")
	}
	b.visit("/topics", 200)
	b.follow("a.who")
	b.write("#token", "jisi_wrong")
	b.follow(".sign-in form button")
	if got := b.text(".problem"); !strings.Contains(got, "令牌不对") {
		t.Errorf("a wrong token is told by %q", got)
	}
	b.write("#token", s.site.Token(t, "另一读者", catalog.RoleReader, ""))
	b.follow(".sign-in form button")
	if got := b.address(); got != "/topics" {
		t.Errorf("signing in leads to %s, want back to /topics", got)
	}
}
