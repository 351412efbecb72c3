package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/jisiguangyi/jisi/catalog"
)

// The case that is written in the tests; no other record has its words.
const (
	testTitle = "测试：口袋公园夜间照明"
	testWord  = "口袋公园"
)

// writing brings a case in without scripts: signed in, with mistakes, mended,
// handed in, looked at by a reviewer, published, and found.
func writing(s *stage, t *testing.T) {
	editor := s.signedIn(t, "测试编辑", catalog.RoleEditor, "changchun")
	editor.withoutScripts()
	editor.follow(".who a.name")
	editor.follow(".button[href='/write/cases']")
	editor.write("#f-title", testTitle)
	editor.write("#f-background", "居民晚上散步看不清路。")
	editor.write("#f-steps-ASK_PRIORITY", "群众反映集中。")
	editor.write("#f-participants-SERVER", "委员甲（测试）\n委员乙（测试）")
	editor.write("#f-year", "去年")
	editor.write("#f-links", "没有网址")
	editor.answered(422, "button[value=save]")
	if got := editor.text("#f-year-hint .error-text"); !strings.Contains(got, "整数") {
		t.Errorf("a year that is no number is told by %q", got)
	}
	if got := eval[string](editor, `document.querySelector('#f-background').value`); got != "居民晚上散步看不清路。" {
		t.Errorf("the form has lost what was written: %q", got)
	}
	editor.replace("#f-year", "2024")
	editor.answered(422, "button[value=save]")
	if got := editor.text("#f-links-hint .error-text"); !strings.Contains(got, "http") {
		t.Errorf("what the API says of a link is told by %q", got)
	}
	editor.replace("#f-links", "")
	editor.follow("button[value=save]")
	if got := editor.text("h1") + editor.text(".draftbar") + editor.text(".done"); !strings.Contains(got, testTitle) || !strings.Contains(got, "草稿") || !strings.Contains(got, "已保存") {
		t.Errorf("the saved draft says %q", got)
	}
	if n := editor.count(".steps li.documented"); n != 1 {
		t.Errorf("the draft documents %d steps, want 1", n)
	}
	where, _, _ := strings.Cut(editor.address(), "?")
	anybody := s.tab(t)
	anybody.visit(where, 404)
	editor.follow(".workflow form[action$='/submit'] button")

	reviewer := s.signedIn(t, "测试审核", catalog.RoleReviewer, "changchun")
	reviewer.visit("/write", 200)
	reviewer.follow("main section:nth-of-type(1) .plainlist a")
	accessible(reviewer, where)
	if got := reviewer.text("#review"); !strings.Contains(got, "还没有发布过") {
		t.Errorf("the reviewer reads %q", got)
	}
	reviewer.follow(".workflow form[action$='/publish'] button")
	s.site.CatchUp(t)
	anybody.visit("/search?q="+testWord, 200)
	anybody.follow(".hit h2 a")
	if got := anybody.text("h1"); got != testTitle || anybody.count(".workflow, .draftbar") != 0 {
		t.Errorf("found is %q, with %d signs of its draft", got, anybody.count(".workflow, .draftbar"))
	}
	reviewing(reviewer, where)
}

// reviewing changes the published case and looks at what is told of the change.
func reviewing(b *tab, where string) {
	b.t.Helper()
	b.visit(where, 200)
	b.follow(".workflow a.button")
	b.replace("#f-background", "居民晚上散步看不清路，老人不敢出门。")
	b.follow("button[value=save]")
	if got := b.text(".revisions summary"); !strings.Contains(got, "改了 1 处") {
		b.t.Errorf("the change of one field is told by %q", got)
	}
	if got := b.text("main .part"); !strings.Contains(got, "老人不敢出门") {
		b.t.Errorf("the changed case says %q", got)
	}
	b.replace("form[action$='/archive'] input[name=reason]", "测试完毕")
	b.follow(".workflow form[action$='/archive'] button")
	if got := b.text(".draftbar"); !strings.Contains(got, "已归档") {
		b.t.Errorf("the archived case says %q", got)
	}
}

// conflict has two people change one draft: the second sees both texts side by
// side, and saves again.
func conflict(s *stage, t *testing.T) {
	first := s.signedIn(t, "先到的编辑", catalog.RoleEditor, "siping")
	first.visit("/write", 200)
	accessible(first, "/write")
	first.visit("/write/cases", 200)
	accessible(first, "/write/cases")
	first.write("#f-title", "测试：同时修改")
	first.write("#f-summary", "原来的摘要。")
	first.follow("button[value=save]")
	where, _, _ := strings.Cut(first.address(), "?")
	form := "/write" + where
	second := s.signedIn(t, "后到的编辑", catalog.RoleEditor, "siping")
	second.visit(form, 200)
	first.visit(form, 200)
	first.replace("#f-summary", "先到者的摘要。")
	first.follow("button[value=save]")
	second.replace("#f-summary", "后到者的摘要。")
	second.answered(422, "button[value=save]")
	accessible(second, form)
	mine := eval[string](second, `document.querySelector('#f-summary').value`)
	if theirs := second.text(".theirs"); mine != "后到者的摘要。" || !strings.Contains(theirs, "先到者的摘要。") || second.count(".theirs") != 1 {
		t.Errorf("side by side stand %q and %q, in %d places", mine, theirs, second.count(".theirs"))
	}
	second.follow("button[value=save]")
	if got := second.text(".summary"); !strings.Contains(got, "后到者的摘要。") {
		t.Errorf("saved again, the case says %q", got)
	}
	outsider := s.signedIn(t, "别处的编辑", catalog.RoleEditor, "changchun")
	outsider.visit(where, 404)
	outsider.visit(form, 404)
	reader := s.signedIn(t, "只读的人", catalog.RoleReader, "")
	reader.visit("/write", 403)
	anybody := s.tab(t)
	anybody.visit("/write/cases", 200)
	if got := anybody.address(); got != "/sign-in?next=%2Fwrite%2Fcases" {
		t.Errorf("who is not signed in is led to %s", got)
	}
}

// accessible has axe-core look at the page, wide and narrow, light and dark.
func accessible(b *tab, what string) {
	b.t.Helper()
	eval[any](b, axe+"; null")
	for _, dark := range []bool{false, true} {
		width := int64(Desk)
		if dark {
			width = Telephone
		}
		b.do(Look(width, 900, dark))
		for _, violation := range append(violations(b, allRules), tooWide(b)...) {
			b.t.Errorf("%s, %d pixels: %s", what, width, violation)
		}
	}
	b.do(Look(Desk, 900, false))
}

// answered clicks what leads to a page of that status.
func (b *tab) answered(status int, selector string) {
	b.t.Helper()
	b.expect(b.base + strings.SplitN(b.address(), "#", 2)[0])
	b.arrive(selector, status, chromedp.Click(chromedp.CSS(selector)))
}

// replace puts another text into a field.
func (b *tab) replace(selector, text string) {
	b.t.Helper()
	eval[any](b, "document.querySelector("+quoted(selector)+").value = "+quoted(text)+"; null")
}
