package face

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode/utf16"
)

// Font is a font that the machine has. It is not changed once it was found, and safe
// for concurrent use.
type Font struct {
	path       string
	member     int    // of a collection
	family     string // in English where it says one
	names      []string
	postScript string
	weight     int
	italic     bool
	tables     map[string]table
}

// table is where a table stands in its file.
type table struct{ offset, length int64 }

// Family returns the name of its family, as a user knows it.
func (f *Font) Family() string { return f.family }

// Folders returns where fonts are looked for: the folders of fontconfig, macOS and the
// user.
func Folders() []string {
	folders := []string{"/usr/share/fonts", "/usr/local/share/fonts"}
	if runtime.GOOS == "darwin" {
		folders = append(folders, "/System/Library/Fonts", "/Library/Fonts")
	}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, ".fonts"), filepath.Join(home, ".local/share/fonts"))
		if runtime.GOOS == "darwin" {
			folders = append(folders, filepath.Join(home, "Library/Fonts"))
		}
	}
	return folders
}

// Find returns the fonts in these folders and those below, in the order of their paths.
// It leaves out what cannot be embedded: bitmaps, fonts whose license forbids it, and
// variable ones, whose outlines are those of their thinnest. A folder that is not there
// has none.
func Find(folders []string) []*Font {
	var list []*Font
	seen := map[string]bool{}
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // what cannot be read has no fonts
			}
			switch strings.ToLower(filepath.Ext(path)) {
			case ".ttf", ".otf", ".ttc", ".otc":
				if real, err := filepath.EvalSymlinks(path); err == nil && !seen[real] {
					seen[real] = true
					list = append(list, readFile(real)...)
				}
			}
			return nil
		})
	}
	return list
}

// most bounds what is believed of a font file.
const (
	mostMembers = 64
	mostTables  = 64
	mostNames   = 2000
)

func readFile(path string) []*Font {
	file, err := os.Open(path) //nolint:gosec // a font of the machine
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }() // it was only read
	offsets := []int64{0}
	if head, err := read(file, 0, 12); err != nil {
		return nil
	} else if string(head[:4]) == "ttcf" {
		n := int64(min(binary.BigEndian.Uint32(head[8:]), mostMembers))
		list, err := read(file, 12, 4*n)
		if err != nil {
			return nil
		}
		offsets = nil
		for i := range n {
			offsets = append(offsets, int64(binary.BigEndian.Uint32(list[4*i:])))
		}
	}
	var fonts []*Font
	for i, offset := range offsets {
		f := &Font{path: path, member: i}
		if err := f.readFrom(file, offset); err == nil {
			fonts = append(fonts, f)
		}
	}
	return fonts
}

var errUnusable = errors.New("the font cannot be embedded")

func (f *Font) readFrom(r io.ReaderAt, offset int64) error {
	var err error
	if f.tables, err = readTables(r, offset); err != nil {
		return err
	}
	_, outlines := f.tables["glyf"]
	if _, compact := f.tables["CFF "]; !outlines && !compact {
		return errUnusable
	}
	if _, variable := f.tables["fvar"]; variable {
		return errUnusable
	}
	os2, err := f.table(r, "OS/2")
	if err != nil || len(os2) < 64 {
		return errUnusable
	}
	const restricted, whole, bitmaps = 0x0002, 0x0100, 0x0200
	if license := binary.BigEndian.Uint16(os2[8:]); license&0xf == restricted || license&(whole|bitmaps) != 0 {
		return errUnusable
	}
	f.weight, f.italic = int(binary.BigEndian.Uint16(os2[4:])), binary.BigEndian.Uint16(os2[62:])&1 != 0
	return f.readNames(r)
}

func readTables(r io.ReaderAt, offset int64) (map[string]table, error) {
	head, err := read(r, offset, 12)
	if err != nil {
		return nil, err
	}
	n := int64(min(binary.BigEndian.Uint16(head[4:]), mostTables))
	list, err := read(r, offset+12, 16*n)
	if err != nil {
		return nil, err
	}
	tables := map[string]table{}
	for i := range n {
		e := list[16*i:]
		tables[string(e[:4])] = table{int64(binary.BigEndian.Uint32(e[8:])), int64(binary.BigEndian.Uint32(e[12:]))}
	}
	return tables, nil
}

// readNames reads the font's families and full names in all their languages.
func (f *Font) readNames(r io.ReaderAt) error {
	b, err := f.table(r, "name")
	if err != nil || len(b) < 6 {
		return errUnusable
	}
	n, texts := int(binary.BigEndian.Uint16(b[2:])), int(binary.BigEndian.Uint16(b[4:]))
	for i := range min(n, mostNames) {
		if 6+12*(i+1) > len(b) {
			break
		}
		e := b[6+12*i:]
		platform, language, id := binary.BigEndian.Uint16(e), binary.BigEndian.Uint16(e[4:]), binary.BigEndian.Uint16(e[6:])
		from := texts + int(binary.BigEndian.Uint16(e[10:]))
		to := from + int(binary.BigEndian.Uint16(e[8:]))
		if to > len(b) || platform == 1 && language != 0 {
			continue
		}
		name := string(b[from:to])
		if platform != 1 {
			name = fromUTF16(b[from:to])
		}
		switch id {
		case 1, 4, 16:
			f.names = append(f.names, name)
			english := platform == 3 && language == 0x409
			if id != 4 && (f.family == "" || english && id == 16) {
				f.family = name
			}
		case 6:
			f.postScript = cmp.Or(f.postScript, name)
		}
	}
	if f.family == "" {
		return errUnusable
	}
	f.postScript = cmp.Or(f.postScript, f.family)
	return nil
}

func fromUTF16(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// table reads a table whole.
func (f *Font) table(r io.ReaderAt, name string) ([]byte, error) {
	t, ok := f.tables[name]
	if !ok {
		return nil, fmt.Errorf("%s has no table %q", f.path, name)
	}
	return read(r, t.offset, t.length)
}

// mostRead is how much is read of a font at once.
const mostRead = 64 << 20

func read(r io.ReaderAt, offset, length int64) ([]byte, error) {
	if length < 0 || length > mostRead {
		return nil, fmt.Errorf("%d bytes of a font: more than is read", length)
	}
	b := make([]byte, length)
	if _, err := r.ReadAt(b, offset); err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	return b, nil
}

// called reports whether the font has that name, whatever the case of its letters.
func (f *Font) called(name string) bool {
	return slices.ContainsFunc(f.names, func(has string) bool { return strings.EqualFold(has, name) })
}
