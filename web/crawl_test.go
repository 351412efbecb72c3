package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/web"
)

// mostSearches bounds how many searches a crawl follows: every combination of
// filters is an address of its own.
const mostSearches = 60

// TestEveryLinkLeadsToAPage follows every link of every page, from every kind of
// page on, and looks at each page for what no page may have.
func TestEveryLinkLeadsToAPage(t *testing.T) {
	h, _ := open(t)
	seen := map[string]bool{}
	queue := slices.Clone(seeds)
	searches, pages := 0, 0
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		if seen[target] {
			continue
		}
		seen[target] = true
		if strings.HasSuffix(target, ".pdf") {
			continue // another program makes it, for seconds; a test of exchange has one made
		}
		if strings.HasPrefix(target, "/search?") {
			if searches++; searches > mostSearches {
				continue
			}
		}
		w := get(t, h, target)
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", target, w.Code)
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || strings.HasPrefix(target, "/playground") {
			continue
		}
		pages++
		if got := w.Header().Get("Content-Security-Policy"); got != web.ContentSecurityPolicy {
			t.Errorf("%s: policy %q, want %q", target, got, web.ContentSecurityPolicy)
		}
		tree := parse(t, w.Body.String())
		for _, problem := range problemsOf(tree, !strings.HasPrefix(target, "/suggest")) {
			t.Errorf("%s: %s", target, problem)
		}
		queue = append(queue, links(tree)...)
	}
	if pages < 200 {
		t.Errorf("only %d pages were reached", pages)
	}
}

// problemsOf is what is wrong with a page: what the content security policy
// forbids, what leads elsewhere, and what a screen reader would stumble over.
func problemsOf(tree *html.Node, whole bool) []string {
	var problems []string
	ids := map[string]bool{}
	labelled := map[string]bool{}
	for _, n := range all(tree, "label") {
		labelled[attribute(n, "for")] = true
	}
	for _, n := range all(tree, "") {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				problems = append(problems, "the id "+id+" stands twice")
			}
			ids[id] = true
		}
		problems = append(problems, elementProblems(n, labelled)...)
	}
	if !whole {
		return problems
	}
	if n := len(all(tree, "h1")); n != 1 {
		problems = append(problems, "there is not one h1")
	}
	for _, n := range all(tree, "title") {
		if title := textOf(n); title != "" && !strings.HasPrefix(title, " ") {
			return problems
		}
	}
	return append(problems, "there is no title")
}

func elementProblems(n *html.Node, labelled map[string]bool) []string {
	var problems []string
	for _, a := range n.Attr {
		u, err := url.Parse(a.Val)
		leads := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "srcset" || a.Key == "xlink:href"
		switch {
		case strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(a.Key, "hx-on"):
			problems = append(problems, n.Data+" has the attribute "+a.Key)
		case leads && err == nil && (u.Scheme == "https" || u.Scheme == "http") && n.Data == "a" && attribute(n, "rel") == "noopener noreferrer external":
			// a public page, of a report or of a record's links, that learns nothing of its reader
		case leads && (err != nil || u.Scheme != "" || u.Host != ""):
			problems = append(problems, n.Data+" leads elsewhere: "+a.Val)
		case leads && strings.Contains(a.Val, "ZgotmplZ"):
			problems = append(problems, n.Data+" has an address that was not safe")
		}
	}
	switch n.Data {
	case "img": // of the help pages only
		if !strings.HasPrefix(attribute(n, "src"), "/assets/help-") || attribute(n, "alt") == "" {
			problems = append(problems, "there is a picture that is none of the help's, or says nothing to who cannot see it")
		}
	case "style", "iframe", "object", "embed", "base":
		problems = append(problems, "there is a "+n.Data)
	case "script":
		if attribute(n, "type") == "application/ld+json" {
			if !json.Valid([]byte(textOf(n))) {
				problems = append(problems, "the JSON-LD is no JSON: "+textOf(n))
			}
			break
		}
		if attribute(n, "src") == "" || n.FirstChild != nil {
			problems = append(problems, "there is a script within the page")
		}
	case "a":
		if strings.TrimSpace(textOf(n)) == "" && attribute(n, "aria-label") == "" {
			problems = append(problems, "a link has no text: "+attribute(n, "href"))
		}
	case "input", "select", "textarea":
		inLabel := n.Parent != nil && n.Parent.Data == "label"
		if attribute(n, "type") != "hidden" && !inLabel && !labelled[attribute(n, "id")] {
			problems = append(problems, n.Data+" has no label")
		}
	}
	return problems
}

// TestPagesAskTheDatabaseLittle holds how many statements a page may take: as
// many as it has kinds of things, not as many as it has things.
func TestPagesAskTheDatabaseLittle(t *testing.T) {
	h, count := open(t)
	for _, target := range append([]string{
		"/cases/siping-haodi-zhong-haoliang", "/brands/jisi-guangyi", "/committees/jilin", "/regions/220000", "/topics/jingji",
		"/proposals/hunchun-haiyang-jingji-shifanqu", "/practices/dang-de-lingdao", "/sources/jilin-zhengxie-shida-tese-liangdian",
	}, seeds...) {
		before := count.Count()
		page(t, h, target)
		got := count.Count() - before
		t.Logf("%3d statements: %s", got, target)
		if got > 40 {
			t.Errorf("%s took %d statements", target, got)
		}
	}
}

func TestAPageThatIsNotThereSaysSo(t *testing.T) {
	h, _ := open(t)
	tests := []struct {
		target string
		status int
		text   string
	}{
		{"/nothing", 404, "没有找到这一页"},
		{"/cases/nothing", 404, "没有找到这一页"},
		{"/cases/%3Cscript%3E", 404, "没有找到这一页"},
		{"/regions/000000", 404, "没有找到这一页"},
		{"/assets/nothing.css", 404, "没有找到这一页"},
		{"/assets/LICENSE", 404, "没有找到这一页"},
		{"/search?year=abc", 400, "年份应写成数字"},
		{"/search?level=NOTHING", 400, "这个查询不能执行"},
		{"/search?after=nothing", 400, "这个查询不能执行"},
		{"/compare?cases=a,b,c,d,e", 400, "最多同时对比 4 个案例"},
		{"/sources/jilin-zhengxie-shida-tese-liangdian?start=5&end=5", 400, "止大于起"},
		{"/sources/jilin-zhengxie-shida-tese-liangdian?start=9000000&end=9000001", 400, "超出了原文"},
	}
	for _, tt := range tests {
		w := get(t, h, tt.target)
		tree := parse(t, w.Body.String())
		if w.Code != tt.status || !strings.Contains(textOf(tree), tt.text) {
			t.Errorf("%s: status %d, text %.200q; want %d, %q", tt.target, w.Code, textOf(tree), tt.status, tt.text)
		}
		if byID(tree, "q") == nil {
			t.Errorf("%s: the page has no search box", tt.target)
		}
		if got := w.Header().Get("Content-Security-Policy"); got != web.ContentSecurityPolicy {
			t.Errorf("%s: policy %q", tt.target, got)
		}
	}
}

func TestPagesAreReadOnly(t *testing.T) {
	h, _ := open(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/search?q=a", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		t.Error("a POST to a page was answered")
	}
}
