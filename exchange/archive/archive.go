// Package archive opens files that are ZIPs (workbooks, documents, ZIPs of files)
// within limits: how large they may be, what they may unpack to, how far a part may
// have been squeezed. Nothing is unpacked to disk. It knows no format within; the
// rooms of the formats and the reader of ZIPs call it.
package archive

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// Limits on what a file may hold that is a ZIP: a workbook, a document, a ZIP of
// files. Sizes are in bytes; the unpacked size is what its directory says, and a
// part that turns out larger than that is an error when it is read.
const (
	MaxDocument         = 64 << 20  // .docx, as it is
	MaxWorkbook         = 128 << 20 // .xlsx, as it is
	MaxArchive          = 512 << 20 // .zip, as it is
	MaxDocumentUnpacked = 128 << 20
	MaxDocumentText     = 32 << 20 // of a document's body or styles
	MaxDepth            = 500      // of elements within elements
	MaxWorkbookUnpacked = 1 << 30
	MaxWorkbookHeld     = 256 << 20 // of a workbook, but for its sheets and texts
	MaxArchiveUnpacked  = 1 << 30
	MaxArchiveFiles     = 10_000
	// maxRatio is how far a part may have been squeezed, past suspiciousSize:
	// tables and texts come to 1:30 at the most, bombs to 1:1000.
	maxRatio       = 200
	suspiciousSize = 16 << 20
)

// Spool copies a file to a temporary one, as ZIP is read from its end. remove
// closes and removes it. A file of more than most bytes is an *catalog.Error.
func Spool(from io.Reader, most int64) (f *os.File, size int64, remove func(), err error) {
	f, err = os.CreateTemp("", "jisi-import-*")
	if err != nil {
		return nil, 0, nil, fmt.Errorf("make room for a file: %w", err)
	}
	remove = func() {
		_ = f.Close()           // it was only read
		_ = os.Remove(f.Name()) // among temporary files, which are cleaned anyway
	}
	size, err = io.Copy(f, io.LimitReader(from, most+1))
	if err == nil && size > most {
		err = Refusal(fmt.Sprintf("文件超过 %s 的上限", Megabytes(most)), fmt.Sprintf("is larger than the limit of %s", Megabytes(most)))
	}
	if err != nil {
		remove()
		return nil, 0, nil, err
	}
	return f, size, remove, nil
}

// Open opens a ZIP after a look at what it claims to unpack to.
func Open(f io.ReaderAt, size, unpacked int64) (*zip.Reader, *catalog.Error) {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Zh: "文件损坏，无法打开", En: "is broken and cannot be opened", Err: err}
	}
	var sum uint64
	for _, part := range z.File {
		sum += part.UncompressedSize64
		if sum > uint64(unpacked) || part.UncompressedSize64 > uint64(unpacked) {
			return nil, Refusal(fmt.Sprintf("解压后超过 %s 的上限，没有打开", Megabytes(unpacked)),
				fmt.Sprintf("would unpack to more than the limit of %s, and was not opened", Megabytes(unpacked)))
		}
		if part.UncompressedSize64 > suspiciousSize && part.UncompressedSize64/maxRatio > part.CompressedSize64 {
			return nil, Refusal(fmt.Sprintf("%s 解压后有 %s，是压缩前后相差悬殊的可疑文件，没有打开", catalog.Clipped(NameOf(part)), Megabytes(int64(part.UncompressedSize64))),
				fmt.Sprintf("%s would unpack to %s, more than %d times its size, and was not opened", catalog.Clipped(NameOf(part)), Megabytes(int64(part.UncompressedSize64)), maxRatio))
		}
	}
	return z, nil
}

// Megabytes returns a number of bytes as people read it.
func Megabytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// NameOf returns a part's name with slashes, as text: programs in Chinese Windows
// write names in GB18030 and don't say so.
func NameOf(part *zip.File) string {
	name := part.Name
	if !utf8.ValidString(name) {
		decoded, column := text.FromGB18030([]byte(name))
		if column == 0 {
			name = string(decoded)
		}
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case unicode.IsControl(r):
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
}

// Escapes reports whether a name leads out of the folder that a ZIP is unpacked
// to. Nothing is unpacked here, but who names a part like that means no good.
func Escapes(name string) bool {
	if path.IsAbs(name) || len(name) > 1 && name[1] == ':' {
		return true
	}
	clean := path.Clean(name)
	return clean == ".." || strings.HasPrefix(clean, "../")
}

// Refusal returns the error for a file that is not read, with a sentence in
// Chinese and one in English.
func Refusal(zh, en string) *catalog.Error {
	return &catalog.Error{Kind: catalog.KindInvalid, Zh: zh, En: en}
}
