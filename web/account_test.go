package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// visitor is a browser with its session.
type visitor struct {
	site   *sitetest.Site
	cookie *http.Cookie
}

func (b *visitor) send(t *testing.T, method, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.site.Handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if strings.Contains(c.Name, "session") && c.Value != "" {
			b.cookie = c
		}
	}
	return w
}

func (b *visitor) get(t *testing.T, target string) *httptest.ResponseRecorder {
	t.Helper()
	return b.send(t, http.MethodGet, target, nil)
}

// post sends a form and ends the test where the status is another than what is wanted.
func (b *visitor) post(t *testing.T, target string, status int, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	w := b.send(t, http.MethodPost, target, form)
	if w.Code != status {
		t.Fatalf("%s: status %d, want %d: %s", target, w.Code, status, textOf(parse(t, w.Body.String())))
	}
	return w
}

// signedIn is somebody who signed in by a token.
func signedIn(t *testing.T, site *sitetest.Site, name string, role catalog.Role, committee string) *visitor {
	t.Helper()
	b := &visitor{site: site}
	b.post(t, "/sign-in", http.StatusSeeOther, "token", site.Token(t, name, role, committee))
	if b.cookie == nil {
		t.Fatalf("%s is not signed in", name)
	}
	return b
}

// secretOf is what a page shows once.
func secretOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "no-") {
		t.Errorf("a page with a secret may be kept: %s", got)
	}
	secret := strings.TrimSpace(textOf(byID(parse(t, w.Body.String()), "secret")))
	if secret == "" {
		t.Fatal("no secret is shown")
	}
	return secret
}

// accountOf is the id of an account by its name, "" where the page has none that can be
// managed.
func accountOf(t *testing.T, b *visitor, name string) string {
	t.Helper()
	for _, d := range withClass(parse(t, b.get(t, "/admin").Body.String()), "account") {
		if !strings.HasPrefix(strings.TrimSpace(textOf(d)), name+" ") {
			continue
		}
		for _, input := range all(d, "input") {
			if attribute(input, "name") == "id" {
				return attribute(input, "value")
			}
		}
	}
	return ""
}

// becomes waits until a page answers with the status: rights end within seconds.
func becomes(t *testing.T, b *visitor, target string, status int) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		w := b.get(t, target)
		if w.Code == status {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: status %d, want %d", target, w.Code, status)
		}
		time.Sleep(50 * time.Millisecond) // between two looks
	}
}

