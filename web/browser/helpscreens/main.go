// Command helpscreens takes the pictures of the help pages of a running server that has
// the documented records alone:
//
//	helpscreens ADDRESS FOLDER
//
// JISI_EDITOR and JISI_REVIEWER are access tokens of one committee. It writes examples
// into the server, which are called what they are: give it one of its own.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/jisiguangyi/jisi/web/browser"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "helpscreens:", err)
		os.Exit(1)
	}
}

// shot is a picture: of what stands on the page from an element on, so many CSS pixels
// high.
type shot struct {
	name, path, from string
	height           float64
	reviewer         bool
	first            string // JavaScript that is run before
	until            string // JavaScript that is true when the picture can be taken
}

// The example that is written, and how wide pictures are, in CSS pixels.
const (
	example = "示例：老旧小区夜间照明"
	width   = 820
)

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: helpscreens ADDRESS FOLDER")
	}
	picks, need, err := prepare(ctx, args[0])
	if err != nil {
		return err
	}
	tab, cancel, err := browser.Start(ctx, os.Stderr)
	if err != nil {
		return err
	}
	defer cancel()
	typed := `(() => { for (const [id, text] of [['f-title', '` + example + `'], ['f-summary', '夜里看不清路，协商以后分两步装灯。']]) {
		const f = document.getElementById(id); f.value = text; f.dispatchEvent(new Event('input', {bubbles: true})); } })()`
	signedIn := ""
	for _, s := range []shot{
		{name: "help-desk", path: "/write", from: "main", height: 430},
		{name: "help-form", path: "/write/cases", from: "main", height: 560, first: typed, until: `document.querySelector('.kept').textContent.includes('服务器')`},
		{name: "help-steps", path: "/write/cases", from: "#part-3", height: 430},
		{name: "help-adopt", path: "/cases/siping-haodi-zhong-haoliang", from: "main", height: 300},
		{name: "help-taken", path: "/write/cases/siping-haodi-zhong-haoliang/adopt", from: "main", height: 480},
		{name: "help-need", path: "/needs/" + need, from: "main", height: 380},
		{name: "help-waiting", path: "/write", from: "main", height: 430, reviewer: true},
		{name: "help-several", path: "/write/several?" + picks, from: "main", height: 470, reviewer: true},
	} {
		token := os.Getenv("JISI_EDITOR")
		if s.reviewer {
			token = os.Getenv("JISI_REVIEWER")
		}
		if token != signedIn {
			if err := chromedp.Do(tab, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
				return err
			})); err != nil {
				return err
			}
			if err := browser.SignIn(tab, args[0], token); err != nil {
				return err
			}
			signedIn = token
		}
		if err := take(tab, s, args[0], filepath.Join(args[1], s.name+".webp")); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// take writes one picture.
func take(tab context.Context, s shot, address, file string) error {
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, browser.Look(width, 1000, false), chromedp.Navigate(address+s.path)); err != nil {
		return err
	}
	for _, script := range []string{s.first, "scrollTo(0, 0)"} {
		if script == "" {
			continue
		}
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](script+"; null")); err != nil {
			return err
		}
	}
	if s.until != "" {
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](s.until, chromedp.WithPollingInterval(100*time.Millisecond))); err != nil {
			return err
		}
	}
	top, err := chromedp.Run(ctx, chromedp.Evaluate[float64](fmt.Sprintf(`document.querySelector(%q).getBoundingClientRect().top + scrollY`, s.from)))
	if err != nil {
		return err
	}
	quality := int64(55)
	picture, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: "webp", Quality: &quality, CaptureBeyondViewport: new(true),
		Clip: &page.Viewport{Y: top, Width: width, Height: s.height, Scale: 1},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, picture.Data, 0o644); err != nil { //nolint:gosec // a picture for readers
		return err
	}
	// What was typed is kept; the next page must not warn of it.
	_, err = chromedp.Run(ctx, chromedp.Evaluate[any](`(() => { const f = document.querySelector('form[data-draft]'); if (f) { f.dispatchEvent(new Event('submit')); } })(); null`))
	return err
}

// prepare writes the examples, and returns the address's query that picks those that
// wait, and the need's slug.
func prepare(ctx context.Context, address string) (picks, need string, err error) {
	for _, title := range []string{example, "示例：社区食堂错峰开放"} {
		made, err := mutate(ctx, address, "JISI_EDITOR", fmt.Sprintf(`createCase(input: {title: %q, summary: "只用来说明怎样使用。", topics: ["minsheng"]})`, title))
		if err != nil {
			return "", "", err
		}
		if _, err := mutate(ctx, address, "JISI_EDITOR", fmt.Sprintf(`submitCase(id: %q, version: %d)`, made.ID, made.Version)); err != nil {
			return "", "", err
		}
		picks += "pick=cases/" + made.Slug + "&"
	}
	made, err := mutate(ctx, address, "JISI_EDITOR", `createNeed(input: {problem: "示例：老旧小区加装电梯，低层住户不同意，费用怎样分摊？"})`)
	if err != nil {
		return "", "", err
	}
	for _, step := range []struct{ who, action string }{{"JISI_EDITOR", "submitNeed"}, {"JISI_REVIEWER", "publishNeed"}} {
		if made, err = mutate(ctx, address, step.who, fmt.Sprintf(`%s(id: %q, version: %d)`, step.action, made.ID, made.Version)); err != nil {
			return "", "", err
		}
	}
	return picks, made.Slug, nil
}

// record is what a mutation made.
type record struct {
	ID, Slug string
	Version  int
}

func mutate(ctx context.Context, address, who, mutation string) (record, error) {
	body, err := json.Marshal(map[string]string{"query": "mutation { done: " + mutation + " { record { id slug version } userErrors { message } } }"})
	if err != nil {
		return record{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return record{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+os.Getenv(who))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return record{}, err
	}
	defer answer.Body.Close()
	var got struct {
		Data struct {
			Done struct {
				Record     *record
				UserErrors []struct{ Message string }
			}
		}
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return record{}, err
	}
	if got.Data.Done.Record == nil {
		return record{}, fmt.Errorf("%s: %v %v", mutation, got.Errors, got.Data.Done.UserErrors)
	}
	return *got.Data.Done.Record, nil
}
