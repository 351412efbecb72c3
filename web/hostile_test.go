package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/web"
)

// records are pages of one record of each kind.
var records = []string{
	"/cases/siping-haodi-zhong-haoliang", "/cases/hunchun-haiyang-jingji-shifanqu-jianshe", "/brands/jisi-guangyi",
	"/proposals/hunchun-haiyang-jingji-shifanqu", "/practices/dang-de-lingdao", "/committees/jilin", "/topics/jingji",
	"/regions/220000", "/sources/jilin-zhengxie-shida-tese-liangdian?start=100&end=120",
}

func TestWhatARecordHoldsIsShownAsText(t *testing.T) {
	h, _ := open(t)
	pages := web.Handler(web.Options{Query: sitetest.Changed(h, sitetest.Spoil)})
	shown := 0
	for _, target := range append(slices.Clone(records), seeds...) {
		tree := page(t, pages, target)
		for _, problem := range problemsOf(tree, !strings.HasPrefix(target, "/suggest")) {
			t.Errorf("%s: %s", target, problem)
		}
		shown += strings.Count(textOf(tree), "<script>alert(1)</script>")
		for _, label := range unstyled(tree) {
			if strings.ContainsRune(label, '\u202e') {
				t.Errorf("%s: %q can turn the text around it", target, label)
			}
		}
	}
	if shown < 500 {
		t.Errorf("the hostile text is shown %d times: the records' texts did not reach the pages", shown)
	}
}

// unstyled are the texts that a browser shows where no style holds in what
// turns their direction.
func unstyled(tree *html.Node) []string {
	var found []string
	for _, n := range append(all(tree, "title"), all(tree, "option")...) {
		found = append(found, textOf(n))
	}
	for _, n := range all(tree, "") {
		found = append(found, attribute(n, "title"), attribute(n, "aria-label"), attribute(n, "placeholder"))
	}
	return found
}

func TestWhatAReaderTypesIsShownAsText(t *testing.T) {
	h, _ := open(t)
	typed := "%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E%00%E2%80%AE%ff"
	for _, target := range []string{
		"/search?q=" + typed, "/search?topic=" + typed + "&brand=" + typed, "/learn?problem=" + typed,
		"/compare?cases=" + typed, "/suggest?q=" + typed,
	} {
		for _, problem := range problemsOf(page(t, h, target), !strings.HasPrefix(target, "/suggest")) {
			t.Errorf("%s: %s", target, problem)
		}
	}
	for _, target := range []string{"/cases/" + typed, "/" + typed, "/search?year=" + typed, "/search?region=" + typed, "/search?sort=" + typed + "&after=" + typed} {
		w := get(t, h, target)
		if w.Code != http.StatusNotFound && w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", target, w.Code)
		}
		for _, problem := range problemsOf(parse(t, w.Body.String()), true) {
			t.Errorf("%s: %s", target, problem)
		}
	}
}

func TestWhatAGeneratorMadeSaysSoEverywhere(t *testing.T) {
	h, _ := open(t)
	pages := web.Handler(web.Options{Query: sitetest.Changed(h, sitetest.MadeUp)})
	for _, target := range append(slices.Clone(records), "/compare?cases=siping-haodi-zhong-haoliang,nengyuan-chanye") {
		if bars := withClass(page(t, pages, target), "synthetic-bar"); len(bars) != 1 || !strings.Contains(textOf(bars[0]), "合成数据") {
			t.Errorf("%s: the page does not say that its record is made up", target)
		}
		if bars := withClass(page(t, h, target), "synthetic-bar"); len(bars) != 0 {
			t.Errorf("%s: the page of a real record says that it is made up", target)
		}
	}
	cards := 0
	for _, target := range append(slices.Clone(records), seeds...) {
		tree := page(t, pages, target)
		for _, class := range []string{"card", "hit"} {
			for _, card := range withClass(tree, class) {
				cards++
				if len(withClass(card, "made-up")) == 0 {
					t.Errorf("%s: %.60q does not say that it is made up", target, textOf(card))
				}
			}
		}
	}
	if cards < 40 {
		t.Errorf("only %d cards were looked at", cards)
	}
}

// TestEveryStatementLeadsToItsQuote follows the links of a case's statements and
// finds its citations' quotes marked in the sources' texts.
func TestEveryStatementLeadsToItsQuote(t *testing.T) {
	h, _ := open(t)
	tree := page(t, h, "/cases/siping-haodi-zhong-haoliang")
	var quotes, targets []string
	for _, item := range all(byClass(t, tree, "citations"), "li") {
		quotes = append(quotes, textOf(all(item, "q")[0]))
		targets = append(targets, attribute(all(item, "a")[0], "href"))
	}
	if len(quotes) < 3 {
		t.Fatalf("%d citations", len(quotes))
	}
	for i, target := range targets {
		address, fragment, _ := strings.Cut(target, "#")
		quote := byID(page(t, h, address), fragment)
		if quote == nil || quote.Data != "mark" || textOf(quote) != quotes[i] {
			t.Errorf("%s: marked is %q, want %q", target, textOf(quote), quotes[i])
		}
	}
	for _, field := range []string{"背景", "做法", "成效"} {
		if !leadsToASource(tree, field, targets) {
			t.Errorf("%s has no link to a quote", field)
		}
	}
}

func byClass(t *testing.T, tree *html.Node, class string) *html.Node {
	t.Helper()
	found := withClass(tree, class)
	if len(found) == 0 {
		t.Fatalf("there is nothing of the class %s", class)
	}
	return found[0]
}

// leadsToASource reports whether the heading that begins with the name has links,
// all of them among the targets.
func leadsToASource(tree *html.Node, name string, targets []string) bool {
	for _, heading := range all(tree, "h2") {
		if !strings.HasPrefix(textOf(heading), name) {
			continue
		}
		for _, link := range all(heading, "a") {
			if !slices.Contains(targets, attribute(link, "href")) {
				return false
			}
		}
		return len(all(heading, "a")) > 0
	}
	return false
}

func TestAssetsAreKeptAsLongAsTheirContent(t *testing.T) {
	h, _ := open(t)
	tree := page(t, h, "/developers")
	for _, n := range append(all(tree, "script"), all(tree, "link")...) {
		if attribute(n, "rel") == "alternate" {
			continue // a feed
		}
		target := attribute(n, "src") + attribute(n, "href")
		w := get(t, h, target)
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: status %d, cache control %q", target, w.Code, w.Header().Get("Cache-Control"))
		}
		stale, _, _ := strings.Cut(target, "?")
		if w := get(t, h, stale+"?v=stale"); w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: cache control %q", stale, w.Header().Get("Cache-Control"))
		}
	}
}
