package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

// feedAt reads a feed as a reader of feeds does, and checks what RFC 4287 demands.
func feedAt(t *testing.T, w *httptest.ResponseRecorder, target string) *gofeed.Feed {
	t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("%s: %d %s", target, w.Code, w.Header().Get("Content-Type"))
	}
	feed, err := gofeed.NewParser().Parse(w.Body)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	if feed.FeedType != "atom" || feed.FeedVersion != "1.0" || feed.Title == "" || feed.UpdatedParsed == nil || feed.FeedLink == "" || feed.Link == "" || len(feed.Authors) == 0 {
		t.Errorf("%s: %+v", target, feed)
	}
	seen := map[string]bool{}
	for i, e := range feed.Items {
		if e.GUID == "" || seen[e.GUID] || e.Title == "" || e.Link == "" || e.UpdatedParsed == nil || e.PublishedParsed == nil {
			t.Errorf("%s: entry %d: %+v", target, i, e)
		}
		seen[e.GUID] = true
		if i > 0 && e.UpdatedParsed.After(*feed.Items[i-1].UpdatedParsed) {
			t.Errorf("%s: entry %d is newer than the one before", target, i)
		}
	}
	return feed
}

func TestFeedsHaveWhatIsPublished(t *testing.T) {
	site := sitetest.Open(t)
	editor := signedIn(t, site, "长春编辑", catalog.RoleEditor, "changchun")
	admin := signedIn(t, site, "管理员", catalog.RoleAdmin, "")
	w := editor.post(t, "/write/cases", http.StatusSeeOther, "title", "还没有公开的稿件")
	draft, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	site.CatchUp(t)

	for page, want := range map[string]string{
		"/": "/feeds/all", "/topics/jingji": "/feeds/topics/jingji", "/committees/jilin": "/feeds/committees/jilin", "/regions/220000": "/feeds/regions/220000",
		"/search?q=" + url.QueryEscape("协商") + "&topic=jingji": "/feeds/search?q=" + url.QueryEscape("协商") + "&topic=jingji",
		"/brands": "/feeds/all",
	} {
		link := alternate(pageAt(t, site, page))
		if link != want {
			t.Errorf("%s links to the feed %s, want %s", page, link, want)
		}
		feed := feedAt(t, get(t, site.Handler, link), link)
		if len(feed.Items) == 0 {
			t.Errorf("%s is empty", link)
		}
		for _, who := range []*visitor{editor, admin} { // theirs is nobody else's
			if mine := feedAt(t, who.get(t, link), link); len(mine.Items) != len(feed.Items) {
				t.Errorf("%s has %d entries for who is signed in, and %d for others", link, len(mine.Items), len(feed.Items))
			}
		}
		for _, e := range feed.Items {
			if strings.Contains(e.Link, draft) || strings.Contains(e.Title, "还没有公开的稿件") {
				t.Errorf("%s has a draft", link)
			}
			at, err := url.Parse(e.Link)
			if err != nil {
				t.Fatal(err)
			}
			if w := get(t, site.Handler, at.RequestURI()); w.Code != http.StatusOK {
				t.Errorf("%s leads to %s: %d", link, e.Link, w.Code)
			}
		}
	}
	if feed := feedAt(t, get(t, site.Handler, "/feeds/search?q=zzzzqq"), "nothing"); len(feed.Items) != 0 {
		t.Errorf("nothing has %d entries", len(feed.Items))
	}
	for _, missing := range []string{"/feeds/topics/no-such", "/feeds/committees/no-such", "/feeds/regions/999999", "/feeds/nothing", "/feeds/"} {
		if w := get(t, site.Handler, missing); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", missing, w.Code)
		}
	}

	// What has not changed is not sent again; what has is.
	first := get(t, site.Handler, "/feeds/all")
	for name, value := range map[string]string{"If-None-Match": first.Header().Get("ETag"), "If-Modified-Since": first.Header().Get("Last-Modified")} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/feeds/all", nil)
		r.Header.Set(name, value)
		w := httptest.NewRecorder()
		site.Handler.ServeHTTP(w, r)
		if value == "" || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s %q: %d with %d bytes", name, value, w.Code, w.Body.Len())
		}
	}
	reviewer := signedIn(t, site, "长春审核", catalog.RoleReviewer, "changchun")
	publish(t, site, editor, reviewer, draft)
	after := get(t, site.Handler, "/feeds/all")
	if after.Header().Get("ETag") == first.Header().Get("ETag") {
		t.Error("the feed is the same after a publication")
	}
	if got := feedAt(t, after, "/feeds/all").Items[0].Title; got != "案例：还没有公开的稿件" {
		t.Errorf("first is %q", got)
	}
}

