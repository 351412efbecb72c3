package office

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// browsers are the names of the browsers that print, in the order in which they are
// looked for.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "/usr/lib/chromium/chromium"}

var foundBrowser = sync.OnceValue(func() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
})

// FindBrowser returns where a browser is that prints without a window, "" where none
// is installed. It looks once in a process.
func FindBrowser() string { return foundBrowser() }

// PrintPage has a browser print a page of ours, which has no script, as a PDF. The network is
// off. The error is ErrNotInstalled where there is none, or ctx's. Safe for concurrent
// use.
func PrintPage(ctx context.Context, page []byte) ([]byte, error) {
	program := FindBrowser()
	if program == "" {
		return nil, ErrNotInstalled
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	dir, err := os.MkdirTemp("", "jisi-print-*")
	if err != nil {
		return nil, fmt.Errorf("make room for printing: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // in the system's temporary folder, which is cleaned anyway
	in, out := filepath.Join(dir, "in.html"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("make room for printing: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // root has none; the page is our own
	}
	cmd := exec.CommandContext(ctx, program, append(args, "file://"+filepath.ToSlash(in))...) //nolint:gosec // the program was found by its name, and the arguments are ours
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the browser was stopped: %w", context.Cause(ctx))
	}
	pdf, missing := os.ReadFile(out)
	if missing != nil {
		return nil, fmt.Errorf("the browser printed nothing: %w: %.200s", err, output)
	}
	return pdf, nil
}
