package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/jisiguangyi/jisi/catalog"
)

// press presses a key that writes nothing.
func (b *tab) press(key string, code int64) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: key, Code: key, WindowsVirtualKeyCode: code}
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, down); err != nil {
			return err
		}
		down.Type = input.DispatchKeyEventTypeKeyUp
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, down)
		return err
	}))
}

// reachable lists what the keyboard must reach below an element, in the order of the
// page: what is shown and can have the focus.
const reachable = `(root => [...document.querySelector(root).querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
	.filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length))`

// focused tells where the focus is among what must be reached, and by which role and
// name a screen reader would say it: the role of its element, and its label or text.
const focused = `(root => {
	const e = document.activeElement;
	const name = e.getAttribute('aria-label') || [...(e.labels || [])].map(l => l.textContent).join(' ') || (e.matches('a, button, summary') ? e.textContent : '');
	return [String(` + reachable + `(root).indexOf(e)), e.tagName.toLowerCase() + ' ' + name.replace(/\s+/g, ' ').trim()];
})`

// keyboard walks by the tab key alone over the form of a case and over the desk: the
// skip link comes first and leads to the content, everything is reached once in the order
// of the page, and everything has a name.
func keyboard(s *stage, t *testing.T) {
	b := s.signedIn(t, "用键盘的编辑", catalog.RoleEditor, "yanbian")
	b.visit("/write/brands", 200)
	b.typed("#f-name", "测试：键盘走到的品牌")
	b.follow("button[value=save]")
	for _, page := range []string{"/write/cases", "/write/needs", "/write", "/write/adoptions", "/notices?all=1"} {
		b.visit(page, 200)
		b.press("Tab", 9)
		if got := eval[string](b, `document.activeElement.textContent`); got != "跳到正文" {
			t.Errorf("%s: the first stop is %q, want the skip link", page, got)
		}
		b.arriveInPlace()
		var names []string
		last := -1
		want := eval[int](b, reachable+`('main').length`)
		for range want + 5 {
			b.press("Tab", 9)
			at := eval[[]string](b, focused+`('main')`)
			if at[0] == "-1" {
				break // behind the content
			}
			if _, name, _ := strings.Cut(at[1], " "); name == "" {
				t.Errorf("%s: a %s has no name", page, at[1])
			}
			if n := number(at[0]); n <= last {
				t.Errorf("%s: %s comes after what stands behind it", page, at[1])
			} else {
				last = n
			}
			names = append(names, at[1])
		}
		if len(names) != want {
			t.Errorf("%s: %d things are reached, %d are there: %q", page, len(names), want, names)
		}
	}
}

func number(s string) int {
	n := 0
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}

// arriveInPlace follows the skip link by the enter key.
func (b *tab) arriveInPlace() {
	b.t.Helper()
	b.do(b.enter())
	b.wait(`location.hash === '#main'`)
}
