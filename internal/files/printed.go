package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Bounds of the cache of printed books. A day is short enough for a PDF to follow new
// fonts, and for what was withdrawn to leave the disk.
const (
	printedLife  = 24 * time.Hour
	printedBooks = 20
	printedBytes = 256 << 20
)

// printed caches PDFs of books in a folder, each under the hash of the document that it
// was printed from: LibreOffice works half a minute of processor time at one of 2,000
// pages. Who asks has had the document written for them first, so that the cache says
// nothing to who may not read. Its zero value caches nothing; it is safe for concurrent
// use, also by several processes.
type printed struct{ dir string }

func (p printed) path(document []byte) string {
	sum := sha256.Sum256(document)
	return filepath.Join(p.dir, hex.EncodeToString(sum[:])+".pdf")
}

// of returns the PDF of a document, from the cache or by print. A cache that cannot be
// written is none.
func (p printed) of(ctx context.Context, document []byte, print func(context.Context) ([]byte, error)) ([]byte, error) {
	if p.dir == "" {
		return print(ctx)
	}
	at := p.path(document)
	if info, err := os.Stat(at); err == nil && time.Since(info.ModTime()) < printedLife {
		if pdf, err := os.ReadFile(at); err == nil {
			return pdf, nil
		}
	}
	pdf, err := print(ctx)
	if err != nil {
		return nil, err
	}
	_ = p.add(at, pdf) // it was printed all the same
	return pdf, nil
}

// add writes a PDF as a whole or not at all, and removes what is past the bounds, the
// oldest first.
func (p printed) add(at string, pdf []byte) error {
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return fmt.Errorf("cache a book: %w", err)
	}
	f, err := os.CreateTemp(p.dir, "printing-*")
	if err != nil {
		return fmt.Errorf("cache a book: %w", err)
	}
	_, err = f.Write(pdf)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), at)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("cache a book: %w", err)
	}
	return p.trim()
}

// trim removes what is past the bounds. What a killed process left half written is as
// any other file here.
func (p printed) trim() error {
	found, err := os.ReadDir(p.dir)
	if err != nil {
		return fmt.Errorf("read the cache of books: %w", err)
	}
	var all []os.FileInfo
	for _, entry := range found {
		ours := strings.HasSuffix(entry.Name(), ".pdf") || strings.HasPrefix(entry.Name(), "printing-")
		if info, err := entry.Info(); err == nil && ours && info.Mode().IsRegular() {
			all = append(all, info)
		}
	}
	slices.SortFunc(all, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) }) // the newest first
	size := int64(0)
	for n, info := range all {
		size += info.Size()
		if n > 0 && (n >= printedBooks || size > printedBytes) || time.Since(info.ModTime()) > printedLife {
			_ = os.Remove(filepath.Join(p.dir, info.Name())) // another process may have
		}
	}
	return nil
}

// Tidy removes PDFs of books that nobody asks for any more.
func (f Files) Tidy() {
	if f.Printed != "" {
		_ = printed{f.Printed}.trim() // there may be none yet
	}
}
