package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// calling goes the whole way from the call to the book, by pages without scripts: a
// prefecture drafts a call, mends it and publishes it; a county is told what its case
// lacks, submits, gets it back, mends it, submits again; somebody from outside judges by
// a link and the keyboard alone; the selection is published, read as a book, and taken
// back.
func calling(s *stage, t *testing.T) {
	caller := s.signedIn(t, "征集审核", catalog.RoleReviewer, "liaoyuan")
	county := s.signedIn(t, "东辽审核", catalog.RoleReviewer, "dongliao")
	looks := s.signedIn(t, "征集目检", catalog.RoleReviewer, "liaoyuan") // with scripts, for what axe-core sees
	look := func(page string) {
		t.Helper()
		looks.visit(page, 200)
		accessible(looks, page)
	}
	look("/write/calls")
	look("/write/collections")
	caller.withoutScripts()
	county.withoutScripts()
	today := time.Now().In(catalog.Zone())
	day := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }

	caller.visit("/write/calls", 200)
	caller.write("#f-title", "测试：征集网格协商案例")
	caller.write("#f-text", "请各县区报送网格里的协商案例（测试）。")
	caller.write("#f-opensOn", day(-1))
	caller.answered(422, "button[value=save]")
	if got := caller.text("#f-closesOn-hint .error-text"); !strings.Contains(got, "请写日期") {
		t.Errorf("a day that is missing is told by %q", got)
	}
	caller.write("#f-closesOn", day(3))
	caller.write("#f-minCharacters", "20")
	caller.replace("#f-criteria", "真实 2\n创新 1")
	caller.write("#f-mark", "测试年度典型案例")
	caller.follow("button[value=save]")
	where, _, _ := strings.Cut(caller.address(), "?")
	if got := caller.text("main"); !strings.Contains(got, "已保存为草稿") || !strings.Contains(got, "真实（权重 2）、创新（权重 1）") {
		t.Fatalf("the draft says %q", got)
	}
	caller.visit("/write"+where, 200)
	if got := eval[string](caller, `document.querySelector('#f-criteria').value + document.querySelectorAll('[name=parts]:checked').length`); got != "真实 2\n创新 14" {
		t.Errorf("the form has %q", got)
	}
	caller.replace("#f-title", "测试：征集网格里的协商案例")
	caller.follow("button[value=save]")
	county.visit(where, 404)
	caller.follow(".workflow form[action$='/publish'] button")

	// The county's case lacks a part and characters.
	county.visit("/write/cases", 200)
	county.write("#f-title", "测试：网格议事桌")
	county.write("#f-background", "网格里事多人少。")
	county.follow("button[value=save]")
	draft, _, _ := strings.Cut(county.address(), "?")
	county.visit(where, 200)
	choose(county, "#case", "测试：网格议事桌")
	county.follow("#submit button[value=check]")
	if got := county.text(".checks"); !strings.Contains(got, "还缺：做法、成效、启示") || !strings.Contains(got, "至少要 20 字") {
		t.Errorf("the checks say %q", got)
	}
	county.answered(422, "#submit button:not([value])")
	if got := county.text("main"); !strings.Contains(got, "还缺：做法、成效、启示") {
		t.Errorf("what was refused says %q", got)
	}
	mend := func(results string) {
		county.visit("/write"+draft, 200)
		county.replace("#f-approach", "把桌子摆到楼下，居民、物业、街道坐到一起谈。")
		county.replace("#f-results", results)
		county.replace("#f-lessons", "商量着办，事情好办。")
		county.follow("button[value=save]")
		county.visit(where, 200)
		choose(county, "#case", "测试：网格议事桌")
		county.follow("#submit button:not([value])")
	}
	mend("解决了停车的难题。")
	if got := county.text("#submissions"); !strings.Contains(got, "已报送") {
		t.Errorf("what was submitted says %q", got)
	}

	caller.visit(where, 200)
	if got := caller.text("#progress"); !strings.Contains(got, "没有登记") {
		t.Errorf("the progress says of contacts %q", got)
	}
	caller.visit(where+"?missing=true", 200)
	if got := caller.text("#progress"); strings.Contains(got, "东辽县政协") || !strings.Contains(got, "东丰县政协") {
		t.Errorf("those that sent nothing are %q", got)
	}
	caller.follow("#remind button[value=all]")
	if got := caller.text(".done"); !strings.Contains(got, "已提醒") {
		t.Errorf("reminding says %q", got)
	}
	caller.write("#submissions input[name=reason]", "请写明何时解决")
	caller.follow("#submissions button[value=return]")
	county.visit("/notices", 200)
	if got := county.text("#notices"); !strings.Contains(got, "请写明何时解决") {
		t.Errorf("the county is told %q", got)
	}
	mend("2025年解决了停车的难题。")
	county.follow("#submissions button[value=withdraw]")
	mend("2025年6月解决了停车的难题。")
	caller.visit(where, 200)
	caller.follow("#submissions button[value=accept]")

	judgeByKeyboard(s, t, caller, where, day(2))

	caller.visit(where, 200)
	if got := caller.text("#submissions"); !strings.Contains(got, "83.3") {
		t.Errorf("the mean of 90 twice and 70 is in %q", got)
	}
	caller.write("#places", "1")
	caller.follow("button[value=top]")
	if got := county.text("#submissions"); strings.Contains(got, "入选") {
		t.Errorf("the county sees the decision before it is published: %q", got)
	}
	look(where)
	look("/write" + where)
	caller.follow("#run button[value=select]")
	theBook(s, t, caller, look, where, draft)

	caller.visit(where, 200)
	caller.write("#why", "测试撤回")
	caller.follow("#run button[value=retract]")
	if got := caller.text(".revisions"); !strings.Contains(got, "测试撤回") {
		t.Errorf("the trace says %q", got)
	}
	s.tab(t).visit(draft, 404)
	caller.visit(where, 200)
	caller.write("#reason", "报送已齐")
	caller.follow("#run button[value=close]")
	if got := caller.text("main"); !strings.Contains(got, "截止日期有调整：报送已齐") || !strings.Contains(got, "现在不接受报送") {
		t.Errorf("a call that was closed early says %q", got)
	}
}

