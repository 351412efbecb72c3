package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"github.com/jisiguangyi/jisi/catalog"
)

// keptKeys counts what the browser keeps of what is written.
const keptKeys = `Object.keys(localStorage).filter(k => k.startsWith('jisi-writing:')).length`

// typed puts a text into a field as typing does, so that the page's script hears of it.
func (b *tab) typed(selector, text string) {
	b.t.Helper()
	b.replace(selector, text)
	eval[any](b, "document.querySelector("+quoted(selector)+").dispatchEvent(new Event('input', {bubbles: true})); null")
}

// says waits until an element contains a text.
func (b *tab) says(selector, text string) {
	b.t.Helper()
	b.wait("(document.querySelector(" + quoted(selector) + ") || {textContent: ''}).textContent.includes(" + quoted(text) + ")")
}

// keeping has a form keep itself in the browser and on the server, lose its session,
// come back on another computer, meet itself there, and leave nothing behind when its
// writer signs out.
func keeping(s *stage, t *testing.T) {
	const name = "写到一半的编辑"
	b := s.tab(t)
	token := s.site.Token(t, name, catalog.RoleEditor, "liaoyuan")
	signIn := func(b *tab) {
		t.Helper()
		b.visit("/sign-in", 200)
		b.write("#token", token)
		b.follow(".sign-in form button")
	}
	signIn(b)
	b.visit("/write/cases", 200)
	b.typed("#f-title", "测试：写到一半")
	b.says(".kept", "已存在服务器上")
	if n := eval[int](b, keptKeys); n != 1 {
		t.Errorf("the browser keeps %d texts, want 1", n)
	}

	// What a reviewer asks for is looked at again at once.
	b.typed("#f-summary", "太短")
	if got := b.text(".checks li[data-of=summary]"); !strings.Contains(got, "缺") || !strings.Contains(got, "现有 2 字") {
		t.Errorf("of a short summary the checks say %q", got)
	}
	b.typed("#f-summary", strings.Repeat("够长的摘要", 8))
	b.typed("#f-steps-ASK_FITNESS", "适合（测试）")
	if got := b.text(".checks li[data-of=summary]") + b.text(".checks li[data-of='steps.']"); !strings.Contains(got, "有") || strings.Contains(got, "缺") || !strings.Contains(got, "写了 1 个") {
		t.Errorf("of a summary and a step the checks say %q", got)
	}

	// The session ends while somebody writes.
	b.expect(b.base + "/write/keep")
	call(b, network.ClearBrowserCookies, cdp.Empty{})
	b.typed("#f-summary", "登录过期以后写的一句")
	b.says(".keptbar", "登录已经过期")
	accessible(b, "/write/cases, the session gone")

	// On another computer what the server has comes back, also without scripts.
	other := s.tab(t)
	signIn(other)
	other.visit("/write", 200)
	if got := other.text("#kept"); !strings.Contains(got, "测试：写到一半") || !strings.Contains(got, "今天") {
		t.Errorf("the desk says of what is not saved %q", got)
	}
	accessible(other, "/write with a text that is not saved")
	other.withoutScripts()
	other.follow("#kept li a")
	if got := eval[string](other, `document.querySelector('#f-title').value`); got != "测试：写到一半" {
		t.Errorf("without scripts the form comes back with the title %q", got)
	}

	// Here the later text comes back after signing in.
	eval[any](b, `window.onbeforeunload = null; document.querySelector('form[data-draft]').dispatchEvent(new Event('submit')); null`)
	signIn(b)
	b.visit("/write/cases", 200)
	b.says(".keptbar", "写到一半")
	if got := eval[string](b, `document.querySelector('#f-summary').value`); got != "登录过期以后写的一句" {
		t.Errorf("after signing in the summary is %q", got)
	}

	// A third page has not seen what is kept here by now.
	third := s.tab(t)
	signIn(third)
	third.visit("/write/cases", 200)
	b.typed("#f-summary", "这里又写了一句")
	b.says(".kept", "已存在服务器上")
	third.expect(third.base + "/write/keep")
	third.typed("#f-summary", "那边写的一句")
	third.wait(`[...document.querySelectorAll('.keptbar')].some(p => p.textContent.includes('也写了这份稿件'))`)
	eval[any](third, `[...document.querySelectorAll('.keptbar button')].find(x => x.textContent === '用那边写的').click(); null`)
	if got := eval[string](third, `document.querySelector('#f-summary').value`); got != "这里又写了一句" {
		t.Errorf("taken over from the other page is %q", got)
	}

	// Saved, it is kept nowhere any more.
	b.follow("button[value=save]")
	if n := eval[int](b, keptKeys); n != 0 {
		t.Errorf("after saving the browser keeps %d texts", n)
	}
	b.visit("/write", 200)
	if b.count("#kept") != 0 {
		t.Errorf("after saving the desk has %q", b.text("#kept"))
	}

	// Whoever signs out leaves nothing in the browser, and finds all again.
	b.visit("/write/brands", 200)
	b.typed("#f-name", "测试：没写完的品牌")
	b.follow("form.who button")
	b.wait(`!document.querySelector('form.who')`)
	if n := eval[int](b, keptKeys); n != 0 {
		t.Errorf("after signing out the browser keeps %d texts", n)
	}
	signIn(b)
	b.visit("/write", 200)
	if got := b.text("#kept"); !strings.Contains(got, "没写完的品牌") {
		t.Errorf("signed in again the desk says %q", got)
	}
	b.follow("#kept form:has(input[value=BRAND]) button")
	if got := b.text(".done"); !strings.Contains(got, "已丢弃") || strings.Contains(b.text("main"), "没写完的品牌") {
		t.Errorf("dropping is told by %q on %q", got, b.text("main"))
	}
}