func TestAccessIsGivenLimitedAndRevokedByPagesAlone(t *testing.T) {
	site := sitetest.Open(t)
	admin := signedIn(t, site, "管理员", catalog.RoleAdmin, "")

	// The admin gives a reviewer a link, which signs in once.
	link := secretOf(t, admin.post(t, "/admin/give", 200, "name", "长春审核", "role", "REVIEWER", "committee", "changchun", "days", "30", "how", "link"))
	u, err := url.Parse(link)
	if err != nil || u.Path != "/sign-in/link" {
		t.Fatalf("the link is %s: %v", link, err)
	}
	reviewer := &visitor{site: site}
	code := ""
	for _, input := range all(parse(t, reviewer.get(t, u.RequestURI()).Body.String()), "input") {
		if attribute(input, "name") == "code" {
			code = attribute(input, "value")
		}
	}
	reviewer.get(t, u.RequestURI()) // to look at it uses nothing up
	reviewer.post(t, "/sign-in/link", http.StatusSeeOther, "code", code)
	if reviewer.cookie == nil {
		t.Fatal("the link signs nobody in")
	}
	again := &visitor{site: site}
	if w := again.post(t, "/sign-in/link", http.StatusSeeOther, "code", code); again.cookie != nil || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in?error=unauthenticated") {
		t.Errorf("the link is good twice: %s", w.Header().Get("Location"))
	}
	for _, wrong := range []string{"", "jisilink", code + "a", strings.Replace(code, "jisilink", "jisi", 1)} {
		if again.post(t, "/sign-in/link", http.StatusSeeOther, "code", wrong); again.cookie != nil {
			t.Errorf("%q signs in", wrong)
		}
	}

	// The reviewer gives an editor of its own committee access, and nobody else.
	for what, fields := range map[string][]string{
		"a reviewer":                     {"role", "REVIEWER", "committee", "changchun"},
		"an admin":                       {"role", "ADMIN"},
		"another committee's editor":     {"role", "EDITOR", "committee", "jilin-shi"},
		"an editor of a committee below": {"role", "EDITOR", "committee", "changchun-nanguan"},
		"a reader of none":               {"role", "READER"},
	} {
		reviewer.post(t, "/admin/give", 422, append(fields, "name", "不该有的"+what, "days", "30", "how", "token")...)
	}
	token := secretOf(t, reviewer.post(t, "/admin/give", 200, "name", "长春编辑", "role", "EDITOR", "committee", "changchun", "days", "30", "how", "token"))
	editor := &visitor{site: site}
	editor.post(t, "/sign-in", http.StatusSeeOther, "token", token)
	becomes(t, editor, "/write", 200)
	if w := editor.get(t, "/admin"); w.Code != 403 {
		t.Errorf("an editor manages accounts: %d", w.Code)
	}
	if w := (&visitor{site: site}).get(t, "/admin"); w.Code != http.StatusSeeOther {
		t.Errorf("nobody manages accounts: %d", w.Code)
	}
	id := accountOf(t, reviewer, "长春编辑")
	if id == "" || accountOf(t, reviewer, "管理员") != "" || accountOf(t, reviewer, "长春审核") != "" {
		t.Errorf("the reviewer manages %q and others", id)
	}
	if strings.Contains(reviewer.get(t, "/admin").Body.String(), "管理员 ") {
		t.Error("the reviewer sees accounts of others")
	}
	adminID := accountOf(t, admin, "管理员")
	reviewer.post(t, "/admin/revoke", 422, "id", adminID)
	reviewer.post(t, "/admin/limit", 422, "id", id, "role", "REVIEWER", "committee", "changchun")

	// Renewed, limited to reading, let write again, revoked.
	reviewer.post(t, "/admin/renew", http.StatusSeeOther, "id", id, "days", "200")
	if until := time.Now().AddDate(0, 0, 200).In(catalog.Changchun).Format("2006年1月2日"); !strings.Contains(reviewer.get(t, "/admin").Body.String(), "有效至 "+until) {
		t.Errorf("not good until %s", until)
	}
	reviewer.post(t, "/admin/limit", http.StatusSeeOther, "id", id, "role", "READER", "committee", "changchun")
	becomes(t, editor, "/write", 403)
	reviewer.post(t, "/admin/limit", http.StatusSeeOther, "id", id, "role", "EDITOR", "committee", "changchun")
	becomes(t, editor, "/write", 200)
	unused := secretOf(t, reviewer.post(t, "/admin/link", 200, "id", id))
	reviewer.post(t, "/admin/revoke", http.StatusSeeOther, "id", id)
	becomes(t, editor, "/write", http.StatusSeeOther) // to sign in
	late := &visitor{site: site}
	u, _ = url.Parse(unused)
	if late.post(t, "/sign-in/link", http.StatusSeeOther, "code", u.Query().Get("code")); late.cookie != nil {
		t.Error("a revoked account's link signs in")
	}

	// All of it is on record, for the reviewer its own, and no secret is.
	events := textOf(byID(parse(t, reviewer.get(t, "/admin").Body.String()), "events"))
	for _, want := range []string{"发放：长春编辑", "续期：长春编辑", "调整权限：长春编辑", "编辑→读者", "撤销：长春编辑", "发登录链接：长春编辑", "登录：长春编辑", "一次性链接", "由 长春审核"} {
		if !strings.Contains(events, want) {
			t.Errorf("the record lacks %q:\n%s", want, events)
		}
	}
	if strings.Contains(events, "管理员 ·") || strings.Contains(events, token) || strings.Contains(events, code) {
		t.Error("the record has what is not the reviewer's, or a secret")
	}
	if all := textOf(byID(parse(t, admin.get(t, "/admin").Body.String()), "events")); !strings.Contains(all, "登录：管理员") {
		t.Errorf("the admin's record:\n%s", all)
	}
}