// choose chooses what begins with the text.
func choose(b *tab, selector, label string) {
	b.t.Helper()
	if !eval[bool](b, fmt.Sprintf(`(() => { const s = document.querySelector(%q), o = [...s.options].find(o => o.textContent.startsWith(%q)); if (o) { s.value = o.value; } return !!o; })()`, selector, label)) {
		b.t.Fatalf("%s has no %s", selector, label)
	}
}

// judgeByKeyboard names a reviewer from outside, who reads and scores by tab and enter
// alone.
func judgeByKeyboard(s *stage, t *testing.T, caller *tab, where, until string) {
	t.Helper()
	caller.write("#name", "外请专家（测试）")
	caller.write("#until", until)
	caller.follow("#reviewers form.plainform button")
	link := strings.TrimPrefix(caller.text(".done code"), caller.base)
	if !strings.HasPrefix(link, where+"/judge?key=") {
		t.Fatalf("the link is %q", link)
	}
	b := s.tab(t)
	b.visit(link, 200)
	accessible(b, "the way in for a reviewer")
	b.arrive("into the judging", 200, b.enter()) // the button has the focus
	if got := b.text("h1"); got != "测试：网格议事桌" {
		t.Fatalf("the reviewer reads %q", got)
	}
	accessible(b, "the page of a reviewer")
	focus := func(name string) {
		t.Helper()
		for range 60 {
			b.press("Tab", 9)
			if eval[string](b, `document.activeElement.name || document.activeElement.textContent`) == name {
				return
			}
		}
		t.Fatalf("the tab key never came to %s", name)
	}
	focus("到评分")
	b.do(b.enter())
	if got := eval[string](b, `document.activeElement.id`); got != "value0" {
		t.Fatalf("the link to the scores leads to %q", got)
	}
	b.write("#value0", "90")
	focus("comment")
	focus("value")
	b.write("#value1", "70")
	b.arrive("saving the scores", 200, b.enter())
	if got := b.text("main"); !strings.Contains(got, "评分已保存") || !strings.Contains(got, "已评 1 个") {
		t.Errorf("after the last one the page says %q", got)
	}
	b.visit("/calls", 200)
	b.visit(where, 200)
	if b.count("#progress, #reviewers, #run") != 0 {
		t.Error("a reviewer from outside sees what is the caller's")
	}
}

// theBook reads the collection of the selection, puts another case into it and orders
// it.
func theBook(s *stage, t *testing.T, caller *tab, look func(page string), where, draft string) {
	t.Helper()
	public := s.tab(t)
	public.visit(draft, 200)
	if got := public.text("main"); !strings.Contains(got, "测试年度典型案例") {
		t.Errorf("the chosen case does not have its mark: %.300q", got)
	}
	public.visit(where, 200)
	public.follow(".formats a[href^='/collections/']")
	book := public.address()
	if got := public.text("main"); !strings.Contains(got, "测试年度典型案例汇编") || !strings.Contains(got, "测试：网格议事桌") {
		t.Errorf("the book says %q", got)
	}
	accessible(public, "the book")
	look("/write" + book + "/arrange")
	caller.visit("/write"+book+"/arrange", 200)
	caller.write("#names", "四平市梨树县政协打造“好地中好粮”协商品牌\nqianyi-jin-liang-gongcheng")
	caller.answered(422, "button[value=add]")
	if got := caller.text(".problem"); got == "" {
		t.Error("a case that there is not is not told of")
	}
	caller.write("#names", "qianyi-jin-liang-gongcheng")
	caller.follow("button[value=add]")
	caller.replace("[name='at.qianyi-jin-liang-gongcheng']", "1")
	caller.follow("button[value=order]")
	public.visit(book, 200)
	if got := eval[[]string](public, `[...document.querySelectorAll('.cards a[href^="/cases/"]')].map(a => a.getAttribute('href'))`); len(got) < 2 || got[0] != "/cases/qianyi-jin-liang-gongcheng" {
		t.Errorf("the book has %v", got)
	}
	caller.write("#words", "黑土地")
	caller.follow("button[value=search]")
	if n := caller.count("[name=out]"); n < 3 {
		t.Errorf("with what a search finds the book has %d cases", n)
	}
	caller.follow("button[value=prefecture]")
	caller.follow("button[value=topic]")
	if got := caller.text(".done"); !strings.Contains(got, "已按议题排好") {
		t.Errorf("ordering says %q", got)
	}
	caller.visit("/write"+book, 200)
	caller.write("#f-preface", "写在前面（测试）。")
	caller.follow("button[value=save]")
	if got := caller.text("main"); !strings.Contains(got, "写在前面（测试）") {
		t.Errorf("the preface is not in %.200q", got)
	}
}
