package browser

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Widths at which the pages are looked at, in CSS pixels.
const (
	Desk      = 1280
	Telephone = 390
)

// Start starts a browser without a window and gives the context of its first
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
