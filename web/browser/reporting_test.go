package browser

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// reporting writes a public report without scripts, from the record that it stands
// beside to its publication, and reads it there.
func reporting(s *stage, t *testing.T) {
	editor := s.signedIn(t, "报道编辑", catalog.RoleEditor, "baishan")
	reviewer := s.signedIn(t, "报道审核", catalog.RoleReviewer, "baishan")
	editor.visit("/brands/gongshi-fazhan", 200)
	editor.follow("#reports a[href^='/write/reports']")
	if got := eval[string](editor, `document.querySelector('#f-record').value`); got != "/brands/gongshi-fazhan" {
		t.Errorf("a report from a brand's page is about %q", got)
	}
	accessible(editor, "/write/reports")
	editor.withoutScripts()
	editor.visit("/write/reports", 200)
	editor.write("#f-record", "/brands/gongshi-fazhan")
	editor.write("#f-title", "测试：一则网页")
	editor.write("#f-url", "https://example.org/page")
	editor.write("#f-statement", "测试网页称，这个品牌属于某县政协。")
	editor.write("#f-fields", "政协\n不认识的字段")
	editor.answered(422, "button[value=save]")
	if got := editor.text("#errors"); !strings.Contains(got, "请选一项") || !strings.Contains(got, "不认识的字段") || strings.Contains(got, "须指明") {
		t.Errorf("what is wrong is told by %q", got)
	}
	eval[any](editor, `document.querySelector('#f-relation').value = 'POSSIBLY'; null`)
	editor.replace("#f-fields", "政协")
	editor.replace("#f-record", "/brands/bu-cun-zai")
	editor.answered(422, "button[value=save]")
	if got := editor.text("#f-record-hint .error-text"); !strings.Contains(got, "bu-cun-zai") {
		t.Errorf("a brand that nobody knows is told by %q", editor.text("main .problem"))
	}
	editor.replace("#f-record", "https://jisi.example/brands/gongshi-fazhan?q=1#cite")
	editor.follow("button[value=submit]")
	published(editor, reviewer, "测试：一则网页", "这个品牌属于某县政协")
	if got := editor.text("main"); !strings.Contains(got, "未经核实") || !strings.Contains(got, "白山市政协") {
		t.Errorf("the report's page says %q", got)
	}
	editor.visit("/brands/gongshi-fazhan", 200)
	if got := editor.text(".reported"); !strings.Contains(got, "政协：出处未载；可能有关的公开报道称：测试网页称，这个品牌属于某县政协。") || !strings.Contains(got, "未经核实") {
		t.Errorf("beside the brand's committee stands %q", got)
	}
	if got := editor.text(".meta"); !strings.Contains(got, "出处未记载所属政协") {
		t.Errorf("a report fills the brand's committee: %q", got)
	}
	form, _, _ := strings.Cut(reviewer.address(), "?")
	form = "/write" + form[strings.Index(form, "/reports/"):]
	reviewer.visit(form, 200)
	reviewer.write("#f-checkedOn", "2026年7月1日")
	reviewer.follow("button[value=save]")
	editor.visit("/brands/gongshi-fazhan", 200)
	if got := editor.text(".reported"); !strings.Contains(got, "已于2026年7月1日打开网页核对") || strings.Contains(got, "未经核实") {
		t.Errorf("once somebody has opened the page, there stands %q", got)
	}
}
