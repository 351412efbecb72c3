package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// hostileRecords opens a page of every kind whose every text tries to run: the
// tab notes whatever does.
func hostileRecords(s *stage, t *testing.T) {
	b := newTab(s.browser, t, s.hostile)
	for _, p := range Pages {
		if p.Status != 0 || p.Writer {
			continue
		}
		b.visit(p.Path, 200)
		if n := b.count("script:not([src]):not([type='application/ld+json']), img:not([src^='/assets/']), [onclick], [onerror], a[href^='javascript:' i]"); n != 0 {
			t.Errorf("%s: %d elements came out of records' texts", p.Path, n)
		}
	}
	b.visit("/", 200)
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "guil"))
	b.wait(`document.querySelectorAll('#suggestions a').length > 0`)
	if n := b.count("#suggestions script, #suggestions img, #suggestions [onclick]"); n != 0 {
		t.Errorf("%d elements came out of completions' texts", n)
	}
}
