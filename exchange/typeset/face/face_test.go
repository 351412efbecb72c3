package face

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// goFont is a TrueType font with composite glyphs.
func goFont(t *testing.T) *Font {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.ttf"), goregular.TTF, 0o600); err != nil {
		t.Fatal(err)
	}
	list := Find([]string{dir, filepath.Join(dir, "nowhere")})
	if len(list) != 1 || list[0].Family() != "Go" || !list[0].called("go regular") || list[0].weight != 400 || list[0].italic {
		t.Fatalf("found %+v", list)
	}
	return list[0]
}

// Each glyph of a part of a font has the outline that it has in the whole, whatever form
// the font has.
func TestGlyphsOfASubsetAreThoseOfTheFont(t *testing.T) {
	fonts := []*Font{goFont(t)}
	if m := Machine(); m != nil {
		for r := range roles {
			for _, f := range m.order[r] {
				if !slices.Contains(fonts, f) {
					fonts = append(fonts, f)
				}
			}
		}
	}
	if len(fonts) < 2 {
		t.Fatal("no font for Chinese is installed: scripts/setup.sh says which tests need")
	}
	for _, f := range fonts {
		whole, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		original, err := sfnt.ParseCollectionReaderAt(whole.file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := original.Font(f.member)
		if err != nil {
			t.Fatal(err)
		}
		list := []Glyph{{}}
		for _, c := range "aéÅñĲ½，。“”（一政协𠀀龘〓〇ﾊ" + "人民政协为人民" {
			if g, ok := whole.Glyph(c); ok {
				list = append(list, g)
			}
		}
		subset, err := whole.Subset(list)
		if err != nil {
			t.Fatalf("%s: %v", f.Family(), err)
		}
		again, err := whole.Subset(list)
		if err != nil || !bytes.Equal(subset.Program, again.Program) {
			t.Errorf("%s: not the same bytes again, %v", f.Family(), err)
		}
		part, err := sfnt.Parse(readable(t, whole, subset, len(list)))
		if err != nil {
			t.Fatalf("%s: %v", f.Family(), err)
		}
		var a, b sfnt.Buffer
		for i, g := range list {
			want, err := read.LoadGlyph(&a, sfnt.GlyphIndex(g.index), fixed.I(1000), nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := part.LoadGlyph(&b, sfnt.GlyphIndex(i), fixed.I(1000), nil)
			if err != nil {
				t.Fatalf("%s: glyph %d: %v", f.Family(), i, err)
			}
			if diff := cmp.Diff(want, got); diff != "" || i > 0 && len(got) == 0 {
				t.Errorf("%s: glyph %d of %d segments (-want +got):\n%s", f.Family(), i, len(got), diff)
			}
		}
	}
}

// A font that someone else's reader reads has the same glyphs and widths there.
func TestGlyphsAndWidthsAreThoseOfAnotherReader(t *testing.T) {
	fonts := []*Font{goFont(t)}
	if m := Machine(); m != nil {
		fonts = append(fonts, m.order[TextRole][0], m.order[HeiRole][0])
	}
	for _, f := range fonts {
		face, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := sfnt.ParseCollectionReaderAt(face.file)
		if err != nil {
			continue // it takes tables at multiples of four only
		}
		other, err := all.Font(f.member)
		if err != nil {
			continue
		}
		var b sfnt.Buffer
		for c := rune(0); c < 0x30000; c += 1 + c/0x3000 { // the rarer, the fewer
			want, err := other.GlyphIndex(&b, c)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := face.Glyph(c)
			if got.index != uint16(want) || ok != (want != 0) {
				t.Fatalf("%s: U+%04X is glyph %d, want %d", f.Family(), c, got.index, want)
			}
			if want == 0 {
				continue
			}
			width, err := other.GlyphAdvance(&b, want, fixed.I(1000), font.HintingNone)
			if err != nil || math.Abs(float64(width)/64-got.Advance*1000) > 0.02 {
				t.Fatalf("%s: U+%04X is %.2f wide, want %.2f, %v", f.Family(), c, got.Advance*1000, float64(width)/64, err)
			}
		}
	}
}

// readable puts a font around a subset that a reader of whole fonts takes.
func readable(t *testing.T, whole *Face, s Subset, n int) []byte {
	t.Helper()
	tables := map[string][]byte{}
	for _, name := range []string{"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post"} {
		b, err := whole.table(whole.file, name)
		if err != nil {
			t.Fatal(err)
		}
		tables[name] = b
	}
	if s.CFF {
		tables["CFF "] = s.Program
	} else {
		own, err := readTables(bytes.NewReader(s.Program), 0)
		if err != nil {
			t.Fatal(err)
		}
		for name, at := range own {
			tables[name] = s.Program[at.offset : at.offset+at.length]
			if sum := checksum(tables[name]); sum == 0 && name != "loca" && name != "glyf" {
				t.Errorf("%s is empty", name)
			}
		}
		n = int(binary.BigEndian.Uint16(tables["maxp"][4:]))
	}
	tables["maxp"] = slices.Clone(tables["maxp"])
	binary.BigEndian.PutUint16(tables["maxp"][4:], uint16(n))
	tables["hhea"] = slices.Clone(tables["hhea"])
	binary.BigEndian.PutUint16(tables["hhea"][34:], uint16(n))
	tables["hmtx"] = make([]byte, 4*n)
	tables["post"] = append([]byte{0, 3, 0, 0}, tables["post"][4:32]...) // without names
	file := assemble(tables)
	if s.CFF {
		copy(file, "OTTO")
	}
	return file
}

func TestFontsThatCannotBeEmbeddedAreNotFound(t *testing.T) {
	for name, change := range map[string]func(font []byte, tables map[string]table){
		"a license that forbids it": func(b []byte, at map[string]table) { b[at["OS/2"].offset+9] = 2 },
		"bitmaps only":              func(b []byte, at map[string]table) { b[at["OS/2"].offset+8] = 2 },
		"no parts of it":            func(b []byte, at map[string]table) { b[at["OS/2"].offset+8] = 1 },
		"no outlines":               func(b []byte, _ map[string]table) { copy(b[bytes.Index(b, []byte("glyf")):], "glyx") },
		"cut off":                   func(b []byte, at map[string]table) { clear(b[:12]) },
		"names past its end":        func(b []byte, at map[string]table) { b[at["name"].offset+4] = 0xff },
	} {
		font := slices.Clone(goregular.TTF)
		tables, err := readTables(bytes.NewReader(font), 0)
		if err != nil {
			t.Fatal(err)
		}
		change(font, tables)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f.ttf"), font, 0o600); err != nil {
			t.Fatal(err)
		}
		if list := Find([]string{dir}); len(list) != 0 {
			t.Errorf("%s: found %q", name, list[0].Family())
		}
	}
	if Choose([]*Font{goFont(t)}) != nil {
		t.Error("a font without Chinese is taken for Chinese")
	}
}
