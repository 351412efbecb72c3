package browser

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// needing goes from a search in vain to a need that is registered, reviewed, asked for
// by a reader and by another committee, answered, and told of; all without scripts.
func needing(s *stage, t *testing.T) {
	const words = "雨衣租借潜水取件" // nothing that another of these tests, which share the site, may publish meanwhile
	editor := s.signedIn(t, "需求编辑", catalog.RoleEditor, "tonghua")
	editor.withoutScripts()
	editor.visit("/search?q="+words, 200)
	editor.follow(".empty a[href^='/write/needs']")
	if got := eval[string](editor, `document.querySelector('#f-problem').value`); got != words {
		t.Errorf("the form begins with %q, want what was searched for", got)
	}
	editor.follow("button[value=submit]")
	where, _, _ := strings.Cut(editor.address(), "?")
	anybody := s.tab(t)
	anybody.withoutScripts()
	anybody.visit(where, 404)
	anybody.visit("/needs", 200)
	if got := anybody.text("main"); strings.Contains(got, words) {
		t.Error("a reader sees a need that waits for review")
	}

	reviewer := s.signedIn(t, "需求审核", catalog.RoleReviewer, "tonghua")
	reviewer.visit("/notices", 200)
	if got := reviewer.text("#notices"); !strings.Contains(got, words) || !strings.Contains(got, "待审核") {
		t.Errorf("the reviewer is told %q", got)
	}
	accessible(reviewer, "/notices")
	reviewer.follow("#notices li a")
	accessible(reviewer, where)
	reviewer.follow(".workflow form[action$='/publish'] button")

	s.site.CatchUp(t)
	anybody.visit("/needs", 200)
	if got := anybody.text("main"); !strings.Contains(got, words) {
		t.Errorf("the list of needs says %q", got)
	}
	anybody.visit("/search?q="+words, 200)
	if got := anybody.text(".empty"); !strings.Contains(got, "我也需要") {
		t.Errorf("who searches for the same is told %q", got)
	}
	anybody.visit(where, 200)
	looking := s.tab(t)
	looking.visit(where, 200)
	accessible(looking, where)
	for range 2 { // once a network
		anybody.follow(".ask-need button")
	}
	if got := anybody.text("header .meta"); !strings.Contains(got, "2 家在问") {
		t.Errorf("asked by its committee and a reader, it says %q", got)
	}

	peer := s.signedIn(t, "有办法的编辑", catalog.RoleEditor, "siping")
	peer.withoutScripts()
	peer.visit(where, 200)
	eval[any](peer, `document.querySelector('#answer').selectedIndex = 1; null`)
	peer.follow(".answer-need button")
	if got := peer.text(".done"); !strings.Contains(got, "已回应") || peer.count(".cards .card") != 1 {
		t.Errorf("answering is told by %q", got)
	}
	editor.visit("/notices", 200)
	if got := editor.text("#notices"); !strings.Contains(got, "有了可参考的案例") || !strings.Contains(got, "已发布") {
		t.Errorf("who asked is told %q", got)
	}
	editor.follow("#notices > form button")
	if got := editor.text("#notices"); !strings.Contains(got, "没有未读") {
		t.Errorf("after marking all as read there is %q", got)
	}

	// What is followed is listed, and told of no longer where it is not.
	reader := s.signedIn(t, "关注的读者", catalog.RoleReader, "")
	for _, page := range []string{"/topics/jingji", "/committees/siping", "/regions/220300", "/search?q=黑土地"} {
		reader.visit(page, 200)
		reader.follow("form.following button, button[form=follow]")
	}
	reader.visit("/notices", 200)
	if n := reader.count("#follows li form"); n != 4 {
		t.Errorf("%d things are followed, want 4: %s", n, reader.text("#follows"))
	}
	accessible(reader, "/notices of who follows")
	reader.visit("/topics/jingji", 200)
	if got := reader.text("form.following button"); !strings.Contains(got, "已关注") {
		t.Errorf("the button of what is followed says %q", got)
	}
	reader.follow("form.following button")
	reader.visit("/notices", 200)
	reader.follow("#follows li form button")
	if n := reader.count("#follows li form"); n != 2 {
		t.Errorf("%d things are followed, want 2: %s", n, reader.text("#follows"))
	}
}
