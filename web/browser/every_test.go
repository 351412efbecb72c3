package browser

import (
	_ "embed"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

//go:embed testdata/axe.min.js
var axe string

// everyPage looks at a page of every kind, wide and narrow, light and dark, with
// axe-core, and tells what runs off a narrow screen. A few tabs go from page to page:
// one of its own for each page would begin a process and compile axe-core each time,
// which took longer than looking.
func everyPage(s *stage, t *testing.T) {
	pages := make(chan Page, len(Pages))
	for _, p := range Pages {
		if !p.Writer { // those who test the writing look at them
			pages <- p
		}
	}
	close(pages)
	for n := range runtime.GOMAXPROCS(0) {
		t.Run(fmt.Sprint("tab ", n+1), func(t *testing.T) {
			t.Parallel()
			b := s.tab(t)
			for p := range pages {
				t.Run(p.Name, func(t *testing.T) { everyLook(b.of(t), p) })
			}
		})
	}
}

// everyLook looks at a page.
func everyLook(b *tab, p Page) {
	status := 200
	if p.Status != 0 {
		status = p.Status
	}
	b.do(Look(Desk, 1000, false))
	b.visit(p.Path, status)
	eval[any](b, axe+"; null")
	for _, look := range []struct {
		width int64
		dark  bool
		rules string
	}{
		{Desk, false, allRules}, {Desk, true, onlyColours}, {Telephone, false, onlyColours}, {Telephone, true, allRules},
	} {
		b.do(Look(look.width, 900, look.dark))
		for _, violation := range violations(b, look.rules) {
			b.t.Errorf("%s, %d pixels, dark %v: %s", p.Path, look.width, look.dark, violation)
		}
		for _, wide := range tooWide(b) {
			b.t.Errorf("%s, %d pixels: runs off the screen: %s", p.Path, look.width, wide)
		}
	}
}

// What axe-core looks at: everything, or what hangs on colours only.
const (
	allRules    = `{resultTypes: ['violations']}`
	onlyColours = `{resultTypes: ['violations'], runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}}`
)

// violations are what axe-core finds wrong with the page.
func violations(b *tab, options string) []string {
	return eval[[]string](b, fmt.Sprintf(`axe.run(document, %s).then(found => found.violations.flatMap(v =>
		v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary.replace(/\s+/g, ' '))))`, options))
}

// tooWide are the elements that make the page scroll sideways. What scrolls
// within a frame of its own does not.
func tooWide(b *tab) []string {
	found := eval[[]string](b, `(() => {
		const wide = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= wide) { return []; }
		return [...document.querySelectorAll('body *')]
			.filter(e => e.getBoundingClientRect().right > wide + 1)
			.map(e => e.tagName + '.' + e.getAttribute('class') + ' ' + (e.textContent || '').trim().slice(0, 30));
	})()`)
	if len(found) > 5 {
		found = append(found[:5], strings.Repeat("…", 1))
	}
	return found
}
