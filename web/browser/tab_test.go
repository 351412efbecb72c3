package browser

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience bounds each wait; what is waited for takes less than a second on an
// idle machine.
const patience = time.Minute

// tab is a browser's tab that notes all that no page may do. It belongs to one
// test and one goroutine.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string // the server's address

	mu       sync.Mutex
	problems []string
	refused  string // the address whose status of 400 and more is expected
}

// newTab opens a tab with cookies of its own. At the test's end it fails the
// test for whatever its pages did that they may not.
func newTab(browser context.Context, t *testing.T, server *httptest.Server) *tab {
	t.Helper()
	b := &tab{t: t, base: server.URL}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.note))
	b.ctx = ctx
	t.Cleanup(func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, problem := range b.problems {
			t.Error(problem)
		}
	})
	b.do(Look(Desk, 1000, false))
	call(b, audits.Enable, cdp.Empty{})
	return b
}

// of makes the tab a part's of its test until that ends, which fails for whatever the
// pages did meanwhile that they may not. Parts that share a tab run one after another.
func (b *tab) of(t *testing.T) *tab {
	whole := b.t
	b.t = t
	t.Cleanup(func() {
		b.t = whole
		for _, problem := range b.noted() {
			t.Error(problem)
		}
		b.forget()
	})
	return b
}

// note writes down an event of the tab that should not have happened.
func (b *tab) note(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && !strings.HasPrefix(e.Request.URL, b.base+"/") {
			b.add("asks another origin: " + e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !(e.Entry.Source == log.EntrySourceNetwork && b.expects(e.Entry.URL)) {
			b.add(fmt.Sprintf("the browser complains: %s (%s)", e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.add(fmt.Sprintf("the console has %v %v", e.Type, values(e.Args)))
		}
	case *runtime.EventExceptionThrown:
		b.add("a script failed: " + e.ExceptionDetails.Text + " " + description(e.ExceptionDetails.Exception))
	case *audits.EventIssueAdded:
		if details := e.Issue.Details.ContentSecurityPolicyIssueDetails; details != nil {
			b.add(fmt.Sprintf("the content security policy was broken: %s %s", details.ViolatedDirective, details.BlockedURL))
		}
	case *page.EventJavascriptDialogOpening:
		b.add("a script of a record's ran: " + e.Message)
	}
}

func values(objects []*runtime.RemoteObject) []string {
	var all []string
	for _, o := range objects {
		all = append(all, string(o.Value)+o.Description)
	}
	return all
}

func description(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

func (b *tab) add(problem string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, problem)
}

func (b *tab) expects(address string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused == address
}

// within bounds a step.
func (b *tab) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, patience)
}

// do runs actions.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if b.ctx.Value(ready{}) == nil { // the first run must have no deadline: the tab would end with it
		if err := chromedp.Do(b.ctx); err != nil {
			b.t.Fatal(err)
		}
		b.ctx = context.WithValue(b.ctx, ready{}, true)
	}
	ctx, cancel := b.within()
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

type ready struct{}

// call runs a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// visit goes to a page of the server; a status other than wanted ends the test.
func (b *tab) visit(path string, want int) {
	b.t.Helper()
	b.expect("")
	if want >= 400 {
		page, _, _ := strings.Cut(b.base+path, "#")
		b.expect(page)
	}
	b.arrive(path, want, chromedp.Navigate(b.base+path))
}

// expect says which address may be answered with a status of 400 or more.
func (b *tab) expect(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = address
}

// arrive runs what leads to another page, and waits until that has loaded.
func (b *tab) arrive(what string, want int, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	response, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	if response != nil && response.Status != int64(want) {
		b.t.Fatalf("%s: status %d, want %d", what, response.Status, want)
	}
}

// follow clicks what leads to another page, and waits until that has loaded.
func (b *tab) follow(selector string) {
	b.t.Helper()
	b.arrive(selector, 200, chromedp.Click(chromedp.CSS(selector)))
}

// click clicks what leads to no other page.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// enter presses the enter key as a reader does: what it does by itself does not
// happen where the page prevents it.
func (b *tab) enter() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key); err != nil {
			return err
		}
		key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
		return err
	})
}

// write types into a field.
func (b *tab) write(selector, text string) {
	b.t.Helper()
	b.unfold(selector)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// unfold opens what an element is folded away in, as who writes in it has done.
func (b *tab) unfold(selector string) {
	b.t.Helper()
	eval[any](b, `for (let at = document.querySelector(`+quoted(selector)+`); at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; null`)
}

// eval returns the value of an expression of JavaScript, a promise's when it is
// kept.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

// wait waits until an expression of JavaScript is true, also of a page that is
// still to come.
func (b *tab) wait(expression string) {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		// While a page goes and the next one comes there is nothing to ask.
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && is {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			b.t.Fatalf("waited in vain for %s (%v); the page says: %.300s", expression, err, eval[string](b, "document.body.innerText"))
		}
	}
}

// text is what is seen of the first element that is found, "" where none is.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, "(document.querySelector("+quoted(selector)+") || {innerText: ''}).innerText.trim()")
}

// count is how many elements are found.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return eval[int](b, "document.querySelectorAll("+quoted(selector)+").length")
}

// quoted is a text as JavaScript has it.
func quoted(text string) string { return strconv.Quote(text) }

// address is the page's, without the server.
func (b *tab) address() string {
	b.t.Helper()
	return eval[string](b, "location.pathname + location.search + location.hash")
}

// withoutScripts switches the pages' JavaScript off.
func (b *tab) withoutScripts() {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// await waits until a problem that contains the text has been noted.
func (b *tab) await(problem string) {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		noted := strings.Join(b.noted(), "\n")
		if strings.Contains(noted, problem) {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			b.t.Errorf("not noted: %s; noted is %s", problem, noted)
			return
		}
	}
}

// noted are the problems so far.
func (b *tab) noted() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.problems)
}

// forget drops the problems so far, which were meant.
func (b *tab) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = nil
}
