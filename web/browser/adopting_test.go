package browser

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// adopting has a peer's editor record on a page that its committee took a case
// over, its reviewer return that once and publish it, and a reader see it: all
// without scripts.
func adopting(s *stage, t *testing.T) {
	const where = "/cases/guilin-lu-shangquan-gaizao"
	editor := s.signedIn(t, "引进编辑", catalog.RoleEditor, "baishan")
	editor.withoutScripts()
	editor.visit(where, 200)
	editor.follow(".tools a[href$='/adopt']")
	editor.write("[name=adoptedOn]", "上个月")
	editor.answered(422, ".buttons button")
	editor.replace("[name=adoptedOn]", "2024年5月")
	editor.write("[name=changes]", "先在两个社区试行（测试）。")
	editor.follow(".buttons button")
	if got := editor.text(".done"); !strings.Contains(got, "已登记") {
		t.Errorf("what was recorded is told by %q", got)
	}
	anybody := s.tab(t)
	anybody.visit(where, 200)
	if got := anybody.text("main"); strings.Contains(got, "先在两个社区试行") {
		t.Error("a reader sees what waits for review")
	}

	reviewer := s.signedIn(t, "引进审核", catalog.RoleReviewer, "baishan")
	reviewer.visit("/write"+where+"/adopt", 200)
	accessible(reviewer, "/write"+where+"/adopt")
	reviewer.visit("/write", 200)
	if got := reviewer.text("#adoptions"); !strings.Contains(got, "桂林路") || !strings.Contains(got, "先在两个社区试行") || !strings.Contains(got, "2024-05") {
		t.Errorf("the reviewer's desk says %q", got)
	}
	accessible(reviewer, "/write")
	reviewer.write("#adoptions form[action$='/return'] input[name=reason]", "请写明社区")
	reviewer.follow("#adoptions form[action$='/return'] button")
	editor.visit("/write", 200)
	if got := editor.text("#adoptions"); !strings.Contains(got, "请写明社区") {
		t.Errorf("the editor is told %q", got)
	}
	editor.follow("#adoptions form[action$='/submit'] button")
	reviewer.visit("/write", 200)
	reviewer.follow("#adoptions form[action$='/publish'] button")
	if n := reviewer.count("#adoptions"); n != 0 {
		t.Errorf("%d lists of adoptions are left on the desk", n)
	}
	s.site.CatchUp(t)
	anybody.visit(where, 200)
	if got := anybody.text(".adoptions"); !strings.Contains(got, "白山") {
		t.Errorf("the page of the case says of adoptions %q", got)
	}
	editor.visit(where, 200)
	if editor.count(".tools a[href$='/adopt']") != 0 {
		t.Error("what was taken over is offered once more")
	}
}
