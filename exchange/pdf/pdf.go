// Package pdf reads the text of PDF files, page by page, with PDFium, compiled to
// WebAssembly and run within the process (go-pdfium on wazero): a fault of a file
// stays in there, and it can open no file of the machine.
//
// wazero interprets it, or runs it compiled: a page with full lines takes 0.1 s of a
// processor then, and 1.6 s interpreted, but compiling takes five seconds: CompileInto
// does it where the program is built, and else the first file that needs it, once a
// folder. Compile says where that is kept. The package knows lines, and no records.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

const (
	// MaxPages is how many pages of a file are read.
	MaxPages = 300
	// MaxTime is how long pages are read: of a manual with hundreds of full ones the
	// first are enough to see that it is no case.
	MaxTime = time.Minute
)

// The reasons why a file has no text to read.
var (
	ErrPassword = errors.New("the file is protected by a password")
	ErrNoText   = errors.New("the file has no text; its pages are pictures")
	ErrBroken   = errors.New("the file is broken")
)

// Text returns the lines of each page. more is how many pages were not read, for there
// being more than MaxPages, or for MaxTime. The error is one of this package's or ctx's.
// Safe for concurrent use; each call has an instance of its own.
func Text(ctx context.Context, content []byte) (pages [][]string, more int, err error) {
	pages, more, err = textOf(ctx, content)
	if ctx.Err() != nil {
		return nil, 0, context.Cause(ctx)
	}
	return pages, more, err
}

func textOf(ctx context.Context, content []byte) (pages [][]string, more int, err error) {
	c, begun := forProcess.Load(), time.Now()
	config, compiled := c.config()
	f, err := open(ctx, config, content)
	if err != nil {
		return nil, 0, err
	}
	defer func() { f.close() }()
	any, reading, start := false, time.Now(), time.Since(begun)
	if !compiled {
		defer func() { c.read(time.Since(begun)) }()
	}
	for i := range min(f.pages, MaxPages) {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		if i > 0 && time.Since(reading) > MaxTime {
			break
		}
		if !compiled && c.better(start, time.Since(begun), i, min(f.pages, MaxPages)-i) {
			f.close() // the interpreter's memory, before there is another's
			c.wait(ctx)
			config, compiled = c.config()
			if f, err = open(ctx, config, content); err != nil {
				return nil, 0, err
			}
		}
		text, err := f.page(i)
		if err != nil {
			return nil, 0, err
		}
		any = any || strings.TrimSpace(text) != ""
		pages = append(pages, strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"))
	}
	if !any {
		return nil, 0, ErrNoText
	}
	return pages, f.pages - len(pages), nil
}

// file is a PDF that is open in an instance of PDFium.
type file struct {
	pool     pdfium.Pool
	instance pdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	pages    int
}

// open opens a PDF. Of a file that is not read, nothing stays open.
func open(ctx context.Context, config wazero.RuntimeConfig, content []byte) (f *file, err error) {
	f = &file{}
	defer func() {
		if err != nil {
			f.close()
			f = nil
		}
	}()
	if f.pool, err = webassembly.Init(options(ctx, config)); err != nil {
		return f, fmt.Errorf("start PDFium: %w", err)
	}
	if f.instance, err = f.pool.GetInstance(30 * time.Second); err != nil {
		return f, fmt.Errorf("start PDFium: %w", err)
	}
	doc, err := f.instance.OpenDocument(&requests.OpenDocument{File: &content})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return f, ErrPassword
	case err != nil:
		return f, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	f.doc = doc.Document
	count, err := f.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: f.doc})
	if err != nil {
		return f, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	f.pages = count.PageCount
	return f, nil
}

// page returns the text of a page, from 0.
func (f *file) page(i int) (string, error) {
	page, err := f.instance.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: i}}})
	if err != nil {
		return "", fmt.Errorf("%w: page %d: %w", ErrBroken, i+1, err)
	}
	return page.Text, nil
}

// close ends the instance. It was only read with, so that its errors are nobody's.
func (f *file) close() {
	if f == nil {
		return
	}
	if f.instance != nil {
		_ = f.instance.Close()
	}
	if f.pool != nil {
		_ = f.pool.Close()
	}
}

// discard takes what PDFium says to nobody.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