// What a committee publishes beside its cases is in its feed and in that of all; of a
// topic's feed are the needs.
func TestFeedsHaveActivitiesNeedsAndPractices(t *testing.T) {
	site := sitetest.Open(t)
	reviewer := site.Token(t, "白山审核", catalog.RoleReviewer, "baishan")
	for noun, input := range map[string]string{
		"Activity": `kind: SURVEY, title: "%s活动", topics: ["jingji"], occurredOn: "2024-05"`,
		"Need":     `problem: "%s难题", topics: ["jingji"]`,
		"Practice": `title: "%s做法", text: "正文"`,
	} {
		mutated(t, site.Handler, reviewer, "create"+noun+"(input: {"+strings.ReplaceAll(input, "%s", "未公开")+"})")
		id, _, version := mutated(t, site.Handler, reviewer, "create"+noun+"(input: {"+strings.ReplaceAll(input, "%s", "公开的")+"})")
		for _, action := range []string{"submit", "publish"} {
			_, _, version = mutated(t, site.Handler, reviewer, fmt.Sprintf("%s%s(id: %q, version: %d)", action, noun, id, version))
		}
	}
	for target, want := range map[string][]string{
		"/feeds/all":                {"特色做法：公开的做法", "活动：公开的活动", "需求：公开的难题"},
		"/feeds/committees/baishan": {"特色做法：公开的做法", "活动：公开的活动", "需求：公开的难题"},
		"/feeds/topics/jingji":      {"需求：公开的难题"},
		"/feeds/committees/siping":  nil,
		"/feeds/topics/minsheng":    nil,
	} {
		var titles []string
		for _, e := range feedAt(t, get(t, site.Handler, target), target).Items {
			if strings.Contains(e.Title, "未公开") {
				t.Errorf("%s has a draft", target)
			}
			if strings.Contains(e.Title, "：公开的") {
				titles = append(titles, e.Title)
				at, err := url.Parse(e.Link)
				if err != nil || get(t, site.Handler, at.RequestURI()).Code != http.StatusOK {
					t.Errorf("%s leads to %s: %v", target, e.Link, err)
				}
			}
		}
		slices.Sort(titles)
		slices.Sort(want)
		if !slices.Equal(titles, want) {
			t.Errorf("%s has %q, want %q", target, titles, want)
		}
	}
}

func pageAt(t *testing.T, site *sitetest.Site, target string) *html.Node {
	t.Helper()
	return page(t, site.Handler, target)
}

// alternate is the address of a page's feed.
func alternate(tree *html.Node) string {
	for _, n := range all(tree, "link") {
		if attribute(n, "rel") == "alternate" && attribute(n, "type") == "application/atom+xml" {
			return attribute(n, "href")
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// publish has a draft handed in and published, by the buttons of its page.
func publish(t *testing.T, site *sitetest.Site, editor, reviewer *visitor, at string) {
	t.Helper()
	for _, step := range []struct {
		who    *visitor
		action string
	}{{editor, "submit"}, {reviewer, "publish"}} {
		form := url.Values{}
		action := ""
		for _, f := range all(parse(t, step.who.get(t, at).Body.String()), "form") {
			if strings.HasSuffix(attribute(f, "action"), "/"+step.action) {
				action = attribute(f, "action")
				for _, input := range all(f, "input") {
					form.Set(attribute(input, "name"), attribute(input, "value"))
				}
			}
		}
		if action == "" {
			t.Fatalf("%s has no button to %s", at, step.action)
		}
		if w := step.who.send(t, http.MethodPost, action, form); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", action, w.Code, textOf(parse(t, w.Body.String())))
		}
	}
	_ = site
}
