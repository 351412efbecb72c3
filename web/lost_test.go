package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// valuesOf are what a form of the page would send, without its buttons.
func valuesOf(tree *html.Node, action string) url.Values {
	values := url.Values{}
	for _, form := range all(tree, "form") {
		if attribute(form, "action") != action {
			continue
		}
		for _, n := range all(form, "input") {
			if name := attribute(n, "name"); name != "" && (attribute(n, "type") != "checkbox" || hasAttribute(n, "checked")) {
				values.Add(name, attribute(n, "value"))
			}
		}
		for _, n := range all(form, "textarea") {
			values.Add(attribute(n, "name"), textOf(n))
		}
	}
	return values
}

// sent posts a form as a browser without scripts does, whose page is of this site.
func (b *visitor) sent(t *testing.T, target string, form url.Values, site string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if site != "" {
		r.Header.Set("Sec-Fetch-Site", site)
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.site.Handler.ServeHTTP(w, r)
	return w
}

// A form that is sent after the session has ended, from a browser without scripts, waits
// on a page, and is shown again to who has signed in; nothing of it is saved by that. What
// another site sends is not shown as if its reader had written it.
func TestAFormOutlivesItsSessionWithoutScripts(t *testing.T) {
	site := sitetest.Open(t)
	editor := signedIn(t, site, "无脚本编辑", catalog.RoleEditor, "baishan")
	const target = "/write/cases?writing=zwei"
	form := url.Values{"plain": {"1"}, "title": {"写了一半的标题"}, "background": {"第一行\r\n第二行 <b>"}, "topics": {"jingji", "minsheng"}, "then": {"save"}}
	out := &visitor{site: site}
	for from, status := range map[string]int{"same-origin": http.StatusUnauthorized, "cross-site": http.StatusSeeOther, "same-site": http.StatusSeeOther, "": http.StatusSeeOther} {
		if w := out.sent(t, target, form, from); w.Code != status {
			t.Errorf("from %q: status %d, want %d", from, w.Code, status)
		}
	}
	with := url.Values{}
	for name, values := range form {
		with[name] = values
	}
	with.Del("plain") // with scripts the browser has kept it
	if w := out.sent(t, target, with, "same-origin"); w.Code != http.StatusSeeOther {
		t.Errorf("with scripts: status %d", w.Code)
	}

	kept := valuesOf(parse(t, out.sent(t, target, form, "same-origin").Body.String()), target)
	if got := kept["topics"]; len(got) != 2 || kept.Get("title") != form.Get("title") || strings.ReplaceAll(kept.Get("background"), "\r", "") != "第一行\n第二行 <b>" || kept.Has("then") {
		t.Errorf("the page has %v", kept)
	}
	kept.Set("then", "resume")
	w := editor.sent(t, target, kept, "same-origin")
	tree := parse(t, w.Body.String())
	again := valuesOf(tree, target)
	if w.Code != http.StatusOK || again.Get("title") != form.Get("title") || !strings.Contains(again.Get("background"), "第二行 <b>") {
		t.Errorf("%d: the form has %q and %q", w.Code, again.Get("title"), again.Get("background"))
	}
	if text := textOf(tree); !strings.Contains(text, "还没有保存") {
		t.Error("the form does not say that it is not saved")
	}
	if text := textOf(parse(t, editor.get(t, "/write").Body.String())); strings.Contains(text, "写了一半的标题") {
		t.Error("it was saved")
	}
}

// A form whose writer may only read by now waits on a page as well, of every noun and of
// what an address changes; who may write again goes on with it, and who has scripts or
// comes from elsewhere gets the plain refusal.
func TestAFormOutlivesItsWritersRightsWithoutScripts(t *testing.T) {
	site := sitetest.Open(t)
	reader := signedIn(t, site, "只读的编辑", catalog.RoleReader, "baishan")
	editor := signedIn(t, site, "又是编辑", catalog.RoleEditor, "baishan")
	for target, field := range map[string]string{"/write/needs": "problem", "/write/cases?writing=drei": "background", "/write/proposals": "supervisions.0.entries.0.note", "/write/venues": "address"} {
		form := url.Values{"plain": {"1"}, field: {"写了一半的文字 <b>"}, "topics": {"jingji"}, "supervisions.0.supervisor": {""}, "supervisions.0.entries.0.kind": {""}, "then": {"save"}}
		w := reader.sent(t, target, form, "same-origin")
		tree := parse(t, w.Body.String())
		kept := valuesOf(tree, target)
		if w.Code != http.StatusForbidden || kept.Get(field) != form.Get(field) || kept.Get("topics") != "jingji" {
			t.Errorf("%s: %d: the page has %v", target, w.Code, kept)
		}
		if prose := strings.TrimSpace(textOf(byID(tree, "prose"))); prose != form.Get(field) || !strings.Contains(textOf(tree), "您的身份现在是读者") {
			t.Errorf("%s: to be copied is %q", target, prose)
		}
		kept.Set("then", "resume")
		if w := editor.sent(t, target, kept, "same-origin"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "写了一半的文字 &lt;b&gt;") {
			t.Errorf("%s is not opened again: %d %v", target, w.Code, valuesOf(parse(t, w.Body.String()), target))
		}
		for _, from := range []string{"cross-site", ""} {
			if w := reader.sent(t, target, form, from); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "写了一半") {
				t.Errorf("%s from %q: %d, with what was sent", target, from, w.Code)
			}
		}
		form.Del("plain")
		if w := reader.sent(t, target, form, "same-origin"); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "写了一半") {
			t.Errorf("%s with scripts: %d, with what was sent", target, w.Code)
		} else if !strings.Contains(w.Body.String(), "还留在这个浏览器里") {
			t.Errorf("%s with scripts: its writer is not told where the text is: %s", target, textOf(parse(t, w.Body.String())))
		}
	}
}

