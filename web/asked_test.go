package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/web"
)

// keeping keeps questions in a site's store, as cmd does.
type keeping struct {
	t    *testing.T
	site *sitetest.Site
}

func (k keeping) Days() int                      { return 30 }
func (k keeping) Plain(question string) []string { return k.site.Index.WithoutNames(question) }

func (k keeping) Vain(ctx context.Context, words []string) {
	if err := k.site.Store.KeepAsked(ctx, words, 30); err != nil {
		k.t.Error(err)
	}
}

func (k keeping) Opened(ctx context.Context, words []string, kind catalog.RecordKind, slug string) {
	if err := k.site.Store.KeepOpened(ctx, words, kind, slug, 30); err != nil {
		k.t.Error(err)
	}
}

// TestQuestionsAreKeptOfWhoAgreed goes the way of a reader who finds little, agrees, asks
// again in other words, opens what is found, and takes the agreement back.
func TestQuestionsAreKeptOfWhoAgreed(t *testing.T) {
	site := sitetest.Open(t)
	same := sitetest.Changed(site.Handler, func(v any) any { return v })
	h := web.Handler(web.Options{Query: same, Asked: keeping{t, site}})
	cookies := map[string]string{}
	send := func(r *http.Request) *httptest.ResponseRecorder {
		t.Helper()
		for name, value := range cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		for _, c := range w.Result().Cookies() {
			if c.MaxAge < 0 {
				delete(cookies, c.Name)
			} else if cookies[c.Name] = c.Value; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
				t.Errorf("cookie %+v", c)
			}
		}
		return w
	}
	look := func(target string, header ...string) string {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := send(r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: status %d", target, w.Code)
		}
		if got := w.Header().Get("Referrer-Policy") == "same-origin"; got != (cookies["jisi-asked"] != "" && r.URL.Path == "/search") {
			t.Errorf("%s: the address goes along: %t", target, got)
		}
		return textOf(parse(t, w.Body.String()))
	}
	agree := func(value string) int {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/asked", strings.NewReader(url.Values{"agree": {value}, "next": {"/search?q=a"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return send(r).Code
	}
	kept := func() string {
		t.Helper()
		found, err := site.Store.AskedInVain(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, q := range found {
			line := strings.Join(q.Words, " ")
			for _, o := range q.Opened {
				line += " > " + o.Title
			}
			out = append(out, line)
		}
		return strings.Join(out, "; ")
	}
	vain := "/search?q=" + url.QueryEscape("张建国家门口店铺倒闭13812345678")
	again := "/search?q=" + url.QueryEscape("桂林路商圈改造")
	record := "/cases/guilin-lu-shangquan-gaizao"
	from := func(target string) []string { return []string{"Referer", "http://example.com" + target} }

	if text := look(vain); !strings.Contains(text, "30 天后删除") || !strings.Contains(text, "同意记录") {
		t.Errorf("the page does not ask: %s", text)
	}
	look(record, from(vain)...)
	if got := kept(); got != "" || len(cookies) > 0 {
		t.Errorf("without agreement %q is kept, cookies %v", got, cookies)
	}
	if agree("1") != http.StatusSeeOther || agree("2") != http.StatusBadRequest {
		t.Error("agreeing is answered otherwise")
	}
	if text := look(vain); !strings.Contains(text, "不再记录") || strings.Contains(text, "同意记录") {
		t.Errorf("the page does not offer to stop: %s", text)
	}
	want := "倒闭 家门口 店铺"
	if got := kept(); got != want {
		t.Errorf("kept is %q, want %q", got, want)
	}
	look(vain+"&sort=newest", "Sec-Purpose", "x")   // what a filter or an order makes of it is not asked anew
	look(vain, "Sec-Purpose", "prefetch;prerender") // nor does a browser ask
	look("/search?q=13812345678")                   // nor is there anything in it
	look("/search?q=")
	look(record, from(again)[0], "http://elsewhere.example"+again) // from another site
	look(record)
	look(record, "Referer", "http://example.com/cases")
	if got := kept(); got != want {
		t.Errorf("kept is %q, want %q", got, want)
	}
	look(again)
	look(record, from(again)...)
	if got := kept(); !strings.Contains(got, want+" > 桂林路商圈改造") || cookies["jisi-vain"] != "" {
		t.Errorf("kept is %q, cookies %v", got, cookies)
	}
	cookies["jisi-vain"] = url.QueryEscape("刘君信 13812345678,停车,停车,停车,停车") // which the reader wrote
	look(record, from(again)...)
	before := kept()
	if strings.Contains(before, "刘君信") || strings.Contains(before, "1381") {
		t.Errorf("kept is %q", before)
	}
	if agree("0") != http.StatusSeeOther || len(cookies) > 0 {
		t.Errorf("cookies %v are left", cookies)
	}
	look("/search?q=" + url.QueryEscape("楼道漏水"))
	look(record, from(again)...)
	if got := kept(); got != before {
		t.Errorf("after it was taken back %q is kept, before %q", got, before)
	}
	// Where the operator keeps nothing nobody is asked.
	if text := textOf(page(t, site.Handler, vain)); strings.Contains(text, "记录") && strings.Contains(text, "同意") {
		t.Errorf("the page asks: %s", text)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/asked", strings.NewReader("agree=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	site.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest || len(w.Result().Cookies()) > 0 {
		t.Errorf("status %d, cookies %v", w.Code, w.Result().Cookies())
	}
}
