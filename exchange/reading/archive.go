package reading

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/archive"
)

// onDisk puts a file on disk, from where it is read at any place, and has it read there.
// One of more than most bytes is refused.
func onDisk(f File, most int64, read func(spooled *os.File, size int64, yield func(Record, error) bool)) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		spooled, size, remove, err := archive.Spool(f.Reader, most)
		if err != nil {
			refuseFile(Place{File: f.Name}, err, yield)
			return
		}
		defer remove()
		read(spooled, size, yield)
	}
}

// readZIP reads the files of a ZIP, in the order of their names. A file that
// cannot be read is refused, and the others are read all the same.
func readZIP(ctx context.Context, f File) iter.Seq2[Record, error] {
	return onDisk(f, archive.MaxArchive, func(spooled *os.File, size int64, yield func(Record, error) bool) {
		place := Place{File: f.Name}
		z, refused := archive.Open(spooled, size, archive.MaxArchiveUnpacked)
		if refused == nil && len(z.File) > archive.MaxArchiveFiles {
			refused = catalog.Invalid("", fmt.Sprintf("有 %d 个文件，最多 %d 个", len(z.File), archive.MaxArchiveFiles), fmt.Sprintf("holds %d files, and may hold %d", len(z.File), archive.MaxArchiveFiles))
		}
		if refused != nil {
			yield(Record{Place: place, Err: refused}, nil)
			return
		}
		slices.SortStableFunc(z.File, func(a, b *zip.File) int { return strings.Compare(archive.NameOf(a), archive.NameOf(b)) })
		for _, part := range z.File {
			if !readPart(ctx, f, part, yield) {
				return
			}
		}
	})
}

// readPart reads one file of a ZIP.
func readPart(ctx context.Context, of File, part *zip.File, yield func(Record, error) bool) bool {
	name := archive.NameOf(part)
	place := Place{File: of.Name + "/" + name}
	switch {
	case strings.HasSuffix(name, "/"):
		return true
	case archive.Escapes(name):
		return yield(Record{Place: place, Err: catalog.Invalid("", "文件名指向压缩包之外，没有读取", "its name leads out of the ZIP, and it was not read")}, nil)
	case isClutter(name):
		return yield(Record{Place: place, Err: catalog.Invalid("", "是系统或办公软件的临时文件，没有导入", "is a temporary file of a program, and was not taken"), Note: true}, nil)
	case strings.EqualFold(path.Ext(name), ".zip"):
		return yield(Record{Place: place, Err: catalog.Invalid("", "压缩包里的压缩包不再打开，请先解压", "a ZIP within a ZIP is not opened; unpack it first")}, nil)
	case part.Flags&1 != 0:
		return yield(Record{Place: place, Err: catalog.Invalid("", "有密码，无法打开", "is protected by a password")}, nil)
	}
	file := File{Name: place.File, Size: int64(part.UncompressedSize64), Keep: of.Keep}
	if path.Ext(name) == "" {
		return yield(Record{Place: place, Err: unreadable(name)}, nil)
	}
	content, err := part.Open()
	if err != nil {
		return refuseFile(place, err, yield)
	}
	defer func() { _ = content.Close() }() // it was only read
	file.Reader = content
	for r, err := range ReaderOf(file)(ctx, file) {
		if err != nil { // of this file, not of the others
			return refuseFile(place, err, yield)
		}
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

// refuseFile refuses a whole file: for a reason of its own, or because what it
// is packed in is broken.
func refuseFile(place Place, err error, yield func(Record, error) bool) bool {
	var told *catalog.Error
	if !errors.As(err, &told) {
		told = &catalog.Error{Kind: catalog.KindInvalid, Zh: "文件损坏，无法读取", En: "is broken and cannot be read", Err: err}
	}
	return yield(Record{Place: place, Err: told}, nil)
}

// isClutter knows the files that programs leave beside others.
func isClutter(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "~$") || strings.HasPrefix(base, ".") || base == "Thumbs.db" || base == "desktop.ini"
}

// Folder returns the files below a folder, in the order of their names, for an
// import. Each is opened when it is first read and closed at its end. Files of
// kinds that cannot be read, and those that programs leave behind, are given as
// well, and are refused or noted when their turn comes; symbolic links are
// not followed.
func Folder(dir string) ([]File, error) {
	var files []File
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files = append(files, File{Name: name, Reader: &LazyFile{name: name}, Size: info.Size(), fromFolder: true})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the folder %s: %w", dir, err)
	}
	return files, nil
}

// WithoutFolders puts the files of a folder in the place of one that was opened
// like a file.
func WithoutFolders(files []File) ([]File, error) {
	var list []File
	for _, f := range files {
		if opened, ok := f.Reader.(*os.File); ok {
			if info, err := opened.Stat(); err == nil && info.IsDir() {
				below, err := Folder(f.Name)
				if err != nil {
					return nil, err
				}
				list = append(list, below...)
				continue
			}
		}
		list = append(list, f)
	}
	return list, nil
}

// LazyFile is a file that is open only while it is read.
type LazyFile struct {
	name string
	file *os.File
	err  error // what Read answers once it has ended
}

func (l *LazyFile) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if l.file == nil {
		if l.file, l.err = os.Open(l.name); l.err != nil {
			return 0, l.err
		}
	}
	n, err := l.file.Read(p)
	if err != nil {
		l.err = err
		if closing := l.file.Close(); closing != nil && errors.Is(err, io.EOF) {
			l.err = closing
		}
	}
	return n, err
}

// Close closes a file whose reader did not want all of it.
func (l *LazyFile) Close() {
	if l == nil || l.file == nil || l.err != nil {
		return
	}
	_ = l.file.Close() // it was only read
	l.err = os.ErrClosed
}
