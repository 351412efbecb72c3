// Command screens takes pictures of every kind of page of a running server, wide
// and narrow, light and dark:
//
//	screens ADDRESS FOLDER webp|png [PAGE...]
//
// JISI_TOKEN is an editor's access token, for the pages of those who write, and
// JISI_WHOLE=1 takes pages to their end and not the first screen alone.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/jisiguangyi/jisi/web/browser"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

// look is how a picture is taken.
type look struct {
	suffix        string
	width, height int64
	dark          bool
}

var looks = []look{
	{"", browser.Desk, 1000, false},
	{"-dark", browser.Desk, 1000, true},
	{"-390", browser.Telephone, 844, false},
	{"-390-dark", browser.Telephone, 844, true},
}

func run(ctx context.Context, args []string) error {
	if len(args) < 3 {
		return errors.New("usage: screens ADDRESS FOLDER webp|png [PAGE...]")
	}
	tab, cancel, err := browser.Start(ctx, os.Stderr)
	if err != nil {
		return err
	}
	defer cancel()
	signedIn := false
	for _, p := range browser.Pages { // those for writers stand together
		if names := args[3:]; len(names) > 0 && !slices.Contains(names, p.Name) {
			continue
		}
		if p.Writer && !signedIn {
			if err := browser.SignIn(tab, args[0], os.Getenv("JISI_TOKEN")); err != nil {
				return err
			}
			signedIn = true
		}
		for _, l := range looks {
			if err := take(tab, p, args[0]+p.Path, filepath.Join(args[1], p.Name+l.suffix+"."+args[2]), args[2], l); err != nil {
				return fmt.Errorf("%s%s: %w", p.Name, l.suffix, err)
			}
		}
	}
	return nil
}

// drawn is true when the page's charts are there.
const drawn = `document.querySelectorAll('[data-drawn]').length === document.querySelectorAll('[data-chart]').length`

// quality of the pictures: letters stay sharp, and a picture below 100 kB.
const quality = 60

// take writes a picture of the page's first screen.
func take(tab context.Context, p browser.Page, address, file, format string, l look) error {
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	err := chromedp.Do(ctx, browser.Look(l.width, l.height, l.dark), chromedp.Navigate(address))
	if err != nil {
		return err
	}
	if p.File != "" {
		if err := browser.Drop(ctx, "示例.csv", p.File); err != nil {
			return err
		}
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](drawn, chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		return err
	}
	params := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormat(format)}
	if format == "webp" {
		params.Quality = new(int64(quality))
	}
	if os.Getenv("JISI_WHOLE") != "" {
		params.CaptureBeyondViewport = new(true)
		box, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](`[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`))
		if err != nil {
			return err
		}
		params.Clip = &page.Viewport{Width: box[0], Height: box[1], Scale: 1}
	}
	picture, err := chromedp.Call(ctx, page.CaptureScreenshot, params)
	if err != nil {
		return err
	}
	return os.WriteFile(file, picture.Data, 0o644) //nolint:gosec // a picture for the docs
}
