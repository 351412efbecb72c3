package browser

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Widths at which the pages are looked at, in CSS pixels.
const (
	Desk      = 1280
	Telephone = 390
)

// headlessShell is Debian's name of the Chromium that knows no windows. Chromium itself
// draws the windows that nobody sees: a page of every kind took it twice the processor
// time, 224 s to 111.
const headlessShell = "chromium-headless-shell"

// Start starts a browser without a window and returns the context of its first
// tab; further tabs are contexts below it. The browser ends with the function
// given, which waits for it. What the browser itself says goes to w.
func Start(ctx context.Context, w io.Writer) (context.Context, context.CancelFunc, error) {
	say := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	options := []chromedp.ExecAllocatorOption{
		chromedp.WindowSize(Desk, 1000),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
	}
	if shell, err := exec.LookPath(headlessShell); err == nil {
		options = append(options, chromedp.ExecPath(shell))
	}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium as root refuses its own
	}
	tab, cancel := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(options...), chromedp.WithErrorf(say))
	if err := chromedp.Do(tab); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("starting chromium: %w", err)
	}
	return tab, cancel, nil
}

// SignIn signs the tab in at the server with an access token.
func SignIn(tab context.Context, address, token string) error {
	if err := chromedp.Do(tab, chromedp.Navigate(address+"/sign-in"), chromedp.SendKeys(chromedp.CSS("#token"), token)); err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	return answer(tab, chromedp.Click(chromedp.CSS(".sign-in form button")))
}

// Drop puts a file with the content on the tab's field for files, and sends its
// form.
func Drop(tab context.Context, name, content string) error {
	folder, err := os.MkdirTemp("", "jisi-drop-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return err
	}
	if err := chromedp.Do(tab, chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{file})); err != nil {
		return fmt.Errorf("dropping %s: %w", name, err)
	}
	return answer(tab, chromedp.Click(chromedp.CSS(".drop button")))
}

// answer waits for the page that an action leads to, which must be there.
func answer(tab context.Context, action chromedp.Action[chromedp.Void]) error {
	response, err := chromedp.RunResponse(tab, action)
	if err != nil {
		return err
	}
	if response != nil && response.Status >= 400 {
		return fmt.Errorf("%s is answered by %d", response.URL, response.Status)
	}
	return nil
}

// Look sets how wide and high the tab is, in CSS pixels, and whether its reader
// prefers dark.
func Look(width, height int64, dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Steps(
		chromedp.EmulateViewport(width, height),
		chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
			})
			return err
		}))
}
