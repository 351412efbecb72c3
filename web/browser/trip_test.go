package browser

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// trip is what a reader does: look for a word, narrow it down, read a case, look
// at what its source says, compare it, print it.
func trip(s *stage, t *testing.T) {
	b := s.tab(t)
	b.visit("/", 200)
	b.write("#q", "协商")
	b.follow(".searchbox button")
	before := eval[int](b, hitCount)
	b.click("#kind-CASE")
	b.wait(`location.search.includes('kind=CASE')`)
	if after := eval[int](b, hitCount); after == 0 || after >= before {
		t.Fatalf("narrowed down to cases there are %d hits, before %d", after, before)
	}
	if got := b.text(".active"); !strings.Contains(got, "类别：案例") {
		t.Errorf("the active filters are %q", got)
	}
	b.visit("/cases/siping-haodi-zhong-haoliang", 200)
	quote := b.text("#citations q")
	b.follow("#citations li a")
	if marked := b.text("mark#quote"); marked != quote || marked == "" {
		t.Errorf("marked in the source is %q, want %q", marked, quote)
	}
	if seen := eval[bool](b, `(r => r.top >= 0 && r.top < innerHeight)(document.querySelector('mark#quote').getBoundingClientRect())`); !seen {
		t.Error("the quote is not in sight")
	}
	b.visit("/cases/siping-haodi-zhong-haoliang", 200)
	b.follow(".similar .reasons a")
	if n := b.count(".comparison thead th"); n != 3 {
		t.Errorf("the comparison has %d columns, want a heading and two cases", n)
	}
	b.follow(".comparison thead a")
	printed(b)
}

// hitCount is the number that the page of results gives.
const hitCount = `Number((document.querySelector('#results [role=status] strong') || {textContent: '0'}).textContent)`

// printed makes a PDF of the page, which must hold its text and leave out what
// is for screens only.
func printed(b *tab) {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		b.t.Fatal(err)
	}
	pages := bytes.Count(pdf, []byte("/Type /Page\n")) + bytes.Count(pdf, []byte("/Type /Page "))
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 20_000 || pages < 1 {
		b.t.Errorf("the printed case has %d bytes and %d pages", len(pdf), pages)
	}
}

// settled is true when no update in place is under way: the address changes before
// the last of it, and a history entry would be left half-way.
const settled = `!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')`

func backAndForward(s *stage, t *testing.T) {
	b := s.tab(t)
	b.visit("/search?origin=DOCUMENTED&q=%E5%8D%8F%E5%95%86", 200) // others write meanwhile
	all := eval[int](b, hitCount)
	b.click("#kind-CASE")
	b.wait(`location.search.includes('kind=CASE') && ` + settled)
	cases := eval[int](b, hitCount)
	b.click("#kind-CASE")
	b.wait(`!location.search.includes('kind=CASE') && ` + settled)
	if again := eval[int](b, hitCount); again != all || cases >= all {
		t.Fatalf("there are %d hits, %d cases among them, and %d hits again", all, cases, again)
	}
	for _, step := range []struct {
		how   string
		count int
	}{{"history.back()", cases}, {"history.back()", all}, {"history.forward()", cases}} {
		eval[any](b, step.how+"; null")
		b.wait(fmt.Sprintf(`%s === %d && document.querySelector('#kind-CASE').checked === %v`, hitCount, step.count, step.count == cases))
		if got, want := strings.Contains(b.address(), "kind=CASE"), step.count == cases; got != want {
			t.Errorf("after %s the address is %s", step.how, b.address())
		}
	}
}

// backWhileLoading changes the address where a step back does that comes before the
// page's scripts listen: the page is that of its address all the same.
func backWhileLoading(s *stage, t *testing.T) {
	for from, to := range map[string]string{
		"/search?kind=CASE&q=%E5%8D%8F%E5%95%86": "/search?q=%E5%8D%8F%E5%95%86",
		"/search?q=%E5%8D%8F%E5%95%86":           "/search?orderBy=NEWEST&q=%E5%8D%8F%E5%95%86",
		"/learn?problem=%E6%A5%BC%E9%81%93":      "/learn?problem=%E5%81%9C%E8%BD%A6",
		"/search":                                "/brands",
	} {
		b := s.tab(t)
		call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: fmt.Sprintf(`
			document.addEventListener('readystatechange', function () {
				if (document.readyState === 'interactive' && location.pathname + location.search === %q) {
					history.replaceState({htmx: true}, '', %q);
				}
			});`, from, to)})
		b.visit(from, 200)
		b.wait(fmt.Sprintf(`document.querySelector('form.display input[name=next]').value === %q`, to))
	}
}

func completions(s *stage, t *testing.T) {
	b := s.tab(t)
	b.visit("/", 200)
	b.write("#q", "siping")
	b.wait(`document.querySelectorAll('#suggestions a').length > 0 && !document.querySelector('#suggestions').hidden`)
	b.write("#q", kb.ArrowDown)
	b.wait(`document.querySelector('#q').getAttribute('aria-activedescendant') === 'suggestion-0'`)
	eval[any](b, axe+"; null")
	for _, violation := range violations(b, allRules) {
		t.Error(violation)
	}
	want := eval[string](b, `document.querySelector('#suggestion-0').getAttribute('href')`)
	b.arrive("a completion", 200, b.enter())
	if got := b.address(); got != want {
		t.Errorf("the completion leads to %s, want %s", got, want)
	}
}

// copying clicks the buttons that copy citations, and reads what has come into
// the clipboard.
func copying(s *stage, t *testing.T) {
	b := s.tab(t)
	b.visit("/cases/siping-haodi-zhong-haoliang", 200)
	ctx, cancel := b.within()
	defer cancel()
	if _, err := chromedp.CallBrowser(ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "clipboard-read"}, Setting: browser.PermissionSettingGranted, Origin: b.base,
		BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	}); err != nil {
		t.Fatal(err)
	}
	// The clipboard of a Chromium that knows no windows drops the newline at the end, so
	// that what the page gave it is looked at, too.
	eval[any](b, `{ const write = navigator.clipboard.writeText.bind(navigator.clipboard);
		navigator.clipboard.writeText = text => { window.written = text; return write(text); }; } null`)
	b.click(".styles summary")
	for _, style := range []struct{ field, begins string }{{"gbt7714", "四平"}, {"bibtex", "@"}, {"ris", "TY  - "}, {"apa", "四平"}} {
		b.click("[data-copy=cite-" + style.field + "]")
		b.wait(`document.querySelector('[data-copy=cite-` + style.field + `]').textContent === '已复制'`)
		want := eval[string](b, `document.querySelector('#cite-`+style.field+`').textContent`)
		if got := eval[string](b, `window.written`); got != want || !strings.HasPrefix(got, style.begins) {
			t.Errorf("given to the clipboard as %s is %q, want %q", style.field, got, want)
		}
		if got := eval[string](b, `navigator.clipboard.readText()`); strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
			t.Errorf("copied as %s is %q, want %q", style.field, got, want)
		}
	}
}
