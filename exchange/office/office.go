package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Limit is how long one conversion may take.
const Limit = 90 * time.Second

// ErrNotInstalled says that there is no LibreOffice.
var ErrNotInstalled = errors.New("LibreOffice is not installed")

// programs are the names of LibreOffice, in the order in which they are looked
// for.
var programs = []string{"soffice", "libreoffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice"}

var found = sync.OnceValue(func() string {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
})

// Find returns where LibreOffice is, "" where it is not installed. It looks once
// in a process.
func Find() string { return found() }

// turns are the conversions that run at once.
var turns = make(chan struct{}, 2)

// Convert turns a file into another format, named by its ending ("docx", "xlsx",
// "pdf"), and returns the whole of it. from is the ending of what content holds.
// The error is ErrNotInstalled, ctx's, or says that LibreOffice could not read the
// file. Safe for concurrent use.
func Convert(ctx context.Context, content io.Reader, from, to string) ([]byte, error) {
	program := Find()
	if program == "" {
		return nil, ErrNotInstalled
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	dir, err := os.MkdirTemp("", "jisi-office-*")
	if err != nil {
		return nil, fmt.Errorf("make room for a conversion: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // in the system's temporary folder, which is cleaned anyway
	in := filepath.Join(dir, "in."+from)
	if err := write(in, content); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	if err := run(ctx, program, dir, in, to); err != nil {
		return nil, err
	}
	out, err := os.ReadFile(filepath.Join(dir, "out", "in."+to))
	if err != nil {
		return nil, fmt.Errorf("LibreOffice wrote no .%s of a .%s: %w", to, from, err)
	}
	return out, nil
}

func write(name string, content io.Reader) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make room for a conversion: %w", err)
	}
	_, err = io.Copy(f, content)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("copy a file for a conversion: %w", err)
	}
	return nil
}

// run runs LibreOffice in a group of processes, which is ended as a whole: its
// launcher starts the program proper and does not pass signals on.
func run(ctx context.Context, program, dir, in, to string) error {
	cmd := exec.CommandContext(ctx, program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard", //nolint:gosec // the program was found by its name, and the arguments are ours
		"-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")), "--convert-to", to, "--outdir", filepath.Join(dir, "out"), in)
	cmd.Dir = dir
	// Which format of dates a .xls means by a number alone depends on the locale: 57 is a month in China.
	cmd.Env = append(os.Environ(), "HOME="+dir, "SAL_USE_VCLPLUGIN=svp", "LC_ALL=zh_CN.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	output, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return fmt.Errorf("LibreOffice was stopped: %w", context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("LibreOffice could not read the file: %w: %.200s", err, output)
	}
	return nil
}

// Version returns what LibreOffice says of itself, "" where it is not installed or
// says nothing.
func Version(ctx context.Context) string {
	program := Find()
	if program == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, program, "--version").Output() //nolint:gosec // as above
	if err != nil {
		return ""
	}
	for i, c := range output {
		if c == '\n' {
			return string(output[:i])
		}
	}
	return string(output)
}
