package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/sitetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// open starts the whole server over a store with the documented records and an
// index of them.
func open(t *testing.T) (http.Handler, *sitetest.Statements) {
	t.Helper()
	site := sitetest.Open(t)
	return site.Handler, site.Statements
}

func get(t *testing.T, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	return w
}

// page gets a page and parses it; any status but 200 ends the test.
func page(t *testing.T, h http.Handler, target string) *html.Node {
	t.Helper()
	w := get(t, h, target)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", target, w.Code, textOf(parse(t, w.Body.String())))
	}
	return parse(t, w.Body.String())
}

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// all returns the elements of a name, every element where it is "".
func all(tree *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range tree.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// byID returns the element with an id, nil where there is none.
func byID(tree *html.Node, id string) *html.Node {
	for _, n := range all(tree, "") {
		if attribute(n, "id") == id {
			return n
		}
	}
	return nil
}

// withClass returns the elements of a class.
func withClass(tree *html.Node, class string) []*html.Node {
	var found []*html.Node
	for _, n := range all(tree, "") {
		for c := range strings.FieldsSeq(attribute(n, "class")) {
			if c == class {
				found = append(found, n)
			}
		}
	}
	return found
}

// textOf is all text below a node.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// links are the addresses on this server that a page leads to, without what
// stands behind #.
func links(tree *html.Node) []string {
	var found []string
	for _, n := range all(tree, "") {
		for _, name := range []string{"href", "src", "data-suggest", "hx-get"} {
			target, _, _ := strings.Cut(attribute(n, name), "#")
			if strings.HasPrefix(target, "/") {
				found = append(found, target)
			}
		}
		if action := attribute(n, "action"); action != "" && n.Data == "form" {
			found = append(found, action)
		}
	}
	return found
}

// seeds are addresses of every kind of page; crawls begin with them.
var seeds = []string{
	"/", "/search", "/search?q=" + url.QueryEscape("三点半"), "/search?q=zzzz&kind=CASE&sort=newest",
	"/search?q=" + url.QueryEscape("协商") + "&kind=CASE&kind=BRAND&level=PROVINCE&region=220000&topic=jingji&origin=DOCUMENTED",
	"/learn", "/learn?problem=" + url.QueryEscape("老旧小区改造，居民停车难"), "/compare",
	"/compare?cases=siping-haodi-zhong-haoliang,nengyuan-chanye&cases=qianyi-jin-liang-gongcheng",
	"/brands", "/proposals", "/practices", "/committees", "/topics", "/developers", "/research", "/research/words?term=" + url.QueryEscape("黑土地"), "/suggest?q=guil",
}

// Where nothing is left nothing stands below.
func TestWhatIsAbsentPromisesHitsOnlyWhereThereAreSome(t *testing.T) {
	h, _ := open(t)
	for target, want := range map[string]string{
		"/search?q=" + url.QueryEscape("老旧小区停车"):                     "没有一处原样写着“老旧小区停车”，下面的含有其中的词语或相近的说法。",
		"/search?year=1955&q=" + url.QueryEscape("老旧小区停车"):           "没有一处原样写着“老旧小区停车”。",
		"/search?kind=CASE&year=1955&q=" + url.QueryEscape("老旧小区停车"): "没有一处原样写着“老旧小区停车”。",
	} {
		if got := textOf(page(t, h, target)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", target, got)
		}
	}
}
