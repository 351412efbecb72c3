// Package pdf reads the text of PDF files, page by page, with PDFium, compiled to
// WebAssembly and run within the process (go-pdfium on wazero): a fault of a file
// stays in there, and it can open no file of the machine.
//
// wazero interprets it, or runs it compiled where CompileInto was asked for: compiling
// takes longer at the first file than all that a command brings in. The package knows
// lines, and no records.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
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
// being more than MaxPages, or for MaxTime. The error is one of this package's or ctx's. Safe for concurrent use;
// each call has an instance of its own.
func Text(ctx context.Context, content []byte) (pages [][]string, more int, err error) {
	pool, err := webassembly.Init(options(ctx, config()))
	if err != nil {
		return nil, 0, fmt.Errorf("start PDFium: %w", err)
	}
	defer func() { _ = pool.Close() }() // it was only read with
	instance, err := pool.GetInstance(30 * time.Second)
	if err != nil {
		return nil, 0, fmt.Errorf("start PDFium: %w", err)
	}
	defer func() { _ = instance.Close() }()
	pages, more, err = textOf(ctx, instance, content)
	if ctx.Err() != nil {
		return nil, 0, context.Cause(ctx)
	}
	return pages, more, err
}

func textOf(ctx context.Context, instance pdfium.Pdfium, content []byte) (pages [][]string, more int, err error) {
	doc, err := instance.OpenDocument(&requests.OpenDocument{File: &content})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return nil, 0, ErrPassword
	case err != nil:
		return nil, 0, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	any, begun := false, time.Now()
	for i := range min(count.PageCount, MaxPages) {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		if i > 0 && time.Since(begun) > MaxTime {
			break
		}
		page, err := instance.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: i}}})
		if err != nil {
			return nil, 0, fmt.Errorf("%w: page %d: %w", ErrBroken, i+1, err)
		}
		lines := strings.Split(strings.ReplaceAll(page.Text, "\r\n", "\n"), "\n")
		any = any || strings.TrimSpace(page.Text) != ""
		pages = append(pages, lines)
	}
	if !any {
		return nil, 0, ErrNoText
	}
	return pages, count.PageCount - len(pages), nil
}

// discard takes what PDFium says to nobody.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
