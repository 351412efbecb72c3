package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"github.com/jisiguangyi/jisi/catalog"
)

// workingDay is the whole trip, at both widths: an editor writes, loses the session and
// comes back, submits three; the reviewer reads, returns one and publishes two at once;
// another county finds one, takes it over, records it; its origin thanks; it is printed.
func workingDay(s *stage, t *testing.T) {
	for _, width := range []int64{Desk, Telephone} {
		aWorkingDay(s, t, width, map[int64][2]string{Desk: {"songyuan", "廊桥夜读"}, Telephone: {"baicheng", "巷口晒谷"}}[width])
	}
}

func aWorkingDay(s *stage, t *testing.T, width int64, at [2]string) {
	t.Helper()
	committee, word := at[0], at[1]
	name := func(who string) string { return fmt.Sprintf("%s%d", who, width) }
	b := s.tab(t)
	b.do(Look(width, 900, false))
	token := s.site.Token(t, name("日常编辑"), catalog.RoleEditor, committee)
	signIn := func() {
		t.Helper()
		b.visit("/sign-in", 200)
		b.write("#token", token)
		b.follow(".sign-in form button")
	}
	signIn()

	// The session ends while the first is written; nothing of it is lost.
	b.visit("/write/cases", 200)
	b.typed("#f-title", "测试："+word+"之一")
	b.typed("#f-summary", "老人晒书、孩子读书的地方不够，协商以后开放了桥头的空屋。")
	b.says(".kept", "已存在服务器上")
	b.expect(b.base + "/write/keep")
	call(b, network.ClearBrowserCookies, cdp.Empty{})
	b.typed("#f-participants-SERVER", "居民代表（测试）")
	b.typed("#f-participants-SERVER-statement", "晚上没有地方坐下来看书。")
	b.says(".keptbar", "登录已经过期")
	b.follow("button[value=submit]") // leads to where one signs in
	b.write("#token", token)
	b.follow(".sign-in form button")
	b.says(".keptbar", "写到一半")
	if got := eval[string](b, `document.querySelector('#f-participants-SERVER-statement').value`); got != "晚上没有地方坐下来看书。" {
		t.Errorf("%d: what a side said comes back as %q", width, got)
	}
	b.follow("button[value=submit]")
	first, _, _ := strings.Cut(b.address(), "?")
	if got := b.text(".done") + b.text(".parties"); !strings.Contains(got, "已提交审核") || !strings.Contains(got, "晚上没有地方坐下来看书") {
		t.Errorf("%d: the case that was handed in says %q", width, got)
	}
	for _, n := range []string{"之二", "之三"} {
		b.visit("/write/cases", 200)
		b.typed("#f-title", "测试："+word+n)
		b.follow("button[value=submit]")
	}

	reviewer := s.signedIn(t, name("日常审核"), catalog.RoleReviewer, committee)
	reviewer.do(Look(width, 900, false))
	if got := reviewer.text(".waits"); !strings.Contains(got, "3") {
		t.Errorf("%d: the badge says %q, want 3", width, got)
	}
	reviewer.follow("a.waits")
	if tooWide := tooWide(reviewer); len(tooWide) > 0 {
		t.Errorf("%d: the desk runs off the screen: %v", width, tooWide)
	}
	eval[any](reviewer, fmt.Sprintf(`[...document.querySelectorAll('#for-me a')].find(a => a.textContent.includes(%q)).click(); null`, word+"之三"))
	reviewer.wait(`location.pathname.startsWith('/cases/')`)
	reviewer.wait(`!!document.querySelector(".workflow form[action$='/return'] input[name=reason]")`)
	reviewer.write(".workflow form[action$='/return'] input[name=reason]", "请补上做法")
	reviewer.follow(".workflow form[action$='/return'] button")
	reviewer.visit("/write", 200)
	eval[any](reviewer, `document.querySelectorAll('#for-me input[name=pick]').forEach(x => { x.checked = true }); null`)
	reviewer.follow("#for-me .buttons button")
	if n := reviewer.count(".picked"); n != 2 {
		t.Errorf("%d: %d are looked at together, want 2", width, n)
	}
	reviewer.follow(".buttons.reach button")
	if got := reviewer.text(".done"); !strings.Contains(got, "发布了 2 件") {
		t.Errorf("%d: publishing two is told by %q", width, got)
	}
	b.visit("/write", 200)
	if got := b.text("#returned"); !strings.Contains(got, "请补上做法") || !strings.Contains(got, word+"之三") {
		t.Errorf("%d: the editor reads of what came back %q", width, got)
	}
	if got := b.text(".told"); !strings.Contains(got, "3") {
		t.Errorf("%d: the editor's badge says %q, want 3", width, got)
	}
	s.site.CatchUp(t)

	peer := s.signedIn(t, name("外县审核"), catalog.RoleReviewer, "tonghua")
	peer.do(Look(width, 900, false))
	peer.visit("/search?q="+word, 200)
	eval[any](peer, fmt.Sprintf(`[...document.querySelectorAll('.hit h2 a')].find(a => a.textContent.includes(%q)).click(); null`, "之一"))
	peer.wait(`location.pathname === ` + quoted(first))
	peer.wait(`!!document.querySelector(".tools a[href$='/adopt']")`)
	peer.follow(".tools a[href$='/adopt']")
	peer.typed("[name=adoptedOn]", "2026年3月")
	peer.typed("[name=changes]", "把空屋换成了文化站（测试）。")
	peer.follow(".buttons.reach button")
	if got := peer.text(".adoptions"); !strings.Contains(got, "文化站") {
		t.Errorf("%d: the case says of adoptions %q", width, got)
	}
	peer.visit("/write/adoptions", 200)
	peer.follow("#taken .workflow a.button") // later additions
	peer.typed("[name=result]", "试了一个月，来的人多了（测试）。")
	peer.follow(".buttons.reach button")
	if got := peer.text("#taken"); !strings.Contains(got, "来的人多了") {
		t.Errorf("%d: what was added says %q", width, got)
	}
	b.visit("/write/adoptions", 200)
	accessible(b, "/write/adoptions")
	b.do(Look(width, 900, false))
	b.typed("#given input[name=thanks]", "谢谢借鉴（测试）")
	b.follow("#given .thank button")
	peer.visit("/notices", 200)
	if got := peer.text("#notices"); !strings.Contains(got, "谢谢借鉴（测试）") {
		t.Errorf("%d: who is thanked reads %q", width, got)
	}
	peer.visit(first, 200)
	if got := peer.text(".adoptions"); !strings.Contains(got, "谢谢借鉴") || !strings.Contains(got, "来的人多了") {
		t.Errorf("%d: the case says of the adoption %q", width, got)
	}
	printed(peer)

	// Withdrawn, it is gone from the page, and comes back as a draft.
	peer.visit("/write/adoptions", 200)
	peer.write("#taken form[action$='/archive'] input[name=reason]", "登记有误")
	peer.follow("#taken form[action$='/archive'] button")
	peer.visit(first, 200)
	if got := peer.text(".adoptions"); strings.Contains(got, "来的人多了") {
		t.Errorf("%d: a withdrawn adoption is still shown: %q", width, got)
	}
	peer.visit("/write/adoptions", 200)
	peer.follow("#taken form[action$='/restore'] button")
	if got := peer.text("#taken"); !strings.Contains(got, "草稿") || !strings.Contains(got, "来的人多了") {
		t.Errorf("%d: brought back it says %q", width, got)
	}
}