func TestContactsAreForSignedInReaders(t *testing.T) {
	site := sitetest.Open(t)
	reviewer := signedIn(t, site, "长春审核", catalog.RoleReviewer, "changchun")
	admin := signedIn(t, site, "管理员", catalog.RoleAdmin, "")
	reader, editor := signedIn(t, site, "某读者", catalog.RoleReader, ""), signedIn(t, site, "长春编辑", catalog.RoleEditor, "changchun")
	other := signedIn(t, site, "四平审核", catalog.RoleReviewer, "siping")
	for who, b := range map[string]*visitor{"a reader": reader, "an editor": editor, "another's reviewer": other} {
		if w := b.get(t, "/committees/changchun/contact"); w.Code != 403 {
			t.Errorf("%s sees the form: %d", who, w.Code)
		}
		b.post(t, "/committees/changchun/contact", 403, "name", "冒名")
	}
	reviewer.post(t, "/committees/changchun/contact", 422, "phone", "打电话来")
	reviewer.post(t, "/committees/changchun/contact", 422, "email", "不是邮箱")
	reviewer.post(t, "/committees/changchun/contact", http.StatusSeeOther, "name", "联系人甲乙丙", "phone", "0431-55550000", "email", "lianxi@contact.example.cn")
	site.CatchUp(t)

	marks := []string{"联系人甲乙丙", "55550000", "contact.example.cn"}
	for who, b := range map[string]*visitor{"its reviewer": reviewer, "a reader": reader, "another": other, "an admin": admin} {
		body := b.get(t, "/committees/changchun").Body.String()
		for _, mark := range marks {
			if !strings.Contains(body, mark) {
				t.Errorf("%s does not see %s", who, mark)
			}
		}
	}
	ask := func(b *visitor, query string) string {
		t.Helper()
		return b.get(t, "/graphql?"+url.Values{"query": {query}}.Encode()).Body.String()
	}
	const contact = `{ committee(slug: "changchun") { name contact { name phone email } } committees(first: 100) { nodes { contact { phone } } } }`
	if got := ask(reader, contact); !strings.Contains(got, "55550000") {
		t.Errorf("a signed-in reader asks and gets %s", got)
	}
	anybody := &visitor{site: site}
	doors := map[string]string{
		"the query": ask(anybody, contact), "the query again": ask(anybody, contact), // the second out of the cache
		"a node":    ask(anybody, `{ committee(slug: "changchun") { id } cases(first: 100) { nodes { committee { contact { name phone email } } } } }`),
		"revisions": ask(anybody, `{ regions { code } committees(first: 100) { nodes { slug name alternativeNames } } }`),
		"the page":  anybody.get(t, "/committees/changchun").Body.String(), "the list": anybody.get(t, "/committees").Body.String(),
		"harvesting":  anybody.get(t, "/oai?verb=ListRecords&metadataPrefix=oai_dc").Body.String(),
		"assistants":  anybody.get(t, "/llms.txt").Body.String(),
		"a feed":      anybody.get(t, "/feeds/committees/changchun").Body.String(),
		"suggestions": anybody.get(t, "/suggest?q="+url.QueryEscape("联系人甲")).Body.String(),
	}
	// Nor through these, whoever asks.
	for who, b := range map[string]*visitor{"anybody": anybody, "an admin": admin} {
		for _, format := range []string{"jsonl", "csv", "xlsx"} {
			doors[who+"'s export as "+format] = b.get(t, "/export/cases."+format).Body.String()
		}
		for _, words := range []string{"联系人甲乙丙", "55550000", "lianxi@contact.example.cn"} {
			if got := ask(b, `{ search(query: "\"`+words+`\"") { totalCount } }`); !strings.Contains(got, `"totalCount":0`) {
				t.Errorf("%s finds %s: %s", who, words, got)
			}
		}
		doors[who+"'s feed"] = b.get(t, "/feeds/all").Body.String()
		doors[who+"'s harvest"] = b.get(t, "/oai?verb=ListRecords&metadataPrefix=oai_dc").Body.String()
		doors[who+"'s assistant"] = mcpRecord(t, b, "COMMITTEE", "changchun")
	}
	for door, got := range doors {
		for _, mark := range marks {
			if strings.Contains(got, mark) {
				t.Errorf("%s has %s", door, mark)
			}
		}
	}
	// It can be taken away, and that it was changed is on record, without what it says.
	events := textOf(byID(parse(t, admin.get(t, "/admin").Body.String()), "events"))
	if !strings.Contains(events, "修改联系人：长春市政协") || strings.Contains(events, "55550000") {
		t.Errorf("on record: %s", events)
	}
	reviewer.post(t, "/committees/changchun/contact", http.StatusSeeOther)
	if got := ask(reader, contact); strings.Contains(got, "55550000") {
		t.Errorf("after it was taken away: %s", got)
	}
}

// mcpRecord asks for a record as an assistant does.
func mcpRecord(t *testing.T, b *visitor, kind, slug string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", strings.NewReader(
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_record","arguments":{"kind":"`+kind+`","slug":"`+slug+`"}}}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.site.Handler.ServeHTTP(w, r)
	return w.Body.String()
}

func TestHowOneIsToldIsSetOnAPage(t *testing.T) {
	site := sitetest.Open(t)
	editor := signedIn(t, site, "长春编辑", catalog.RoleEditor, "changchun")
	editor.post(t, "/account/kinds", http.StatusSeeOther, "email-RETURNED", "DAILY", "email-PUBLISHED", "IMMEDIATE", "webhook-PUBLISHED", "1", "email-ADOPTED", "NONSENSE")
	tree := parse(t, editor.get(t, "/account").Body.String())
	got := map[string]string{}
	for _, s := range all(tree, "select") {
		for _, o := range all(s, "option") {
			if attribute(o, "value") != "" && hasAttribute(o, "selected") {
				got[attribute(s, "name")] = attribute(o, "value")
			}
		}
	}
	for name, want := range map[string]string{"email-RETURNED": "DAILY", "email-PUBLISHED": "IMMEDIATE", "email-ADOPTED": "OFF", "email-TO_REVIEW": "OFF"} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	for _, input := range all(tree, "input") {
		if name := attribute(input, "name"); strings.HasPrefix(name, "webhook-") && hasAttribute(input, "checked") != (name == "webhook-PUBLISHED") {
			t.Errorf("%s is not as it was set", name)
		}
	}
	if text := textOf(tree); !strings.Contains(text, "本站没有设置邮件服务器") { // this one has none
		t.Errorf("the page says nothing of e-mail: %s", text)
	}
	editor.post(t, "/account/email", 422, "email", "a@example.cn")
	if w := (&visitor{site: site}).get(t, "/account"); w.Code != http.StatusSeeOther {
		t.Errorf("nobody's settings: %d", w.Code)
	}
}