// Two new records that are written at once have a kept text each.
func TestTwoNewCasesAreWrittenAtOnce(t *testing.T) {
	site := sitetest.Open(t)
	editor := signedIn(t, site, "两份编辑", catalog.RoleEditor, "baishan")
	keep := func(name, title string) {
		t.Helper()
		form := "/write/cases"
		if name != "" {
			form += "?writing=" + name
		}
		w := editor.send(t, http.MethodPost, "/write/keep", url.Values{"kind": {"CASE"}, "name": {name}, "by": {"两份编辑"}, "content": {`{"form":"` + form + `","title":"` + title + `","version":"0","values":{"title":["` + title + `"]}}`}})
		if w.Code != http.StatusOK {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
	}
	keep("", "第一份")
	keep("zwei", "第二份")
	desk := editor.get(t, "/write").Body.String()
	for address, title := range map[string]string{"/write/cases?kept=1": "第一份", "/write/cases?writing=zwei&kept=1": "第二份"} {
		if !strings.Contains(html.UnescapeString(desk), `href="`+address+`"`) {
			t.Errorf("the desk does not lead to %s", address)
		}
		tree := parse(t, editor.get(t, address).Body.String())
		if got := attribute(byID(tree, "f-title"), "value"); got != title {
			t.Errorf("%s has %q, want %q", address, got, title)
		}
	}
	// Saving one drops its own text only.
	if w := editor.send(t, http.MethodPost, "/write/cases?writing=zwei", url.Values{"title": {"第二份"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if desk = editor.get(t, "/write").Body.String(); !strings.Contains(desk, "第一份") || strings.Contains(desk, "writing=zwei") {
		t.Error("after the second was saved, the desk has not the first alone")
	}
}

// A proposal is written with rows that are added and taken away without scripts, by when
// it is to be answered stands in the lists, and a person who came twice is merged by pages.
func TestAProposalWithItsEntriesIsWrittenByPagesAlone(t *testing.T) {
	site := sitetest.Open(t)
	editor, reviewer := signedIn(t, site, "提案编辑", catalog.RoleEditor, "baishan"), signedIn(t, site, "提案审核", catalog.RoleReviewer, "baishan")
	form := url.Values{
		"title": {"关于灯的提案"}, "proposers.committee": {"白山市政协"}, "proposers.new": {"张某甲、某会委员"}, "events.0.kind": {"ASSIGNED"}, "events.0.occurredOn": {"2020-03"},
		"supervisions.0.supervisor": {""}, "supervisions.0.newPerson": {"李某乙"}, "supervisions.0.entries.0.kind": {"SURVEY"}, "supervisions.0.entries.0.occurredOn": {"2020年4月2日"}, "supervisions.0.entries.0.note": {"看灯"},
		"then": {"more:supervisions.0.entries"},
	}
	w := editor.send(t, http.MethodPost, "/write/proposals", form)
	tree := parse(t, w.Body.String())
	if w.Code != http.StatusOK || byID(tree, "f-supervisions-0-entries-1-kind") == nil || attribute(byID(tree, "f-title"), "value") != "关于灯的提案" {
		t.Fatalf("%d: no row more", w.Code)
	}
	form.Set("supervisions.0.entries.1.kind", "MEETING")
	form.Set("supervisions.0.entries.1.occurredOn", "不知哪天")
	form.Set("then", "save")
	w = editor.send(t, http.MethodPost, "/write/proposals", form)
	if hint := textOf(byID(parse(t, w.Body.String()), "f-supervisions-0-entries-1-occurredOn-hint")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(hint, "看不出是哪一天") {
		t.Errorf("%d: what is wrong in a row is told by %q", w.Code, hint)
	}
	form.Set("supervisions.0.entries.1.occurredOn", "2020-05")
	form.Set("then", "submit")
	w = editor.send(t, http.MethodPost, "/write/proposals", form)
	at, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, textOf(parse(t, w.Body.String())))
	}
	publish := valuesOf(parse(t, reviewer.get(t, at).Body.String()), "/write"+at+"/publish")
	if w := reviewer.send(t, http.MethodPost, "/write"+at+"/publish", publish); w.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	for target, words := range map[string][]string{
		at:                        {"张某甲", "李某乙", "看灯", "2020年4月2日", "2020年5月", "逾期"},
		"/proposals?overdue=true": {"关于灯的提案", "应于 2020年6月30日 前答复（自交办起 3 个月）", "逾期"},
		"/persons":                {"张某甲", "李某乙"},
	} {
		text := textOf(page(t, site.Handler, target))
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%s does not say %q", target, word)
			}
		}
	}

	// The same person once more, by another hand.
	w = reviewer.send(t, http.MethodPost, "/write/persons", url.Values{"name": {"张某甲"}, "offices": {"某会常委"}, "then": {"submit"}})
	twice, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	tree = parse(t, reviewer.get(t, "/write"+twice+"/merge").Body.String())
	var others []string
	for _, n := range all(tree, "input") {
		if attribute(n, "name") == "into" {
			others = append(others, attribute(n, "value"))
		}
	}
	if len(others) != 1 || "/persons/"+others[0] == twice {
		t.Fatalf("of the same name are %q", others)
	}
	if w := editor.get(t, "/write"+twice+"/merge"); w.Code != http.StatusForbidden {
		t.Errorf("an editor is shown the page: %d", w.Code)
	}
	merge := valuesOf(tree, "/write"+twice+"/merge")
	merge.Del("into")
	if w := reviewer.send(t, http.MethodPost, "/write"+twice+"/merge", merge); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", w.Code)
	}
	merge.Set("other", "张某甲")
	if w := reviewer.send(t, http.MethodPost, "/write"+twice+"/merge", merge); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a name that two have: %d", w.Code)
	}
	merge.Set("other", "")
	merge.Set("into", others[0])
	if w := reviewer.send(t, http.MethodPost, "/write"+twice+"/merge", merge); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/persons/"+others[0]) {
		t.Errorf("%d: %s", w.Code, textOf(parse(t, w.Body.String())))
	}
	// Who may still see it is led on, and told that it never was public, as an archived
	// draft's readers are; of what was public, since when it is not.
	told := func(at string) string {
		for _, n := range all(parse(t, reviewer.get(t, at).Body.String()), "p") {
			if attribute(n, "class") == "draftbar" {
				return textOf(n)
			}
		}
		return ""
	}
	archive := func(at string) {
		form := valuesOf(parse(t, reviewer.get(t, at).Body.String()), "/write"+at+"/archive")
		form.Set("reason", "登记有误")
		if w := reviewer.send(t, http.MethodPost, "/write"+at+"/archive", form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d: %s", at, w.Code, textOf(parse(t, w.Body.String())))
		}
	}
	if got := told(twice); !strings.Contains(got, "没有公开过") || !strings.Contains(got, "现见 张某甲") {
		t.Errorf("of the merged person: %q", got)
	}
	archive(at)
	if got := told(at); !strings.Contains(got, "曾经公开，") || strings.Contains(got, "尚未公开") || strings.Contains(got, "现见") {
		t.Errorf("of the archived proposal: %q", got)
	}
	w = editor.send(t, http.MethodPost, "/write/persons", url.Values{"name": {"王某丙"}, "offices": {"某会委员"}, "then": {"save"}})
	draft, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if got := told(draft); !strings.Contains(got, "尚未公开") {
		t.Errorf("of a draft: %q", got)
	}
	archive(draft)
	if got := told(draft); !strings.Contains(got, "没有公开过") {
		t.Errorf("of an archived draft: %q", got)
	}
}
