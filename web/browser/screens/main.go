// Command screens takes pictures of every kind of page of a running server, wide
// and narrow, light and dark:
//
//	screens ADDRESS FOLDER webp|png [PAGE...]
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
	{"", browser.Desk, 1000, false}, {"-dark", browser.Desk, 1000, true},
	{"-390", browser.Telephone, 844, false}, {"-390-dark", browser.Telephone, 844, true},
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
	for _, p := range browser.Pages {
		if names := args[3:]; len(names) > 0 && !slices.Contains(names, p.Name) {
			continue
		}
		for _, l := range looks {
			if err := take(tab, args[0]+p.Path, filepath.Join(args[1], p.Name+l.suffix+"."+args[2]), args[2], l); err != nil {
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
func take(tab context.Context, address, file, format string, l look) error {
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	err := chromedp.Do(ctx, browser.Look(l.width, l.height, l.dark), chromedp.Navigate(address))
	if err != nil {
		return err
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](drawn, chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		return err
	}
	params := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormat(format)}
	if format == "webp" {
		params.Quality = new(int64(quality))
	}
	picture, err := chromedp.Call(ctx, page.CaptureScreenshot, params)
	if err != nil {
		return err
	}
	return os.WriteFile(file, picture.Data, 0o644)
}
