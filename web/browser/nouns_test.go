package browser

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// otherForms writes a brand and a proposal without scripts, as writing does a
// case, each to its publication.
func otherForms(s *stage, t *testing.T) {
	editor := s.signedIn(t, "品牌提案编辑", catalog.RoleEditor, "tonghua")
	for _, form := range []string{"/write/brands", "/write/proposals"} {
		editor.visit(form, 200)
		accessible(editor, form)
	}
	editor.withoutScripts()
	reviewer := s.signedIn(t, "品牌提案审核", catalog.RoleReviewer, "tonghua")

	editor.visit("/write/brands", 200)
	editor.write("#f-name", "测试：江畔说事")
	editor.write("#f-description", "只用于测试的品牌。")
	eval[any](editor, `document.querySelector('#f-parent').value = 'jisi-guangyi'; null`)
	editor.follow("button[value=submit]")
	published(editor, reviewer, "测试：江畔说事", "只用于测试的品牌")
	if got := editor.text(".meta"); !strings.Contains(got, "通化市政协") || !strings.Contains(got, "吉思广益") {
		t.Errorf("the brand belongs to %q", got)
	}

	editor.visit("/write/proposals", 200)
	if got := eval[string](editor, `document.querySelector('#f-proposers-committee').value`); got != "通化市政协" {
		t.Errorf("a new proposal is put by %q", got)
	}
	editor.write("#f-title", "测试：关于江畔照明的提案")
	editor.write("#f-proposers-person", "并无此人（测试）")
	editor.write("#f-undertakers-lead", "测试承办单位")
	eval[any](editor, `document.querySelector('#f-events-0-kind').value = 'REPLIED'; document.querySelector('#f-resolution').value = 'B'; null`)
	editor.write("#f-events-0-occurredOn", "五月")
	editor.answered(422, "button[value=save]")
	if got := editor.text("#f-events-0-occurredOn-hint .error-text"); !strings.Contains(got, "2021-07") {
		t.Errorf("a date that is none is told by %q", got)
	}
	editor.replace("#f-events-0-occurredOn", "2024-05")
	editor.answered(422, "button[value=save]")
	if got := editor.text("#f-proposers-person-hint .error-text"); got == "" {
		t.Errorf("a person whom nobody knows is told by %q", editor.text("main .problem"))
	}
	editor.replace("#f-proposers-person", "")
	editor.follow("button[value=submit]")
	published(editor, reviewer, "测试：关于江畔照明的提案", "答复")
	if got := editor.text(".timeline") + editor.text(".state"); !strings.Contains(got, "2024年5月") || !strings.Contains(got, "B 类") || !strings.Contains(got, "测试承办单位（主办）") {
		t.Errorf("the proposal's handling is %q", got)
	}
	sideBySide(reviewer)
}

// published has the reviewer publish what the editor has handed in and looks at,
// and anybody read it.
func published(editor, reviewer *tab, title, says string) {
	editor.t.Helper()
	where, _, _ := strings.Cut(editor.address(), "?")
	if got := editor.text("h1") + editor.text(".draftbar"); !strings.Contains(got, title) || !strings.Contains(got, "审核中") {
		editor.t.Fatalf("what was handed in says %q", got)
	}
	reviewer.visit("/write", 200)
	if got := reviewer.text("main section:nth-of-type(1)"); !strings.Contains(got, title) {
		reviewer.t.Errorf("waiting are %q", got)
	}
	reviewer.visit(where, 200)
	if got := reviewer.text("#review"); !strings.Contains(got, "还没有发布过") {
		reviewer.t.Errorf("the reviewer reads %q", got)
	}
	reviewer.follow(".workflow form[action$='/publish'] button")
	editor.visit(where, 200)
	if got := editor.text("main"); !strings.Contains(got, says) || editor.count(".draftbar") != 0 {
		editor.t.Errorf("published, %s says %q", where, got)
	}
}

// sideBySide saves a version of the proposal that somebody else has changed
// meanwhile: both texts are shown.
func sideBySide(b *tab) {
	b.t.Helper()
	where, _, _ := strings.Cut(b.address(), "?")
	form := "/write" + where
	b.visit(form, 200)
	before := eval[string](b, `document.querySelector('input[name=version]').value`)
	b.replace("#f-summary", "先写的摘要。")
	b.follow("button[value=save]")
	b.visit(form, 200)
	b.replace("input[name=version]", before)
	b.replace("#f-summary", "后写的摘要。")
	b.answered(422, "button[value=save]")
	if theirs := b.text(".theirs"); !strings.Contains(theirs, "先写的摘要。") || b.count(".theirs") != 1 {
		b.t.Errorf("side by side stands %q, in %d places", theirs, b.count(".theirs"))
	}
	accessible(b, "a proposal's form with a conflict")
}
